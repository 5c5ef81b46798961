package dev.ringshot.cli.device;

import dev.ringshot.model.Scheduler;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.SplittableRandom;

/// One receive queue of a [Nic]: frames that have come and not been posted, and the interrupt that
/// brings them. Guarded by its own monitor.
final class NicQueue {
  private static final int FRAMES_MAX = 1024; // a full queue drops, as hardware does
  private static final int BURST_MAX = 3;
  private static final long GAP_NANOS_MIN = 5_000_000;
  private static final long GAP_NANOS_MAX = 80_000_000;
  private static final int FRAME_BYTES_MIN = 64;
  private static final int FRAME_BYTES_MAX = 1514;

  private final Nic nic;
  private final Scheduler scheduler;
  private final int index;
  private final SplittableRandom random;
  private final Queue<Integer> lengths = new ArrayDeque<>();
  private long firstNumber;
  private boolean isRunning;

  NicQueue(Nic nic, Scheduler scheduler, int index, long seed) {
    this.nic = nic;
    this.scheduler = scheduler;
    this.index = index;
    this.random = new SplittableRandom(seed);
  }

  int index() {
    return index;
  }

  /// Lets frames come, until an interrupt finds that nobody listens.
  synchronized void start() {
    if (isRunning) return;
    isRunning = true;
    scheduleInterrupt();
  }

  private void scheduleInterrupt() {
    long gap = random.nextLong(GAP_NANOS_MIN, GAP_NANOS_MAX);
    scheduler.afterNanos(gap, () -> scheduler.execute(this::interrupt));
  }

  private synchronized void interrupt() {
    int burst = random.nextInt(1, BURST_MAX + 1);
    for (int i = 0; i < burst && lengths.size() < FRAMES_MAX; i++) {
      lengths.add(random.nextInt(FRAME_BYTES_MIN, FRAME_BYTES_MAX + 1));
    }
    isRunning = nic.interrupt(this);
    if (isRunning) scheduleInterrupt();
  }

  synchronized boolean hasFrame() {
    return !lengths.isEmpty();
  }

  /// The length of the oldest frame.
  synchronized int frameLength() {
    return lengths.element();
  }

  /// Its number.
  synchronized long frameNumber() {
    return firstNumber;
  }

  synchronized void removeFrame() {
    lengths.remove();
    firstNumber++;
  }
}
