package dev.ringshot.conformance.cases;

import static dev.ringshot.abi.Errno.EBADF;
import static dev.ringshot.abi.Errno.ECANCELED;
import static dev.ringshot.abi.Errno.EINVAL;
import static dev.ringshot.abi.Errno.ENOENT;
import static dev.ringshot.abi.IoUring.IORING_ASYNC_CANCEL_ALL;
import static dev.ringshot.abi.IoUring.IORING_ASYNC_CANCEL_ANY;
import static dev.ringshot.abi.IoUring.IORING_ASYNC_CANCEL_FD;
import static dev.ringshot.abi.IoUring.IORING_ASYNC_CANCEL_FD_FIXED;
import static dev.ringshot.abi.IoUring.IORING_ASYNC_CANCEL_OP;
import static dev.ringshot.abi.IoUring.IORING_ASYNC_CANCEL_USERDATA;
import static dev.ringshot.abi.IoUring.IORING_CQE_F_MORE;
import static dev.ringshot.abi.IoUring.IORING_OP_ASYNC_CANCEL;
import static dev.ringshot.abi.IoUring.IORING_OP_NOP;
import static dev.ringshot.abi.IoUring.IORING_OP_POLL_ADD;
import static dev.ringshot.abi.IoUring.IORING_OP_TIMEOUT;
import static dev.ringshot.abi.IoUring.IORING_SETUP_DEFER_TASKRUN;
import static dev.ringshot.abi.IoUring.IORING_SETUP_SINGLE_ISSUER;
import static dev.ringshot.abi.IoUring.IORING_SETUP_SUBMIT_ALL;
import static dev.ringshot.abi.Poll.POLLIN;
import static dev.ringshot.conformance.rig.Completion.cqe;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.ringshot.abi.Sqe;
import dev.ringshot.conformance.Case;
import dev.ringshot.conformance.Spec;
import dev.ringshot.conformance.rig.Completion;
import dev.ringshot.conformance.rig.RawRing;
import dev.ringshot.conformance.rig.Rig;
import java.util.Arrays;

/// ASYNC_CANCEL: which requests it finds, and what everybody is told.
///
/// The canceller has user_data 100 in all cases.
public final class CancelCases {
  private static final int CLOSED_FD = 1_000_000;
  private static final long CANCELLER = 100;

  /// Topics are made by reflection.
  public CancelCases() {}

  @Case
  @Spec({"4.5-2", "7-13"})
  public void unknownFlagsAreRefused(Rig t) {
    RawRing ring = t.ring(32, IORING_SETUP_SUBMIT_ALL);
    for (int bit = 6; bit < 32; bit++) cancel(ring).asyncCancel(1, 1 << bit);
    ring.expect(answers(26, -EINVAL));
  }

  @Case
  @Spec({"4.5-2", "7-13"})
  public void anyExcludesOtherKeys(Rig t) {
    RawRing ring = t.ring(8, IORING_SETUP_SUBMIT_ALL);
    cancel(ring).asyncCancel(1, IORING_ASYNC_CANCEL_ANY | IORING_ASYNC_CANCEL_FD);
    cancel(ring).asyncCancel(1, IORING_ASYNC_CANCEL_ANY | IORING_ASYNC_CANCEL_OP);
    ring.expect(answers(2, -EINVAL));
  }

  @Case
  @Spec({"4.5-2", "7-13"})
  public void unusedFieldsMustBeZero(Rig t) {
    RawRing ring = t.ring(8, IORING_SETUP_SUBMIT_ALL);
    cancel(ring).asyncCancel(1, 0).off(1);
    cancel(ring).asyncCancel(1, 0).spliceFdIn(1);
    ring.expect(answers(2, -EINVAL));
  }

  @Case
  @Spec({"4.5-3", "7b-3"})
  public void opcodeOutOfRangeIsRefusedIn7(Rig t) {
    RawRing ring = t.ring(8);
    cancel(ring).asyncCancelOp(200, 0);
    ring.expect(cqe(CANCELLER, t.is7() ? -EINVAL : -ENOENT));
  }

  @Case
  @Spec({"4.5-4", "7-13"})
  public void descriptorThatIsNotOpenIsEbadf(Rig t) {
    RawRing ring = t.ring(8);
    cancel(ring).asyncCancelFd(CLOSED_FD, 0);
    cancel(ring).asyncCancelFd(CLOSED_FD, IORING_ASYNC_CANCEL_ALL);
    cancel(ring).asyncCancelFd(0, IORING_ASYNC_CANCEL_FD_FIXED);
    ring.expect(answers(3, -EBADF));
  }

