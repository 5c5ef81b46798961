package dev.ringshot.conformance.cases;

import static dev.ringshot.abi.Errno.EBADF;
import static dev.ringshot.abi.Errno.ECANCELED;
import static dev.ringshot.abi.Errno.EINVAL;
import static dev.ringshot.abi.Errno.ETIME;
import static dev.ringshot.conformance.rig.Completion.cqe;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.ringshot.abi.Fcntl;
import dev.ringshot.abi.Poll;
import dev.ringshot.conformance.Case;
import dev.ringshot.conformance.Needs;
import dev.ringshot.conformance.Spec;
import dev.ringshot.conformance.rig.Need;
import dev.ringshot.conformance.rig.RawRing;
import dev.ringshot.conformance.rig.Rig;
import java.lang.foreign.MemorySegment;

/// Chains of requests, and requests that wait for all others.
@Needs(Need.LINKS)
public final class LinkCases {
  private static final int CLOSED_FD = 1_000_000;

  /// Topics are made by reflection.
  public LinkCases() {}

  @Case
  @Spec("4.4-1")
  public void failureCancelsTheRestOfAChain(Rig t) {
    RawRing ring = t.ring(8);
    ring.sqe(1).nop().link();
    ring.sqe(2).uringCmd(CLOSED_FD, 0).link();
    ring.sqe(3).nop().link();
    ring.sqe(4).nop();
    ring.expect(cqe(1, 0), cqe(2, -EBADF), cqe(3, -ECANCELED), cqe(4, -ECANCELED));
  }

  @Case
  @Spec("4.4-2")
  public void hardLinkGoesOnAfterAFailure(Rig t) {
    RawRing ring = t.ring(8);
    ring.sqe(1).uringCmd(CLOSED_FD, 0).hardlink();
    ring.sqe(2).nop();
    ring.expect(cqe(1, -EBADF), cqe(2, 0));
  }

  @Case
  @Spec("4.4-3")
  public void memberThatFailsPreparationCancelsItsWholeChain(Rig t) {
    RawRing ring = t.ring(8);
    ring.sqe(1).nop().link();
    ring.sqe(2).nop().ioprio(1).link();
    ring.sqe(3).nop();
    ring.expect(cqe(1, -ECANCELED), cqe(2, -EINVAL), cqe(3, -ECANCELED));
  }

  @Case
  @Spec("4.4-4")
  public void shortReadBreaksAChain(Rig t) {
    RawRing ring = t.ring(8);
    int fd = t.open(t.file(new byte[6]), Fcntl.O_RDONLY);
    ring.sqe(1).read(fd, t.memory(16L), 0).link();
    ring.sqe(2).nop();
    ring.expect(cqe(1, 6), cqe(2, -ECANCELED));
  }

  @Case
  @Spec("4.4-5")
  public void chainEndsWithItsSubmission(Rig t) {
    RawRing ring = t.ring(8);
    ring.sqe(1).nop().link();
    ring.submitAll();
    ring.sqe(2).nop();
    ring.expectInAnyOrder(cqe(1, 0), cqe(2, 0));
  }

  @Case
  @Spec("4.4-7")
  public void skippedHeadOfAChainSilencesItsFollowers(Rig t) {
    RawRing ring = t.ring(8);
    ring.sqe(1).uringCmd(CLOSED_FD, 0).link().skipSuccess();
    ring.sqe(2).nop().link();
    ring.sqe(3).nop();
    ring.sqe(4).nop();
    ring.expect(cqe(1, -EBADF), cqe(4, 0));
    ring.expectNothing();
  }

  @Case
  @Spec("4.4-11")
  public void drainWaitsForAllAndHoldsBackTheRest(Rig t) {
    RawRing ring = t.ring(8);
    int fd = t.eventfd();
    ring.sqe(1).pollAdd(fd, Poll.POLLIN);
    ring.sqe(2).nop().drain();
    ring.sqe(3).nop();
    ring.expectNothing();
    t.signal(fd);
    ring.expect(cqe(1, Poll.POLLIN), cqe(2, 0), cqe(3, 0));
  }

  @Case
  @Spec("4.4-12")
  public void linkTimeoutEndsItsTarget(Rig t) {
    RawRing ring = t.ring(8);
    MemorySegment millisecond = t.memory(16L);
    millisecond.set(JAVA_LONG, 8, 1_000_000);
    ring.sqe(1).pollAdd(t.eventfd(), Poll.POLLIN).link();
    ring.sqe(2).linkTimeout(millisecond.address(), 0);
    ring.expectInAnyOrder(cqe(1, -ECANCELED), cqe(2, -ETIME));
  }

  @Case
  @Spec("4.4-13")
  public void linkTimeoutWithoutALinkIsInvalid(Rig t) {
    RawRing ring = t.ring(8);
    ring.sqe(2).linkTimeout(t.memory(16L).address(), 0);
    ring.expect(cqe(2, -EINVAL));
  }
}
