package dev.ringshot.linux;

import static dev.ringshot.abi.Errno.EFAULT;
import static dev.ringshot.abi.Errno.EINVAL;

import dev.ringshot.abi.Fcntl;
import dev.ringshot.abi.HostFiles;
import dev.ringshot.abi.Stat;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// The files of this machine, through libc. Handles are file descriptors, with `O_CLOEXEC`.
///
/// Buffers must be native memory, of an arena that lets the calling thread use it; anything else is
/// a mistake of the caller's and throws. While a call lasts, the arena of its buffer cannot be
/// closed.
public final class LinuxFiles implements HostFiles {
  private static final long BLKGETSIZE64 = 0x80081272L; // the same on x86-64 and aarch64
  private static final long OWN_POSITION = -1;

  /// The files of this machine.
  ///
  /// @throws UnsupportedOperationException on other systems and architectures than Linux on x86-64
  ///   or aarch64
  /// @throws IllegalCallerException if this module was not given native access
  public LinuxFiles() {
    NativeAccess.require();
  }

  @Override
  public int open(String path, int flags, int mode) {
    return openat(Fcntl.AT_FDCWD, path, flags, mode);
  }

  /// openat(2), with `O_CLOEXEC` always. A path with a NUL character, which Linux has no way to
  /// name, is `-EINVAL`.
  @Override
  public int openat(int dirHandle, String path, int flags, int mode) {
    if (path.indexOf('\0') >= 0) return -EINVAL;
    try (var arena = Arena.ofConfined()) {
      var name = arena.allocateFrom(path);
      return FileCalls.openat(dirHandle, name, flags | Fcntl.O_CLOEXEC, mode);
    }
  }

  @Override
  public int close(int handle) {
    return SystemCalls.close(handle);
  }

  @Override
  public int pread(int handle, MemorySegment buffer, long offset, int length, long position) {
    var target = buffer.asSlice(offset, length);
    try {
      long read =
          position == OWN_POSITION
              ? FileCalls.read(handle, target, length)
              : FileCalls.pread(handle, target, length, position);
      return (int) read;
    } catch (IllegalStateException unmapped) {
      return -EFAULT;
    }
  }

  @Override
  public int pwrite(int handle, MemorySegment buffer, long offset, int length, long position) {
    var source = buffer.asSlice(offset, length);
    try {
      long written =
          position == OWN_POSITION
              ? FileCalls.write(handle, source, length)
              : FileCalls.pwrite(handle, source, length, position);
      return (int) written;
    } catch (IllegalStateException unmapped) {
      return -EFAULT;
    }
  }

  @Override
  public int fdatasync(int handle) {
    return FileCalls.fdatasync(handle);
  }

  @Override
  public int fsync(int handle) {
    return FileCalls.fsync(handle);
  }

  @Override
  public int fallocate(int handle, int mode, long offset, long length) {
    return FileCalls.fallocate(handle, mode, offset, length);
  }

  @Override
  public int ftruncate(int handle, long length) {
    return FileCalls.ftruncate(handle, length);
  }

  /// Leaves the handle's own position where it is.
  @Override
  public long size(int handle) {
    try (var arena = Arena.ofConfined()) {
      var statx = arena.allocate(Stat.SIZE, Long.BYTES);
      int mask = Stat.STATX_TYPE | Stat.STATX_SIZE;
      int result = statx(handle, "", Fcntl.AT_EMPTY_PATH, mask, statx);
      if (result < 0) return result;
      boolean isBlockDevice =
          (Short.toUnsignedInt(statx.get(ValueLayout.JAVA_SHORT, Stat.STX_MODE)) & Stat.S_IFMT)
              == Stat.S_IFBLK;
      return isBlockDevice
          ? deviceSize(handle, arena)
          : statx.get(ValueLayout.JAVA_LONG, Stat.STX_SIZE);
    }
  }

  private static long deviceSize(int handle, Arena arena) {
    var bytes = arena.allocate(ValueLayout.JAVA_LONG);
    int result = FileCalls.ioctl(handle, BLKGETSIZE64, bytes);
    return result < 0 ? result : bytes.get(ValueLayout.JAVA_LONG, 0);
  }

  @Override
  public long seek(int handle, long offset, int whence) {
    return FileCalls.lseek(handle, offset, whence);
  }

  @Override
  public int statx(int dirHandle, String path, int flags, int mask, MemorySegment statx) {
    if (path.indexOf('\0') >= 0) return -EINVAL;
    try (var arena = Arena.ofConfined()) {
      return FileCalls.statx(dirHandle, arena.allocateFrom(path), flags, mask, statx);
    } catch (IllegalStateException unmapped) {
      return -EFAULT;
    }
  }
}
