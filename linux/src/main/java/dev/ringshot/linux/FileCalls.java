package dev.ringshot.linux;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/// The system calls of [LinuxFiles] as downcalls; each answers a value or `-errno`.
///
/// Buffers travel as segments, not as numbers: the linker then keeps their memory mapped while the
/// call lasts.
final class FileCalls {
  private static final MethodHandle OPENAT =
      Libc.capturing(
          "openat",
          FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT),
          Linker.Option.firstVariadicArg(3));
  private static final MethodHandle READ =
      Libc.capturing("read", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG));
  private static final MethodHandle PREAD =
      Libc.capturing(
          "pread", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_LONG));
  private static final MethodHandle WRITE =
      Libc.capturing("write", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG));
  private static final MethodHandle PWRITE =
      Libc.capturing(
          "pwrite", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_LONG));
  private static final MethodHandle FDATASYNC =
      Libc.capturing("fdatasync", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
  private static final MethodHandle FSYNC =
      Libc.capturing("fsync", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
  private static final MethodHandle FALLOCATE =
      Libc.capturing(
          "fallocate", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG));
  private static final MethodHandle FTRUNCATE =
      Libc.capturing("ftruncate", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG));
  private static final MethodHandle LSEEK =
      Libc.capturing("lseek", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_INT));
  private static final MethodHandle STATX =
      Libc.capturing(
          "statx", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT, ADDRESS));
  private static final MethodHandle IOCTL =
      Libc.capturing(
          "ioctl",
          FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, ADDRESS),
          Linker.Option.firstVariadicArg(2));

  private FileCalls() {}

  static int openat(int directory, MemorySegment path, int flags, int mode) {
    var state = Libc.state();
    try {
      return (int)
          Libc.result((int) OPENAT.invokeExact(state, directory, path, flags, mode), state);
    } catch (Throwable t) {
      throw Libc.unchecked(t);
    }
  }

  static long read(int fd, MemorySegment buffer, long length) {
    var state = Libc.state();
    try {
      return Libc.result((long) READ.invokeExact(state, fd, buffer, length), state);
    } catch (Throwable t) {
      throw Libc.unchecked(t);
    }
  }

  static long pread(int fd, MemorySegment buffer, long length, long position) {
    var state = Libc.state();
    try {
      return Libc.result((long) PREAD.invokeExact(state, fd, buffer, length, position), state);
    } catch (Throwable t) {
      throw Libc.unchecked(t);
    }
  }

  static long write(int fd, MemorySegment buffer, long length) {
    var state = Libc.state();
    try {
      return Libc.result((long) WRITE.invokeExact(state, fd, buffer, length), state);
    } catch (Throwable t) {
      throw Libc.unchecked(t);
    }
  }

  static long pwrite(int fd, MemorySegment buffer, long length, long position) {
    var state = Libc.state();
    try {
      return Libc.result((long) PWRITE.invokeExact(state, fd, buffer, length, position), state);
    } catch (Throwable t) {
      throw Libc.unchecked(t);
    }
  }

  static int fdatasync(int fd) {
    var state = Libc.state();
    try {
      return (int) Libc.result((int) FDATASYNC.invokeExact(state, fd), state);
    } catch (Throwable t) {
      throw Libc.unchecked(t);
    }
  }

  static int fsync(int fd) {
    var state = Libc.state();
    try {
      return (int) Libc.result((int) FSYNC.invokeExact(state, fd), state);
    } catch (Throwable t) {
      throw Libc.unchecked(t);
    }
  }

  static int fallocate(int fd, int mode, long offset, long length) {
    var state = Libc.state();
    try {
      return (int) Libc.result((int) FALLOCATE.invokeExact(state, fd, mode, offset, length), state);
    } catch (Throwable t) {
      throw Libc.unchecked(t);
    }
  }

  static int ftruncate(int fd, long length) {
    var state = Libc.state();
    try {
      return (int) Libc.result((int) FTRUNCATE.invokeExact(state, fd, length), state);
    } catch (Throwable t) {
      throw Libc.unchecked(t);
    }
  }

  static long lseek(int fd, long offset, int whence) {
    var state = Libc.state();
    try {
      return Libc.result((long) LSEEK.invokeExact(state, fd, offset, whence), state);
    } catch (Throwable t) {
      throw Libc.unchecked(t);
    }
  }

  static int statx(int directory, MemorySegment path, int flags, int mask, MemorySegment statx) {
    var state = Libc.state();
    try {
      return (int)
          Libc.result((int) STATX.invokeExact(state, directory, path, flags, mask, statx), state);
    } catch (Throwable t) {
      throw Libc.unchecked(t);
    }
  }

  static int ioctl(int fd, long request, MemorySegment argument) {
    var state = Libc.state();
    try {
      return (int) Libc.result((int) IOCTL.invokeExact(state, fd, request, argument), state);
    } catch (Throwable t) {
      throw Libc.unchecked(t);
    }
  }
}
