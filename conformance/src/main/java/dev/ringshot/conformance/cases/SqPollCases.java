package dev.ringshot.conformance.cases;

import static dev.ringshot.abi.Errno.EACCES;
import static dev.ringshot.abi.Errno.EBADF;
import static dev.ringshot.abi.Errno.ECANCELED;
import static dev.ringshot.abi.Errno.EINVAL;
import static dev.ringshot.abi.Errno.EIO;
import static dev.ringshot.abi.Errno.ENOBUFS;
import static dev.ringshot.abi.Errno.ETIME;
import static dev.ringshot.abi.IoUring.IORING_ENTER_SQ_WAIT;
import static dev.ringshot.abi.IoUring.IORING_ENTER_SQ_WAKEUP;
import static dev.ringshot.abi.IoUring.IORING_OP_ASYNC_CANCEL;
import static dev.ringshot.abi.IoUring.IORING_OP_NOP;
import static dev.ringshot.abi.IoUring.IORING_OP_POLL_ADD;
import static dev.ringshot.abi.IoUring.IORING_OP_READ;
import static dev.ringshot.abi.IoUring.IORING_OP_RECV;
import static dev.ringshot.abi.IoUring.IORING_REGISTER_ENABLE_RINGS;
import static dev.ringshot.abi.IoUring.IORING_REGISTER_PBUF_STATUS;
import static dev.ringshot.abi.IoUring.IORING_REGISTER_RESTRICTIONS;
import static dev.ringshot.abi.IoUring.IORING_RESTRICTION_REGISTER_OP;
import static dev.ringshot.abi.IoUring.IORING_RESTRICTION_SQE_FLAGS_ALLOWED;
import static dev.ringshot.abi.IoUring.IORING_RESTRICTION_SQE_OP;
import static dev.ringshot.abi.IoUring.IORING_SETUP_ATTACH_WQ;
import static dev.ringshot.abi.IoUring.IORING_SETUP_CQSIZE;
import static dev.ringshot.abi.IoUring.IORING_SETUP_HYBRID_IOPOLL;
import static dev.ringshot.abi.IoUring.IORING_SETUP_IOPOLL;
import static dev.ringshot.abi.IoUring.IORING_SETUP_R_DISABLED;
import static dev.ringshot.abi.IoUring.IORING_SETUP_SQPOLL;
import static dev.ringshot.abi.IoUring.IORING_SETUP_SQ_AFF;
import static dev.ringshot.abi.IoUring.IORING_SQ_CQ_OVERFLOW;
import static dev.ringshot.abi.IoUring.IORING_SQ_NEED_WAKEUP;
import static dev.ringshot.abi.IoUring.IOSQE_BUFFER_SELECT;
import static dev.ringshot.abi.IoUring.IOSQE_IO_LINK;
import static dev.ringshot.abi.Poll.POLLIN;
import static dev.ringshot.conformance.rig.Completion.cqe;
import static dev.ringshot.conformance.rig.Completion.partial;
import static dev.ringshot.conformance.rig.Completion.shot;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import dev.ringshot.abi.Restriction;
import dev.ringshot.abi.Socket;
import dev.ringshot.conformance.Case;
import dev.ringshot.conformance.Needs;
import dev.ringshot.conformance.Spec;
import dev.ringshot.conformance.rig.BufferGroup;
import dev.ringshot.conformance.rig.Claim;
import dev.ringshot.conformance.rig.Ends;
import dev.ringshot.conformance.rig.Need;
import dev.ringshot.conformance.rig.RawRing;
import dev.ringshot.conformance.rig.RefDevice;
import dev.ringshot.conformance.rig.Rig;
import java.lang.foreign.MemorySegment;

/// SQPOLL: rings whose submissions a thread of the kernel's takes. Made disabled, and restricted to
/// what a case needs: before 7.0 nothing else keeps them from commands that stay for ever.
public final class SqPollCases {
  private static final int GROUP = 7;
  private static final int CLOSED_FD = 1_000_000;
  private static final int AWAKE_MILLIS = 10_000;
  private static final int TRIES = 100;
  private static final int[] ADMITTED = {
    IORING_OP_NOP, IORING_OP_READ, IORING_OP_RECV, IORING_OP_POLL_ADD, IORING_OP_ASYNC_CANCEL
  };

  /// Topics are made by reflection.
  public SqPollCases() {}

