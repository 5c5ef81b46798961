package dev.ringshot.ublk;

import java.util.List;
import java.util.stream.Collectors;
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

  /// All that have a name.
  public static final long KNOWN = (1L << NAMES.size()) - 1;

  /// The first Linux with each, from the lowest bit on; empty where that was not looked up.
  private static final List<String> SINCE =
      List.of(
          "6.15", "6.0", "6.0", "6.1", "6.1", "6.3", "6.4", "6.5", "6.6", "6.13", "6.16", "6.16",
          "6.16", "6.16", "6.17", "7.0", "7.0", "7.0", "7.0", "", "7.3");

  private Features() {}

  /// The first Linux whose driver has a feature, as far as that is known: `7.0`; else empty.
  ///
  /// @param bit of `UBLK_F_*`
  public static String since(int bit) {
    return bit < SINCE.size() ? SINCE.get(bit) : "";
  }

  /// What it takes to have these: `BATCH_IO (Linux 7.0), USER_COPY (Linux 6.5)`.
  public static String needs(long flags) {
    return IntStream.range(0, Long.SIZE)
        .filter(bit -> (flags >>> bit & 1) != 0)
        .mapToObj(Features::need)
        .collect(Collectors.joining(", "));
  }

  private static String need(int bit) {
    String since = since(bit);
    return name(bit) + (since.isEmpty() ? "" : " (Linux " + since + ")");
  }

  /// The name of one `UBLK_F_*`, without the prefix; `bit 40` if it has none.
  public static String name(int bit) {
    return bit < NAMES.size() ? NAMES.get(bit) : "bit " + bit;
  }

  /// The names of `UBLK_F_*`, without the prefix, lowest bit first.
  public static List<String> names(long flags) {
    return IntStream.range(0, Long.SIZE)
        .filter(bit -> (flags >>> bit & 1) != 0)
        .mapToObj(Features::name)
        .toList();
  }
}
