package dev.ringshot.conformance.cases;

import static dev.ringshot.abi.Errno.EBADF;
import static dev.ringshot.abi.Errno.EBADFD;
import static dev.ringshot.abi.Errno.EEXIST;
import static dev.ringshot.abi.Errno.EINVAL;
import static dev.ringshot.abi.Errno.EOPNOTSUPP;
import static dev.ringshot.abi.IoUring.IORING_ENTER_GETEVENTS;
import static dev.ringshot.abi.IoUring.IORING_ENTER_NO_IOWAIT;
import static dev.ringshot.abi.IoUring.IORING_ENTER_REGISTERED_RING;
import static dev.ringshot.abi.IoUring.IORING_ENTER_SQ_WAIT;
import static dev.ringshot.abi.IoUring.IORING_ENTER_SQ_WAKEUP;
import static dev.ringshot.abi.IoUring.IORING_REGISTER_ENABLE_RINGS;
import static dev.ringshot.abi.IoUring.IORING_SETUP_DEFER_TASKRUN;
import static dev.ringshot.abi.IoUring.IORING_SETUP_NO_SQARRAY;
import static dev.ringshot.abi.IoUring.IORING_SETUP_R_DISABLED;
import static dev.ringshot.abi.IoUring.IORING_SETUP_SINGLE_ISSUER;
import static dev.ringshot.abi.IoUring.IORING_SETUP_SUBMIT_ALL;
import static dev.ringshot.abi.Poll.POLLIN;
import static dev.ringshot.conformance.rig.Completion.cqe;

import dev.ringshot.conformance.Case;
import dev.ringshot.conformance.Needs;
import dev.ringshot.conformance.Spec;
import dev.ringshot.conformance.rig.Claim;
import dev.ringshot.conformance.rig.Need;
import dev.ringshot.conformance.rig.RawRing;
import dev.ringshot.conformance.rig.Rig;

/// What io_uring_enter(2) accepts, and how it submits.
public final class EnterCases {
  private static final int CLOSED_FD = 1_000_000;

  /// Topics are made by reflection.
  public EnterCases() {}

  @Case
  @Spec("4.3-1")
  public void unknownFlagsAreRefusedBeforeTheDescriptor(Rig t) {
    RawRing ring = t.ring(8);
    for (int bit = 8; bit < 32; bit++)
      Claim.result("flag " + bit, -EINVAL, ring.enter(0, 0, 1 << bit));
    Claim.result("bad fd", -EINVAL, t.kernel().enter(CLOSED_FD, 0, 0, 1 << 8, 0, 0));
  }

  @Case
  @Spec("4.3-2")
  public void badDescriptorIsEbadf(Rig t) {
    Claim.result("closed", -EBADF, t.kernel().enter(CLOSED_FD, 1, 0, 0, 0, 0));
    Claim.result("-1", -EBADF, t.kernel().enter(-1, 1, 0, 0, 0, 0));
  }

  @Case
  @Spec("4.3-2")
  public void otherFilesAreNotSupported(Rig t) {
    Claim.result("eventfd", -EOPNOTSUPP, t.kernel().enter(t.eventfd(), 1, 0, 0, 0, 0));
  }

  @Case
  @Spec("4.3-1: REGISTERED_RING")
  public void registeredIndexThatIsNoneIsRefused(Rig t) {
    t.ring(8).submitAll(); // a thread that never used io_uring has no table
    int flags = IORING_ENTER_REGISTERED_RING;
    Claim.result("empty", -EBADF, t.kernel().enter(3, 0, 0, flags, 0, 0));
    Claim.result("beyond", -EINVAL, t.kernel().enter(16, 0, 0, flags, 0, 0));
    Claim.result("negative", -EINVAL, t.kernel().enter(-1, 0, 0, flags, 0, 0));
  }

  @Case
  @Spec({"4.3-1", "4.3-6"})
  public void nothingToDoIsZero(Rig t) {
    RawRing ring = t.ring(8);
    Claim.result("nothing", 0, ring.enter(0, 0, 0));
    Claim.result("GETEVENTS", 0, ring.enter(0, 0, IORING_ENTER_GETEVENTS));
    Claim.result("wait without GETEVENTS", 0, ring.enter(0, 8, 0));
    Claim.result("NO_IOWAIT", 0, ring.enter(0, 0, IORING_ENTER_NO_IOWAIT | IORING_ENTER_GETEVENTS));
  }

  @Case
  @Spec("4.3-1: SQ_WAKEUP and SQ_WAIT")
  public void flagsOfSqpollMeanNothingWithoutIt(Rig t) {
    RawRing ring = t.ring(8);
    ring.sqe(1).nop();
    int flags = IORING_ENTER_SQ_WAKEUP | IORING_ENTER_SQ_WAIT;
    Claim.result("enter", 1, ring.enter(ring.publish(), 0, flags));
    ring.expectVisible(cqe(1, 0));
  }

