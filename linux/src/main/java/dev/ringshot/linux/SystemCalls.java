package dev.ringshot.linux;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/// The seven system calls of [dev.ringshot.abi.Kernel] as downcalls.
///
/// io_uring's three have no wrapper in libc; they go through `syscall(3)`. Their numbers are among
/// those that are the same on x86-64 and aarch64; for all others libc knows the number. The handles
/// are `static final` and called exactly, addresses travel as numbers: each other form costs more
/// than the transition to native code itself.
final class SystemCalls {
  private static final long SYS_IO_URING_SETUP = 425;
  private static final long SYS_IO_URING_ENTER = 426;
  private static final long SYS_IO_URING_REGISTER = 427;

  private static final Linker.Option VARIADIC = Linker.Option.firstVariadicArg(1);
  private static final FunctionDescriptor ENTER_TYPE =
      FunctionDescriptor.of(
          JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG);

  private static final MethodHandle SETUP =
      Libc.capturing(
          "syscall", FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG), VARIADIC);
  private static final MethodHandle ENTER = Libc.plain("syscall", ENTER_TYPE, VARIADIC);
  private static final MethodHandle ENTER_CAPTURING =
      Libc.capturing("syscall", ENTER_TYPE, VARIADIC);
  private static final MethodHandle REGISTER =
      Libc.capturing(
          "syscall",
          FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG),
          VARIADIC);
  private static final MethodHandle OPEN =
      Libc.capturing(
          "open",
          FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT),
          Linker.Option.firstVariadicArg(2));
  private static final MethodHandle CLOSE =
      Libc.capturing("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
  private static final MethodHandle MMAP =
      Libc.capturing(
          "mmap",
          FunctionDescriptor.of(
              JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG));
  private static final MethodHandle MUNMAP =
      Libc.capturing("munmap", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG));

  private SystemCalls() {}

  static int setup(int entries, long params) {
    var state = Libc.state();
    try {
      var fd = (long) SETUP.invokeExact(state, SYS_IO_URING_SETUP, (long) entries, params);
      return (int) Libc.result(fd, state);
    } catch (Throwable t) {
      throw Libc.unchecked(t);
    }
  }

  /// The hot call: a count, or `-1` for whichever reason. Allocates nothing.
  static int enter(int fd, int toSubmit, int minComplete, int flags, long arg, long argSize) {
    try {
      return (int)
          (long)
              ENTER.invokeExact(
                  SYS_IO_URING_ENTER,
                  (long) fd,
                  (long) toSubmit,
                  (long) minComplete,
                  (long) flags,
                  arg,
                  argSize);
    } catch (Throwable t) {
      throw Libc.unchecked(t);
    }
  }

  /// The same, but `-errno` for a reason. May allocate 40 bytes, as the JIT pleases.
  static int enterCapturing(
      int fd, int toSubmit, int minComplete, int flags, long arg, long argSize) {
    var state = Libc.state();
    try {
      var consumed =
          (long)
              ENTER_CAPTURING.invokeExact(
                  state,
                  SYS_IO_URING_ENTER,
                  (long) fd,
                  (long) toSubmit,
                  (long) minComplete,
                  (long) flags,
                  arg,
                  argSize);
      return (int) Libc.result(consumed, state);
    } catch (Throwable t) {
      throw Libc.unchecked(t);
    }
  }

  static int register(int fd, int opcode, long arg, int argCount) {
    var state = Libc.state();
    try {
      var value =
          (long)
              REGISTER.invokeExact(
                  state, SYS_IO_URING_REGISTER, (long) fd, (long) opcode, arg, (long) argCount);
      return (int) Libc.result(value, state);
    } catch (Throwable t) {
      throw Libc.unchecked(t);
    }
  }

  static int open(MemorySegment path, int flags, int mode) {
    var state = Libc.state();
    try {
      return (int) Libc.result((int) OPEN.invokeExact(state, path, flags, mode), state);
    } catch (Throwable t) {
      throw Libc.unchecked(t);
    }
  }

  static int close(int fd) {
    var state = Libc.state();
    try {
      return (int) Libc.result((int) CLOSE.invokeExact(state, fd), state);
    } catch (Throwable t) {
      throw Libc.unchecked(t);
    }
  }

  /// The address, or `-errno`: an address of user space is never negative.
  static long mmap(long length, int protection, int flags, int fd, long offset) {
    var state = Libc.state();
    try {
      var address = (long) MMAP.invokeExact(state, 0L, length, protection, flags, fd, offset);
      return Libc.result(address, state);
    } catch (Throwable t) {
      throw Libc.unchecked(t);
    }
  }

  static int munmap(long address, long length) {
    var state = Libc.state();
    try {
      return (int) Libc.result((int) MUNMAP.invokeExact(state, address, length), state);
    } catch (Throwable t) {
      throw Libc.unchecked(t);
    }
  }
}