  @Case
  @Spec({"4.10-1", "4.1-16: without them"})
  public void modelRefusesWhatItHasNoThreadFor(Rig t) {
    int expected = t.has(Need.SQPOLL) ? 0 : -EINVAL;
    int flags = IORING_SETUP_SQPOLL | IORING_SETUP_R_DISABLED;
    Claim.result("SQPOLL", expected, t.trySetup(8, p -> p.flags(flags)));
    Claim.result("SQ_AFF", expected, t.trySetup(8, p -> p.flags(flags | IORING_SETUP_SQ_AFF)));
    RawRing other = t.ring(8);
    Claim.result(
        "ATTACH_WQ",
        expected,
        t.trySetup(8, p -> p.flags(IORING_SETUP_ATTACH_WQ).wqFd(other.fd())));
  }

  @Case
  @Spec({"4.10-1", "4.1-19: with IOPOLL"})
  public void modelRefusesWhatItHasNoHardwareFor(Rig t) {
    int expected = t.has(Need.IOPOLL) ? 0 : -EINVAL;
    Claim.result("IOPOLL", expected, t.trySetup(8, p -> p.flags(IORING_SETUP_IOPOLL)));
    int both = IORING_SETUP_IOPOLL | IORING_SETUP_HYBRID_IOPOLL;
    Claim.result("HYBRID_IOPOLL", expected, t.trySetup(8, p -> p.flags(both)));
  }

  @Case
  @Needs(Need.SQPOLL)
  @Spec("4.10-2")
  public void entriesAreTakenWithoutACall(Rig t) {
    RawRing ring = ring(t, AWAKE_MILLIS);
    ring.sqe(0).nop();
    ring.submitAll(); // which wakes a thread that found nothing when it began
    ring.expect(cqe(0, 0));
    for (int i = 1; i <= 3; i++) ring.sqe(i).nop();
    ring.publish();
    ring.enterTimed(0, 3, RawRing.PATIENCE_NANOS);
    ring.expectVisible(cqe(1, 0), cqe(2, 0), cqe(3, 0));
  }

  @Case
  @Needs(Need.SQPOLL)
  @Spec({"4.10-3", "4.3-26: NEED_WAKEUP"})
  public void threadThatSleepsIsWokenByACall(Rig t) {
    RawRing ring = ring(t, 1);
    boolean slept = false;
    for (int i = 0; i < TRIES && !slept; i++) {
      awaitSleep(ring);
      int head = ring.sqHead();
      ring.sqe(1).nop();
      ring.publish();
      slept = ring.enterTimed(0, 1, RawRing.QUIET_NANOS) == -ETIME;
      if (slept) Claim.equal("SQ head", head, ring.sqHead());
      Claim.result("SQ_WAKEUP", 0, ring.enter(0, 0, IORING_ENTER_SQ_WAKEUP));
      ring.expect(cqe(1, 0));
    }
    Claim.that("an entry waited for the call", slept);
  }

  /// Until the thread says that it sleeps, and a while for it to do so.
  private static void awaitSleep(RawRing ring) {
    for (int i = 0; (ring.sqFlags() & IORING_SQ_NEED_WAKEUP) == 0; i++) {
      Claim.that("the thread sleeps", i < RawRing.PATIENCE_NANOS / RawRing.QUIET_NANOS);
      ring.enterTimed(0, 1, RawRing.QUIET_NANOS);
    }
    ring.enterTimed(0, 1, RawRing.QUIET_NANOS);
  }

  @Case
  @Needs(Need.SQPOLL)
  @Spec("4.10-4")
  public void enterReturnsWhatItWasTold(Rig t) {
    RawRing ring = ring(t, AWAKE_MILLIS);
    Claim.result("none is there", 5, ring.enter(5, 0, IORING_ENTER_SQ_WAKEUP));
    ring.sqe(1).nop();
    ring.publish();
    Claim.result("one is there", 7, ring.enter(7, 0, IORING_ENTER_SQ_WAKEUP));
    ring.expect(cqe(1, 0));
  }

  @Case
  @Needs(Need.SQPOLL)
  @Spec("4.10-5")
  public void callWaitsForAPlaceInTheQueue(Rig t) {
    RawRing ring = ring(t, 1);
    awaitSleep(ring);
    for (int i = 0; i < 8; i++) ring.sqe(i).nop();
    ring.publish();
    int flags = IORING_ENTER_SQ_WAKEUP | IORING_ENTER_SQ_WAIT;
    Claim.result("SQ_WAIT", 0, ring.enter(0, 0, flags));
    Claim.that("there is a place", ring.sqHead() > 0);
    Claim.equal("CQEs", 8, ring.take(8).size());
  }

