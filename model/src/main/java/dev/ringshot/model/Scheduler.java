package dev.ringshot.model;

import java.time.Duration;

/// The model's time: when timers fire, when workers run, when a device has something to say.
///
/// There is one engine and two clocks of it. In **virtual** time everything happens on the one
/// thread that calls the kernel, in an order that a seed decides; time passes only while
/// `io_uring_enter` waits, and nothing ever blocks. In **real** time events come from timer and
/// worker threads, and drivers may raise theirs from any thread.
public abstract sealed class Scheduler implements AutoCloseable
    permits VirtualScheduler, RealScheduler {
  Scheduler() {}

  /// Virtual time, starting at 0, for one thread.
  ///
  /// @param seed decides the order of simultaneous events and the latency of workers; an unsigned
  ///   64-bit number
  public static Scheduler virtual(long seed) {
    return new VirtualScheduler(seed);
  }

  /// The machine's time. Its threads are daemons and end with [#close].
  public static Scheduler real() {
    return new RealScheduler();
  }

  /// Nanoseconds of `CLOCK_MONOTONIC`, as far as this model has one.
  public abstract long nanoTime();

  /// Nanoseconds of `CLOCK_REALTIME` since 1970.
  public abstract long realTimeNanos();

  /// Runs `event` once, `delayNanos` from now; a delay ≤ 0 means as soon as possible, never inside
  /// this call.
  public abstract Timer afterNanos(long delayNanos, Runnable event);

  /// Runs `event` once, `delay` from now.
  public final Timer after(Duration delay, Runnable event) {
    return afterNanos(delay.toNanos(), event);
  }

  /// Runs `work` on a worker: a thread of its own in real time, an event of a seeded latency in
  /// virtual time. Never inside this call.
  public abstract Timer execute(Runnable work);

  /// Runs the work of a thread that is outside the kernel, soon, never inside this call.
  abstract void interrupt(Task task);

  /// Whether time is virtual.
  public abstract boolean isVirtual();

  /// Runs the next event, moving virtual time to it.
  ///
  /// @return false if nothing is scheduled
  /// @throws UnsupportedOperationException in real time
  public abstract boolean step();

  /// Runs what is due now, without moving time; nothing in real time.
  abstract void runDue();

  /// Lets virtual time pass by so much; what falls due runs at the next [#step] or system call.
  /// Nothing in real time.
  abstract void pass(long nanos);

  /// Runs every event of the next `duration` of virtual time and moves the clock to its end.
  ///
  /// @throws UnsupportedOperationException in real time
  public abstract void advance(Duration duration);

  /// The seed of virtual time; 0 in real time.
  public abstract long seed();

  /// Drops what has not started. Events under way end by themselves.
  @Override
  public abstract void close();
}
