package dev.ringshot.conformance.cases;

import static dev.ringshot.abi.Errno.EBADF;
import static dev.ringshot.abi.Errno.ECANCELED;
import static dev.ringshot.abi.Errno.EFAULT;
import static dev.ringshot.abi.Errno.EINVAL;
import static dev.ringshot.abi.Errno.ENOENT;
import static dev.ringshot.abi.Errno.ETIME;
import static dev.ringshot.abi.IoUring.IORING_LINK_TIMEOUT_UPDATE;
import static dev.ringshot.abi.IoUring.IORING_TIMEOUT_ABS;
import static dev.ringshot.abi.IoUring.IORING_TIMEOUT_BOOTTIME;
import static dev.ringshot.abi.IoUring.IORING_TIMEOUT_ETIME_SUCCESS;
import static dev.ringshot.abi.IoUring.IORING_TIMEOUT_MULTISHOT;
import static dev.ringshot.abi.IoUring.IORING_TIMEOUT_REALTIME;
import static dev.ringshot.conformance.rig.Completion.cqe;
import static dev.ringshot.conformance.rig.Completion.shot;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.ringshot.abi.Poll;
import dev.ringshot.abi.Sqe;
import dev.ringshot.conformance.Case;
import dev.ringshot.conformance.Needs;
import dev.ringshot.conformance.Spec;
import dev.ringshot.conformance.device.EventList;
import dev.ringshot.conformance.rig.Need;
import dev.ringshot.conformance.rig.RawRing;
import dev.ringshot.conformance.rig.RefDevice;
import dev.ringshot.conformance.rig.Rig;
import dev.ringshot.conformance.rig.RingMode;
import java.lang.foreign.MemorySegment;

/// LINK_TIMEOUT: a limit to the request before it.
public final class LinkTimeoutCases {
  private static final long SOON = 1_000_000;
  private static final long LATER = 10_000_000_000L;
  private static final int CLOSED_FD = 1_000_000;

  /// Topics are made by reflection.
  public LinkTimeoutCases() {}

  @Case
  @Spec("4.4-12")
  public void linkTimeoutEndsItsTarget(Rig t) {
    RingMode.each(mode -> {
      RawRing ring = t.ring(8, mode.flags());
      ring.sqe(1).pollAdd(t.eventfd(), Poll.POLLIN).link();
      ring.sqe(2).linkTimeout(time(t, SOON), 0);
      ring.expectInAnyOrder(cqe(1, -ECANCELED), cqe(2, -ETIME));
    });
  }

  @Case
  @Spec("4.4-12: the timeout's CQE comes first")
  public void linkTimeoutIsToldBeforeItsTarget(Rig t) {
    RawRing ring = t.ring(8);
    ring.sqe(1).pollAdd(t.eventfd(), Poll.POLLIN).link();
    ring.sqe(2).linkTimeout(time(t, SOON), 0);
    ring.expect(cqe(2, -ETIME), cqe(1, -ECANCELED));
  }

  @Case
  @Spec("4.4-13")
  public void linkTimeoutWithoutALinkIsInvalid(Rig t) {
    RawRing ring = t.ring(8);
    ring.sqe(2).linkTimeout(time(t, SOON), 0);
    ring.expect(cqe(2, -EINVAL));
    ring.sqe(3).linkTimeout(time(t, SOON), 0).link();
    ring.sqe(4).nop();
    ring.expect(cqe(3, -EINVAL), cqe(4, -ECANCELED));
  }

  @Case
  @Spec("4.4-23")
  public void targetThatEndsInTimeCancelsItsTimeout(Rig t) {
    RawRing ring = t.ring(8);
    int fd = t.eventfd();
    ring.sqe(1).pollAdd(fd, Poll.POLLIN).link();
    ring.sqe(2).linkTimeout(time(t, LATER), 0);
    ring.submitAll();
    ring.expectNothing();
    t.signal(fd);
    ring.expect(cqe(1, Poll.POLLIN), cqe(2, -ECANCELED));
  }

  @Case
  @Spec("4.4-23")
  public void targetThatEndsAtOnceCancelsItsTimeout(Rig t) {
    RawRing ring = t.ring(8);
    ring.sqe(1).nop().link();
    ring.sqe(2).linkTimeout(time(t, LATER), 0);
    ring.sqe(3).uringCmd(CLOSED_FD, 0).link();
    ring.sqe(4).linkTimeout(time(t, LATER), 0);
    ring.expect(cqe(1, 0), cqe(3, -EBADF), cqe(2, -ECANCELED), cqe(4, -ECANCELED));
  }

