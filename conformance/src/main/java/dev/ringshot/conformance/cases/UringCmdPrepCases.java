package dev.ringshot.conformance.cases;

import static dev.ringshot.abi.Errno.EBADF;
import static dev.ringshot.abi.Errno.EINVAL;
import static dev.ringshot.abi.Errno.EOPNOTSUPP;
import static dev.ringshot.abi.IoUring.IORING_URING_CMD_FIXED;
import static dev.ringshot.abi.IoUring.IORING_URING_CMD_MULTISHOT;
import static dev.ringshot.conformance.rig.Completion.cqe;

import dev.ringshot.abi.Fcntl;
import dev.ringshot.abi.IoUring;
import dev.ringshot.abi.Sqe;
import dev.ringshot.conformance.Case;
import dev.ringshot.conformance.Needs;
import dev.ringshot.conformance.Spec;
import dev.ringshot.conformance.rig.Need;
import dev.ringshot.conformance.rig.RawRing;
import dev.ringshot.conformance.rig.Rig;
import dev.ringshot.conformance.rig.Skipped;
import java.util.function.Consumer;

/// What URING_CMD refuses before any driver hears of it, and in which order.
///
/// MULTISHOT with buffer select goes to `/dev/zero`, which has no handler, so that nothing can stay
/// in a kernel that lets it in by mistake.
public final class UringCmdPrepCases {
  private static final int CLOSED_FD = 1_000_000;
  private static final int GROUP = 3;

  /// Topics are made by reflection.
  public UringCmdPrepCases() {}

  /// One command to `path`, changed by `change`, ends with `res`.
  private static void expect(Rig t, String path, Consumer<Sqe> change, int res) {
    RawRing ring = t.ring(4);
    Sqe sqe = ring.sqe(1).uringCmd(t.open(path, Fcntl.O_RDWR), 0);
    change.accept(sqe);
    ring.expect(cqe(1, res));
    ring.expectNothing();
  }

  @Case
  @Spec({"1.5-3", "1.1-7", "1.3-12"})
  public void padIsInvalid(Rig t) {
    expect(t, "/dev/null", sqe -> sqe.pad1(1), -EINVAL);
  }

  @Case
  @Spec({"1.5-4", "1.1-9", "1.3-13"})
  public void unknownFlagIsInvalid(Rig t) {
    expect(t, "/dev/null", sqe -> sqe.uringCmdFlags(4), -EINVAL);
  }

  @Case
  @Spec({"1.5-5", "1.1-9"})
  public void flagsThatTheKernelUsesItselfAreInvalid(Rig t) {
    RawRing ring = t.ring(32);
    int fd = t.open("/dev/null", Fcntl.O_RDWR);
    for (int bit = 2; bit < 32; bit++) {
      ring.sqe(bit).uringCmd(fd, 0).uringCmdFlags(1 << bit);
      ring.expect(cqe(bit, -EINVAL));
    }
  }

  @Case
  @Spec({"1.5-6", "1.3-14"})
  public void fixedWithMultishotIsInvalid(Rig t) {
    int both = IORING_URING_CMD_FIXED | IORING_URING_CMD_MULTISHOT;
    expect(t, "/dev/null", sqe -> sqe.uringCmdFlags(both), -EINVAL);
  }

  @Case
  @Needs(Need.MULTISHOT_COMMANDS)
  @Spec({"1.5-6", "1.3-14"})
  public void fixedWithMultishotIsInvalidWithBufferSelectToo(Rig t) {
    int both = IORING_URING_CMD_FIXED | IORING_URING_CMD_MULTISHOT;
    expect(t, "/dev/zero", sqe -> sqe.uringCmdFlags(both).bufferSelect(GROUP), -EINVAL);
  }

  @Case
  @Spec({"1.5-7", "1.3-16"})
  public void multishotWithoutBufferSelectIsInvalid(Rig t) {
    expect(t, "/dev/null", sqe -> sqe.uringCmdFlags(IORING_URING_CMD_MULTISHOT), -EINVAL);
  }

  @Case
  @Spec({"1.5-8", "1.3-16", "1.2-2"})
  public void bufferSelectWithoutMultishotIsInvalid(Rig t) {
    int refusal = t.has(Need.MULTISHOT_COMMANDS) ? -EINVAL : -EOPNOTSUPP;
    expect(t, "/dev/null", sqe -> sqe.bufferSelect(GROUP), refusal);
  }

  @Case
  @Spec({"1.5-9", "1.3-16"})
  public void fixedWithBufferSelectIsInvalid(Rig t) {
    int refusal = t.has(Need.MULTISHOT_COMMANDS) ? -EINVAL : -EOPNOTSUPP;
    Consumer<Sqe> both = sqe -> sqe.uringCmdFlags(IORING_URING_CMD_FIXED).bufferSelect(GROUP);
    expect(t, "/dev/null", both, refusal);
  }

