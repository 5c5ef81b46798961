package dev.ringshot.conformance.cases;

import static dev.ringshot.abi.Errno.EBADF;
import static dev.ringshot.abi.Errno.ECANCELED;
import static dev.ringshot.abi.Errno.EINVAL;
import static dev.ringshot.abi.Errno.ENOENT;
import static dev.ringshot.abi.Errno.EOPNOTSUPP;
import static dev.ringshot.abi.Errno.ETIME;
import static dev.ringshot.abi.IoUring.IORING_CQE_F_MORE;
import static dev.ringshot.conformance.device.Ref.REF_DESCRIBE;
import static dev.ringshot.conformance.device.Ref.REF_DESCRIBE_PAYLOAD;
import static dev.ringshot.conformance.device.Ref.REF_DESCRIBE_SIZE;
import static dev.ringshot.conformance.rig.Completion.cqe;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.ringshot.abi.Fcntl;
import dev.ringshot.abi.IoUring;
import dev.ringshot.abi.Poll;
import dev.ringshot.abi.Socket;
import dev.ringshot.abi.Sqe;
import dev.ringshot.conformance.Case;
import dev.ringshot.conformance.Needs;
import dev.ringshot.conformance.Spec;
import dev.ringshot.conformance.rig.Claim;
import dev.ringshot.conformance.rig.Need;
import dev.ringshot.conformance.rig.RawRing;
import dev.ringshot.conformance.rig.RefDevice;
import dev.ringshot.conformance.rig.Rig;
import dev.ringshot.conformance.rig.RingMode;
import java.lang.foreign.MemorySegment;

