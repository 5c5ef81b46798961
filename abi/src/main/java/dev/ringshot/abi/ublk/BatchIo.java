package dev.ringshot.abi.ublk;

/// `struct ublk_batch_io`: the payload of a command for many tags (`UBLK_F_BATCH_IO`), in `cmd` of
/// an SQE for `/dev/ublkcN`. Its `addr` points to elements, see [ElemHeader].
public final class BatchIo {
  /// Offset of `q_id` (2 bytes): which queue.
  public static final int Q_ID = 0;

  /// Offset of `flags` (2 bytes): `UBLK_BATCH_F_*`.
  public static final int FLAGS = 2;

  /// Offset of `nr_elem` (2 bytes): number of elements.
  public static final int NR_ELEM = 4;

  /// Offset of `elem_bytes` (1 byte): size of each; 2, a tag, for `UBLK_U_IO_FETCH_IO_CMDS`.
  public static final int ELEM_BYTES = 6;

  /// Offset of `reserved` (1 byte): zero.
  public static final int RESERVED = 7;

  /// Offset of `reserved2` (8 bytes): zero.
  public static final int RESERVED2 = 8;

  /// Size of `struct ublk_batch_io` in bytes.
  public static final int SIZE = 16;

  private BatchIo() {}
}
