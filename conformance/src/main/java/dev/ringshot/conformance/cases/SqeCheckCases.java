package dev.ringshot.conformance.cases;

import static dev.ringshot.abi.Errno.EACCES;
import static dev.ringshot.abi.Errno.EBADF;
import static dev.ringshot.abi.Errno.EFAULT;
import static dev.ringshot.abi.Errno.EINVAL;
import static dev.ringshot.abi.Errno.ENAMETOOLONG;
import static dev.ringshot.abi.Errno.EOPNOTSUPP;
import static dev.ringshot.abi.IoUring.IOSQE_BUFFER_SELECT;
import static dev.ringshot.conformance.rig.Completion.cqe;

import dev.ringshot.abi.Fcntl;
import dev.ringshot.abi.IoUring;
import dev.ringshot.conformance.Case;
import dev.ringshot.conformance.Needs;
import dev.ringshot.conformance.Spec;
import dev.ringshot.conformance.rig.Claim;
import dev.ringshot.conformance.rig.Need;
import dev.ringshot.conformance.rig.RawRing;
import dev.ringshot.conformance.rig.Rig;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// What is checked of every SQE, and in which order.
public final class SqeCheckCases {
  private static final int UNKNOWN_FLAG = 1 << 7;
  private static final int CLOSED_FD = 1_000_000;

  /// Topics are made by reflection.
  public SqeCheckCases() {}

  @Case
  @Spec("path_resolution(7): PATH_MAX")
  public void pathHas4095BytesAtMost(Rig t) {
    RawRing ring = t.ring(8);
    MemorySegment path = t.memory(8192L).fill((byte) 'x');
    ring.sqe(1).openat(Fcntl.AT_FDCWD, path.address(), Fcntl.O_RDONLY, 0);
    ring.expect(cqe(1, -ENAMETOOLONG));
    MemorySegment page = t.pageBeforeHole().fill((byte) '/');
    ring.sqe(2).openat(Fcntl.AT_FDCWD, page.address() + 1, Fcntl.O_RDONLY, 0);
    ring.expect(cqe(2, -EFAULT));
  }

  @Case
  @Spec({"1.5-19", "1.3-1"})
  public void unknownOpcodeIsInvalid(Rig t) {
    RawRing ring = t.ring(4);
    ring.sqe(1).opcode(200);
    ring.expect(cqe(1, -EINVAL));
  }

  @Case
  @Spec({"1.5-20", "1.3-1"})
  public void unknownOpcodeWithBadFlagsIsInvalid(Rig t) {
    RawRing ring = t.ring(4);
    ring.sqe(1).opcode(200).flags(UNKNOWN_FLAG | IOSQE_BUFFER_SELECT);
    ring.expect(cqe(1, -EINVAL));
  }

  @Case
  @Spec({"7b-10", "4.1-27", "1.3-1"})
  public void firstOpcodeBeyondTheTableIsInvalid(Rig t) {
    RawRing ring = t.ring(4);
    ring.sqe(1).opcode(t.is7() ? 65 : 63);
    ring.expect(cqe(1, -EINVAL));
  }

  @Case
  @Spec("1.3-1: before flags")
  public void unknownOpcodeWinsAgainstBufferSelect(Rig t) {
    RawRing ring = t.ring(4);
    ring.sqe(1).opcode(200).bufferSelect(1);
    ring.expect(cqe(1, -EINVAL));
  }

  @Case
  @Spec({"1.2-5", "1.3-4"})
  public void bufferSelectIsNotSupportedByMostOperations(Rig t) {
    RawRing ring = t.ring(8);
    ring.sqe(1).nop().bufferSelect(1);
    ring.sqe(2).write(CLOSED_FD, Rig.UNMAPPED, 8, 0).bufferSelect(1);
    ring.sqe(3).asyncCancel(99, 0).bufferSelect(1);
    ring.sqe(4).pollAdd(CLOSED_FD, 1).bufferSelect(1);
    ring.submitEach();
    ring.expect(cqe(1, -EOPNOTSUPP), cqe(2, -EOPNOTSUPP), cqe(3, -EOPNOTSUPP), cqe(4, -EOPNOTSUPP));
  }

  @Case
  @Spec({"1.2-5", "1.3-11"})
  public void readAcceptsBufferSelect(Rig t) {
    RawRing ring = t.ring(4);
    ring.sqe(1).read(CLOSED_FD, 0, 8, 0).bufferSelect(1);
    ring.expect(cqe(1, -EBADF));
  }

  @Case
  @Spec("1.2-5: READV")
  public void vectoredReadAcceptsBufferSelect(Rig t) {
    RawRing ring = t.ring(8);
    MemorySegment memory = t.memory(64L);
    memory.set(ValueLayout.JAVA_LONG, 8, 16); // one iovec, of 16 bytes
    ring.sqe(1).readv(CLOSED_FD, memory.address(), 1, 0).bufferSelect(1);
    ring.expect(cqe(1, -EBADF));
  }

  @Case
  @Spec("1.2-5")
  public void multishotReadAndSocketOperationsAcceptBufferSelect(Rig t) {
    RawRing ring = t.ring(8);
    MemorySegment header = t.memory(64L); // a msghdr of nothing
    ring.sqe(1).readMultishot(CLOSED_FD, 0, 1);
    ring.sqe(2).recv(CLOSED_FD, 0, 8, 0).bufferSelect(1);
    ring.sqe(3).send(CLOSED_FD, 0, 8, 0).bufferSelect(1);
    ring.sqe(4).recvmsg(CLOSED_FD, header.address(), 0).bufferSelect(1);
    ring.submitEach();
    ring.expect(cqe(1, -EBADF), cqe(2, -EBADF), cqe(3, -EBADF), cqe(4, -EBADF));
  }

