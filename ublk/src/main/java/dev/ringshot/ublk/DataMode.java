package dev.ringshot.ublk;

/// How data gets from a client's pages into a request's memory, and back.
public enum DataMode {
  /// The driver copies.
  COPY,
  /// The server copies, by reading and writing `/dev/ublkcN` on the queue's ring:
  /// `UBLK_F_USER_COPY`, Linux 6.5.
  USER_COPY,
  /// Nobody copies: the driver registers a client's pages with the queue's ring for as long as the
  /// target has the request, and the target's operations have them there: a client's request ends
  /// when those operations have, also if it was failed. `UBLK_F_AUTO_BUF_REG`, Linux 6.16; for
  /// targets that [BlockTarget#takesRegisteredBuffers].
  ZERO_COPY
}