  @Case
  @Spec("4.3-3")
  public void disabledRingIsRefusedUntilItIsEnabled(Rig t) {
    RawRing ring = t.ring(8, IORING_SETUP_R_DISABLED);
    ring.sqe(1).nop();
    int count = ring.publish();
    Claim.result("submit", -EBADFD, ring.enter(count, 0, 0));
    Claim.result("nothing", -EBADFD, ring.enter(0, 0, 0));
    Claim.result("GETEVENTS", -EBADFD, ring.enter(0, 0, IORING_ENTER_GETEVENTS));
    Claim.result("ENABLE_RINGS", 0, ring.register(IORING_REGISTER_ENABLE_RINGS, 0, 0));
    Claim.result("submit", 1, ring.enter(count, 0, 0));
    ring.expectVisible(cqe(1, 0));
  }

  @Case
  @Needs(Need.THREADS)
  @Spec({"4.3-4", "4.3-5"})
  public void secondSubmitterOfASingleIssuerRingIsRefused(Rig t) {
    RawRing ring = t.ring(8, IORING_SETUP_SINGLE_ISSUER);
    ring.sqe(1).nop();
    int count = ring.publish();
    Claim.result("submit", -EEXIST, OtherThread.call(() -> ring.enter(count, 0, 0)));
    Claim.result("GETEVENTS", 0, OtherThread.call(ring::getEvents));
    Claim.result("own thread", 1, ring.enter(count, 0, 0));
    ring.expectVisible(cqe(1, 0));
  }

  @Case
  @Needs(Need.THREADS)
  @Spec("4.3-5")
  public void deferringRingRefusesTheOtherThreadsWaitToo(Rig t) {
    RawRing ring = t.ring(8, IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN);
    ring.sqe(1).nop();
    int count = ring.publish();
    Claim.result("submit", -EEXIST, OtherThread.call(() -> ring.enter(count, 0, 0)));
    Claim.result("GETEVENTS", -EEXIST, OtherThread.call(ring::getEvents));
    Claim.result("nothing", 0, OtherThread.call(() -> ring.enter(0, 0, 0)));
    Claim.result("own thread", 1, ring.enter(count, 0, 0));
    ring.expectVisible(cqe(1, 0));
  }

  @Case
  @Needs(Need.THREADS)
  @Spec("4.3-4")
  public void threadThatEnablesASingleIssuerRingIsItsIssuer(Rig t) {
    RawRing ring = t.ring(8, IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_R_DISABLED);
    int enabled = OtherThread.call(() -> ring.register(IORING_REGISTER_ENABLE_RINGS, 0, 0));
    Claim.result("ENABLE_RINGS", 0, enabled);
    ring.sqe(1).nop();
    Claim.result("submit", -EEXIST, ring.submit());
  }

  @Case
  @Needs(Need.THREADS)
  @Spec("4.3-4: without SINGLE_ISSUER")
  public void anyThreadSubmitsToAnOrdinaryRing(Rig t) {
    RawRing ring = t.ring(8);
    ring.sqe(1).nop();
    int count = ring.publish();
    Claim.result("submit", 1, OtherThread.call(() -> ring.enter(count, 0, 0)));
    ring.expectVisible(cqe(1, 0));
  }

  @Case
  @Spec("4.3-9")
  public void submitsWhatIsThere(Rig t) {
    RawRing ring = t.ring(8);
    for (int i = 0; i < 3; i++) ring.sqe(i).nop();
    ring.publish();
    Claim.result("enter", 3, ring.enter(100, 0, 0));
    ring.expectVisible(cqe(0, 0), cqe(1, 0), cqe(2, 0));
    Claim.result("none left", 0, ring.enter(100, 0, 0));
  }

  @Case
  @Spec("4.3-6")
  public void submitsNoMoreThanAsked(Rig t) {
    RawRing ring = t.ring(8);
    for (int i = 0; i < 3; i++) ring.sqe(i).nop();
    ring.publish();
    Claim.result("enter", 2, ring.enter(2, 0, 0));
    Claim.equal("SQ head", 2, ring.sqHead());
    ring.expectVisible(cqe(0, 0), cqe(1, 0));
    Claim.result("enter", 1, ring.enter(1, 0, 0));
    ring.expectVisible(cqe(2, 0));
  }

