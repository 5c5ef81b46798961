package dev.ringshot.conformance.cases;

import static dev.ringshot.abi.Errno.EBADF;
import static dev.ringshot.abi.Errno.ECANCELED;
import static dev.ringshot.abi.Errno.EINVAL;
import static dev.ringshot.abi.Errno.ENOENT;
import static dev.ringshot.abi.IoUring.IORING_CQE_F_MORE;
import static dev.ringshot.abi.IoUring.IORING_REGISTER_SYNC_CANCEL;
import static dev.ringshot.conformance.rig.Completion.cqe;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.ringshot.abi.Poll;
import dev.ringshot.abi.SyncCancelReg;
import dev.ringshot.conformance.Case;
import dev.ringshot.conformance.Spec;
import dev.ringshot.conformance.rig.Claim;
import dev.ringshot.conformance.rig.Completion;
import dev.ringshot.conformance.rig.RawRing;
import dev.ringshot.conformance.rig.Rig;
import dev.ringshot.conformance.rig.RingMode;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Set;

/// Requests that wait for all others.
public final class DrainCases {
  private static final int CLOSED_FD = 1_000_000;

  /// Topics are made by reflection.
  public DrainCases() {}

  @Case
  @Spec("4.4-11")
  public void drainWaitsForAllAndHoldsBackTheRest(Rig t) {
    RingMode.each(mode -> {
      RawRing ring = t.ring(8, mode.flags());
      int fd = t.eventfd();
      ring.sqe(1).pollAdd(fd, Poll.POLLIN);
      ring.sqe(2).nop().drain();
      ring.sqe(3).nop();
      ring.expectNothing();
      t.signal(fd);
      ring.expect(cqe(1, Poll.POLLIN), cqe(2, 0), cqe(3, 0));
    });
  }

  @Case
  @Spec("4.4-11")
  public void drainOfAnIdleRingWaitsForNothing(Rig t) {
    RawRing ring = t.ring(8);
    ring.sqe(1).nop().drain();
    ring.expect(cqe(1, 0));
    ring.sqe(2).nop();
    ring.sqe(3).nop().drain();
    ring.sqe(4).nop();
    ring.expect(cqe(2, 0), cqe(3, 0), cqe(4, 0));
  }

  @Case
  @Spec("4.4-11")
  public void whatFollowsADrainStartsTogether(Rig t) {
    RawRing ring = t.ring(8);
    int first = t.eventfd();
    int second = t.eventfd();
    ring.sqe(1).pollAdd(first, Poll.POLLIN);
    ring.sqe(2).nop().drain();
    ring.sqe(3).pollAdd(second, Poll.POLLIN);
    ring.sqe(4).nop();
    ring.sqe(5).nop().drain();
    ring.sqe(6).nop();
    ring.expectNothing();
    t.signal(first);
    ring.expect(cqe(1, Poll.POLLIN), cqe(2, 0), cqe(4, 0));
    ring.expectNothing();
    t.signal(second);
    ring.expect(cqe(3, Poll.POLLIN), cqe(5, 0), cqe(6, 0));
  }

  @Case
  @Spec("4.4-11")
  public void laterSubmissionsQueueBehindADrain(Rig t) {
    RawRing ring = t.ring(8);
    int fd = t.eventfd();
    ring.sqe(1).pollAdd(fd, Poll.POLLIN);
    ring.sqe(2).nop().drain();
    ring.submitAll();
    ring.sqe(3).nop();
    ring.submitAll();
    ring.sqe(4).nop().async();
    ring.expectNothing();
    t.signal(fd);
    List<Completion> all = ring.take(4);
    Claim.equal("first", List.of(cqe(1, Poll.POLLIN), cqe(2, 0)), all.subList(0, 2));
    Claim.equal("then", Set.of(cqe(3, 0), cqe(4, 0)), Set.copyOf(all.subList(2, 4)));
    ring.sqe(5).nop();
    ring.expect(cqe(5, 0));
  }

  @Case
  @Spec("4.4-11")
  public void drainWaitsForTheLastCompletionOfAMultishot(Rig t) {
    RawRing ring = t.ring(8);
    int fd = t.eventfd();
    ring.sqe(1).pollMultishot(fd, Poll.POLLIN);
    ring.sqe(2).nop().drain();
    ring.submitAll();
    t.signal(fd);
    ring.expect(cqe(1, Poll.POLLIN, IORING_CQE_F_MORE));
    ring.expectNothing();
    Claim.result("SYNC_CANCEL", 0, syncCancel(t, ring, 1));
    ring.expect(cqe(1, -ECANCELED), cqe(2, 0));
  }

  @Case
  @Spec("4.4-19")
  public void drainedRequestIsNotFoundByCancellation(Rig t) {
    RawRing ring = t.ring(8);
    int fd = t.eventfd();
    ring.sqe(1).pollAdd(fd, Poll.POLLIN);
    ring.sqe(2).nop().drain();
    ring.submitAll();
    Claim.result("SYNC_CANCEL", -ENOENT, syncCancel(t, ring, 2));
    t.signal(fd);
    ring.expect(cqe(1, Poll.POLLIN), cqe(2, 0));
  }

