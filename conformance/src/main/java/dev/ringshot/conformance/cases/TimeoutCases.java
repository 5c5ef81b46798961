package dev.ringshot.conformance.cases;

import static dev.ringshot.abi.Errno.ECANCELED;
import static dev.ringshot.abi.Errno.EFAULT;
import static dev.ringshot.abi.Errno.EINVAL;
import static dev.ringshot.abi.Errno.ENOENT;
import static dev.ringshot.abi.Errno.ETIME;
import static dev.ringshot.abi.IoUring.IORING_CQE_F_MORE;
import static dev.ringshot.abi.IoUring.IORING_SETUP_SUBMIT_ALL;
import static dev.ringshot.abi.IoUring.IORING_TIMEOUT_ABS;
import static dev.ringshot.abi.IoUring.IORING_TIMEOUT_BOOTTIME;
import static dev.ringshot.abi.IoUring.IORING_TIMEOUT_IMMEDIATE_ARG;
import static dev.ringshot.abi.IoUring.IORING_TIMEOUT_MULTISHOT;
import static dev.ringshot.abi.IoUring.IORING_TIMEOUT_REALTIME;
import static dev.ringshot.abi.IoUring.IORING_TIMEOUT_UPDATE;
import static dev.ringshot.conformance.rig.Completion.cqe;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.ringshot.conformance.Case;
import dev.ringshot.conformance.Spec;
import dev.ringshot.conformance.rig.Claim;
import dev.ringshot.conformance.rig.Completion;
import dev.ringshot.conformance.rig.RawRing;
import dev.ringshot.conformance.rig.Rig;
import java.lang.foreign.MemorySegment;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// TIMEOUT and TIMEOUT_REMOVE.
public final class TimeoutCases {
  private static final long SOON = 1_000_000;
  private static final long SECONDS_10 = 10_000_000_000L;

  /// Topics are made by reflection.
  public TimeoutCases() {}

  @Case
  @Spec("io_uring_prep_timeout(3): -ETIME at the time")
  public void timeoutIsEtime(Rig t) {
    RawRing ring = t.ring(8);
    ring.sqe(1).timeout(time(t, SOON), 0, 0);
    ring.sqe(2).timeout(time(t, 0), 0, 0);
    ring.expectInAnyOrder(cqe(1, -ETIME), cqe(2, -ETIME));
  }

  @Case
  @Spec("io_uring_prep_timeout(3): in the order of their times")
  public void earlierTimeoutComesFirst(Rig t) {
    RawRing ring = t.ring(8);
    ring.sqe(1).timeout(time(t, 20 * SOON), 0, 0);
    ring.sqe(2).timeout(time(t, SOON), 0, 0);
    ring.expect(cqe(2, -ETIME), cqe(1, -ETIME));
  }

  @Case
  @Spec("io_uring_prep_timeout(3): IORING_TIMEOUT_ABS and the clocks")
  public void absoluteTimeInThePastIsOver(Rig t) {
    RawRing ring = t.ring(8);
    ring.sqe(1).timeout(time(t, 1), 0, IORING_TIMEOUT_ABS);
    ring.expect(cqe(1, -ETIME));
    ring.sqe(2).timeout(time(t, 1), 0, IORING_TIMEOUT_ABS | IORING_TIMEOUT_REALTIME);
    ring.expect(cqe(2, -ETIME));
    ring.sqe(3).timeout(time(t, 1), 0, IORING_TIMEOUT_ABS | IORING_TIMEOUT_BOOTTIME);
    ring.expect(cqe(3, -ETIME));
  }

  @Case
  @Spec("io_uring_prep_timeout(3): IORING_TIMEOUT_ABS and the clocks")
  public void absoluteTimeIsNoSpan(Rig t) {
    RawRing ring = t.ring(8);
    ring.sqe(1).timeout(time(t, 20 * SOON), 0, 0);
    ring.sqe(2).timeout(time(t, SECONDS_10), 0, IORING_TIMEOUT_ABS | IORING_TIMEOUT_REALTIME);
    ring.expect(cqe(2, -ETIME), cqe(1, -ETIME));
  }

