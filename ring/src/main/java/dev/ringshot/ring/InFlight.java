package dev.ringshot.ring;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The requests whose last completion has not come: slot ↔ handler.
///
/// A `user_data` is a slot in its lower half and, in its upper, how often the slot was used: a
/// completion for a request that has ended is recognised, however late it comes. No upper half is
/// zero, so that small numbers are free for other things. Grows when it must; takes nothing from
/// the heap otherwise.
final class InFlight {
  /// Not waited for by [Ring#run()]: the ring's own requests, and those it has let go of.
  private static final int NOBODY_WAITS = 1;

  private @Nullable CqeHandler[] handlers;
  private int[] generations;
  private int[] marks;
  private int[] nextFree;
  private int firstFree;
  private int awaited;
  private int count;

  InFlight(int capacity) {
    handlers = new @Nullable CqeHandler[capacity];
    generations = new int[capacity];
    marks = new int[capacity];
    nextFree = new int[capacity];
    chain(0, capacity);
  }

  private void chain(int from, int to) {
    for (int slot = from; slot < to; slot++) {
      generations[slot] = 1;
      nextFree[slot] = slot + 1;
    }
    nextFree[to - 1] = -1;
    firstFree = from;
  }

  /// A slot for a new request.
  ///
  /// @return its `user_data`
  long take(CqeHandler handler, boolean isAwaited) {
    if (firstFree < 0) grow();
    int slot = firstFree;
    firstFree = nextFree[slot];
    handlers[slot] = handler;
    marks[slot] = isAwaited ? 0 : NOBODY_WAITS;
    if (isAwaited) awaited++;
    count++;
    return (long) generations[slot] << 32 | slot;
  }

  private void grow() {
    int from = handlers.length;
    int to = 2 * from;
    handlers = Arrays.copyOf(handlers, to);
    generations = Arrays.copyOf(generations, to);
    marks = Arrays.copyOf(marks, to);
    nextFree = Arrays.copyOf(nextFree, to);
    chain(from, to);
  }

  /// The handler of a request, or null if it is not in flight.
  @Nullable CqeHandler find(long userData) {
    int slot = (int) userData;
    if (slot < 0 || slot >= handlers.length || generations[slot] != (int) (userData >>> 32)) {
      return null;
    }
    return handlers[slot];
  }

  /// Forgets a request that [#find] knows.
  void free(long userData) {
    int slot = (int) userData;
    handlers[slot] = null;
    if (++generations[slot] == 0) generations[slot] = 1;
    nextFree[slot] = firstFree;
    firstFree = slot;
    if (marks[slot] == 0) awaited--;
    count--;
  }

  /// Stops waiting for a request that [#find] knows; `handler` takes what may still come.
  void detach(long userData, CqeHandler handler) {
    int slot = (int) userData;
    handlers[slot] = handler;
    if (marks[slot] == 0) awaited--;
    marks[slot] = NOBODY_WAITS;
  }

  /// Requests that [Ring#run()] waits for.
  int awaited() {
    return awaited;
  }

  /// All requests.
  int count() {
    return count;
  }
}
