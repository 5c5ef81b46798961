package dev.ringshot.linux;

import static dev.ringshot.abi.Errno.EINTR;
import static dev.ringshot.abi.Errno.EINVAL;
import static dev.ringshot.abi.IoUring.IORING_ENTER_EXT_ARG;
import static dev.ringshot.abi.IoUring.IORING_ENTER_EXT_ARG_REG;

import dev.ringshot.abi.ErrnoException;
import dev.ringshot.abi.Fcntl;
import dev.ringshot.abi.Kernel;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;

/// The running Linux kernel.
///
/// Safe for use by several threads at once; which thread may use which ring is the kernel's rule
/// (`IORING_SETUP_SINGLE_ISSUER`). A call that waits holds on to its platform thread, also under a
/// virtual one: give a ring a platform thread.
///
/// ## Errors of enter
///
/// Copying `errno` costs an allocation in some starts of the JVM, so [#enter] without a time limit
/// does not ask for it. When that call fails it is made again, once, with `errno` and without
/// waiting. A failed enter has submitted nothing, so the second call can only find
///
/// - the same error: that is the answer;
/// - nothing to complain about, and nothing submitted: the first call was interrupted while it
///   waited, the answer is `-EINTR`;
/// - nothing to complain about, and entries submitted: what stood in the way was temporary
///   (`EAGAIN`), the answer is their number, as after any wait that a signal cut short.
///
/// Two errors vanish by being reported once: `EINTR` itself, which the above finds again, and
/// `EBADR` (completions were lost, because there was no memory for the overflow list). It is
/// answered as `-EINTR`; the ring's `overflow` counter still tells. [#capturing] has neither
/// detour.
public final class LinuxKernel implements Kernel {
  /// Flags of a wait that may end by the clock: the kernel has to say how it ended.
  private static final int TIMED = IORING_ENTER_EXT_ARG | IORING_ENTER_EXT_ARG_REG;

  private final Mappings mappings = new Mappings();
  private final boolean captures;

  /// The kernel as programs use it.
  ///
  /// @throws UnsupportedOperationException on other systems and architectures than Linux on x86-64
  ///   or aarch64
  /// @throws IllegalCallerException if this module was not given native access
  public LinuxKernel() {
    this(false);
  }

  private LinuxKernel(boolean captures) {
    NativeAccess.require();
    this.captures = captures;
  }

  /// The kernel as a test of the kernel uses it: each call is made exactly once and its `errno` is
  /// the kernel's. Throws what the constructor throws.
  public static LinuxKernel capturing() {
    return new LinuxKernel(true);
  }

  /// Why [#setup] failed, with what this machine's settings say about it.
  ///
  /// @param errno the negated result of [#setup]
  public static ErrnoException setupFailure(int errno) {
    var advice = new SetupAdvice(Path.of("/proc")).of(errno);
    return new ErrnoException("io_uring_setup", errno, advice);
  }

  @Override
  public int setup(int entries, long params) {
    return SystemCalls.setup(entries, params);
  }

  @Override
  public int enter(int fd, int toSubmit, int minComplete, int flags, long arg, long argSize) {
    if (captures || (flags & TIMED) != 0) {
      return SystemCalls.enterCapturing(fd, toSubmit, minComplete, flags, arg, argSize);
    }
    int consumed = SystemCalls.enter(fd, toSubmit, minComplete, flags, arg, argSize);
    return consumed == -1 ? reenter(fd, toSubmit, flags, arg, argSize) : consumed;
  }

  private static int reenter(int fd, int toSubmit, int flags, long arg, long argSize) {
    int consumed = SystemCalls.enterCapturing(fd, toSubmit, 0, flags, arg, argSize);
    return consumed == 0 ? -EINTR : consumed;
  }

  @Override
  public int register(int fd, int opcode, long arg, int argCount) {
    return SystemCalls.register(fd, opcode, arg, argCount);
  }

  /// open(2), with `O_CLOEXEC` always: no descriptor of ours outlives this JVM in a child.
  ///
  /// @param path in UTF-8 when it reaches the kernel
  @Override
  public int open(String path, int flags) {
    if (path.indexOf('\0') >= 0) return -EINVAL;
    try (var arena = Arena.ofConfined()) {
      return SystemCalls.open(arena.allocateFrom(path), flags | Fcntl.O_CLOEXEC, 0);
    }
  }

  @Override
  public int close(int fd) {
    return SystemCalls.close(fd);
  }

  /// mmap(2) with `MAP_SHARED`. Any thread may use the segment, and gets an [IllegalStateException]
  /// after [#unmap]. Without [#PROT_WRITE] it is read-only in Java, too.
  @Override
  public MemorySegment map(int fd, long offset, long length, int protection) {
    return mappings.map(fd, offset, length, protection);
  }

  /// munmap(2). A ring lives until its descriptor is closed *and* its mappings are gone; only then
  /// its armed requests end, without a completion.
  ///
  /// @return 0; `-EINVAL` for anything but a segment that [#map] returned and that was not unmapped
  ///   since; `-EBUSY` while a foreign call or a channel's transfer uses the segment: nothing
  ///   happened, call again
  @Override
  public int unmap(MemorySegment mapping) {
    return mappings.unmap(mapping);
  }
}