  @Case
  @Spec("4.4-19")
  public void cancellationQueuesBehindADrainToo(Rig t) {
    RawRing ring = t.ring(8);
    int fd = t.eventfd();
    ring.sqe(1).pollAdd(fd, Poll.POLLIN);
    ring.sqe(2).nop().drain();
    ring.sqe(3).asyncCancel(1, 0);
    ring.expectNothing();
    t.signal(fd);
    ring.expect(cqe(1, Poll.POLLIN), cqe(2, 0), cqe(3, -ENOENT));
  }

  @Case
  @Spec("4.4-20")
  public void badDrainFailsAtOnceAndTheNextRequestWaitsInItsPlace(Rig t) {
    RawRing ring = t.ring(8);
    int fd = t.eventfd();
    ring.sqe(1).pollAdd(fd, Poll.POLLIN);
    ring.sqe(2).nop().ioprio(1).drain();
    ring.sqe(3).nop();
    ring.submitEach();
    ring.expect(cqe(2, -EINVAL));
    ring.expectNothing();
    t.signal(fd);
    ring.expect(cqe(1, Poll.POLLIN), cqe(3, 0));
  }

  @Case
  @Spec("4.4-20")
  public void drainedRequestFailsWhenItStarts(Rig t) {
    RawRing ring = t.ring(8);
    int fd = t.eventfd();
    ring.sqe(1).pollAdd(fd, Poll.POLLIN);
    ring.sqe(2).uringCmd(CLOSED_FD, 0).drain();
    ring.expectNothing();
    t.signal(fd);
    ring.expect(cqe(1, Poll.POLLIN), cqe(2, -EBADF));
  }

  @Case
  @Spec("4.4-21")
  public void drainInAChainHoldsItsHeadAndTheRequestBehindTheChain(Rig t) {
    RawRing ring = t.ring(8);
    int fd = t.eventfd();
    ring.sqe(1).pollAdd(fd, Poll.POLLIN);
    ring.sqe(2).nop().link();
    ring.sqe(3).nop().link().drain();
    ring.sqe(4).nop();
    ring.sqe(5).nop();
    ring.expectNothing();
    t.signal(fd);
    ring.expect(cqe(1, Poll.POLLIN), cqe(2, 0), cqe(3, 0), cqe(4, 0), cqe(5, 0));
  }

  @Case
  @Spec("4.4-21")
  public void requestBehindAChainWithADrainDrainsItself(Rig t) {
    RawRing ring = t.ring(8);
    int first = t.eventfd();
    int second = t.eventfd();
    int third = t.eventfd();
    ring.sqe(1).pollAdd(first, Poll.POLLIN);
    ring.sqe(2).pollAdd(second, Poll.POLLIN).link();
    ring.sqe(3).nop().drain();
    ring.sqe(4).pollAdd(third, Poll.POLLIN);
    ring.sqe(5).nop();
    ring.expectNothing();
    t.signal(first);
    ring.expect(cqe(1, Poll.POLLIN));
    ring.expectNothing();
    t.signal(second);
    ring.expect(cqe(2, Poll.POLLIN), cqe(3, 0));
    ring.expectNothing();
    t.signal(third);
    ring.expect(cqe(4, Poll.POLLIN), cqe(5, 0));
  }

  @Case
  @Spec("4.4-22")
  public void drainThatRunsStillHoldsBackWhatComesThen(Rig t) {
    RawRing ring = t.ring(8);
    int fd = t.eventfd();
    ring.sqe(1).pollAdd(fd, Poll.POLLIN).drain();
    ring.submitAll();
    ring.sqe(2).nop();
    ring.expectNothing();
    t.signal(fd);
    ring.expect(cqe(1, Poll.POLLIN), cqe(2, 0));
    ring.sqe(3).pollAdd(t.eventfd(), Poll.POLLIN);
    ring.sqe(4).nop();
    ring.expect(cqe(4, 0));
  }

  @Case
  @Spec("4.4-11")
  public void drainWaitsForAWholeChain(Rig t) {
    RawRing ring = t.ring(8);
    int fd = t.eventfd();
    ring.sqe(1).nop().link();
    ring.sqe(2).pollAdd(fd, Poll.POLLIN).link();
    ring.sqe(3).nop();
    ring.sqe(4).nop().drain();
    ring.expect(cqe(1, 0));
    ring.expectNothing();
    t.signal(fd);
    ring.expect(cqe(2, Poll.POLLIN), cqe(3, 0), cqe(4, 0));
  }

  private static int syncCancel(Rig t, RawRing ring, long userData) {
    MemorySegment reg = t.memory((long) SyncCancelReg.SIZE);
    reg.set(JAVA_LONG, SyncCancelReg.ADDR, userData);
    reg.set(JAVA_LONG, SyncCancelReg.TIMEOUT, -1);
    reg.set(JAVA_LONG, SyncCancelReg.TIMEOUT + 8, -1);
    return ring.register(IORING_REGISTER_SYNC_CANCEL, reg.address(), 1);
  }
}
