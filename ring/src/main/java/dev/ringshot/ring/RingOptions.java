package dev.ringshot.ring;

import static dev.ringshot.abi.IoUring.*;

/// How a ring is set up, see io_uring_setup(2).
///
/// @param entries places in the submission queue, 1 … 32768; rounded up to a power of two
/// @param completionEntries places in the completion queue, up to 65536; 0 for four times
///   `entries`. The kernel's default of twice is for requests with one completion each. A full
///   completion queue ends multishot requests; it cannot happen if there are at least as many
///   places as provided buffers and other requests in flight together
/// @param flags `IORING_SETUP_*`. `IORING_SETUP_CQSIZE` is implied. Not served by this client, and
///   refused: `SQPOLL`, `IOPOLL`, `R_DISABLED`, `NO_MMAP`, `REGISTERED_FD_ONLY`, `SQE_MIXED`,
///   `SQ_REWIND`
/// @param registered enter by a registered index instead of a descriptor: some 50 ns less a call
/// @param fallback when an older kernel does not know a flag (`-EINVAL`), leave away what is only
///   for speed and try again, in this order: as asked (Linux 6.6); without `NO_SQARRAY` (6.1);
///   `COOP_TASKRUN` instead of `SINGLE_ISSUER` and `DEFER_TASKRUN` (5.19); without any of these
///   (5.5)
public record RingOptions(
    int entries, int completionEntries, int flags, boolean registered, boolean fallback) {
  /// What is only for speed, and may be missing.
  static final int OPTIONAL =
      IORING_SETUP_SINGLE_ISSUER
          | IORING_SETUP_DEFER_TASKRUN
          | IORING_SETUP_COOP_TASKRUN
          | IORING_SETUP_TASKRUN_FLAG
          | IORING_SETUP_SUBMIT_ALL
          | IORING_SETUP_NO_SQARRAY;

  private static final int REFUSED =
      IORING_SETUP_SQPOLL
          | IORING_SETUP_SQ_AFF
          | IORING_SETUP_IOPOLL
          | IORING_SETUP_HYBRID_IOPOLL
          | IORING_SETUP_R_DISABLED
          | IORING_SETUP_NO_MMAP
          | IORING_SETUP_REGISTERED_FD_ONLY
          | IORING_SETUP_SQE_MIXED
          | IORING_SETUP_SQ_REWIND
          | IORING_SETUP_ATTACH_WQ;

  /// 64 entries, 256 completions; completion work runs when this ring is entered and at no other
  /// time (`SINGLE_ISSUER`, `DEFER_TASKRUN`, `TASKRUN_FLAG`); a bad submission does not stop those
  /// after it (`SUBMIT_ALL`); no index array (`NO_SQARRAY`).
  public static final RingOptions DEFAULT =
      new RingOptions(
          64,
          0,
          IORING_SETUP_SINGLE_ISSUER
              | IORING_SETUP_DEFER_TASKRUN
              | IORING_SETUP_TASKRUN_FLAG
              | IORING_SETUP_SUBMIT_ALL
              | IORING_SETUP_NO_SQARRAY,
          true,
          true);

  /// Checks what can be checked without a kernel.
  public RingOptions {
    if (entries < 1 || entries > 32768) {
      throw new IllegalArgumentException("entries " + entries + " is not in 1 … 32768");
    }
    if (completionEntries < 0 || completionEntries > 65536) {
      throw new IllegalArgumentException(
          "completionEntries " + completionEntries + " is not in 0 … 65536");
    }
    if ((flags & REFUSED) != 0) {
      throw new IllegalArgumentException(
          "setup flags 0x" + Integer.toHexString(flags & REFUSED) + " are not served by Ring");
    }
  }

  /// The places in the completion queue to ask for.
  int completionEntriesWanted() {
    return completionEntries != 0 ? completionEntries : Math.min(65536, 4 * entries);
  }

  /// With another number of submission queue entries.
  public RingOptions withEntries(int entries) {
    return new RingOptions(entries, completionEntries, flags, registered, fallback);
  }

  /// With another number of completion queue entries; 0 for four times `entries`.
  public RingOptions withCompletionEntries(int completionEntries) {
    return new RingOptions(entries, completionEntries, flags, registered, fallback);
  }

  /// With exactly these `IORING_SETUP_*`.
  public RingOptions withFlags(int flags) {
    return new RingOptions(entries, completionEntries, flags, registered, fallback);
  }

  /// With these `IORING_SETUP_*` too.
  public RingOptions plusFlags(int flags) {
    return withFlags(this.flags | flags);
  }

  /// With a registered descriptor, or by the plain one.
  public RingOptions withRegistered(boolean registered) {
    return new RingOptions(entries, completionEntries, flags, registered, fallback);
  }

  /// With another answer to older kernels.
  public RingOptions withFallback(boolean fallback) {
    return new RingOptions(entries, completionEntries, flags, registered, fallback);
  }
}