  @Case
  @Spec({"4.5-5", "4.5-6", "7-13"})
  public void nothingToCancelIsEnoentOrACountOfZero(Rig t) {
    RawRing ring = t.ring(8);
    int eventfd = t.eventfd();
    cancel(ring).asyncCancel(1, 0);
    cancel(ring).asyncCancelFd(eventfd, 0);
    cancel(ring).asyncCancelOp(IORING_OP_POLL_ADD, 0);
    ring.expect(answers(3, -ENOENT));
    cancel(ring).asyncCancel(1, IORING_ASYNC_CANCEL_ALL);
    cancel(ring).asyncCancelFd(eventfd, IORING_ASYNC_CANCEL_ALL);
    cancel(ring).asyncCancel(0, IORING_ASYNC_CANCEL_ANY);
    ring.expect(answers(3, 0));
  }

  @Case
  @Spec({"4.5-7", "4.5-1"})
  public void cancellerIsAnsweredBeforeItsVictim(Rig t) {
    RawRing ring = t.ring(8);
    ring.sqe(1).pollAdd(t.eventfd(), POLLIN);
    ring.submitAll();
    cancel(ring).asyncCancel(1, 0);
    ring.expect(cqe(CANCELLER, 0), cqe(1, -ECANCELED));
  }

  @Case
  @Spec("4.5-7")
  public void cancelWorksOnADeferringRing(Rig t) {
    RawRing ring = t.ring(8, IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN);
    ring.sqe(1).pollAdd(t.eventfd(), POLLIN);
    ring.submitAll();
    cancel(ring).asyncCancel(1, 0);
    ring.expect(cqe(CANCELLER, 0), cqe(1, -ECANCELED));
  }

  @Case
  @Spec("4.5-7")
  public void victimInTheSameSubmissionIsFound(Rig t) {
    RawRing ring = t.ring(8);
    ring.sqe(1).pollAdd(t.eventfd(), POLLIN);
    cancel(ring).asyncCancel(1, 0);
    ring.expect(cqe(CANCELLER, 0), cqe(1, -ECANCELED));
  }

  @Case
  @Spec({"4.5-10", "4.5-7"})
  public void multishotPollEndsWithoutMore(Rig t) {
    RawRing ring = t.ring(8);
    int eventfd = t.eventfd();
    ring.sqe(1).pollMultishot(eventfd, POLLIN);
    ring.submitAll();
    t.signal(eventfd);
    ring.expect(cqe(1, POLLIN, IORING_CQE_F_MORE));
    cancel(ring).asyncCancel(1, 0);
    ring.expect(cqe(CANCELLER, 0), cqe(1, -ECANCELED));
  }

  @Case
  @Spec("4.5-10")
  public void timeoutIsCancelled(Rig t) {
    RawRing ring = t.ring(8);
    ring.sqe(1).timeout(tenSeconds(t), 0, 0);
    ring.submitAll();
    cancel(ring).asyncCancel(1, 0);
    ring.expectInAnyOrder(cqe(CANCELLER, 0), cqe(1, -ECANCELED));
  }

  @Case
  @Spec("4.5-5")
  public void cancelledRequestIsGone(Rig t) {
    RawRing ring = t.ring(8);
    int eventfd = t.eventfd();
    ring.sqe(1).pollMultishot(eventfd, POLLIN);
    ring.submitAll();
    cancel(ring).asyncCancel(1, 0);
    ring.expect(cqe(CANCELLER, 0), cqe(1, -ECANCELED));
    t.signal(eventfd);
    cancel(ring).asyncCancel(1, 0);
    ring.expect(cqe(CANCELLER, -ENOENT));
    ring.expectNothing();
  }

  @Case
  @Spec("4.5-5")
  public void completedRequestIsNotFound(Rig t) {
    RawRing ring = t.ring(8);
    ring.sqe(1).nop();
    cancel(ring).asyncCancel(1, 0);
    ring.expect(cqe(1, 0), cqe(CANCELLER, -ENOENT));
  }

