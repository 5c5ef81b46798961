package dev.ringshot.model.ublk;

import static dev.ringshot.abi.ublk.Ublk.*;

import dev.ringshot.model.Release;

/// Which `UBLK_F_*` the driver of a release offers, as far as they are modelled.
final class Features {
  private static final long NOT_MODELLED = UBLK_F_ZONED | UBLK_F_INTEGRITY | UBLK_F_SHMEM_ZC;
  private static final long UNTIL_6_18 = UBLK_F_BATCH_IO - 1;
  private static final long UNTIL_7_3 = (UBLK_F_IO_DESC_SIZE << 1) - 1;

  /// What every device has, asked for or not.
  private static final long ALWAYS =
      UBLK_F_CMD_IOCTL_ENCODE
          | UBLK_F_URING_CMD_COMP_IN_TASK
          | UBLK_F_PER_IO_DAEMON
          | UBLK_F_BUF_REG_OFF_DAEMON
          | UBLK_F_SAFE_STOP_DEV;

  private static final long OWN_BUFFERS =
      UBLK_F_USER_COPY | UBLK_F_SUPPORT_ZERO_COPY | UBLK_F_AUTO_BUF_REG;

  private Features() {}

  /// `UBLK_F_ALL`.
  static long of(Release release) {
    return switch (release) {
      case LINUX_6_17, PATCH_V4, LINUX_6_18 -> UNTIL_6_18 & ~NOT_MODELLED;
      case LINUX_7_3 -> UNTIL_7_3 & ~NOT_MODELLED;
    };
  }

  /// Whether a device may ask for these flags together with integrity data.
  static boolean allowsIntegrity(Release release, long flags) {
    return release != Release.LINUX_7_3 || (flags & UBLK_F_USER_COPY) != 0;
  }

  /// What a device has for which `asked` was asked.
  static long negotiate(Release release, long asked) {
    long flags = (asked | ALWAYS) & of(release);
    if ((flags & UBLK_F_BATCH_IO) != 0) flags &= ~UBLK_F_PER_IO_DAEMON;
    if ((flags & (OWN_BUFFERS | UBLK_F_BATCH_IO)) != 0) flags &= ~UBLK_F_NEED_GET_DATA;
    return flags;
  }

  /// Whether the driver copies between requests and the server's memory.
  static boolean copies(long flags) {
    return (flags & OWN_BUFFERS) == 0;
  }
}
