package dev.ringshot.abi.ublk;

/// `struct ublk_elem_header`: the head of one element of a command for many tags, see [BatchIo].
///
/// It is followed by 8 bytes of buffer address with `UBLK_BATCH_F_HAS_BUF_ADDR`, then by 8 bytes of
/// zone position with `UBLK_BATCH_F_HAS_ZONE_LBA`: an element has 8, 16 or 24 bytes.
public final class ElemHeader {
  /// Offset of `tag` (2 bytes): which tag.
  public static final int TAG = 0;

  /// Offset of `buf_index` (2 bytes): index of registered buffers, with `UBLK_F_AUTO_BUF_REG`.
  public static final int BUF_INDEX = 2;

  /// Offset of `result` (4 bytes): bytes done or `-errno`, of a commit.
  public static final int RESULT = 4;

  /// Size of `struct ublk_elem_header` in bytes.
  public static final int SIZE = 8;

  private ElemHeader() {}
}
