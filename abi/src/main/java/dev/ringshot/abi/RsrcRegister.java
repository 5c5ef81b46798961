package dev.ringshot.abi;

/// `struct io_uring_rsrc_register`: what `IORING_REGISTER_FILES2` and `IORING_REGISTER_BUFFERS2`
/// take.
public final class RsrcRegister {
  /// Offset of `nr` (4 bytes): number of slots.
  public static final int NR = 0;

  /// Offset of `flags` (4 bytes): `IORING_RSRC_REGISTER_SPARSE`.
  public static final int FLAGS = 4;

  /// Offset of `resv2` (8 bytes): zero.
  public static final int RESV2 = 8;

  /// Offset of `data` (8 bytes): address of the descriptors or [Iovec]s.
  public static final int DATA = 16;

  /// Offset of `tags` (8 bytes): address of as many tags, 8 bytes each, or 0.
  public static final int TAGS = 24;

  /// Size of `struct io_uring_rsrc_register` in bytes.
  public static final int SIZE = 32;

  private RsrcRegister() {}
}
