package dev.ringshot.abi;

/// Layouts of provided buffers, see io_uring_provided_buffers(7) and io_uring_register(2).
///
/// A buffer ring is an array of a power of two of `struct io_uring_buf`, at most 32768; its tail, a
/// free-running unsigned 16-bit number, overlays `resv` of the first entry: [#TAIL]. The
/// application writes entries, then stores the tail with release. The head is the kernel's;
/// `IORING_REGISTER_PBUF_STATUS` tells it.
public final class BufferRingLayout {
  /// Offset of `addr` (8 bytes).
  public static final int BUF_ADDR = 0;

  /// Offset of `len` (4 bytes).
  public static final int BUF_LEN = 8;

  /// Offset of `bid` (2 bytes): the buffer's id.
  public static final int BUF_BID = 12;

  /// Offset of `resv` (2 bytes): the ring's tail, in the first entry.
  public static final int BUF_RESV = 14;

  /// Size of `struct io_uring_buf` in bytes.
  public static final int BUF_SIZE = 16;

  /// Offset of `tail` (2 bytes): of the ring.
  public static final int TAIL = 14;

  /// Offset of `ring_addr` (8 bytes): page-aligned; ignored with `IOU_PBUF_RING_MMAP`.
  public static final int REG_RING_ADDR = 0;

  /// Offset of `ring_entries` (4 bytes): a power of two.
  public static final int REG_RING_ENTRIES = 8;

  /// Offset of `bgid` (2 bytes): the group.
  public static final int REG_BGID = 12;

  /// Offset of `flags` (2 bytes): `IOU_PBUF_RING_*`.
  public static final int REG_FLAGS = 14;

  /// Offset of `min_left` (4 bytes): with `IOU_PBUF_RING_INC`, a buffer with fewer bytes left is
  /// used up.
  public static final int REG_MIN_LEFT = 16;

  /// Offset of `resv` (20 bytes): zeros.
  public static final int REG_RESV = 20;

  /// Size of `struct io_uring_buf_reg` in bytes.
  public static final int REG_SIZE = 40;

  /// Offset of `buf_group` (4 bytes), in: the group.
  public static final int STATUS_BUF_GROUP = 0;

  /// Offset of `head` (4 bytes), out: how many buffers were taken, modulo 65536.
  public static final int STATUS_HEAD = 4;

  /// Offset of `resv` (32 bytes): zeros.
  public static final int STATUS_RESV = 8;

  /// Size of `struct io_uring_buf_status` in bytes.
  public static final int STATUS_SIZE = 40;

  private BufferRingLayout() {}
}