/// Chains of requests.
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
  @Spec("4.4-14")
  public void memberThatFailsPreparationCancelsHardLinksToo(Rig t) {
    RawRing ring = t.ring(8);
    ring.sqe(1).nop().hardlink();
    ring.sqe(2).nop().ioprio(1).hardlink();
    ring.sqe(3).nop().hardlink();
    ring.sqe(4).nop();
    ring.expect(cqe(1, -ECANCELED), cqe(2, -EINVAL), cqe(3, -ECANCELED), cqe(4, -ECANCELED));
  }

  @Case
  @Spec({"4.4-14", "4.4-15"})
  public void everyMemberThatFailsPreparationSaysWhy(Rig t) {
    RawRing ring = t.ring(8);
    ring.sqe(1).nop().opFlags(1 << 30).link();
    ring.sqe(2).nop().link();
    ring.sqe(3).nop().bufferSelect(1).link();
    ring.sqe(4).nop();
    ring.expect(cqe(1, -EINVAL), cqe(2, -ECANCELED), cqe(3, -EOPNOTSUPP), cqe(4, -ECANCELED));
  }

  @Case
  @Spec("4.4-15")
  public void badMemberDoesNotStopTheBatchUnlessItIsTheLast(Rig t) {
    RawRing ring = t.ring(8);
    ring.sqe(1).nop().link();
    ring.sqe(2).nop().ioprio(1).link();
    ring.sqe(3).nop();
    ring.sqe(4).nop();
    Claim.result("io_uring_enter", 4, ring.submit());
    ring.expect(cqe(1, -ECANCELED), cqe(4, 0), cqe(2, -EINVAL), cqe(3, -ECANCELED));
    ring.sqe(5).nop().link();
    ring.sqe(6).nop().ioprio(1);
    ring.sqe(7).nop();
    Claim.result("io_uring_enter", 2, ring.submit());
    ring.expect(cqe(5, -ECANCELED), cqe(6, -EINVAL));
    Claim.result("io_uring_enter", 1, ring.enter(1, 0, 0));
    ring.expect(cqe(7, 0));
  }

  @Case
  @Spec("4.4-1: a soft link breaks at its own failure, whatever the links behind it are")
  public void failureCancelsHardLinksBehindIt(Rig t) {
    RawRing ring = t.ring(8);
    ring.sqe(1).uringCmd(CLOSED_FD, 0).link();
    ring.sqe(2).nop().hardlink();
    ring.sqe(3).nop();
    ring.expect(cqe(1, -EBADF), cqe(2, -ECANCELED), cqe(3, -ECANCELED));
  }

  @Case
  @Spec("4.4-2")
  public void softLinkBehindAHardOneBreaks(Rig t) {
    RawRing ring = t.ring(8);
    ring.sqe(1).nop(-5).hardlink();
    ring.sqe(2).nop(-6).link();
    ring.sqe(3).nop();
    ring.expect(cqe(1, -5), cqe(2, -6), cqe(3, -ECANCELED));
  }

  @Case
  @Spec("4.4-4")
  public void shortReadDoesNotBreakAHardLink(Rig t) {
    RawRing ring = t.ring(8);
    int fd = t.open(t.file(new byte[6]), Fcntl.O_RDONLY);
    ring.sqe(1).read(fd, t.memory(16L), 0).hardlink();
    ring.sqe(2).nop(17).link();
    ring.sqe(3).nop();
    ring.expect(cqe(1, 6), cqe(2, 17), cqe(3, 0));
  }

  @Case
  @Spec({"4.4-4", "4.4-6"})
  public void shortReadIsToldThoughSuccessIsSkipped(Rig t) {
    RawRing ring = t.ring(8);
    int fd = t.open(t.file(new byte[6]), Fcntl.O_RDONLY);
    ring.sqe(1).read(fd, t.memory(16L), 0).skipSuccess();
    ring.sqe(2).read(fd, t.memory(6L), 0).skipSuccess();
    ring.expect(cqe(1, 6));
    ring.expectNothing();
  }

  @Case
  @Spec("4.4-30")
  public void failedSyncBreaksNoChain(Rig t) {
    RawRing ring = t.ring(8);
    ring.sqe(1).fsync(t.eventfd(), 0).link();
    ring.sqe(2).nop();
    ring.expect(cqe(1, -EINVAL), cqe(2, 0));
    ring.sqe(3).fsync(t.eventfd(), 0).skipSuccess();
    ring.sqe(4).nop();
    ring.expect(cqe(4, 0));
    ring.expectQuiet();
  }

  @Case
  @Spec("4.4-30")
  public void failedShutdownBreaksNoChain(Rig t) {
    RawRing ring = t.ring(8);
    int fd = t.socketPair(Socket.SOCK_STREAM).near();
    ring.sqe(1).shutdown(fd, 3).link();
    ring.sqe(2).nop();
    ring.expect(cqe(1, -EINVAL), cqe(2, 0));
  }

  @Case
  @Spec("4.4-16")
  public void memberStartsWhenTheOneBeforeHasCompleted(Rig t) {
    RingMode.each(mode -> {
      RawRing ring = t.ring(8, mode.flags());
      int fd = t.eventfd();
      ring.sqe(1).pollAdd(fd, Poll.POLLIN).link();
      ring.sqe(2).pollAdd(fd, Poll.POLLIN).link();
      ring.sqe(3).nop();
      ring.sqe(4).nop();
      ring.expect(cqe(4, 0));
      ring.expectNothing();
      t.signal(fd);
      ring.expect(cqe(1, Poll.POLLIN), cqe(2, Poll.POLLIN), cqe(3, 0));
    });
  }

  @Case
  @Spec({"4.4-16", "7m-13"})
  public void memberBehindAMultishotStartsAfterItsLastCompletion(Rig t) {
    RawRing ring = t.ring(8);
    int fd = t.eventfd();
    ring.sqe(1).pollMultishot(fd, Poll.POLLIN).hardlink();
    ring.sqe(2).nop();
    ring.submitAll();
    t.signal(fd);
    ring.expect(cqe(1, Poll.POLLIN, IORING_CQE_F_MORE));
    ring.expectNothing();
    ring.sqe(3).pollRemove(1);
    ring.expect(cqe(3, 0), cqe(1, -ECANCELED), cqe(2, 0));
  }

  @Case
  @Spec("4.4-16")
  public void descriptorOfAMemberIsLookedUpWhenItStarts(Rig t) {
    RawRing ring = t.ring(8);
    int fd = t.eventfd();
    int gone = t.host().eventfd(1, 0);
    ring.sqe(1).pollAdd(fd, Poll.POLLIN).link();
    ring.sqe(2).pollAdd(gone, Poll.POLLIN);
    ring.submitAll();
    Claim.result("close", 0, t.host().close(gone));
    t.signal(fd);
    ring.expect(cqe(1, Poll.POLLIN), cqe(2, -EBADF));
  }

  @Case
  @Spec("4.4-17")
  public void cancellingAMemberThatRunsBreaksTheChain(Rig t) {
    RawRing ring = t.ring(8);
    ring.sqe(1).pollAdd(t.eventfd(), Poll.POLLIN).link();
    ring.sqe(2).nop();
    ring.submitAll();
    ring.sqe(3).asyncCancel(1, 0);
    ring.expect(cqe(3, 0), cqe(1, -ECANCELED), cqe(2, -ECANCELED));
  }

  @Case
  @Spec("4.4-17")
  public void memberThatWaitsIsNotFoundByCancellation(Rig t) {
    RawRing ring = t.ring(8);
    int fd = t.eventfd();
    ring.sqe(1).pollAdd(fd, Poll.POLLIN).link();
    ring.sqe(2).nop();
    ring.submitAll();
    ring.sqe(3).asyncCancel(2, 0);
    ring.sqe(4).asyncCancelOp(IoUring.IORING_OP_NOP, IoUring.IORING_ASYNC_CANCEL_ALL);
    ring.expect(cqe(3, -ENOENT), cqe(4, 0));
    t.signal(fd);
    ring.expect(cqe(1, Poll.POLLIN), cqe(2, 0));
  }

  @Case
  @Spec("4.4-5")
  public void endOfASubmissionEndsAChainOfAnyLength(Rig t) {
    RawRing ring = t.ring(8);
    ring.sqe(1).nop().link();
    ring.sqe(2).nop().hardlink();
    ring.submitAll();
    ring.sqe(3).uringCmd(CLOSED_FD, 0).link();
    ring.submitAll();
    ring.sqe(4).nop();
    ring.expectInAnyOrder(cqe(1, 0), cqe(2, 0), cqe(3, -EBADF), cqe(4, 0));
  }

  @Case
  @Spec({"4.4-6", "4.4-7"})
  public void skippedMembersThatSucceedAreSilent(Rig t) {
    RawRing ring = t.ring(8);
    ring.sqe(1).nop().link().skipSuccess();
    ring.sqe(2).nop().link().skipSuccess();
    ring.sqe(3).nop();
    ring.expect(cqe(3, 0));
  }

  @Case
  @Spec("4.4-18")
  public void cancelledMembersPostThoughTheyWouldSkipSuccess(Rig t) {
    RawRing ring = t.ring(8);
    ring.sqe(1).uringCmd(CLOSED_FD, 0).link();
    ring.sqe(2).nop().link().skipSuccess();
    ring.sqe(3).nop().skipSuccess();
    ring.expect(cqe(1, -EBADF), cqe(2, -ECANCELED), cqe(3, -ECANCELED));
  }

  @Case
  @Spec("4.4-18")
  public void skippedHeadHidesEvenWhyAMemberFailedPreparation(Rig t) {
    RawRing ring = t.ring(8);
    ring.sqe(1).nop().link().skipSuccess();
    ring.sqe(2).nop().ioprio(1).link();
    ring.sqe(3).nop();
    ring.expect(cqe(1, -ECANCELED));
    ring.expectNothing();
  }

  @Case
  @Spec("1.4-15")
  public void entriesMayBeOverwrittenWhileTheirRequestsWait(Rig t) {
    RawRing ring = t.ring(8);
    int fd = t.eventfd();
    ring.sqe(1).pollAdd(fd, Poll.POLLIN).link();
    ring.sqe(2).uringCmd(t.open("/dev/null", Fcntl.O_RDWR), 0).cmdByte(0, 1).link();
    ring.sqe(3).nop(77).hardlink();
    ring.sqe(4).timeout(time(t, 1), 0, 0);
    ring.submitAll();
    ring.overwriteEntries((byte) 0xff);
    t.signal(fd);
    ring.expect(cqe(1, Poll.POLLIN), cqe(2, 0), cqe(3, 77), cqe(4, -ETIME));
  }

  @Case
  @Needs({Need.DEVICE, Need.MULTISHOT_COMMANDS})
  @Spec({"1.4-15", "1.1-14"})
  public void wholeEntryOfALinkedCommandIsCopied(Rig t) {
    RingMode.each(mode -> {
      RawRing ring = t.ring(4, mode.flags());
      RefDevice device = RefDevice.open(t);
      MemorySegment told = t.memory((long) REF_DESCRIBE_SIZE);
      int fd = t.eventfd();
      ring.sqe(1).pollAdd(fd, Poll.POLLIN).link();
      Sqe sqe = ring.sqe(2).uringCmd(device.fd(), REF_DESCRIBE);
      sqe.addr(told.address()).len(REF_DESCRIBE_SIZE);
      int payload = mode.isWide() ? 80 : 16;
      for (int at = 4; at < payload; at++) sqe.cmdByte(at, at);
      ring.submitAll();
      ring.overwriteEntries((byte) 0xff);
      t.signal(fd);
      ring.expect(cqe(1, Poll.POLLIN), cqe(2, 0));
      for (int at = 4; at < payload; at++)
        Claim.equal("byte " + at, (byte) at, told.get(JAVA_BYTE, REF_DESCRIBE_PAYLOAD + at));
    });
  }

  private static long time(Rig t, long nanos) {
    MemorySegment timespec = t.memory(16L);
    timespec.set(JAVA_LONG, 8, nanos);
    return timespec.address();
  }
}
