package dev.ringshot.abi;

import static dev.ringshot.abi.IoUring.*;

/// Verbs of [Sqe] that name files by path.
///
/// A path is the address of a zero-terminated string, read when the entry is submitted; it is
/// relative to a directory descriptor, which may be `AT_FDCWD`.
public sealed interface SqePathVerbs permits Sqe {
  /// As [SqeFileVerbs#prepare].
  Sqe prepare(int opcode, int fd, long addr, int len, long off);

  /// `IORING_OP_OPENAT`, see openat(2): completes with a descriptor.
  ///
  /// @param flags `O_*` of [Fcntl]
  /// @param mode permissions of a file that is created
  default Sqe openat(int dirFd, long path, int flags, int mode) {
    return prepare(IORING_OP_OPENAT, dirFd, path, mode, 0).opFlags(flags);
  }

  /// `IORING_OP_OPENAT` into a slot of the registered files.
  ///
  /// @param index of the slot, or `IORING_FILE_INDEX_ALLOC`, which completes with the index
  default Sqe openatDirect(int dirFd, long path, int flags, int mode, int index) {
    return openat(dirFd, path, flags, mode).fileIndex(Sqe.slot(index));
  }

  /// `IORING_OP_STATX`, see statx(2).
  ///
  /// @param flags `AT_*` of [Fcntl]
  /// @param mask `STATX_*` of [Stat]
  /// @param statx address of 256 bytes, laid out as in [Stat]
  default Sqe statx(int dirFd, long path, int flags, int mask, long statx) {
    return prepare(IORING_OP_STATX, dirFd, path, mask, statx).opFlags(flags);
  }
}
