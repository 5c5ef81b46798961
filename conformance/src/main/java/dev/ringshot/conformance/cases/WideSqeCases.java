package dev.ringshot.conformance.cases;

import static dev.ringshot.abi.Errno.EINVAL;
import static dev.ringshot.abi.IoUring.IORING_NOP_CQE32;
import static dev.ringshot.abi.IoUring.IORING_OP_NOP128;
import static dev.ringshot.abi.IoUring.IORING_SETUP_NO_SQARRAY;
import static dev.ringshot.abi.IoUring.IORING_SETUP_SQE128;
import static dev.ringshot.abi.IoUring.IORING_SETUP_SQE_MIXED;
import static dev.ringshot.abi.IoUring.IORING_SETUP_SQ_REWIND;
import static dev.ringshot.conformance.device.Ref.REF_DESCRIBE;
import static dev.ringshot.conformance.device.Ref.REF_DESCRIBE_PAYLOAD;
import static dev.ringshot.conformance.device.Ref.REF_DESCRIBE_PAYLOAD_BYTES;
import static dev.ringshot.conformance.device.Ref.REF_DESCRIBE_SIZE;
import static dev.ringshot.conformance.rig.Completion.cqe;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.ringshot.abi.Fcntl;
import dev.ringshot.abi.Sqe;
import dev.ringshot.conformance.Case;
import dev.ringshot.conformance.Needs;
import dev.ringshot.conformance.Spec;
import dev.ringshot.conformance.rig.Claim;
import dev.ringshot.conformance.rig.Need;
import dev.ringshot.conformance.rig.RawRing;
import dev.ringshot.conformance.rig.RefDevice;
import dev.ringshot.conformance.rig.Rig;
import java.lang.foreign.MemorySegment;

/// SQEs of 128 bytes among others, and submission queues that begin anew each time.
public final class WideSqeCases {
  private static final int BYTES = 80;

  /// Topics are made by reflection.
  public WideSqeCases() {}

  @Case
  @Needs(Need.SQE_MIXED)
  @Spec({"1.1-2", "1.3-2"})
  public void wideEntryTakesTwoPlaces(Rig t) {
    RawRing ring = t.ring(8, IORING_SETUP_SQE_MIXED);
    ring.sqe(1).nop();
    ring.sqe128(2).nop128();
    ring.sqe(3).nop();
    Claim.result("io_uring_enter", 4, ring.submit());
    Claim.equal("SQ head", 4, ring.sqHead());
    ring.expect(cqe(1, 0), cqe(2, 0), cqe(3, 0));
  }

  @Case
  @Spec({"1.3-2", "1.3-1"})
  public void wideOpcodeIsInvalidOnARingOfSmallEntries(Rig t) {
    RawRing ring = t.ring(8);
    ring.sqe(1).opcode(IORING_OP_NOP128);
    ring.expect(cqe(1, -EINVAL));
  }

  @Case
  @Needs(Need.SQE_MIXED)
  @Spec("1.3-2: not the last entry before the wrap, nor of a submission")
  public void secondHalfMustBeThere(Rig t) {
    RawRing ring = t.ring(4, IORING_SETUP_SQE_MIXED);
    ring.sqe(1).nop();
    ring.sqe(2).nop();
    ring.sqe(3).nop128();
    ring.expect(cqe(1, 0), cqe(2, 0), cqe(3, -EINVAL));
    ring.sqe(4).nop128();
    ring.sqe(5).nop();
    Claim.result("io_uring_enter", 1, ring.submit());
    ring.expect(cqe(4, -EINVAL));
    Claim.result("io_uring_enter", 1, ring.enter(1, 0, 0));
    ring.expect(cqe(5, 0));
  }

  @Case
  @Needs(Need.SQE_MIXED)
  @Spec("1.3-2: before flags, so a bad one takes two places as well")
  public void badWideEntryTakesTwoPlaces(Rig t) {
    RawRing ring = t.ring(8, IORING_SETUP_SQE_MIXED);
    ring.sqe128(1).nop128().flags(1 << 7);
    ring.sqe(2).nop();
    Claim.result("io_uring_enter", 2, ring.submit());
    Claim.result("io_uring_enter", 1, ring.enter(1, 0, 0));
    ring.expect(cqe(1, -EINVAL), cqe(2, 0));
  }

  @Case
  @Needs(Need.SQE_MIXED)
  @Spec("1.1-2: where every SQE is as large it is as any other")
  public void wideOpcodesFitARingOfLargeEntries(Rig t) {
    RawRing ring = t.ring(8, IORING_SETUP_SQE128);
    ring.sqe(1).nop128();
    ring.sqe(2).uringCmd128(t.open("/dev/null", Fcntl.O_RDWR), 0);
    Claim.result("io_uring_enter", 2, ring.submit());
    ring.expect(cqe(1, 0), cqe(2, 0));
  }

  @Case
  @Needs({Need.SQE_MIXED, Need.DEVICE})
  @Spec({"1.1-2", "1.1-14", "1.4-4"})
  public void wideCommandBrings80Bytes(Rig t) {
    RawRing ring = t.ring(8, IORING_SETUP_SQE_MIXED);
    RefDevice device = RefDevice.open(t);
    for (boolean async : new boolean[] {false, true}) {
      MemorySegment told = t.memory((long) REF_DESCRIBE_SIZE);
      Sqe sqe = ring.sqe128(1).uringCmd128(device.fd(), REF_DESCRIBE);
      sqe.addr(told.address()).len(REF_DESCRIBE_SIZE);
      for (int at = 4; at < BYTES; at++) sqe.cmdByte(at, at);
      if (async) sqe.async();
      ring.expect(cqe(1, 0));
      Claim.equal("payload", BYTES, told.get(JAVA_INT, REF_DESCRIBE_PAYLOAD_BYTES));
      for (int at = 4; at < BYTES; at++)
        Claim.equal("byte " + at, (byte) at, told.get(JAVA_BYTE, REF_DESCRIBE_PAYLOAD + at));
    }
  }

  @Case
  @Spec("4.2-4: a NOP asks for a long CQE only where there are some")
  public void longNopNeedsLongCqes(Rig t) {
    RawRing ring = t.ring(4);
    ring.sqe(1).nop().opFlags(IORING_NOP_CQE32);
    ring.expect(cqe(1, -EINVAL));
  }

  @Case
  @Needs(Need.SQE_MIXED)
  @Spec("4.1-32")
  public void rewindingRingBeginsAtItsFirstEntryEachTime(Rig t) {
    RawRing ring = t.ring(4, IORING_SETUP_SQ_REWIND | IORING_SETUP_NO_SQARRAY);
    ring.sqe(1).nop();
    ring.sqe(2).nop();
    Claim.result("io_uring_enter", 2, ring.enter(2, 0, 0));
    Claim.result("io_uring_enter", 1, ring.enter(1, 0, 0));
    ring.expectVisible(cqe(1, 0), cqe(2, 0), cqe(1, 0));
    Claim.equal("SQ head", 0, ring.sqHead());
    ring.sqe(3).nop();
    ring.sqe(4).nop();
    Claim.result("io_uring_enter", 4, ring.enter(9, 0, 0));
    ring.expectVisible(cqe(1, 0), cqe(2, 0), cqe(3, 0), cqe(4, 0));
  }
}
