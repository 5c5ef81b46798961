package dev.ringshot.conformance.cases;

import static dev.ringshot.abi.Errno.EBADF;
import static dev.ringshot.abi.Errno.EBADFD;
import static dev.ringshot.abi.Errno.EEXIST;
import static dev.ringshot.abi.Errno.EFAULT;
import static dev.ringshot.abi.Errno.EINVAL;
import static dev.ringshot.abi.Errno.EOPNOTSUPP;
import static dev.ringshot.abi.IoUring.IORING_OP_NOP;
import static dev.ringshot.abi.IoUring.IORING_OP_URING_CMD;
import static dev.ringshot.abi.IoUring.IORING_REGISTER_ENABLE_RINGS;
import static dev.ringshot.abi.IoUring.IORING_REGISTER_PROBE;
import static dev.ringshot.abi.IoUring.IORING_REGISTER_USE_REGISTERED_RING;
import static dev.ringshot.abi.IoUring.IORING_SETUP_R_DISABLED;
import static dev.ringshot.abi.IoUring.IORING_SETUP_SINGLE_ISSUER;
import static dev.ringshot.abi.IoUring.IO_URING_OP_SUPPORTED;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import dev.ringshot.abi.Probe;
import dev.ringshot.conformance.Case;
import dev.ringshot.conformance.Needs;
import dev.ringshot.conformance.Spec;
import dev.ringshot.conformance.rig.Claim;
import dev.ringshot.conformance.rig.Need;
import dev.ringshot.conformance.rig.RawRing;
import dev.ringshot.conformance.rig.Rig;
import java.lang.foreign.MemorySegment;

/// What io_uring_register(2) accepts; PROBE and ENABLE_RINGS.
public final class RegisterCases {
  private static final int CLOSED_FD = 1_000_000;
  private static final int PROBED_MAX = 256;

  /// Topics are made by reflection.
  public RegisterCases() {}

  @Case
  @Spec("io_uring_register(2): errors")
  public void badDescriptorIsEbadfButMinusOneIsNoRingAtAll(Rig t) {
    Claim.result("closed", -EBADF, t.kernel().register(CLOSED_FD, IORING_REGISTER_PROBE, 0, 0));
    Claim.result("-1", -EINVAL, t.kernel().register(-1, IORING_REGISTER_PROBE, 0, 0));
    Claim.result("-2", -EBADF, t.kernel().register(-2, IORING_REGISTER_PROBE, 0, 0));
  }

  @Case
  @Spec("io_uring_register(2): errors")
  public void otherFilesAreNotSupported(Rig t) {
    Claim.result(
        "eventfd", -EOPNOTSUPP, t.kernel().register(t.eventfd(), IORING_REGISTER_PROBE, 0, 0));
  }

  @Case
  @Spec("3.7-24")
  public void unknownOpcodesAreRefusedBeforeTheDescriptor(Rig t) {
    RawRing ring = t.ring(8);
    for (int opcode : new int[] {100, 1 << 16, 1 << 30, -1}) {
      Claim.result("opcode " + opcode, -EINVAL, ring.register(opcode, 0, 0));
      Claim.result("opcode " + opcode, -EINVAL, t.kernel().register(CLOSED_FD, opcode, 0, 0));
    }
  }

  @Case
  @Spec({"4.6-14", "4.1-27"})
  public void probeTellsTheLastOpcodeAndEachThatIsSupported(Rig t) {
    MemorySegment probe = probe(t);
    Claim.result("PROBE", 0, probe(t.ring(8), probe, PROBED_MAX));
    int last = t.is7() ? 64 : 62;
    Claim.equal("last_op", (byte) last, probe.get(JAVA_BYTE, Probe.LAST_OP));
    Claim.equal("ops_len", (byte) (last + 1), probe.get(JAVA_BYTE, Probe.OPS_LEN));
    for (int opcode : new int[] {IORING_OP_NOP, IORING_OP_URING_CMD}) {
      long entry = Probe.OPS + (long) opcode * Probe.OP_SIZE;
      Claim.equal("op", (byte) opcode, probe.get(JAVA_BYTE, entry + Probe.OP));
      short flags = probe.get(JAVA_SHORT, entry + Probe.OP_FLAGS);
      Claim.equal("flags of " + opcode, (short) IO_URING_OP_SUPPORTED, flags);
    }
    long beyond = Probe.OPS + (last + 1L) * Probe.OP_SIZE;
    var rest = probe.asSlice(beyond);
    Claim.equal(
        "first byte behind",
        -1L,
        rest.mismatch(MemorySegment.ofArray(new byte[(int) rest.byteSize()])));
  }

