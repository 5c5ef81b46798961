package dev.ringshot.conformance.cases;

import static dev.ringshot.abi.Errno.EACCES;
import static dev.ringshot.abi.Errno.EBADFD;
import static dev.ringshot.abi.Errno.EBUSY;
import static dev.ringshot.abi.Errno.EFAULT;
import static dev.ringshot.abi.Errno.EINVAL;
import static dev.ringshot.abi.IoUring.*;
import static dev.ringshot.conformance.rig.Completion.cqe;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import dev.ringshot.abi.Restriction;
import dev.ringshot.conformance.Case;
import dev.ringshot.conformance.Spec;
import dev.ringshot.conformance.rig.Claim;
import dev.ringshot.conformance.rig.RawRing;
import dev.ringshot.conformance.rig.Rig;
import java.lang.foreign.MemorySegment;

/// What a ring may do, and as whom: restrictions and personalities.
public final class PermissionCases {
  /// Topics are made by reflection.
  public PermissionCases() {}

  @Case
  @Spec({"1.3-6", "4.8-1"})
  public void restrictedRingDoesOnlyWhatItMay(Rig t) {
    RawRing ring = t.ring(8, IORING_SETUP_R_DISABLED);
    Claim.result(
        "RESTRICTIONS",
        0,
        restrict(
            t,
            ring,
            IORING_RESTRICTION_SQE_OP,
            IORING_OP_NOP,
            IORING_RESTRICTION_SQE_FLAGS_ALLOWED,
            IOSQE_ASYNC,
            IORING_RESTRICTION_REGISTER_OP,
            IORING_REGISTER_PROBE));
    Claim.result("ENABLE_RINGS", 0, ring.register(IORING_REGISTER_ENABLE_RINGS, 0, 0));
    ring.sqe(1).nop();
    ring.sqe(2).nop().async();
    ring.sqe(3).nop().fixedFile();
    ring.sqe(4).timeout(Rig.UNMAPPED, 0, 0);
    ring.submitEach();
    ring.expectInAnyOrder(cqe(1, 0), cqe(2, 0), cqe(3, -EACCES), cqe(4, -EACCES));
    Claim.result("PROBE", -EINVAL, ring.register(IORING_REGISTER_PROBE, 0, 0));
    Claim.result("FILES", -EACCES, ring.register(IORING_REGISTER_FILES, 0, 0));
    Claim.result("PERSONALITY", -EACCES, ring.register(IORING_REGISTER_PERSONALITY, 0, 0));
  }

  @Case
  @Spec("4.8-1")
  public void requiredFlagsMustBeThere(Rig t) {
    RawRing ring = t.ring(8, IORING_SETUP_R_DISABLED);
    Claim.result(
        "RESTRICTIONS",
        0,
        restrict(
            t,
            ring,
            IORING_RESTRICTION_SQE_OP,
            IORING_OP_NOP,
            IORING_RESTRICTION_SQE_FLAGS_REQUIRED,
            IOSQE_ASYNC));
    Claim.result("ENABLE_RINGS", 0, ring.register(IORING_REGISTER_ENABLE_RINGS, 0, 0));
    ring.sqe(1).nop();
    ring.sqe(2).nop().async();
    ring.sqe(3).nop().async().link();
    ring.submitEach();
    ring.expectInAnyOrder(cqe(1, -EACCES), cqe(2, 0), cqe(3, -EACCES));
  }

  @Case
  @Spec({"4.8-5", "7b-12"})
  public void restrictionsOfOneKindRestrictTheOtherBefore7(Rig t) {
    RawRing registers = t.ring(8, IORING_SETUP_R_DISABLED);
    int kind = IORING_RESTRICTION_REGISTER_OP;
    Claim.result("RESTRICTIONS", 0, restrict(t, registers, kind, IORING_REGISTER_PROBE));
    Claim.result("ENABLE_RINGS", 0, registers.register(IORING_REGISTER_ENABLE_RINGS, 0, 0));
    registers.sqe(1).nop();
    registers.expect(cqe(1, t.is7() ? 0 : -EACCES));
    Claim.result("FILES", -EACCES, registers.register(IORING_REGISTER_FILES, 0, 0));
    RawRing entries = t.ring(8, IORING_SETUP_R_DISABLED);
    int op = IORING_RESTRICTION_SQE_OP;
    Claim.result("RESTRICTIONS", 0, restrict(t, entries, op, IORING_OP_NOP));
    Claim.result("the other kind", -EBUSY, restrict(t, entries, kind, IORING_REGISTER_PROBE));
    Claim.result("ENABLE_RINGS", 0, entries.register(IORING_REGISTER_ENABLE_RINGS, 0, 0));
    int probe = entries.register(IORING_REGISTER_PROBE, 0, 0);
    Claim.result("PROBE", t.is7() ? -EINVAL : -EACCES, probe);
    entries.sqe(1).nop();
    entries.sqe(2).nop().async();
    entries.submitEach();
    entries.expect(cqe(1, 0), cqe(2, -EACCES));
  }

  @Case
  @Spec({"4.8-5", "7b-12"})
  public void restrictionsOfFlagsAloneAdmitNoEntry(Rig t) {
    for (int kind :
        new int[] {IORING_RESTRICTION_SQE_FLAGS_ALLOWED, IORING_RESTRICTION_SQE_FLAGS_REQUIRED}) {
      RawRing ring = t.ring(8, IORING_SETUP_R_DISABLED);
      Claim.result("RESTRICTIONS", 0, restrict(t, ring, kind, IOSQE_ASYNC));
      Claim.result("ENABLE_RINGS", 0, ring.register(IORING_REGISTER_ENABLE_RINGS, 0, 0));
      ring.sqe(1).nop();
      ring.sqe(2).nop().async();
      ring.submitEach();
      ring.expect(cqe(1, -EACCES), cqe(2, -EACCES));
      int probe = ring.register(IORING_REGISTER_PROBE, 0, 0);
      Claim.result("PROBE", t.is7() ? -EINVAL : -EACCES, probe);
    }
  }

