package dev.ringshot.conformance.cases;

import static dev.ringshot.abi.Errno.EBADF;
import static dev.ringshot.abi.Errno.ECANCELED;
import static dev.ringshot.abi.Errno.EFAULT;
import static dev.ringshot.abi.Errno.EINVAL;
import static dev.ringshot.abi.Errno.ENOENT;
import static dev.ringshot.abi.IoUring.IORING_ASYNC_CANCEL_ALL;
import static dev.ringshot.abi.IoUring.IORING_ASYNC_CANCEL_ANY;
import static dev.ringshot.abi.IoUring.IORING_ASYNC_CANCEL_FD;
import static dev.ringshot.abi.IoUring.IORING_ASYNC_CANCEL_OP;
import static dev.ringshot.abi.IoUring.IORING_OP_POLL_ADD;
import static dev.ringshot.abi.IoUring.IORING_REGISTER_SYNC_CANCEL;
import static dev.ringshot.abi.Poll.POLLIN;
import static dev.ringshot.conformance.rig.Completion.cqe;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.ringshot.abi.SyncCancelReg;
import dev.ringshot.conformance.Case;
import dev.ringshot.conformance.Spec;
import dev.ringshot.conformance.rig.Claim;
import dev.ringshot.conformance.rig.RawRing;
import dev.ringshot.conformance.rig.Rig;
import java.lang.foreign.MemorySegment;

/// IORING_REGISTER_SYNC_CANCEL: a cancel that waits for what it cancels.
public final class SyncCancelCases {
  private static final int CLOSED_FD = 1_000_000;

  /// Topics are made by reflection.
  public SyncCancelCases() {}

  @Case
  @Spec("4.5-12")
  public void takesOneArgumentOfZeroedPadding(Rig t) {
    RawRing ring = t.ring(8);
    MemorySegment request = request(t, 1, -1, 0);
    int call = IORING_REGISTER_SYNC_CANCEL;
    Claim.result("no argument", -EINVAL, ring.register(call, 0, 1));
    Claim.result("count 0", -EINVAL, ring.register(call, request.address(), 0));
    Claim.result("count 2", -EINVAL, ring.register(call, request.address(), 2));
    Claim.result("fault", -EFAULT, ring.register(call, Rig.UNMAPPED, 1));
    for (int at = SyncCancelReg.PAD; at < SyncCancelReg.SIZE; at++) {
      request.set(JAVA_BYTE, at, (byte) 1);
      Claim.result("byte " + at, -EINVAL, ring.register(call, request.address(), 1));
      request.set(JAVA_BYTE, at, (byte) 0);
    }
  }

  @Case
  @Spec({"4.5-2", "4.5-12"})
  public void unknownFlagsAreRefused(Rig t) {
    RawRing ring = t.ring(8);
    for (int bit = 6; bit < 32; bit++) {
      Claim.result("flag " + bit, -EINVAL, cancel(ring, request(t, 1, -1, 1 << bit)));
    }
  }

  @Case
  @Spec({"4.5-13", "4.5-6"})
  public void nothingToCancelIsEnoent(Rig t) {
    RawRing ring = t.ring(8);
    Claim.result("user_data", -ENOENT, cancel(ring, request(t, 1, -1, 0)));
    Claim.result("fd", -ENOENT, cancel(ring, request(t, 0, t.eventfd(), IORING_ASYNC_CANCEL_FD)));
    Claim.result("all", 0, cancel(ring, request(t, 1, -1, IORING_ASYNC_CANCEL_ALL)));
    Claim.result("any", 0, cancel(ring, request(t, 0, -1, IORING_ASYNC_CANCEL_ANY)));
  }

  @Case
  @Spec("4.5-4")
  public void descriptorThatIsNotOpenIsEbadf(Rig t) {
    RawRing ring = t.ring(8);
    Claim.result("fd", -EBADF, cancel(ring, request(t, 0, CLOSED_FD, IORING_ASYNC_CANCEL_FD)));
  }

  @Case
  @Spec("4.5-13")
  public void victimIsCompleteWhenTheCallReturns(Rig t) {
    RawRing ring = t.ring(8);
    ring.sqe(1).pollAdd(t.eventfd(), POLLIN);
    ring.submitAll();
    Claim.result("cancel", 0, cancel(ring, request(t, 1, -1, 0)));
    ring.expectVisible(cqe(1, -ECANCELED));
  }

  @Case
  @Spec("4.5-12")
  public void descriptorIsAKey(Rig t) {
    RawRing ring = t.ring(8);
    int eventfd = t.eventfd();
    ring.sqe(1).pollAdd(t.eventfd(), POLLIN);
    ring.sqe(2).pollAdd(eventfd, POLLIN);
    ring.submitAll();
    Claim.result("cancel", 0, cancel(ring, request(t, 0, eventfd, IORING_ASYNC_CANCEL_FD)));
    ring.expectVisible(cqe(2, -ECANCELED));
  }

  @Case
  @Spec("4.5-12")
  public void opcodeIsAKey(Rig t) {
    RawRing ring = t.ring(8);
    ring.sqe(1).pollAdd(t.eventfd(), POLLIN);
    ring.submitAll();
    MemorySegment request = request(t, 0, -1, IORING_ASYNC_CANCEL_OP);
    Claim.result("NOP", -ENOENT, cancel(ring, request));
    request.set(JAVA_BYTE, SyncCancelReg.OPCODE, (byte) IORING_OP_POLL_ADD);
    Claim.result("POLL_ADD", 0, cancel(ring, request));
    ring.expectVisible(cqe(1, -ECANCELED));
  }

  @Case
  @Spec("4.5-6")
  public void allCountsItsVictims(Rig t) {
    RawRing ring = t.ring(8);
    int eventfd = t.eventfd();
    ring.sqe(1).pollAdd(eventfd, POLLIN);
    ring.sqe(1).pollAdd(eventfd, POLLIN);
    ring.submitAll();
    Claim.result("cancel", 2, cancel(ring, request(t, 1, -1, IORING_ASYNC_CANCEL_ALL)));
    ring.expectVisible(cqe(1, -ECANCELED), cqe(1, -ECANCELED));
  }

  private static MemorySegment request(Rig t, long userData, int fd, int flags) {
    MemorySegment request = t.memory((long) SyncCancelReg.SIZE);
    request.set(JAVA_LONG, SyncCancelReg.ADDR, userData);
    request.set(JAVA_INT, SyncCancelReg.FD, fd);
    request.set(JAVA_INT, SyncCancelReg.FLAGS, flags);
    request.set(JAVA_LONG, SyncCancelReg.TIMEOUT, -1);
    request.set(JAVA_LONG, SyncCancelReg.TIMEOUT + 8, -1);
    return request;
  }

  private static int cancel(RawRing ring, MemorySegment request) {
    return ring.register(IORING_REGISTER_SYNC_CANCEL, request.address(), 1);
  }
}