  @Case
  @Spec("4.6-14")
  public void probeFillsNoMoreThanAskedFor(Rig t) {
    MemorySegment probe = probe(t);
    Claim.result("PROBE", 0, probe(t.ring(8), probe, 3));
    Claim.equal("last_op", (byte) (t.is7() ? 64 : 62), probe.get(JAVA_BYTE, Probe.LAST_OP));
    Claim.equal("ops_len", (byte) 3, probe.get(JAVA_BYTE, Probe.OPS_LEN));
    Claim.equal("third", (byte) 2, probe.get(JAVA_BYTE, Probe.OPS + 2L * Probe.OP_SIZE));
    Claim.equal("fourth", (byte) 0, probe.get(JAVA_BYTE, Probe.OPS + 3L * Probe.OP_SIZE));
    MemorySegment head = t.memory((long) Probe.SIZE);
    Claim.result("PROBE of none", 0, probe(t.ring(8), head, 0));
    Claim.equal("ops_len", (byte) 0, head.get(JAVA_BYTE, Probe.OPS_LEN));
  }

  @Case
  @Spec("4.6-13")
  public void probeNeedsZeroedMemory(Rig t) {
    RawRing ring = t.ring(8);
    for (long at : new long[] {0, 1, 4, 15, 16, Probe.SIZE + 10L * Probe.OP_SIZE - 1}) {
      MemorySegment probe = probe(t);
      probe.set(JAVA_BYTE, at, (byte) 1);
      Claim.result("byte " + at, -EINVAL, probe(ring, probe, 10));
    }
    MemorySegment behind = probe(t);
    behind.set(JAVA_BYTE, Probe.SIZE + 10L * Probe.OP_SIZE, (byte) 1);
    Claim.result("byte behind", 0, probe(ring, behind, 10));
  }

  @Case
  @Spec("4.6-13")
  public void probeArgumentsAreChecked(Rig t) {
    RawRing ring = t.ring(8);
    Claim.result("257", -EINVAL, probe(ring, probe(t), PROBED_MAX + 1));
    Claim.result("no memory", -EINVAL, ring.register(IORING_REGISTER_PROBE, 0, 1));
    Claim.result("bad memory", -EFAULT, ring.register(IORING_REGISTER_PROBE, Rig.UNMAPPED, 1));
  }

  @Case
  @Spec("4.6-18")
  public void enableRingsWorksOnceAndOnlyOnDisabledOnes(Rig t) {
    RawRing ring = t.ring(8, IORING_SETUP_R_DISABLED);
    Claim.result("ENABLE_RINGS", 0, ring.register(IORING_REGISTER_ENABLE_RINGS, 0, 0));
    Claim.result("again", -EBADFD, ring.register(IORING_REGISTER_ENABLE_RINGS, 0, 0));
    Claim.result("never disabled", -EBADFD, t.ring(8).register(IORING_REGISTER_ENABLE_RINGS, 0, 0));
  }

  @Case
  @Spec("4.6-18")
  public void enableRingsTakesNoArguments(Rig t) {
    RawRing ring = t.ring(8, IORING_SETUP_R_DISABLED);
    long memory = t.memory(8L).address();
    Claim.result("argument", -EINVAL, ring.register(IORING_REGISTER_ENABLE_RINGS, memory, 0));
    Claim.result("count", -EINVAL, ring.register(IORING_REGISTER_ENABLE_RINGS, 0, 1));
    Claim.result("neither", 0, ring.register(IORING_REGISTER_ENABLE_RINGS, 0, 0));
    Claim.result(
        "enabled, argument", -EINVAL, ring.register(IORING_REGISTER_ENABLE_RINGS, memory, 0));
  }

  @Case
  @Needs(Need.THREADS)
  @Spec("3.7-25")
  public void otherThreadMayNotRegisterWithASingleIssuerRing(Rig t) {
    RawRing ring = t.ring(8, IORING_SETUP_SINGLE_ISSUER);
    MemorySegment probe = probe(t);
    Claim.result("there", -EEXIST, OtherThread.call(() -> probe(ring, probe, 1)));
    Claim.result("unknown opcode there", -EINVAL, OtherThread.call(() -> ring.register(100, 0, 0)));
    Claim.result("here", 0, probe(ring, probe, 1));
  }

  @Case
  @Spec("3.7-26")
  public void registeredIndexThatIsNoneIsRefused(Rig t) {
    t.ring(8).submitAll(); // a thread that never used io_uring has no table
    int opcode = IORING_REGISTER_PROBE | IORING_REGISTER_USE_REGISTERED_RING;
    Claim.result("empty", -EBADF, t.kernel().register(3, opcode, 0, 0));
    Claim.result("beyond", -EINVAL, t.kernel().register(16, opcode, 0, 0));
  }

  private static MemorySegment probe(Rig t) {
    return t.memory(Probe.SIZE + (long) (PROBED_MAX + 1) * Probe.OP_SIZE);
  }

  private static int probe(RawRing ring, MemorySegment probe, int count) {
    return ring.register(IORING_REGISTER_PROBE, probe.address(), count);
  }
}