  @Case
  @Spec({"4.5-1", "4.5-5"})
  public void descriptorIsAKey(Rig t) {
    RawRing ring = t.ring(8);
    int wanted = t.eventfd();
    ring.sqe(1).pollAdd(t.eventfd(), POLLIN);
    ring.sqe(2).pollAdd(wanted, POLLIN);
    ring.submitAll();
    cancel(ring).asyncCancelFd(wanted, 0);
    ring.expect(cqe(CANCELLER, 0), cqe(2, -ECANCELED));
    cancel(ring).asyncCancelFd(wanted, 0);
    ring.expect(cqe(CANCELLER, -ENOENT));
    ring.expectNothing();
  }

  @Case
  @Spec("4.5-1: the file counts, not its number")
  public void duplicateOfTheDescriptorIsTheSameKey(Rig t) {
    RawRing ring = t.ring(8);
    int eventfd = t.eventfd();
    ring.sqe(1).pollAdd(eventfd, POLLIN);
    ring.submitAll();
    cancel(ring).asyncCancelFd(t.own("dup", t.host().dup(eventfd)), 0);
    ring.expect(cqe(CANCELLER, 0), cqe(1, -ECANCELED));
  }

  @Case
  @Spec({"4.5-1", "4.5-5"})
  public void opcodeIsAKey(Rig t) {
    RawRing ring = t.ring(8);
    ring.sqe(1).pollAdd(t.eventfd(), POLLIN);
    ring.sqe(2).timeout(tenSeconds(t), 0, 0);
    ring.submitAll();
    cancel(ring).asyncCancelOp(IORING_OP_TIMEOUT, 0);
    ring.expectInAnyOrder(cqe(CANCELLER, 0), cqe(2, -ECANCELED));
    cancel(ring).asyncCancelOp(IORING_OP_NOP, 0);
    ring.expect(cqe(CANCELLER, -ENOENT));
    cancel(ring).asyncCancelOp(IORING_OP_POLL_ADD, 0);
    ring.expect(cqe(CANCELLER, 0), cqe(1, -ECANCELED));
  }

  @Case
  @Spec("4.5-9")
  public void userDataIsIgnoredWithAnotherKey(Rig t) {
    RawRing ring = t.ring(8);
    int eventfd = t.eventfd();
    ring.sqe(1).pollAdd(eventfd, POLLIN);
    ring.submitAll();
    cancel(ring).asyncCancelFd(eventfd, 0).addr(77);
    ring.expect(cqe(CANCELLER, 0), cqe(1, -ECANCELED));
  }

  @Case
  @Spec("4.5-9")
  public void userDataNarrowsAnotherKeyIfAsked(Rig t) {
    RawRing ring = t.ring(8);
    int eventfd = t.eventfd();
    ring.sqe(1).pollAdd(eventfd, POLLIN);
    ring.sqe(2).pollAdd(eventfd, POLLIN);
    ring.submitAll();
    cancel(ring).asyncCancelFd(eventfd, IORING_ASYNC_CANCEL_USERDATA).addr(3);
    ring.expect(cqe(CANCELLER, -ENOENT));
    cancel(ring).asyncCancelFd(eventfd, IORING_ASYNC_CANCEL_USERDATA).addr(2);
    ring.expect(cqe(CANCELLER, 0), cqe(2, -ECANCELED));
    cancel(ring).asyncCancelOp(IORING_OP_POLL_ADD, IORING_ASYNC_CANCEL_USERDATA).addr(1);
    ring.expect(cqe(CANCELLER, 0), cqe(1, -ECANCELED));
  }

  @Case
  @Spec("4.5-1")
  public void descriptorAndOpcodeMustBothMatch(Rig t) {
    RawRing ring = t.ring(8);
    int eventfd = t.eventfd();
    int both = IORING_ASYNC_CANCEL_FD | IORING_ASYNC_CANCEL_OP;
    ring.sqe(1).pollAdd(eventfd, POLLIN);
    ring.submitAll();
    cancel(ring).asyncCancelFd(eventfd, both).len(IORING_OP_TIMEOUT);
    ring.expect(cqe(CANCELLER, -ENOENT));
    cancel(ring).asyncCancelFd(eventfd, both).len(IORING_OP_POLL_ADD);
    ring.expect(cqe(CANCELLER, 0), cqe(1, -ECANCELED));
  }

