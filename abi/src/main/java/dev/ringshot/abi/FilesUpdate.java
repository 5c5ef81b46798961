package dev.ringshot.abi;

/// `struct io_uring_files_update`: what `IORING_REGISTER_FILES_UPDATE` takes, and in the same
/// layout `IORING_REGISTER_RING_FDS` and `IORING_UNREGISTER_RING_FDS` (`struct
/// io_uring_rsrc_update`: `data` is a descriptor there).
public final class FilesUpdate {
  /// Offset of `offset` (4 bytes): first slot; of a ring descriptor -1 to allocate.
  public static final int OFFSET = 0;

  /// Offset of `resv` (4 bytes): zero.
  public static final int RESV = 4;

  /// Offset of `fds` (8 bytes): address of the descriptors, 4 bytes each.
  public static final int FDS = 8;

  /// Size of `struct io_uring_files_update` in bytes.
  public static final int SIZE = 16;

  private FilesUpdate() {}
}
