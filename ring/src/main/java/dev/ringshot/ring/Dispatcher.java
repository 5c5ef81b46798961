package dev.ringshot.ring;

import static dev.ringshot.abi.IoUring.IORING_SQ_CQ_OVERFLOW;

import dev.ringshot.abi.Cqe;
import java.util.ArrayDeque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Takes completions out of the queue and finds whom to tell.
///
/// A ring is *at rest* when no completion is at hand, in the queue or beside it: then everything
/// the kernel has told was heard, and its buffers can be counted. What has to wait for that waits
/// here.
final class Dispatcher {
  private static final StrayHandler STRAYS_ARE_BUGS = Dispatcher::refuseStray;

  private final Gate gate;
  private final SubmissionQueue submissions;
  private final CompletionQueue completions;
  private final InFlight inFlight;
  private final Wakeup wakeup;
  private final List<BufferRing> groups;
  private final ArrayDeque<AtRest> atRest = new ArrayDeque<>();
  private StrayHandler strayHandler = STRAYS_ARE_BUGS;
  private boolean isDispatching;
  private boolean isWoken;

  Dispatcher(
      Gate gate,
      SubmissionQueue submissions,
      CompletionQueue completions,
      InFlight inFlight,
      Wakeup wakeup,
      List<BufferRing> groups) {
    this.gate = gate;
    this.submissions = submissions;
    this.completions = completions;
    this.inFlight = inFlight;
    this.wakeup = wakeup;
    this.groups = groups;
  }

  /// Handles what is there.
  ///
  /// @return completions handled
  int dispatch() {
    refuseInHandler("dispatch");
    isDispatching = true;
    try {
      int handled = handleReady();
      while (isOverflowing()) {
        gate.runTaskWork(); // alone: so that nothing new is posted before what had no room
        int flushed = handleReady();
        if (flushed == 0) break;
        handled += flushed;
      }
      settle();
      return handled;
    } finally {
      isDispatching = false;
    }
  }

  private int handleReady() {
    int ready = completions.ready();
    for (int i = 0; i < ready && completions.hasLoaded(); i++) handleOne();
    if (ready > 0) gate.progress();
    return ready;
  }

  /// The completion leaves the queue before its handler runs: whatever that does, it is done with.
  private void handleOne() {
    CompletionQueue queue = completions;
    long at = queue.first();
    long userData = queue.userData(at);
    int res = queue.res(at);
    int flags = queue.flags(at);
    if (queue.isBig(flags)) {
      long extra1 = queue.extra1(at);
      long extra2 = queue.extra2(at);
      queue.advance(flags);
      CqeHandler handler = handler(userData, res, flags);
      if (handler != null) handler.onCqe32(res, flags, extra1, extra2);
    } else {
      queue.advance(flags);
      CqeHandler handler = handler(userData, res, flags);
      if (handler != null) handler.onCqe(res, flags);
    }
  }

  /// Finds the handler, and forgets the request if this is its last completion.
  private @Nullable CqeHandler handler(long userData, int res, int flags) {
    CqeHandler handler = inFlight.find(userData);
    if (handler != null) {
      if (!Cqe.more(flags)) inFlight.free(userData);
    } else if (!Cqe.skip(flags)) {
      stray(userData, res, flags);
    }
    return handler;
  }

  private void stray(long userData, int res, int flags) {
    if (userData != Wakeup.USER_DATA) {
      strayHandler.onStray(userData, res, flags);
      return;
    }
    wakeup.received();
    isWoken = true;
  }

  private static void refuseStray(long userData, int res, int flags) {
    throw new IllegalStateException(
        "a completion for no request in flight: user_data 0x%x, res %d, flags %s"
            .formatted(userData, res, Cqe.describe(flags)));
  }

  void onStray(StrayHandler handler) {
    strayHandler = handler;
  }

  /// Whether a wake-up has come since this was asked last.
  boolean takeWoken() {
    boolean wasWoken = isWoken;
    isWoken = false;
    return wasWoken;
  }

  private boolean isOverflowing() {
    return (submissions.flags() & IORING_SQ_CQ_OVERFLOW) != 0;
  }

  boolean isAtRest() {
    return completions.ready() == 0 && !isOverflowing();
  }

  /// Runs `task` once, when the ring is at rest and no buffer is missing.
  void whenAtRest(AtRest task) {
    atRest.add(task);
  }

  private void settle() {
    if (!isAtRest()) return;
    for (int i = 0; i < groups.size(); i++) groups.get(i).settle();
    if (!isAtRest()) return;
    for (int i = atRest.size(); i > 0; i--) atRest.remove().atRest();
  }

  /// @throws IllegalStateException while a handler runs
  void refuseInHandler(String what) {
    if (isDispatching) throw new IllegalStateException("a handler cannot " + what + " its ring");
  }
}