  @Case
  @Spec("4.4-24")
  public void chainGoesOnBehindATimeoutThatWasNotNeeded(Rig t) {
    RawRing ring = t.ring(8);
    ring.sqe(1).nop().link();
    ring.sqe(2).linkTimeout(time(t, LATER), 0).link();
    ring.sqe(3).nop().link();
    ring.sqe(4).linkTimeout(time(t, LATER), 0).link();
    ring.sqe(5).nop();
    ring.expect(cqe(1, 0), cqe(2, -ECANCELED), cqe(3, 0), cqe(4, -ECANCELED), cqe(5, 0));
  }

  @Case
  @Spec("4.4-1")
  public void limitInAChainThatIsCancelledEndsOnce(Rig t) {
    RingMode.each(mode -> {
      RawRing ring = t.ring(8, mode.flags());
      ring.sqe(1).uringCmd(CLOSED_FD, 0).link();
      ring.sqe(2).nop().link();
      ring.sqe(3).linkTimeout(time(t, LATER), 0);
      ring.expect(cqe(1, -EBADF), cqe(2, -ECANCELED), cqe(3, -ECANCELED));
    });
  }

  @Case
  @Spec("4.4-24")
  public void chainBreaksBehindATimeoutThatFired(Rig t) {
    RawRing ring = t.ring(8);
    ring.sqe(1).pollAdd(t.eventfd(), Poll.POLLIN).link();
    ring.sqe(2).linkTimeout(time(t, SOON), 0).link();
    ring.sqe(3).nop();
    ring.expect(cqe(2, -ETIME), cqe(1, -ECANCELED), cqe(3, -ECANCELED));
  }

  @Case
  @Spec("4.4-24")
  public void hardLinkedTargetLetsTheChainGoOn(Rig t) {
    RawRing ring = t.ring(8);
    ring.sqe(1).pollAdd(t.eventfd(), Poll.POLLIN).hardlink();
    ring.sqe(2).linkTimeout(time(t, SOON), IORING_TIMEOUT_ETIME_SUCCESS).link();
    ring.sqe(3).nop();
    ring.expect(cqe(2, -ETIME), cqe(1, -ECANCELED), cqe(3, 0));
  }

  @Case
  @Spec("4.4-25")
  public void timeRunsFromTheStartOfTheTarget(Rig t) {
    RawRing ring = t.ring(8);
    int fd = t.eventfd();
    ring.sqe(1).pollAdd(fd, Poll.POLLIN).link();
    ring.sqe(2).pollAdd(t.eventfd(), Poll.POLLIN).link();
    ring.sqe(3).linkTimeout(time(t, SOON), 0);
    ring.submitAll();
    ring.expectQuiet();
    t.signal(fd);
    ring.expect(cqe(1, Poll.POLLIN), cqe(3, -ETIME), cqe(2, -ECANCELED));
  }

  @Case
  @Spec("4.4-25")
  public void absoluteTimeOfThePastEndsTheTargetAtOnce(Rig t) {
    for (int clock : new int[] {0, IORING_TIMEOUT_REALTIME, IORING_TIMEOUT_BOOTTIME}) {
      RawRing ring = t.ring(8);
      ring.sqe(1).pollAdd(t.eventfd(), Poll.POLLIN).link();
      ring.sqe(2).linkTimeout(time(t, 1), IORING_TIMEOUT_ABS | clock);
      ring.expect(cqe(2, -ETIME), cqe(1, -ECANCELED));
    }
  }

  @Case
  @Spec("4.4-26")
  public void fieldsAreChecked(Rig t) {
    RawRing ring = t.ring(16);
    expectRefused(ring, 1, linked(ring).linkTimeout(time(t, 1), 0).off(1), -EINVAL);
    expectRefused(ring, 2, linked(ring).linkTimeout(time(t, 1), 0).len(2), -EINVAL);
    expectRefused(ring, 3, linked(ring).linkTimeout(time(t, 1), 0).bufIndex(1), -EINVAL);
    expectRefused(ring, 4, linked(ring).linkTimeout(time(t, 1), 0).fileIndex(1), -EINVAL);
    expectRefused(ring, 5, linked(ring).linkTimeout(time(t, 1), 1 << 20), -EINVAL);
    expectRefused(ring, 6, linked(ring).linkTimeout(Rig.UNMAPPED, 0), -EFAULT);
    int clocks = IORING_TIMEOUT_BOOTTIME | IORING_TIMEOUT_REALTIME;
    expectRefused(ring, 7, linked(ring).linkTimeout(time(t, 1), clocks), -EINVAL);
    int repeated = IORING_TIMEOUT_MULTISHOT | IORING_TIMEOUT_ABS;
    expectRefused(ring, 8, linked(ring).linkTimeout(time(t, 1), repeated), -EINVAL);
    expectRefused(ring, 9, linked(ring).linkTimeout(time(t, -1), 0), -EINVAL);
  }

