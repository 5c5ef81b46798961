package dev.ringshot.abi.ublk;

/// `struct ublksrv_io_cmd`: the payload of a command for one tag, in `cmd` of an SQE for
/// `/dev/ublkcN`.
public final class IoCmd {
  /// Offset of `q_id` (2 bytes): which queue.
  public static final int Q_ID = 0;

  /// Offset of `tag` (2 bytes): which tag.
  public static final int TAG = 2;

  /// Offset of `result` (4 bytes): bytes done or `-errno`, of a commit.
  public static final int RESULT = 4;

  /// Offset of `addr` (8 bytes): the server's buffer, or for zero copy an index of registered
  /// buffers.
  public static final int ADDR = 8;

  /// Offset of `zone_append_lba` (8 bytes): where a zone append went, in sectors.
  public static final int ZONE_APPEND_LBA = 8;

  /// Size of `struct ublksrv_io_cmd` in bytes.
  public static final int SIZE = 16;

  private IoCmd() {}
}