  @Case
  @Needs(Need.SQPOLL)
  @Spec({"4.10-6", "4.4-1"})
  public void chainIsAsOnAnyRing(Rig t) {
    RawRing ring = ring(t, AWAKE_MILLIS);
    ring.sqe(1).nop().link();
    ring.sqe(2).read(CLOSED_FD, t.memory(8L), 0).link();
    ring.sqe(3).nop().link();
    ring.sqe(4).nop();
    ring.expect(cqe(1, 0), cqe(2, -EBADF), cqe(3, -ECANCELED), cqe(4, -ECANCELED));
  }

  @Case
  @Needs(Need.SQPOLL)
  @Spec({"4.10-6", "4.8-1"})
  public void restrictionsHoldForTheThread(Rig t) {
    RawRing ring = ring(t, AWAKE_MILLIS);
    ring.sqe(1).uringCmd(CLOSED_FD, 0);
    ring.sqe(2).nop().async();
    ring.submitEach();
    ring.expect(cqe(1, -EACCES), cqe(2, -EACCES));
  }

  @Case
  @Needs(Need.SQPOLL)
  @Spec({"4.10-6", "4.5-6", "4.6-6"})
  public void multishotPollIsAsOnAnyRing(Rig t) {
    RawRing ring = ring(t, AWAKE_MILLIS);
    int eventfd = t.eventfd();
    ring.sqe(1).pollMultishot(eventfd, POLLIN);
    ring.submitAll();
    t.signal(eventfd);
    ring.expect(cqe(1, POLLIN, shotWithoutBuffer()));
    ring.sqe(2).asyncCancel(1, 0);
    ring.expect(cqe(2, 0), cqe(1, -ECANCELED));
  }

  private static int shotWithoutBuffer() {
    return shot(0) & 0xffff & ~1;
  }

  @Case
  @Needs(Need.SQPOLL)
  @Spec({"4.10-6", "7-1"})
  public void multishotReceiveIsAsOnAnyRing(Rig t) {
    RawRing ring = disabled(t, AWAKE_MILLIS);
    BufferGroup group = t.group(ring, GROUP, 4).provide(10, 3, 32);
    enable(t, ring);
    Ends pair = t.socketPair(Socket.SOCK_STREAM);
    ring.sqe(1).recvMultishot(pair.near(), 0, GROUP);
    ring.submitAll();
    for (int i = 0; i < 3; i++) {
      t.write(pair.far(), 5);
      ring.expect(cqe(1, 5, shot(10 + i)));
    }
    t.write(pair.far(), 5);
    ring.expect(cqe(1, -ENOBUFS));
    group.expectHead(3);
  }

  @Case
  @Needs(Need.SQPOLL)
  @Spec({"4.10-6", "2.3-8"})
  public void fullQueueIsAsOnAnyRing(Rig t) {
    RawRing ring =
        t.ring(
            4,
            p ->
                p.flags(IORING_SETUP_SQPOLL | IORING_SETUP_R_DISABLED | IORING_SETUP_CQSIZE)
                    .cqEntries(4)
                    .sqThreadIdle(AWAKE_MILLIS));
    enable(t, ring);
    for (int i = 0; i < 10; i++) {
      ring.sqe(i).nop();
      ring.submitAll();
      if (i >= 4) continue;
      Claim.equal("SQ flags", 0, ring.sqFlags() & IORING_SQ_CQ_OVERFLOW);
    }
    Claim.equal("CQ_OVERFLOW", IORING_SQ_CQ_OVERFLOW, ring.sqFlags() & IORING_SQ_CQ_OVERFLOW);
    ring.expectVisible(cqe(0, 0), cqe(1, 0), cqe(2, 0), cqe(3, 0));
    ring.getEvents();
    ring.expectVisible(cqe(4, 0), cqe(5, 0), cqe(6, 0), cqe(7, 0));
    ring.getEvents();
    ring.expectVisible(cqe(8, 0), cqe(9, 0));
    Claim.equal("overflow", 0, ring.cqOverflow());
  }

  // ---- commands of a driver

  /// A ring for the reference device, where any command may be sent.
  private static RawRing deviceRing(Rig t) {
    return t.ring(8, p -> p.flags(IORING_SETUP_SQPOLL).sqThreadIdle(AWAKE_MILLIS));
  }

