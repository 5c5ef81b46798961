package dev.ringshot.model;

import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// The machine's time: one timer thread, and workers as they are needed.
final class RealScheduler extends Scheduler {
  private static final long WORKER_IDLE_SECONDS = 5; // as an io-wq worker
  private static final int WORKERS_MAX = 512;

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

  private final Queue<Once> waiting = new ConcurrentLinkedQueue<>();
  private final AtomicInteger busy = new AtomicInteger();

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
    var once = new Once(event);
    once.future = timers.schedule(once, Math.max(delayNanos, 0), TimeUnit.NANOSECONDS);
    return once;
  }

  @Override
  public Timer execute(Runnable work) {
    var once = new Once(work);
    waiting.add(once);
    startWorker();
    return once;
  }

  // More work than workers waits: a program may ask for any number of blocking operations.
  private void startWorker() {
    if (busy.incrementAndGet() <= WORKERS_MAX) workers.execute(this::runWaiting);
    else busy.decrementAndGet();
  }

  private void runWaiting() {
    try {
      for (var task = waiting.poll(); task != null; task = waiting.poll()) task.run();
    } finally {
      busy.decrementAndGet();
    }
    if (!waiting.isEmpty()) startWorker(); // it came too late for this loop, too early for another
  }

  /// What happens or is cancelled, never both: a future that runs can still be cancelled. It is
  /// loud besides: a future keeps what was thrown for someone who asks, and nobody does.
  private static final class Once implements Runnable, Timer {
    private final Runnable event;
    private final AtomicBoolean claimed = new AtomicBoolean();
    private volatile @Nullable Future<?> future; // of a timer

    Once(Runnable event) {
      this.event = event;
    }

    @Override
    public void run() {
      if (!claimed.compareAndSet(false, true)) return;
      try {
        event.run();
      } catch (RuntimeException | Error e) {
        var thread = Thread.currentThread();
        thread.getUncaughtExceptionHandler().uncaughtException(thread, e);
      }
    }

    @Override
    public boolean cancel() {
      if (!claimed.compareAndSet(false, true)) return false;
      var queued = future;
      if (queued != null) {
        var _ = queued.cancel(false);
      }
      return true;
    }
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
