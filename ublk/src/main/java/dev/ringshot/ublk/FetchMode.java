package dev.ringshot.ublk;

/// How requests come from the driver.
public enum FetchMode {
  /// In batches where the driver offers it, else per tag; and per tag where the device shall
  /// outlive its server. Of a batch that is on its way to a server that is killed, Linux 7.3 copies
  /// tags and data in a kernel thread, which has no user memory (`ublk_batch_tw_cb`): on Debian's
  /// kernel that failed each time it was seen, user-mode Linux panics.
  AUTO,
  /// By multishot commands, many tags a completion, and results in batches: `UBLK_F_BATCH_IO`,
  /// Linux 7.0.
  BATCH,
  /// By one command for each tag.
  PER_TAG
}
