package dev.ringshot.abi.ublk;

/// `struct ublk_batch_io`: the payload of a command for many tags (`UBLK_F_BATCH_IO`), in `cmd` of
/// an SQE for `/dev/ublkcN`; and the elements that its `addr` points to.
///
/// An element is a `struct ublk_elem_header`, then 8 bytes of buffer address with
/// `UBLK_BATCH_F_HAS_BUF_ADDR`, then 8 bytes of zone position with `UBLK_BATCH_F_HAS_ZONE_LBA`: 8,
/// 16 or 24 bytes.
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

  /// Offset of `tag` (2 bytes): which tag.
  public static final int ELEM_TAG = 0;

  /// Offset of `buf_index` (2 bytes): index of registered buffers, with `UBLK_F_AUTO_BUF_REG`.
  public static final int ELEM_BUF_INDEX = 2;

  /// Offset of `result` (4 bytes): bytes done or `-errno`, of a commit.
  public static final int ELEM_RESULT = 4;

  /// Size of `struct ublk_elem_header` in bytes.
  public static final int ELEM_SIZE = 8;

  private BatchIo() {}
}
