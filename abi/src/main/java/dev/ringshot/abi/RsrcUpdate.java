package dev.ringshot.abi;

/// `struct io_uring_rsrc_update2`: what `IORING_REGISTER_FILES_UPDATE2` and
/// `IORING_REGISTER_BUFFERS_UPDATE` take. Its first three fields are `struct io_uring_rsrc_update`,
/// see [FilesUpdate].
public final class RsrcUpdate {
  /// Offset of `offset` (4 bytes): first slot.
  public static final int OFFSET = 0;

  /// Offset of `resv` (4 bytes): zero.
  public static final int RESV = 4;

  /// Offset of `data` (8 bytes): address of the descriptors or [Iovec]s.
  public static final int DATA = 8;

  /// Offset of `tags` (8 bytes): address of as many tags, 8 bytes each, or 0.
  public static final int TAGS = 16;

  /// Offset of `nr` (4 bytes): how many.
  public static final int NR = 24;

  /// Offset of `resv2` (4 bytes): zero.
  public static final int RESV2 = 28;

  /// Size of `struct io_uring_rsrc_update2` in bytes.
  public static final int SIZE = 32;

  private RsrcUpdate() {}
}
