package dev.ringshot.ublk;

import static dev.ringshot.abi.ublk.Ublk.*;

/// What becomes of a device whose server dies.
public enum Recovery {
  /// It goes, and its requests fail.
  NONE(0),
  /// It waits for a new server. Requests that the old one had fail, new ones wait.
  WAIT(UBLK_F_USER_RECOVERY),
  /// It waits for a new server. Requests that the old one had are issued again: what they do twice
  /// must be what they do once.
  REISSUE(UBLK_F_USER_RECOVERY | UBLK_F_USER_RECOVERY_REISSUE),
  /// It waits for a new server. Until that comes all requests fail.
  FAIL_IO(UBLK_F_USER_RECOVERY | UBLK_F_USER_RECOVERY_FAIL_IO);

  private final long flags;

  Recovery(long flags) {
    this.flags = flags;
  }

  /// `UBLK_F_*` that ask for it.
  public long flags() {
    return flags;
  }

  /// What a device has.
  ///
  /// @param flags `UBLK_F_*`
  public static Recovery of(long flags) {
    if ((flags & UBLK_F_USER_RECOVERY_REISSUE) != 0) return REISSUE;
    if ((flags & UBLK_F_USER_RECOVERY_FAIL_IO) != 0) return FAIL_IO;
    return (flags & UBLK_F_USER_RECOVERY) != 0 ? WAIT : NONE;
  }
}
