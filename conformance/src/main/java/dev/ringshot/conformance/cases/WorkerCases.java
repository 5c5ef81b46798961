package dev.ringshot.conformance.cases;

import static dev.ringshot.abi.Errno.EALREADY;
import static dev.ringshot.abi.Errno.ECANCELED;
import static dev.ringshot.abi.Errno.EINTR;
import static dev.ringshot.abi.Errno.ENOENT;
import static dev.ringshot.abi.IoUring.IORING_ASYNC_CANCEL_ALL;
import static dev.ringshot.abi.IoUring.IORING_ASYNC_CANCEL_ANY;
import static dev.ringshot.abi.IoUring.IORING_ASYNC_CANCEL_OP;
import static dev.ringshot.abi.IoUring.IORING_OP_SPLICE;
import static dev.ringshot.abi.IoUring.IORING_REGISTER_IOWQ_MAX_WORKERS;
import static dev.ringshot.abi.IoUring.IORING_REGISTER_SYNC_CANCEL;
import static dev.ringshot.conformance.rig.Completion.cqe;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.ringshot.abi.SyncCancelReg;
import dev.ringshot.abi.Timespec;
import dev.ringshot.conformance.Case;
import dev.ringshot.conformance.Needs;
import dev.ringshot.conformance.Spec;
import dev.ringshot.conformance.rig.Claim;
import dev.ringshot.conformance.rig.Completion;
import dev.ringshot.conformance.rig.Ends;
import dev.ringshot.conformance.rig.Need;
import dev.ringshot.conformance.rig.RawRing;
import dev.ringshot.conformance.rig.Rig;
import java.lang.foreign.MemorySegment;
import java.util.List;

/// Cancelling what a worker runs, or will. A splice(2) from an empty pipe always goes to one and
/// blocks it there until a signal comes; the model has none of that, and its own tests.
@Needs(Need.LINUX)
public final class WorkerCases {
  private static final int BYTES = 8;
  private static final int UNBOUNDED = 4; // where in the argument of IOWQ_MAX_WORKERS
  private static final int TRIES = 100;
  private static final int ERESTARTSYS = 512; // the kernel's own

  /// Topics are made by reflection.
  public WorkerCases() {}

  /// What splice(2) says to a signal, as the worker passes it on.
  private static int interrupted(Rig t) {
    return t.is7() ? -EINTR : -ERESTARTSYS;
  }

  @Case
  @Spec({"4.5-5", "4.5-10", "7b-11"})
  public void whatAWorkerRunsIsInterrupted(Rig t) {
    RawRing ring = t.ring(8);
    boolean seen = false;
    for (int i = 0; i < TRIES && !seen; i++) {
      splice(t, ring, 1);
      ring.expectQuiet();
      ring.sqe(2).asyncCancel(1, 0);
      var both = ring.take(2);
      seen = both.containsAll(List.of(cqe(2, -EALREADY), cqe(1, interrupted(t))));
      boolean early = both.equals(List.of(cqe(2, 0), cqe(1, -ECANCELED)));
      Claim.that("interrupted, or cancelled before it began: " + both, seen || early);
    }
    Claim.that("a worker was interrupted", seen);
    Completion again;
    do {
      ring.sqe(3).asyncCancel(1, 0);
      again = ring.take(1).getFirst();
    } while (again.equals(cqe(3, -EALREADY))); // its worker is not yet through with it
    Claim.equal("once it has ended", cqe(3, -ENOENT), again);
  }

  @Case
  @Spec({"4.5-5", "4.5-10", "4.5-7"})
  public void whatWaitsForAWorkerIsCancelled(Rig t) {
    RawRing ring = t.ring(8);
    allowOneWorker(t, ring);
    splice(t, ring, 1);
    splice(t, ring, 2);
    ring.sqe(3).asyncCancel(2, 0);
    ring.expect(cqe(3, 0), cqe(2, -ECANCELED));
    ring.sqe(4).asyncCancel(2, 0);
    ring.expect(cqe(4, -ENOENT));
  }

