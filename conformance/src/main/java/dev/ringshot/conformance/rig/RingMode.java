package dev.ringshot.conformance.rig;

import dev.ringshot.abi.IoUring;
import java.util.function.Consumer;

/// The ways a ring runs what other contexts send it, and one with entries of double size. What a
/// driver makes of a multishot command is the same in all of them.
public enum RingMode {
  /// Whenever its task enters or leaves the kernel.
  DEFAULT(0),
  /// The same, and the task is not interrupted; a flag tells.
  COOPERATIVE(IoUring.IORING_SETUP_COOP_TASKRUN | IoUring.IORING_SETUP_TASKRUN_FLAG),
  /// Only when asked for events.
  DEFERRED(IoUring.IORING_SETUP_SINGLE_ISSUER | IoUring.IORING_SETUP_DEFER_TASKRUN),
  /// 128-byte SQEs, 32-byte CQEs.
  WIDE(IoUring.IORING_SETUP_SQE128 | IoUring.IORING_SETUP_CQE32);

  private final int flags;

  RingMode(int flags) {
    this.flags = flags;
  }

  /// `IORING_SETUP_*`.
  public int flags() {
    return flags;
  }

  /// Whether entries have double size.
  public boolean isWide() {
    return this == WIDE;
  }

  /// Runs `claim` in each; a failure names the mode.
  public static void each(Consumer<RingMode> claim) {
    for (RingMode mode : values()) {
      try {
        claim.accept(mode);
      } catch (AssertionError e) {
        throw new AssertionError(mode + ": " + e.getMessage(), e);
      }
    }
  }
}