  private static Sqe linked(RawRing ring) {
    ring.sqe(1000).nop().link();
    return ring.sqe();
  }

  private static void expectRefused(RawRing ring, int userData, Sqe sqe, int error) {
    sqe.userData(userData);
    ring.expect(cqe(1000, -ECANCELED), cqe(userData, error));
  }

  @Case
  @Spec("4.4-26")
  public void secondTimeoutForOneTargetIsInvalid(Rig t) {
    RawRing ring = t.ring(8);
    ring.sqe(1).nop().link();
    ring.sqe(2).linkTimeout(time(t, LATER), 0).link();
    ring.sqe(3).linkTimeout(time(t, LATER), 0);
    ring.expectInAnyOrder(cqe(1, -ECANCELED), cqe(2, -ECANCELED), cqe(3, -EINVAL));
  }

  @Case
  @Spec("4.4-27")
  public void cancellationDoesNotFindALinkTimeout(Rig t) {
    RawRing ring = t.ring(8);
    int fd = t.eventfd();
    ring.sqe(1).pollAdd(fd, Poll.POLLIN).link();
    ring.sqe(2).linkTimeout(time(t, LATER), 0);
    ring.submitAll();
    ring.sqe(3).asyncCancel(2, 0);
    ring.sqe(4).timeoutRemove(2, 0);
    ring.expect(cqe(3, -ENOENT), cqe(4, -ENOENT));
    ring.sqe(5).asyncCancel(1, 0);
    ring.expect(cqe(5, 0), cqe(1, -ECANCELED), cqe(2, -ECANCELED));
  }

  @Case
  @Spec("4.4-28")
  public void linkTimeoutIsGivenAnotherTime(Rig t) {
    RawRing ring = t.ring(8);
    ring.sqe(1).pollAdd(t.eventfd(), Poll.POLLIN).link();
    ring.sqe(2).linkTimeout(time(t, LATER), 0);
    ring.submitAll();
    ring.sqe(3).timeoutUpdate(2, time(t, SOON), 0);
    ring.sqe(4).timeoutUpdate(7, time(t, SOON), IORING_LINK_TIMEOUT_UPDATE);
    ring.expect(cqe(3, -ENOENT), cqe(4, -ENOENT));
    ring.sqe(5).timeoutUpdate(2, time(t, SOON), IORING_LINK_TIMEOUT_UPDATE);
    ring.expect(cqe(5, 0), cqe(2, -ETIME), cqe(1, -ECANCELED));
  }

  @Case
  @Spec("4.4-29")
  public void targetIsCancelledByItsUserData(Rig t) {
    RawRing ring = t.ring(8);
    int fd = t.eventfd();
    ring.sqe(1).pollAdd(fd, Poll.POLLIN).link();
    ring.sqe(2).linkTimeout(time(t, SOON), 0);
    ring.sqe(1).pollAdd(fd, Poll.POLLIN);
    ring.expect(cqe(2, -ETIME), cqe(1, -ECANCELED));
    t.signal(fd);
    ring.expect(cqe(1, Poll.POLLIN));
  }

  @Case
  @Needs({Need.DEVICE, Need.MULTISHOT_COMMANDS})
  @Spec({"4.4-29", "4.5-11"})
  public void commandInADriversHandsOutlastsItsTimeout(Rig t) {
    RawRing ring = t.ring(8);
    t.group(ring, 1, 4).provide(0, 2, 64);
    RefDevice device = RefDevice.open(t);
    device.arm(ring, 1, 1).sqe().link();
    ring.sqe(2).linkTimeout(time(t, SOON), 0).link();
    ring.sqe(3).nop();
    ring.expect(cqe(2, -ENOENT));
    device.write(16);
    ring.expect(cqe(1, 16, shot(0)));
    device.write(EventList.end(0));
    ring.expect(cqe(1, 0), cqe(3, 0));
  }

  private static long time(Rig t, long nanos) {
    MemorySegment timespec = t.memory(16L);
    timespec.set(JAVA_LONG, 0, nanos / 1_000_000_000L);
    timespec.set(JAVA_LONG, 8, nanos % 1_000_000_000L);
    return timespec.address();
  }
}