  @Case
  @Spec({"4.5-6", "4.5-10"})
  public void allCountsWhatWaitsForAWorkerAsOne(Rig t) {
    RawRing ring = t.ring(8);
    allowOneWorker(t, ring);
    Ends running = splice(t, ring, 1);
    for (int i = 0; i < 3; i++) splice(t, ring, 2);
    ring.sqe(3).asyncCancel(2, IORING_ASYNC_CANCEL_ALL);
    ring.expect(cqe(3, 1), cqe(2, -ECANCELED), cqe(2, -ECANCELED), cqe(2, -ECANCELED));
    t.write(running.far(), BYTES);
    ring.expect(cqe(1, BYTES));
  }

  @Case
  @Spec({"4.5-10", "4.5-13"})
  public void synchronousCancelWaitsForTheWorker(Rig t) {
    RawRing ring = t.ring(8);
    splice(t, ring, 1);
    MemorySegment request = t.memory((long) SyncCancelReg.SIZE);
    request.set(JAVA_LONG, SyncCancelReg.ADDR, 1);
    request.set(JAVA_LONG, SyncCancelReg.TIMEOUT, -1);
    request.set(JAVA_LONG, SyncCancelReg.TIMEOUT + 8, -1);
    long at = request.address();
    Claim.result("SYNC_CANCEL", 0, ring.register(IORING_REGISTER_SYNC_CANCEL, at, 1));
    Claim.result("again", -ENOENT, ring.register(IORING_REGISTER_SYNC_CANCEL, at, 1));
    int result = ring.takeOne().res();
    Claim.that("ended by " + result, result == interrupted(t) || result == -ECANCELED);
  }

  @Case
  @Spec({"4.5-6", "4.5-9", "4.5-10"})
  public void opcodeIsAKeyOfWorkersToo(Rig t) {
    RawRing ring = t.ring(8);
    allowOneWorker(t, ring);
    splice(t, ring, 1);
    splice(t, ring, 2);
    int flags = IORING_ASYNC_CANCEL_OP | IORING_ASYNC_CANCEL_ALL;
    ring.sqe(3).asyncCancelOp(IORING_OP_SPLICE, flags);
    var ends = ring.take(3);
    boolean counted = ends.contains(cqe(3, 1)) || ends.contains(cqe(3, 0));
    Claim.that("cancelled: " + ends, counted && ends.contains(cqe(2, -ECANCELED)));
    ring.sqe(4).asyncCancel(0, IORING_ASYNC_CANCEL_ANY);
    ring.expect(cqe(4, 0));
  }

  @Case
  @Spec("4.4-31")
  public void timeOfALinkTimeoutDoesNotRunOnAWorker(Rig t) {
    RawRing ring = t.ring(8);
    Ends pipe = t.pipe();
    MemorySegment time = t.memory((long) Timespec.SIZE);
    Timespec.set(time, 0, 1_000_000);
    ring.sqe(1).splice(pipe.near(), -1, t.pipe().far(), -1, BYTES, 0).link();
    ring.sqe(2).linkTimeout(time.address(), 0);
    ring.expectQuiet();
    t.write(pipe.far(), BYTES);
    ring.expectInAnyOrder(cqe(1, BYTES), cqe(2, -ECANCELED));
  }

  /// Submits a request that blocks a worker until the pipe returned is written to.
  private static Ends splice(Rig t, RawRing ring, long userData) {
    Ends pipe = t.pipe();
    ring.sqe(userData).splice(pipe.near(), -1, t.pipe().far(), -1, BYTES, 0);
    ring.submitAll();
    return pipe;
  }

  /// What cannot be bounded in time, as a pipe, has one worker of this thread's.
  private static void allowOneWorker(Rig t, RawRing ring) {
    MemorySegment limits = t.memory(8L);
    limits.set(JAVA_INT, UNBOUNDED, 1);
    long at = limits.address();
    Claim.result("IOWQ_MAX_WORKERS", 0, ring.register(IORING_REGISTER_IOWQ_MAX_WORKERS, at, 2));
  }
}