  @Case
  @Spec({"1.5-10", "1.3-15"})
  public void fixedBufferIsNotLookedUpInPreparation(Rig t) {
    expect(t, "/dev/null", sqe -> sqe.uringCmdFlags(IORING_URING_CMD_FIXED).bufIndex(77), 0);
  }

  @Case
  @Needs(Need.MULTISHOT_COMMANDS)
  @Spec({"1.5-12", "1.4-2", "1.2-2"})
  public void multishotPassesPreparationAndMeetsAFileWithoutHandler(Rig t) {
    expect(
        t,
        "/dev/zero",
        sqe -> sqe.uringCmdFlags(IORING_URING_CMD_MULTISHOT).bufferSelect(GROUP),
        -EOPNOTSUPP);
  }

  @Case
  @Spec({"1.5-14", "1.3-11"})
  public void badDescriptorLosesAgainstUnknownFlag(Rig t) {
    RawRing ring = t.ring(4);
    ring.sqe(1).uringCmd(CLOSED_FD, 0).uringCmdFlags(4);
    ring.expect(cqe(1, -EINVAL));
  }

  @Case
  @Spec({"1.3-11", "1.1-7"})
  public void badDescriptorLosesAgainstPad(Rig t) {
    RawRing ring = t.ring(4);
    ring.sqe(1).uringCmd(CLOSED_FD, 0).pad1(1);
    ring.expect(cqe(1, -EINVAL));
  }

  @Case
  @Spec({"1.3-11", "1.3-16"})
  public void badDescriptorLosesAgainstMultishotAlone(Rig t) {
    RawRing ring = t.ring(4);
    ring.sqe(1).uringCmd(CLOSED_FD, 0).uringCmdFlags(IORING_URING_CMD_MULTISHOT);
    ring.expect(cqe(1, -EINVAL));
  }

  @Case
  @Needs(Need.MULTISHOT_COMMANDS)
  @Spec({"1.3-11", "1.5-13"})
  public void multishotToBadDescriptorIsBadf(Rig t) {
    RawRing ring = t.ring(4);
    ring.sqe(1).uringCmdMultishot(CLOSED_FD, 0, GROUP);
    ring.expect(cqe(1, -EBADF));
  }

  @Case
  @Spec({"1.5-16", "1.1-4", "1.3-7"})
  public void ioprioIsInvalid(Rig t) {
    expect(t, "/dev/null", sqe -> sqe.ioprio(1), -EINVAL);
  }

  @Case
  @Spec({"1.5-17", "1.1-12", "1.3-9"})
  public void unknownPersonalityIsInvalid(Rig t) {
    expect(t, "/dev/null", sqe -> sqe.personality(5), -EINVAL);
  }

  @Case
  @Spec({"1.5-18", "1.1-3", "1.3-3"})
  public void eighthFlagOfTheEntryIsInvalid(Rig t) {
    expect(t, "/dev/null", sqe -> sqe.flags(1 << 7), -EINVAL);
  }

  @Case
  @Spec({"1.1-10", "1.1-8", "1.1-13", "1.1-14"})
  public void nullDeviceIgnoresWhatBelongsToTheDriver(Rig t) {
    RawRing ring = t.ring(4);
    Sqe sqe = ring.sqe(-1L).uringCmd(t.open("/dev/null", Fcntl.O_RDWR), 0);
    sqe.addr(Rig.UNMAPPED).len(7).fileIndex(9).addr3(-1).pad2(-1);
    ring.expect(cqe(-1L, 0));
  }

  @Case
  @Spec("1.1-14: 80 bytes of payload where SQEs have 128")
  public void nullDeviceTakesLongEntries(Rig t) {
    RawRing ring = t.ring(4, IoUring.IORING_SETUP_SQE128);
    int fd = t.open("/dev/null", Fcntl.O_RDWR);
    for (int i = 0; i < 3; i++) ring.sqe(i).uringCmd(fd, i);
    ring.expect(cqe(0, 0), cqe(1, 0), cqe(2, 0));
  }

  @Case
  @Spec("7m-31")
  public void beforeTheFeatureTheFlagIsUnknown(Rig t) {
    if (t.has(Need.MULTISHOT_COMMANDS)) throw new Skipped("a release without multishot commands");
    expect(t, "/dev/null", sqe -> sqe.uringCmdFlags(IORING_URING_CMD_MULTISHOT), -EINVAL);
    expect(t, "/dev/null", sqe -> sqe.bufferSelect(GROUP), -EOPNOTSUPP);
    expect(
        t,
        "/dev/null",
        sqe -> sqe.uringCmdFlags(IORING_URING_CMD_MULTISHOT).bufferSelect(GROUP),
        -EOPNOTSUPP);
  }
}