  @Case
  @Spec("io_uring_prep_timeout(3): 0 after so many completions")
  public void completionsBeforeTheTimeEndItWithZero(Rig t) {
    RawRing ring = t.ring(8);
    ring.sqe(1).timeout(time(t, SECONDS_10), 2, 0);
    ring.sqe(2).nop();
    ring.submitAll();
    ring.expectVisible(cqe(2, 0));
    ring.sqe(3).nop();
    ring.expect(cqe(3, 0), cqe(1, 0));
  }

  @Case
  @Spec("io_uring_prep_timeout(3): 0 after so many completions")
  public void countIsUnsigned(Rig t) {
    RawRing ring = t.ring(8);
    ring.sqe(1).timeout(time(t, SECONDS_10), 1, 0);
    ring.sqe(2).timeout(time(t, SECONDS_10), -1, 0);
    ring.sqe(3).nop();
    ring.expect(cqe(3, 0), cqe(1, 0));
    ring.expectNothing();
  }

  @Case
  @Spec("io_uring_prep_timeout(3): 0 after so many completions")
  public void completionsBeforeTheTimeoutDoNotCount(Rig t) {
    RawRing ring = t.ring(8);
    ring.sqe(1).nop();
    ring.sqe(2).nop();
    ring.expect(cqe(1, 0), cqe(2, 0));
    ring.sqe(3).timeout(time(t, SECONDS_10), 1, 0);
    ring.submitAll();
    ring.expectNothing();
    ring.sqe(4).nop();
    ring.expect(cqe(4, 0), cqe(3, 0));
  }

  @Case
  @Spec("io_uring_prep_timeout(3): 0 after so many completions, timeouts aside")
  public void timeoutsAreNoCompletionsToCount(Rig t) {
    RawRing ring = t.ring(8);
    ring.sqe(1).timeout(time(t, SECONDS_10), 1, 0);
    ring.sqe(2).timeout(time(t, SOON), 0, 0);
    ring.expect(cqe(2, -ETIME));
    ring.expectNothing();
    ring.sqe(3).nop();
    ring.expect(cqe(3, 0), cqe(1, 0));
  }

  @Case
  @Spec({"4.6-10", "io_uring_prep_timeout(3): errors"})
  public void fieldsAreChecked(Rig t) {
    RawRing ring = t.ring(16, IORING_SETUP_SUBMIT_ALL);
    long time = time(t, SOON);
    int both = IORING_TIMEOUT_BOOTTIME | IORING_TIMEOUT_REALTIME;
    ring.sqe(1).timeout(time, 0, 0).len(0);
    ring.sqe(2).timeout(time, 0, 0).len(2);
    ring.sqe(3).timeout(time, 0, 0).bufIndex(1);
    ring.sqe(4).timeout(time, 0, 0).spliceFdIn(1);
    ring.sqe(5).timeout(time, 0, 1 << 8);
    ring.sqe(6).timeout(time, 0, both);
    ring.sqe(7).timeout(time, 0, IORING_TIMEOUT_UPDATE);
    ring.sqe(8).timeout(time, 0, IORING_TIMEOUT_MULTISHOT | IORING_TIMEOUT_ABS);
    ring.sqe(9).timeout(time(t, -1), 0, 0);
    ring.sqe(10).timeout(Rig.UNMAPPED, 0, 0);
    ring.expect(
        cqe(1, -EINVAL),
        cqe(2, -EINVAL),
        cqe(3, -EINVAL),
        cqe(4, -EINVAL),
        cqe(5, -EINVAL),
        cqe(6, -EINVAL),
        cqe(7, -EINVAL),
        cqe(8, -EINVAL),
        cqe(9, -EINVAL),
        cqe(10, -EFAULT));
  }

  @Case
  @Spec({"4.6-11", "7b-8"})
  public void immediateTimeIsOf7(Rig t) {
    RawRing ring = t.ring(8);
    ring.sqe(1).timeout(SOON, 0, IORING_TIMEOUT_IMMEDIATE_ARG);
    ring.expect(cqe(1, t.is7() ? -ETIME : -EINVAL));
  }

  @Case
  @Spec({"4.6-9", "7-24"})
  public void multishotRepeatsAsOftenAsAsked(Rig t) {
    RawRing ring = t.ring(8);
    ring.sqe(1).timeout(time(t, SOON), 3, IORING_TIMEOUT_MULTISHOT);
    ring.expect(
        cqe(1, -ETIME, IORING_CQE_F_MORE), cqe(1, -ETIME, IORING_CQE_F_MORE), cqe(1, -ETIME));
    ring.expectNothing();
  }

