package dev.ringshot.model;

import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/// The machine's time: one timer thread, and workers as they are needed.
final class RealScheduler extends Scheduler {
  private static final long WORKER_IDLE_SECONDS = 5; // as an io-wq worker

  private final ScheduledThreadPoolExecutor timers =
      new ScheduledThreadPoolExecutor(
          1, Thread.ofPlatform().daemon().name("model-timer").factory());
  private final Interrupts interrupts = new Interrupts();
  private final ThreadPoolExecutor workers =
      new ThreadPoolExecutor(
          0,
          Integer.MAX_VALUE,
          WORKER_IDLE_SECONDS,
          TimeUnit.SECONDS,
          new SynchronousQueue<>(),
          Thread.ofPlatform().daemon().name("model-worker-", 0).factory());

  RealScheduler() {
    timers.setRemoveOnCancelPolicy(true);
    timers.setKeepAliveTime(WORKER_IDLE_SECONDS, TimeUnit.SECONDS);
    timers.allowCoreThreadTimeOut(true);
    timers.setRejectedExecutionHandler((task, executor) -> {}); // closed: time has ended
    workers.setRejectedExecutionHandler((task, executor) -> {});
  }

  @Override
  public long nanoTime() {
    return System.nanoTime();
  }

  @Override
  public long realTimeNanos() {
    var now = java.time.Instant.now();
    return now.getEpochSecond() * 1_000_000_000L + now.getNano();
  }

  @Override
  public Timer afterNanos(long delayNanos, Runnable event) {
    return timer(timers.schedule(event, Math.max(delayNanos, 0), TimeUnit.NANOSECONDS));
  }

  @Override
  public Timer execute(Runnable work) {
    return timer(workers.submit(work));
  }

  private static Timer timer(Future<?> future) {
    return () -> future.cancel(false);
  }

  @Override
  void interrupt(Task task) {
    interrupts.interrupt(task);
  }

  @Override
  public boolean isVirtual() {
    return false;
  }

  @Override
  public boolean step() {
    throw new UnsupportedOperationException(
        "real time passes by itself; step() is for Scheduler.virtual(seed)");
  }

  @Override
  public void advance(Duration duration) {
    throw new UnsupportedOperationException(
        "real time passes by itself; advance() is for Scheduler.virtual(seed)");
  }

  @Override
  void runDue() {}

  @Override
  void pass(long nanos) {}

  @Override
  public long seed() {
    return 0;
  }

  @Override
  public void close() {
    timers.shutdownNow();
    workers.shutdownNow();
    interrupts.close();
  }
}
