package dev.ringshot.abi;

import java.lang.foreign.MemorySegment;

/// Files of the machine that a kernel in Java runs on, in the words of system calls.
///
/// Results are a value or `-errno`; nothing throws for reasons of I/O. What an implementation
/// cannot do answers `-EOPNOTSUPP`, as some file systems do. A handle is its own small number,
/// valid until [#close]. Flags, modes and layouts are those of Linux ([Fcntl], [Stat]) on every
/// machine. Any thread may call anything at any time.
public interface HostFiles {
  /// open(2).
  ///
  /// @param flags `O_*` of [Fcntl]
  /// @param mode permissions of a file that is created
  /// @return a handle or `-errno`
  int open(String path, int flags, int mode);

  /// openat(2).
  ///
  /// @param dirHandle a directory that [#open] gave, or `AT_FDCWD`
  /// @return a handle or `-errno`
  int openat(int dirHandle, String path, int flags, int mode);

  /// close(2).
  ///
  /// @return 0 or `-errno`
  int close(int handle);

  /// pread(2), or read(2).
  ///
  /// @param buffer where to; may be called with memory that is unmapped meanwhile, which is
  ///   `-EFAULT`
  /// @param offset in `buffer`, in bytes
  /// @param length bytes at most
  /// @param position in the file, in bytes; -1 for its own, which then moves
  /// @return bytes read, 0 at the end, or `-errno`
  int pread(int handle, MemorySegment buffer, long offset, int length, long position);

  /// pwrite(2), or write(2); as [#pread].
  ///
  /// @return bytes written or `-errno`
  int pwrite(int handle, MemorySegment buffer, long offset, int length, long position);

  /// fdatasync(2).
  ///
  /// @return 0 or `-errno`
  int fdatasync(int handle);

  /// fsync(2).
  ///
  /// @return 0 or `-errno`
  int fsync(int handle);

  /// fallocate(2).
  ///
  /// @param mode `FALLOC_FL_*` of [Fcntl]
  /// @return 0 or `-errno`
  int fallocate(int handle, int mode, long offset, long length);

  /// ftruncate(2).
  ///
  /// @return 0 or `-errno`
  int ftruncate(int handle, long length);

  /// The size of a file, or of a block device.
  ///
  /// @return bytes or `-errno`
  long size(int handle);

  /// lseek(2).
  ///
  /// @param whence `SEEK_*` of [Fcntl]
  /// @return the new position in bytes, or `-errno`
  long seek(int handle, long offset, int whence);

  /// statx(2).
  ///
  /// @param dirHandle a handle, or `AT_FDCWD`
  /// @param path relative to it; empty with `AT_EMPTY_PATH`
  /// @param flags `AT_*` of [Fcntl]
  /// @param mask `STATX_*` of [Stat]
  /// @param statx 256 bytes, filled in as in [Stat]
  /// @return 0 or `-errno`
  int statx(int dirHandle, String path, int flags, int mask, MemorySegment statx);
}
