package dev.ringshot.ublk;

/// How requests come from the driver.
public enum FetchMode {
  /// In batches where the driver offers it, else per tag.
  AUTO,
  /// By multishot commands, many tags a completion, and results in batches: `UBLK_F_BATCH_IO`,
  /// Linux 7.0.
  BATCH,
  /// By one command for each tag.
  PER_TAG
}