  @Case
  @Spec("4.8-5")
  public void emptyListRestrictsEverything(Rig t) {
    RawRing ring = t.ring(8, IORING_SETUP_R_DISABLED);
    long list = t.memory((long) Restriction.SIZE).address();
    Claim.result("RESTRICTIONS", 0, ring.register(IORING_REGISTER_RESTRICTIONS, list, 0));
    Claim.result("again", -EBUSY, ring.register(IORING_REGISTER_RESTRICTIONS, list, 0));
    Claim.result("ENABLE_RINGS", 0, ring.register(IORING_REGISTER_ENABLE_RINGS, 0, 0));
    ring.sqe(1).nop();
    ring.expect(cqe(1, -EACCES));
    int probe = ring.register(IORING_REGISTER_PROBE, 0, 0);
    Claim.result("PROBE", -EACCES, probe);
  }

  @Case
  @Spec("4.8-2")
  public void restrictionsAreRegisteredOnceAndBeforeTheRingIsEnabled(Rig t) {
    RawRing ring = t.ring(8, IORING_SETUP_R_DISABLED);
    Claim.result("enabled", -EBADFD, restrict(t, t.ring(8), IORING_RESTRICTION_SQE_OP, 0));
    Claim.result("first", 0, restrict(t, ring, IORING_RESTRICTION_SQE_OP, IORING_OP_NOP));
    Claim.result("again", -EBUSY, restrict(t, ring, IORING_RESTRICTION_SQE_OP, IORING_OP_NOP));
  }

  @Case
  @Spec("4.8-3")
  public void badRestrictionsAreRefusedAndNothingStays(Rig t) {
    RawRing ring = t.ring(8, IORING_SETUP_R_DISABLED);
    int call = IORING_REGISTER_RESTRICTIONS;
    Claim.result("no argument", -EINVAL, ring.register(call, 0, 1));
    Claim.result("fault", -EFAULT, ring.register(call, Rig.UNMAPPED, 1));
    Claim.result("many", -EINVAL, ring.register(call, Rig.UNMAPPED, 4096));
    Claim.result("unknown", -EINVAL, restrict(t, ring, 99, 0));
    Claim.result("opcode", -EINVAL, restrict(t, ring, IORING_RESTRICTION_SQE_OP, 200));
    int op = IORING_RESTRICTION_REGISTER_OP;
    Claim.result("register opcode", -EINVAL, restrict(t, ring, op, 0, op, 200));
    Claim.result("good", 0, restrict(t, ring, op, IORING_REGISTER_PROBE));
  }

  @Case
  @Spec({"1.3-9", "1.1-12", "4.8-4"})
  public void registeredPersonalityIsTaken(Rig t) {
    RawRing ring = t.ring(8);
    int call = IORING_REGISTER_PERSONALITY;
    int first = Claim.success("PERSONALITY", ring.register(call, 0, 0));
    int second = Claim.success("PERSONALITY", ring.register(call, 0, 0));
    Claim.equal("ids", 3, first + second);
    ring.sqe(1).nop().personality(first);
    ring.sqe(2).nop().personality(second).async();
    ring.sqe(3).nop().personality(second + 1);
    ring.submitEach();
    ring.expectInAnyOrder(cqe(1, 0), cqe(2, 0), cqe(3, -EINVAL));
    Claim.result("unregister", 0, ring.register(IORING_UNREGISTER_PERSONALITY, 0, first));
    Claim.result("again", -EINVAL, ring.register(IORING_UNREGISTER_PERSONALITY, 0, first));
    ring.sqe(4).nop().personality(first);
    ring.expect(cqe(4, -EINVAL));
    Claim.result("a number is not given again soon", 3, ring.register(call, 0, 0));
  }

  @Case
  @Spec("4.8-4")
  public void personalityCallsTakeNoArguments(Rig t) {
    RawRing ring = t.ring(8);
    long memory = t.memory(8L).address();
    int call = IORING_REGISTER_PERSONALITY;
    Claim.result("argument", -EINVAL, ring.register(call, memory, 0));
    Claim.result("count", -EINVAL, ring.register(call, 0, 1));
    Claim.result("argument", -EINVAL, ring.register(IORING_UNREGISTER_PERSONALITY, memory, 1));
    Claim.result("none", -EINVAL, ring.register(IORING_UNREGISTER_PERSONALITY, 0, 0));
    Claim.result("negative", -EINVAL, ring.register(IORING_UNREGISTER_PERSONALITY, 0, -1));
  }

  /// @param pairs kinds and values in turn
  private static int restrict(Rig t, RawRing ring, int... pairs) {
    MemorySegment entries = t.memory((long) Restriction.SIZE * pairs.length / 2);
    for (int i = 0; i < pairs.length; i += 2) {
      long at = (long) Restriction.SIZE * i / 2;
      entries.set(JAVA_SHORT, at + Restriction.OPCODE, (short) pairs[i]);
      entries.set(JAVA_BYTE, at + Restriction.SQE_OP, (byte) pairs[i + 1]);
    }
    return ring.register(IORING_REGISTER_RESTRICTIONS, entries.address(), pairs.length / 2);
  }
}
