package dev.ringshot.ublk;

import java.util.List;
import java.util.stream.IntStream;

/// Names of what a ublk driver or device can do.
public final class Features {
  private static final List<String> NAMES =
      List.of(
          "SUPPORT_ZERO_COPY",
          "URING_CMD_COMP_IN_TASK",
          "NEED_GET_DATA",
          "USER_RECOVERY",
          "USER_RECOVERY_REISSUE",
          "UNPRIVILEGED_DEV",
          "CMD_IOCTL_ENCODE",
          "USER_COPY",
          "ZONED",
          "USER_RECOVERY_FAIL_IO",
          "UPDATE_SIZE",
          "AUTO_BUF_REG",
          "QUIESCE",
          "PER_IO_DAEMON",
          "BUF_REG_OFF_DAEMON",
          "BATCH_IO",
          "INTEGRITY",
          "SAFE_STOP_DEV",
          "NO_AUTO_PART_SCAN",
          "SHMEM_ZC",
          "IO_DESC_SIZE");

  private Features() {}

  /// The names of `UBLK_F_*`, without the prefix, lowest bit first.
  public static List<String> names(long flags) {
    return IntStream.range(0, Long.SIZE)
        .filter(bit -> (flags >>> bit & 1) != 0)
        .mapToObj(bit -> bit < NAMES.size() ? NAMES.get(bit) : "bit " + bit)
        .toList();
  }
}
