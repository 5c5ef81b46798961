package dev.ringshot.model.ublk;

import static dev.ringshot.abi.ublk.Ublk.UBLK_F_USER_RECOVERY;
import static dev.ringshot.abi.ublk.Ublk.UBLK_F_USER_RECOVERY_FAIL_IO;
import static dev.ringshot.abi.ublk.Ublk.UBLK_F_USER_RECOVERY_REISSUE;

import org.jspecify.annotations.Nullable;

/// What becomes of a device whose server has gone.
enum Recovery {
  /// It stops, and everything fails.
  NONE,
  /// It waits for another server: what the old one had fails, what comes meanwhile waits.
  REQUEUE,
  /// It waits for another server, which gets what the old one had as well.
  REISSUE,
  /// It waits for another server, and everything fails meanwhile.
  FAIL_IO;

  /// @return null for a combination of flags that means nothing
  static @Nullable Recovery of(long flags) {
    boolean recovers = (flags & UBLK_F_USER_RECOVERY) != 0;
    boolean reissues = (flags & UBLK_F_USER_RECOVERY_REISSUE) != 0;
    boolean fails = (flags & UBLK_F_USER_RECOVERY_FAIL_IO) != 0;
    if (!recovers) return reissues || fails ? null : NONE;
    if (reissues) return fails ? null : REISSUE;
    return fails ? FAIL_IO : REQUEUE;
  }

  /// Whether the disk goes with the server.
  boolean stops() {
    return this == NONE;
  }

  /// Whether requests that come while there is no server wait for one.
  boolean queues() {
    return this == REQUEUE || this == REISSUE;
  }

  /// Whether requests that the server had wait for the next one.
  boolean reissues() {
    return this == REISSUE;
  }
}
