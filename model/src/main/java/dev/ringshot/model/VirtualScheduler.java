package dev.ringshot.model;

import java.time.Duration;
import java.util.PriorityQueue;
import java.util.SplittableRandom;

/// Virtual time: a queue of events ordered by time, then by a number drawn from the seed.
final class VirtualScheduler extends Scheduler {
  private static final int CANCELLED_MIN = 64;
  private static final long WORKER_LATENCY_NANOS_MAX = 100_000;
  private static final long EPOCH_NANOS =
      1_755_704_405_000_000_000L; // 20 August 2025, 15:40:05 UTC

  private final long seed;
  private final SplittableRandom random;
  private final PriorityQueue<Event> events = new PriorityQueue<>();
  private final Thread owner = Thread.currentThread();
  private long now;
  private int cancelled; // of the events in the queue

  VirtualScheduler(long seed) {
    this.seed = seed;
    this.random = new SplittableRandom(seed);
  }

  @Override
  public long nanoTime() {
    return now;
  }

  @Override
  public long realTimeNanos() {
    return EPOCH_NANOS + now;
  }

  @Override
  public Timer afterNanos(long delayNanos, Runnable event) {
    requireOwner();
    long at = now + Math.max(delayNanos, 0);
    var entry = new Event(at, random.nextLong(), event);
    if (at >= 0) events.add(entry); // beyond the end of time it never happens
    return entry;
  }

  @Override
  public Timer execute(Runnable work) {
    return afterNanos(random.nextLong(WORKER_LATENCY_NANOS_MAX), work);
  }

  @Override
  void interrupt(Task task) {
    afterNanos(0, task.drainer());
  }

  @Override
  public boolean isVirtual() {
    return true;
  }

  @Override
  public boolean step() {
    requireOwner();
    var event = events.poll();
    while (event != null && event.event == null) {
      event = events.poll();
      cancelled--;
    }
    if (event == null) return false;
    now = Math.max(now, event.at);
    event.run();
    return true;
  }

  @Override
  void runDue() {
    requireOwner();
    for (var next = events.peek(); next != null && next.at <= now; next = events.peek()) {
      events.poll();
      next.run();
    }
  }

  @Override
  void pass(long nanos) {
    now = Math.max(now + nanos, now);
  }

  @Override
  public void advance(Duration duration) {
    requireOwner();
    long end = now + duration.toNanos();
    for (var next = events.peek(); next != null && next.at <= end; next = events.peek()) {
      events.poll();
      now = Math.max(now, next.at);
      next.run();
    }
    now = Math.max(now, end);
  }

  @Override
  public long seed() {
    return seed;
  }

  @Override
  public void close() {
    events.clear();
  }

  /// Events in the queue, cancelled ones among them.
  int size() {
    return events.size();
  }

  private void requireOwner() {
    if (Thread.currentThread() != owner) {
      throw new IllegalStateException(
          "virtual time belongs to thread "
              + owner.getName()
              + ", not to "
              + Thread.currentThread().getName()
              + "; use Scheduler.real() for events from several threads");
    }
  }

  /// Forgets cancelled events when they are most of the queue: a program that waits with a timeout
  /// a million times leaves a million of them.
  private void purge() {
    if (++cancelled * 2 < events.size() || cancelled < CANCELLED_MIN) return;
    events.removeIf(event -> event.event == null);
    cancelled = 0;
  }

  private final class Event implements Timer, Comparable<Event> {
    private final long at;
    private final long order;
    private @org.jspecify.annotations.Nullable Runnable event;

    Event(long at, long order, Runnable event) {
      this.at = at;
      this.order = order;
      this.event = event;
    }

    void run() {
      var todo = event;
      event = null;
      if (todo != null) todo.run();
      else cancelled--;
    }

    @Override
    public boolean cancel() {
      boolean waiting = event != null;
      event = null;
      if (waiting) purge();
      return waiting;
    }

    @Override
    public int compareTo(Event other) {
      int byTime = Long.compare(at, other.at);
      return byTime != 0 ? byTime : Long.compare(order, other.order);
    }
  }
}