  @Case
  @Needs({Need.SQPOLL, Need.DEVICE, Need.LINUX_7})
  @Spec({"7m-25", "7m-1", "7m-2"})
  public void eventsOfADriverAreAsOnAnyRing(Rig t) {
    RawRing ring = deviceRing(t);
    BufferGroup group = t.group(ring, GROUP, 4).provide(0, 4, 64);
    RefDevice device = RefDevice.open(t);
    device.arm(ring, 1, GROUP);
    ring.submitAll();
    device.write(16);
    ring.expect(cqe(1, 16, shot(0)));
    device.write(32, 8, 64);
    ring.expect(cqe(1, 32, shot(1)), cqe(1, 8, shot(2)), cqe(1, 64, shot(3)));
    group.expectHead(4);
    device.write(16);
    ring.expect(cqe(1, -ENOBUFS));
    group.giveBack(0);
    device.arm(ring, 2, GROUP);
    ring.submitAll();
    device.write(8);
    ring.expect(cqe(2, 8, shot(0)));
  }

  @Case
  @Needs({Need.SQPOLL, Need.DEVICE, Need.LINUX_7})
  @Spec({"7m-25", "7m-4", "7m-6", "7m-9"})
  public void endsOfADriversCommandAreAsOnAnyRing(Rig t) {
    RawRing ring = deviceRing(t);
    BufferGroup group = t.group(ring, GROUP, 4).provide(0, 4, 64);
    RefDevice device = RefDevice.open(t);
    device.arm(ring, 1, GROUP);
    ring.submitAll();
    device.write(16, 0);
    ring.expect(cqe(1, 16, shot(0)), cqe(1, 0));
    device.arm(ring, 2, GROUP);
    ring.submitAll();
    device.write(-EIO);
    ring.expect(cqe(2, -EIO));
    device.armOnce(ring, 3);
    ring.submitAll();
    device.write(16);
    ring.expect(cqe(3, 16));
    group.expectHead(1);
  }

  @Case
  @Needs({Need.SQPOLL, Need.DEVICE, Need.LINUX_7})
  @Spec({"7m-25", "7m-20"})
  public void incrementalBuffersAreAsOnAnyRing(Rig t) {
    RawRing ring = deviceRing(t);
    BufferGroup group = t.incrementalGroup(ring, GROUP, 2, 0).provide(0, 1, 64);
    RefDevice device = RefDevice.open(t);
    device.arm(ring, 1, GROUP);
    ring.submitAll();
    device.write(24, 24, 16, 8);
    ring.expect(
        cqe(1, 24, partial(0)), cqe(1, 24, partial(0)), cqe(1, 16, shot(0)), cqe(1, -ENOBUFS));
    group.expectHead(1);
  }

  @Case
  @Needs({Need.SQPOLL, Need.DEVICE, Need.LINUX_7})
  @Spec({"7m-25", "7m-15"})
  public void endOfTheRingCancelsADriversCommand(Rig t) {
    RawRing ring = deviceRing(t);
    t.group(ring, GROUP, 4).provide(0, 4, 64);
    RefDevice device = RefDevice.open(t);
    device.arm(ring, 1, GROUP).cancelable();
    ring.submitAll();
    Claim.equal("armed", 1, device.status().armed());
    ring.close();
    Claim.equal("cancels", 1L, device.awaitArmed(0).cancels());
  }

  // ---- rings

  private static RawRing ring(Rig t, int idleMillis) {
    RawRing ring = disabled(t, idleMillis);
    enable(t, ring);
    return ring;
  }

  private static RawRing disabled(Rig t, int idleMillis) {
    int flags = IORING_SETUP_SQPOLL | IORING_SETUP_R_DISABLED;
    return t.ring(8, p -> p.flags(flags).sqThreadIdle(idleMillis));
  }

  private static void enable(Rig t, RawRing ring) {
    int count = ADMITTED.length + 2;
    MemorySegment entries = t.memory((long) Restriction.SIZE * count);
    for (int i = 0; i < ADMITTED.length; i++)
      restrict(entries, i, IORING_RESTRICTION_SQE_OP, ADMITTED[i]);
    int flags = IOSQE_IO_LINK | IOSQE_BUFFER_SELECT;
    restrict(entries, count - 2, IORING_RESTRICTION_SQE_FLAGS_ALLOWED, flags);
    restrict(entries, count - 1, IORING_RESTRICTION_REGISTER_OP, IORING_REGISTER_PBUF_STATUS);
    long list = entries.address();
    Claim.result("RESTRICTIONS", 0, ring.register(IORING_REGISTER_RESTRICTIONS, list, count));
    Claim.result("ENABLE_RINGS", 0, ring.register(IORING_REGISTER_ENABLE_RINGS, 0, 0));
  }

  private static void restrict(MemorySegment entries, int index, int kind, int value) {
    long at = (long) index * Restriction.SIZE;
    entries.set(JAVA_SHORT, at + Restriction.OPCODE, (short) kind);
    entries.set(JAVA_BYTE, at + Restriction.SQE_OP, (byte) value);
  }
}
