package dev.ringshot.abi;

/// `struct io_uring_file_index_range`: what `IORING_REGISTER_FILE_ALLOC_RANGE` takes.
public final class FileIndexRange {
  /// Offset of `off` (4 bytes): first slot.
  public static final int OFF = 0;

  /// Offset of `len` (4 bytes): how many.
  public static final int LEN = 4;

  /// Offset of `resv` (8 bytes): zero.
  public static final int RESV = 8;

  /// Size of `struct io_uring_file_index_range` in bytes.
  public static final int SIZE = 16;

  private FileIndexRange() {}
}