  @Case
  @Spec("4.6-9")
  public void multishotWithoutCountRepeatsUntilItIsRemoved(Rig t) {
    RawRing ring = t.ring(8);
    Completion tick = cqe(1, -ETIME, IORING_CQE_F_MORE);
    ring.sqe(1).timeout(time(t, 20 * SOON), 0, IORING_TIMEOUT_MULTISHOT);
    List<Completion> ticks = ring.take(2);
    Claim.equal("ticks", Set.of(tick), new HashSet<>(ticks));
    Set<Completion> rest = new HashSet<>();
    ring.sqe(2).timeoutRemove(1, 0);
    while (rest.size() < 2) {
      List<Completion> more = ring.take(1);
      Claim.that("something comes", !more.isEmpty());
      for (Completion one : more) {
        if (one.equals(cqe(2, -ENOENT))) ring.sqe(2).timeoutRemove(1, 0); // it fires just now
        else if (!one.equals(tick)) rest.add(one);
      }
    }
    Claim.equal("rest", Set.of(cqe(2, 0), cqe(1, -ECANCELED)), rest);
  }

  @Case
  @Spec("io_uring_prep_timeout_remove(3): -ECANCELED for the timeout")
  public void removedTimeoutIsCancelled(Rig t) {
    RawRing ring = t.ring(8);
    ring.sqe(1).timeout(time(t, SECONDS_10), 0, 0);
    ring.submitAll();
    ring.sqe(2).timeoutRemove(1, 0);
    ring.expectInAnyOrder(cqe(2, 0), cqe(1, -ECANCELED));
  }

  @Case
  @Spec("io_uring_prep_timeout_remove(3): errors")
  public void removingNothingIsEnoent(Rig t) {
    RawRing ring = t.ring(8);
    ring.sqe(1).timeoutRemove(77, 0);
    ring.sqe(2).timeoutUpdate(77, time(t, SOON), 0);
    ring.expect(cqe(1, -ENOENT), cqe(2, -ENOENT));
  }

  @Case
  @Spec("io_uring_prep_timeout_update(3): a new time")
  public void updateMovesTheTime(Rig t) {
    RawRing ring = t.ring(8);
    ring.sqe(1).timeout(time(t, SECONDS_10), 0, 0);
    ring.submitAll();
    ring.sqe(2).timeoutUpdate(1, time(t, SOON), 0);
    ring.expect(cqe(2, 0), cqe(1, -ETIME));
  }

  @Case
  @Spec("io_uring_prep_timeout_remove(3): errors")
  public void fieldsOfRemoveAreChecked(Rig t) {
    RawRing ring = t.ring(16, IORING_SETUP_SUBMIT_ALL);
    int both = IORING_TIMEOUT_BOOTTIME | IORING_TIMEOUT_REALTIME;
    ring.sqe(1).timeoutRemove(77, 0).bufIndex(1);
    ring.sqe(2).timeoutRemove(77, 0).len(1);
    ring.sqe(3).timeoutRemove(77, 0).spliceFdIn(1);
    ring.sqe(4).timeoutRemove(77, IORING_TIMEOUT_ABS);
    ring.sqe(5).timeoutUpdate(77, time(t, SOON), both);
    ring.sqe(6).timeoutUpdate(77, time(t, -1), 0);
    ring.sqe(7).timeoutUpdate(77, Rig.UNMAPPED, 0);
    ring.expect(
        cqe(1, -EINVAL),
        cqe(2, -EINVAL),
        cqe(3, -EINVAL),
        cqe(4, -EINVAL),
        cqe(5, -EINVAL),
        cqe(6, -EINVAL),
        cqe(7, -EFAULT));
  }

  private static long time(Rig t, long nanos) {
    MemorySegment timespec = t.memory(16L);
    timespec.set(JAVA_LONG, 0, Math.floorDiv(nanos, 1_000_000_000L));
    timespec.set(JAVA_LONG, 8, Math.floorMod(nanos, 1_000_000_000L));
    return timespec.address();
  }
}
