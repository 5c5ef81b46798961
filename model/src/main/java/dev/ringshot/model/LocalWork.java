package dev.ringshot.model;

import static dev.ringshot.abi.IoUring.IORING_SETUP_TASKRUN_FLAG;
import static dev.ringshot.abi.IoUring.IORING_SQ_TASKRUN;

import org.jspecify.annotations.Nullable;

/// The task work of an `IORING_SETUP_DEFER_TASKRUN` ring, which runs where its thread asks for
/// completions. Any thread may add to it; it runs with the ring's lock held.
///
/// ```text
///   add → arriving → taken → runs         each run takes what has arrived, and leaves what is
///                      └─ stays           over its limit to the next
/// ```
///
/// In 6.18 what arrives during a run is left to the next, unless the run began with what another
/// had left; in 7.3 both are one queue (`io_uring/mpscq.h`).
final class LocalWork {
  /// How much one run may do, or as much as is wanted if that is more (`IO_LOCAL_TW_DEFAULT_MAX`).
  static final int RUN_MAX = 20;

  private final RingContext ring;
  private final TaskWorkList arriving = new TaskWorkList();
  private final boolean isQueue;
  private @Nullable TaskWork taken;
  private volatile boolean hasTaken;

  LocalWork(RingContext ring) {
    this.ring = ring;
    this.isQueue = ring.kernel().options().release().runsTaskWorkUntilNoneIsLeft();
  }

  boolean isPending() {
    return hasTaken || !arriving.isEmpty();
  }

  /// @return whether it is the first, and somebody is to hear of it
  boolean add(TaskWork work) {
    return arriving.push(work) && !(isQueue && hasTaken);
  }

  /// Runs what there is for one who wants `wanted` completions, and has time for more.
  void run(int wanted) {
    run(wanted, Math.max(RUN_MAX, wanted));
  }

  /// Runs at least `wanted`, if so many come, and not many more than `limit`
  /// (`__io_run_local_work`).
  void run(int wanted, int limit) {
    if (!isPending()) return;
    if (ring.has(IORING_SETUP_TASKRUN_FLAG)) ring.cq.clearSqFlag(IORING_SQ_TASKRUN);
    int left = wanted;
    while (true) {
      int count = isQueue ? runQueue(limit) : runTwoLists(limit);
      boolean isFull = !isQueue && hasTaken;
      if (isFull || !goesOn(count, left)) {
        ring.afterTaskWork();
        if (!goesOn(count, left)) return;
      }
      left -= count;
    }
  }

  /// Runs until nothing comes any more.
  void runAll() {
    run(Integer.MAX_VALUE, Integer.MAX_VALUE);
  }

  private boolean goesOn(int count, int left) {
    if (!isPending()) return false;
    if (count < left) return true;
    if (ring.has(IORING_SETUP_TASKRUN_FLAG)) ring.cq.setSqFlag(IORING_SQ_TASKRUN);
    return false;
  }

  private int runQueue(int limit) {
    int count = 0;
    while (count < limit) {
      if (taken == null) taken = arriving.takeAll();
      if (taken == null) break;
      count += runTaken(limit - count);
    }
    return count;
  }

  private int runTwoLists(int limit) {
    int count = taken == null ? 0 : runTaken(limit);
    if (taken != null) return count;
    taken = arriving.takeAll();
    return taken == null ? count : count + runTaken(limit - count);
  }

  /// Runs one at least.
  private int runTaken(int limit) {
    int count = 0;
    do {
      var work = taken;
      if (work == null) break;
      taken = work.next;
      if (isQueue) hasTaken = taken != null; // the others' lists are nobody's while they run
      work.next = null;
      ring.runTask(work);
      count++;
    } while (count < limit);
    hasTaken = taken != null;
    return count;
  }
}