  @Case
  @Spec("4.5-5")
  public void withoutAllOneOfSeveralIsCancelled(Rig t) {
    RawRing ring = t.ring(8);
    int eventfd = t.eventfd();
    ring.sqe(1).pollAdd(eventfd, POLLIN);
    ring.sqe(1).pollAdd(eventfd, POLLIN);
    ring.submitAll();
    cancel(ring).asyncCancel(1, 0);
    ring.expect(cqe(CANCELLER, 0), cqe(1, -ECANCELED));
    ring.expectNothing();
    t.signal(eventfd);
    ring.expect(cqe(1, POLLIN));
  }

  @Case
  @Spec({"4.5-6", "4.5-7", "7-12"})
  public void allCountsItsVictims(Rig t) {
    RawRing ring = t.ring(8);
    int eventfd = t.eventfd();
    for (int[] key :
        new int[][] {{0, 1}, {IORING_ASYNC_CANCEL_FD, 0}, {IORING_ASYNC_CANCEL_OP, 0}}) {
      ring.sqe(1).pollAdd(eventfd, POLLIN);
      ring.sqe(1).pollAdd(eventfd, POLLIN);
      ring.submitAll();
      cancel(ring)
          .asyncCancelFd(eventfd, 0)
          .opFlags(key[0] | IORING_ASYNC_CANCEL_ALL)
          .addr(key[1])
          .len(key[0] == IORING_ASYNC_CANCEL_OP ? IORING_OP_POLL_ADD : 0);
      ring.expect(cqe(CANCELLER, 2), cqe(1, -ECANCELED), cqe(1, -ECANCELED));
    }
  }

  @Case
  @Spec({"4.5-6", "4.5-10", "7-12"})
  public void anyCancelsEverythingWithOrWithoutAll(Rig t) {
    RawRing ring = t.ring(8);
    for (int flags : new int[] {0, IORING_ASYNC_CANCEL_ALL}) {
      ring.sqe(1).pollAdd(t.eventfd(), POLLIN);
      ring.sqe(2).timeout(tenSeconds(t), 0, 0);
      ring.submitAll();
      cancel(ring).asyncCancel(0, IORING_ASYNC_CANCEL_ANY | flags);
      ring.expectInAnyOrder(cqe(CANCELLER, 2), cqe(1, -ECANCELED), cqe(2, -ECANCELED));
    }
  }

  @Case
  @Spec({"4.5-5", "4.5-6"})
  public void cancellerNeverFindsItself(Rig t) {
    RawRing ring = t.ring(8);
    cancel(ring).asyncCancel(CANCELLER, 0);
    ring.expect(cqe(CANCELLER, -ENOENT));
    cancel(ring).asyncCancelOp(IORING_OP_ASYNC_CANCEL, IORING_ASYNC_CANCEL_ALL);
    ring.expect(cqe(CANCELLER, 0));
  }

  @Case
  @Spec("4.5-5")
  public void requestsOfAnotherRingAreNotFound(Rig t) {
    RawRing ring = t.ring(8);
    RawRing other = t.ring(8);
    int eventfd = t.eventfd();
    other.sqe(1).pollAdd(eventfd, POLLIN);
    other.submitAll();
    cancel(ring).asyncCancel(1, 0);
    cancel(ring).asyncCancelFd(eventfd, 0);
    ring.expect(answers(2, -ENOENT));
    cancel(ring).asyncCancel(0, IORING_ASYNC_CANCEL_ANY);
    ring.expect(cqe(CANCELLER, 0));
    t.signal(eventfd);
    other.expect(cqe(1, POLLIN));
  }

  @Case
  @Spec("4.4-6")
  public void silentCancellerPostsOnlyFailures(Rig t) {
    RawRing ring = t.ring(8);
    ring.sqe(1).pollAdd(t.eventfd(), POLLIN);
    ring.submitAll();
    cancel(ring).asyncCancel(1, 0).skipSuccess();
    ring.expect(cqe(1, -ECANCELED));
    cancel(ring).asyncCancel(1, 0).skipSuccess();
    ring.expect(cqe(CANCELLER, -ENOENT));
  }

  private static Sqe cancel(RawRing ring) {
    return ring.sqe(CANCELLER);
  }

  private static Completion[] answers(int count, int result) {
    var answers = new Completion[count];
    Arrays.fill(answers, cqe(CANCELLER, result));
    return answers;
  }

  private static long tenSeconds(Rig t) {
    var timespec = t.memory(16L);
    timespec.set(JAVA_LONG, 0, 10);
    return timespec.address();
  }
}
