package dev.ringshot.ublk;

/// How data gets from a client's pages into a request's memory, and back.
public enum DataMode {
  /// The driver copies.
  COPY,
  /// The server copies, by reading and writing `/dev/ublkcN` on the queue's ring:
  /// `UBLK_F_USER_COPY`, Linux 6.5.
  USER_COPY
}