  @Case
  @Spec("1.3-3: before buffer select")
  public void unknownFlagWinsAgainstBufferSelect(Rig t) {
    RawRing ring = t.ring(4);
    ring.sqe(1).nop().flags(UNKNOWN_FLAG | IOSQE_BUFFER_SELECT);
    ring.expect(cqe(1, -EINVAL));
  }

  @Case
  @Spec("1.3-4: before ioprio")
  public void bufferSelectWinsAgainstIoprio(Rig t) {
    RawRing ring = t.ring(4);
    ring.sqe(1).nop().bufferSelect(1).ioprio(1);
    ring.expect(cqe(1, -EOPNOTSUPP));
  }

  @Case
  @Spec("1.3-4: before the personality")
  public void bufferSelectWinsAgainstPersonality(Rig t) {
    RawRing ring = t.ring(4);
    ring.sqe(1).nop().bufferSelect(1).personality(9);
    ring.expect(cqe(1, -EOPNOTSUPP));
  }

  @Case
  @Spec({"1.3-5", "4.4-8"})
  public void drainIsNotSupportedOnceSkipSuccessWasUsed(Rig t) {
    RawRing ring = t.ring(4);
    ring.sqe(1).nop().skipSuccess();
    ring.sqe(2).nop().drain();
    ring.sqe(3).nop();
    ring.submitEach();
    ring.expect(cqe(2, -EOPNOTSUPP), cqe(3, 0));
  }

  @Case
  @Spec("1.3-7")
  public void ioprioOnNopIsInvalid(Rig t) {
    RawRing ring = t.ring(4);
    ring.sqe(1).nop().ioprio(1);
    ring.expect(cqe(1, -EINVAL));
  }

  @Case
  @Spec("1.3-9: before preparation, which would find a bad flag")
  public void unknownPersonalityIsInvalid(Rig t) {
    RawRing ring = t.ring(4);
    ring.sqe(1).nop().personality(9);
    ring.expect(cqe(1, -EINVAL));
  }

  @Case
  @Spec("1.3-10: a NOP with an unknown flag of its own")
  public void preparationRefusesUnknownNopFlags(Rig t) {
    RawRing ring = t.ring(4);
    ring.sqe(1).nop().opFlags(1 << 30);
    ring.expect(cqe(1, -EINVAL));
  }

  @Case
  @Needs(Need.IOPOLL)
  @Spec("1.3-8")
  public void operationThatCannotBePolledIsInvalidOnIopollRing(Rig t) {
    RawRing ring = t.ring(4, IoUring.IORING_SETUP_IOPOLL);
    ring.sqe(1).pollAdd(t.eventfd(), 1);
    ring.expect(cqe(1, -EINVAL));
  }

  @Case
  @Spec({"1.3-6", "1.3-7"})
  public void restrictionWinsAgainstIoprio(Rig t) {
    RawRing ring = t.ring(4, IoUring.IORING_SETUP_R_DISABLED);
    MemorySegment restriction = t.memory(16L); // struct io_uring_restriction
    restriction.set(ValueLayout.JAVA_SHORT, 0, (short) IoUring.IORING_RESTRICTION_SQE_OP);
    restriction.set(ValueLayout.JAVA_BYTE, 2, (byte) IoUring.IORING_OP_NOP);
    Claim.result(
        "REGISTER_RESTRICTIONS",
        0,
        ring.register(IoUring.IORING_REGISTER_RESTRICTIONS, restriction.address(), 1));
    Claim.result("ENABLE_RINGS", 0, ring.register(IoUring.IORING_REGISTER_ENABLE_RINGS, 0, 0));
    ring.sqe(1).nop();
    ring.sqe(2).pollAdd(0, 1).ioprio(1);
    ring.submitEach();
    ring.expect(cqe(1, 0), cqe(2, -EACCES));
  }

  @Case
  @Spec({"1.5-26", "4.3-20"})
  public void badEntryStopsTheBatchAfterItself(Rig t) {
    RawRing ring = t.ring(4);
    ring.sqe(1).nop();
    ring.sqe(2).nop().ioprio(1);
    ring.sqe(3).nop();
    Claim.result("io_uring_enter", 2, ring.submit());
    ring.expectVisible(cqe(1, 0), cqe(2, -EINVAL));
    Claim.equal("SQ head", 2, ring.sqHead());
    Claim.result("io_uring_enter", 1, ring.enter(1, 0, 0));
    ring.expectVisible(cqe(3, 0));
  }

  @Case
  @Spec("1.5-27")
  public void submitAllGoesOnAfterABadEntry(Rig t) {
    RawRing ring = t.ring(4, IoUring.IORING_SETUP_SUBMIT_ALL);
    ring.sqe(1).nop();
    ring.sqe(2).nop().ioprio(1);
    ring.sqe(3).nop();
    Claim.result("io_uring_enter", 3, ring.submit());
    ring.expectVisible(cqe(1, 0), cqe(2, -EINVAL), cqe(3, 0));
  }

  @Case
  @Spec({"7-25", "1.3-10"})
  public void nopInjectsAResult(Rig t) {
    RawRing ring = t.ring(4);
    ring.sqe(1).nop(-5);
    ring.sqe(2).nop(17);
    ring.expect(cqe(1, -5), cqe(2, 17));
  }

  @Case
  @Spec({"4.4-6", "7-25"})
  public void skipSuccessHidesSuccessAndShowsFailure(Rig t) {
    RawRing ring = t.ring(4);
    ring.sqe(1).nop().skipSuccess();
    ring.sqe(2).nop(-5).skipSuccess();
    ring.sqe(3).nop();
    ring.expect(cqe(2, -5), cqe(3, 0));
  }
}
