package dev.ringshot.ring;

import static dev.ringshot.abi.Errno.EINVAL;
import static dev.ringshot.abi.Errno.ENOMEM;
import static dev.ringshot.abi.Errno.ENOSYS;
import static dev.ringshot.abi.Errno.EPERM;
import static dev.ringshot.abi.IoUring.*;
import static dev.ringshot.abi.Kernel.PROT_READ;
import static dev.ringshot.abi.Kernel.PROT_WRITE;

import dev.ringshot.abi.Cqe;
import dev.ringshot.abi.ErrnoException;
import dev.ringshot.abi.Kernel;
import dev.ringshot.abi.RingParams;
import java.lang.foreign.MemorySegment;

/// A ring's descriptor and mappings: how they come to be, and how they go.
final class Descriptor {
  private final Kernel kernel;
  private final Scratch scratch;
  private final RingParams params;
  private final int fd;
  private final int flags;
  private final int features;
  private final MemorySegment rings;
  private final MemorySegment entries;
  private int enterFd;
  private int enterFlags;

  /// Sets a ring up and maps it.
  ///
  /// @throws ErrnoException if the kernel refuses; nothing is left open then
  Descriptor(Kernel kernel, Scratch scratch, RingOptions options) {
    this.kernel = kernel;
    this.scratch = scratch;
    params = scratch.params();
    fd = setup(options);
    flags = params.flags();
    features = params.features();
    MemorySegment mapped = null;
    try {
      mapped = map(IORING_OFF_SQ_RING, ringBytes());
      entries = map(IORING_OFF_SQES, (long) params.sqEntries() * entrySize());
    } catch (ErrnoException e) {
      if (mapped != null) kernel.unmap(mapped);
      kernel.close(fd);
      throw e;
    }
    rings = mapped;
    enterFd = fd;
    if (options.registered()) registerDescriptor();
  }

  private int setup(RingOptions options) {
    int result = -EINVAL;
    for (int rung = 0; result == -EINVAL && rung < (options.fallback() ? 4 : 1); rung++) {
      params.clear();
      params.flags(flagsOfRung(options.flags(), rung) | IORING_SETUP_CQSIZE);
      params.cqEntries(options.completionEntriesWanted());
      result = kernel.setup(options.entries(), scratch.paramsAddress());
    }
    if (result < 0) throw new ErrnoException("io_uring_setup", -result, advice(-result, options));
    return result;
  }

  /// What is asked for after `rung` refusals, see [RingOptions#fallback].
  static int flagsOfRung(int flags, int rung) {
    if (rung == 0) return flags;
    if (rung == 1) return flags & ~IORING_SETUP_NO_SQARRAY;
    int needed = flags & ~RingOptions.OPTIONAL;
    if (rung == 3) return needed;
    int kept = flags & IORING_SETUP_SUBMIT_ALL;
    return needed | kept | IORING_SETUP_COOP_TASKRUN | IORING_SETUP_TASKRUN_FLAG;
  }

  private static String advice(int errno, RingOptions options) {
    return switch (errno) {
      case ENOSYS ->
          "no io_uring here: it needs Linux 5.5, and a seccomp filter (as Docker's) may hide it";
      case EPERM ->
          "io_uring is disabled here; see sysctl kernel.io_uring_disabled, or the seccomp filter";
      case ENOMEM -> "no memory for the rings; raise ulimit -l, or ask for fewer entries";
      case EINVAL -> "this kernel cannot do " + options;
      default -> "asked for " + options;
    };
  }

  private long ringBytes() {
    long submission = params.sqOffArray() + 4L * params.sqEntries();
    long completion = params.cqOffCqes() + (long) params.cqEntries() * completionSize();
    return Math.max(submission, completion);
  }

  private int completionSize() {
    return (flags & IORING_SETUP_CQE32) != 0 ? Cqe.SIZE32 : Cqe.SIZE;
  }

  private int entrySize() {
    return SubmissionQueue.entrySize(flags);
  }

  private MemorySegment map(long offset, long length) {
    return kernel.map(fd, offset, length, PROT_READ | PROT_WRITE);
  }

  /// Entering by index saves the kernel a look-up. Where that is unknown (before Linux 5.18) or its
  /// table is full, the descriptor does as well.
  private void registerDescriptor() {
    if (kernel.register(fd, IORING_REGISTER_RING_FDS, scratch.update(-1, fd), 1) != 1) return;
    enterFd = scratch.updatedOffset();
    enterFlags = IORING_ENTER_REGISTERED_RING;
  }

  SubmissionQueue submissions() {
    return new SubmissionQueue(rings, entries, params);
  }

  CompletionQueue completions() {
    return new CompletionQueue(rings, params);
  }

  /// io_uring_enter(2).
  int enter(int toSubmit, int minComplete, int flags) {
    return kernel.enter(enterFd, toSubmit, minComplete, flags | enterFlags, 0, 0);
  }

  /// io_uring_register(2).
  int register(int opcode, long arg, int argCount) {
    return kernel.register(fd, opcode, arg, argCount);
  }

  int fd() {
    return fd;
  }

  /// `IORING_SETUP_*` as granted.
  int flags() {
    return flags;
  }

  /// `IORING_FEAT_*`.
  int features() {
    return features;
  }

  /// Ends the ring. Each of its mappings and its registered index hold it open, so all of them go:
  /// then its armed requests end at once.
  void close() {
    if (enterFlags != 0) {
      kernel.register(fd, IORING_UNREGISTER_RING_FDS, scratch.update(enterFd, 0), 1);
    }
    kernel.unmap(entries);
    kernel.unmap(rings);
    kernel.close(fd);
  }
}