  @Case
  @Spec("4.3-6")
  public void fullQueueWrapsAround(Rig t) {
    RawRing ring = t.ring(4);
    for (int round = 0; round < 5; round++) {
      for (int i = 0; i < 3; i++) ring.sqe(10L * round + i).nop();
      ring.expect(cqe(10L * round, 0), cqe(10L * round + 1, 0), cqe(10L * round + 2, 0));
    }
    Claim.equal("SQ head", 15, ring.sqHead());
  }

  @Case
  @Spec("1.4-15: no longer read once submitted")
  public void sqeMayBeOverwrittenOnceItIsSubmitted(Rig t) {
    RawRing ring = t.ring(1);
    int eventfd = t.eventfd();
    ring.sqe(1).pollAdd(eventfd, POLLIN);
    ring.submitAll();
    ring.sqe(2).nop();
    ring.expect(cqe(2, 0));
    t.signal(eventfd);
    ring.expect(cqe(1, POLLIN));
  }

  @Case
  @Spec("4.3-19")
  public void arrayDecidesWhichSqeComesNext(Rig t) {
    RawRing ring = t.ring(4);
    ring.setSqArray(0, 2);
    ring.setSqArray(1, 0);
    ring.setSqArray(2, 2);
    for (int i = 0; i < 3; i++) ring.sqe(i).nop();
    ring.submitAll();
    ring.expectVisible(cqe(2, 0), cqe(0, 0), cqe(2, 0));
  }

  @Case
  @Spec("4.3-19")
  public void arrayEntryBeyondTheQueueIsDroppedAndEndsTheCall(Rig t) {
    RawRing ring = t.ring(4);
    ring.setSqArray(0, 4);
    ring.sqe(1).nop();
    ring.sqe(2).nop();
    ring.publish();
    Claim.result("enter", 0, ring.enter(2, 0, 0));
    Claim.equal("dropped", 1, ring.sqDropped());
    Claim.equal("SQ head", 1, ring.sqHead());
    Claim.result("next enter", 1, ring.enter(1, 0, 0));
    ring.expectVisible(cqe(2, 0));
  }

  @Case
  @Spec("4.3-19")
  public void droppedEntryAfterGoodOnesEndsTheCallAfterThem(Rig t) {
    RawRing ring = t.ring(4, IORING_SETUP_SUBMIT_ALL);
    ring.setSqArray(1, -1);
    for (int i = 0; i < 3; i++) ring.sqe(i).nop();
    ring.publish();
    Claim.result("enter", 1, ring.enter(3, 0, 0));
    Claim.equal("dropped", 1, ring.sqDropped());
    Claim.equal("SQ head", 2, ring.sqHead());
    ring.expectVisible(cqe(0, 0));
    Claim.result("next enter", 1, ring.enter(1, 0, 0));
    ring.expectVisible(cqe(2, 0));
  }

  @Case
  @Spec("4.1-5")
  public void withoutArrayEntriesGoInOrder(Rig t) {
    RawRing ring = t.ring(4, IORING_SETUP_NO_SQARRAY);
    for (int round = 0; round < 3; round++) {
      for (int i = 0; i < 3; i++) ring.sqe(10L * round + i).nop();
      ring.expect(cqe(10L * round, 0), cqe(10L * round + 1, 0), cqe(10L * round + 2, 0));
    }
  }

  @Case
  @Spec({"4.3-20", "1.5-26"})
  public void badSqeEndsTheCallAfterItself(Rig t) {
    RawRing ring = t.ring(4);
    ring.sqe(1).nop();
    ring.sqe(2).opcode(200);
    ring.sqe(3).nop();
    ring.publish();
    Claim.result("enter", 2, ring.enter(3, 0, 0));
    Claim.equal("SQ head", 2, ring.sqHead());
    ring.expectVisible(cqe(1, 0), cqe(2, -EINVAL));
    Claim.result("next enter", 1, ring.enter(1, 0, 0));
    ring.expectVisible(cqe(3, 0));
  }

  @Case
  @Spec({"4.3-20", "1.5-27"})
  public void badSqeDoesNotEndTheCallWithSubmitAll(Rig t) {
    RawRing ring = t.ring(4, IORING_SETUP_SUBMIT_ALL);
    ring.sqe(1).nop();
    ring.sqe(2).opcode(200);
    ring.sqe(3).nop();
    ring.submitAll();
    ring.expectVisible(cqe(1, 0), cqe(2, -EINVAL), cqe(3, 0));
  }

  @Case
  @Spec("4.3-20: one that fails later does not")
  public void requestThatFailsWhenIssuedDoesNotEndTheCall(Rig t) {
    RawRing ring = t.ring(4);
    ring.sqe(1).pollAdd(CLOSED_FD, POLLIN);
    ring.sqe(2).nop();
    ring.submitAll();
    ring.expectVisible(cqe(1, -EBADF), cqe(2, 0));
  }
}
