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

  /// `IORING_OP_OPENAT2`, see openat2(2): completes with a descriptor.
  ///
  /// @param openHow address of a `struct open_how`, read when submitted
  /// @param size of that structure in bytes
  default Sqe openat2(int dirFd, long path, long openHow, int size) {
    return prepare(IORING_OP_OPENAT2, dirFd, path, size, openHow);
  }

  /// `IORING_OP_RENAMEAT`, see renameat2(2).
  ///
  /// @param flags `RENAME_*`
  default Sqe renameat(int oldDirFd, long oldPath, int newDirFd, long newPath, int flags) {
    return prepare(IORING_OP_RENAMEAT, oldDirFd, oldPath, newDirFd, newPath).opFlags(flags);
  }

  /// `IORING_OP_UNLINKAT`, see unlinkat(2).
  ///
  /// @param flags `AT_REMOVEDIR` for rmdir(2), or 0
  default Sqe unlinkat(int dirFd, long path, int flags) {
    return prepare(IORING_OP_UNLINKAT, dirFd, path, 0, 0).opFlags(flags);
  }

  /// `IORING_OP_MKDIRAT`, see mkdirat(2).
  ///
  /// @param mode permissions
  default Sqe mkdirat(int dirFd, long path, int mode) {
    return prepare(IORING_OP_MKDIRAT, dirFd, path, mode, 0);
  }

  /// `IORING_OP_SYMLINKAT`, see symlinkat(2).
  ///
  /// @param target address of what the link says
  /// @param path of the link
  default Sqe symlinkat(long target, int dirFd, long path) {
    return prepare(IORING_OP_SYMLINKAT, dirFd, target, 0, path);
  }

  /// `IORING_OP_LINKAT`, see linkat(2).
  ///
  /// @param flags `AT_*` of [Fcntl]
  default Sqe linkat(int oldDirFd, long oldPath, int newDirFd, long newPath, int flags) {
    return prepare(IORING_OP_LINKAT, oldDirFd, oldPath, newDirFd, newPath).opFlags(flags);
  }

  /// `IORING_OP_GETXATTR`, see getxattr(2): completes with the length.
  default Sqe getxattr(long path, long name, long value, int length) {
    return prepare(IORING_OP_GETXATTR, 0, name, length, value).addr3(path);
  }

  /// `IORING_OP_SETXATTR`, see setxattr(2).
  ///
  /// @param flags `XATTR_*`
  default Sqe setxattr(long path, long name, long value, int length, int flags) {
    return prepare(IORING_OP_SETXATTR, 0, name, length, value).addr3(path).opFlags(flags);
  }
}
