package dev.ringshot.model;

import static dev.ringshot.abi.Errno.EFAULT;
import static dev.ringshot.abi.Errno.EINVAL;
import static dev.ringshot.abi.Errno.EMFILE;
import static dev.ringshot.abi.Errno.EOVERFLOW;
import static dev.ringshot.abi.IoUring.*;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.ringshot.abi.ErrnoException;
import dev.ringshot.abi.Fcntl;
import dev.ringshot.abi.RingParams;
import java.lang.foreign.MemorySegment;

/// io_uring_setup(2).
final class RingSetup {
  /// `IORING_MAX_ENTRIES`.
  static final int SQ_ENTRIES_MAX = 32768;

  private static final int CQ_ENTRIES_MAX = 2 * SQ_ENTRIES_MAX;

  /// `IORING_FEAT_*`, all that there are.
  static final int FEATURES = 0x3ffff;

  private static final int FLAGS =
      IORING_SETUP_CQSIZE
          | IORING_SETUP_CLAMP
          | IORING_SETUP_R_DISABLED
          | IORING_SETUP_SUBMIT_ALL
          | IORING_SETUP_COOP_TASKRUN
          | IORING_SETUP_TASKRUN_FLAG
          | IORING_SETUP_SQE128
          | IORING_SETUP_CQE32
          | IORING_SETUP_SINGLE_ISSUER
          | IORING_SETUP_DEFER_TASKRUN
          | IORING_SETUP_NO_MMAP
          | IORING_SETUP_NO_SQARRAY;

  private RingSetup() {}

  static int setup(ModelKernel kernel, Task task, int entries, long address) {
    var params = kernel.memory().read(address, RingParams.SIZE);
    if (params == null) return -EFAULT;
    for (int at = RingParams.RESV; at < RingParams.SQ_OFF; at += 4) {
      if (params.get(JAVA_INT, at) != 0) return -EINVAL;
    }
    int flags = params.get(JAVA_INT, RingParams.FLAGS);
    if ((flags & ~knownFlags(kernel)) != 0 || !areFlagsValid(flags)) return -EINVAL;
    int sqEntries = sqEntries(entries, flags);
    if (sqEntries < 0) return sqEntries;
    int cqEntries = cqEntries(params.get(JAVA_INT, RingParams.CQ_ENTRIES), sqEntries, flags);
    if (cqEntries < 0) return cqEntries;

    var layout = new RingLayout(sqEntries, cqEntries, flags);
    if ((layout.isCqeMixed() && cqEntries < 2) || (layout.isSqeMixed() && sqEntries < 2))
      return -EOVERFLOW;
    var areas = Areas.of(kernel, layout, params);
    if (areas.error != 0) return areas.error;
    initialise(areas.rings, layout);
    var ring = new RingContext(kernel, layout, areas.rings, areas.sqes);
    boolean single = (flags & IORING_SETUP_SINGLE_ISSUER) != 0;
    if (single && !ring.isDisabled()) ring.submitter(task);

    answer(params, layout);
    if (kernel.memory().copyTo(address, params, 0, RingParams.SIZE) != 0) return -EFAULT;
    int fd =
        kernel.files().install(new OpenFile(ring, "[io_uring]", Fcntl.O_RDWR | Fcntl.O_CLOEXEC));
    return fd < 0 ? -EMFILE : fd;
  }

  /// The flags that a ring of this kernel may have.
  static int knownFlags(ModelKernel kernel) {
    var release = kernel.options().release();
    int mixed = release.hasMixedCqes() ? IORING_SETUP_CQE_MIXED : 0;
    int since7 = IORING_SETUP_SQE_MIXED | IORING_SETUP_SQ_REWIND;
    return FLAGS | mixed | (release.hasMixedSqes() ? since7 : 0);
  }

  private static boolean areFlagsValid(int flags) {
    if (hasAll(flags, IORING_SETUP_CQE32 | IORING_SETUP_CQE_MIXED)) return false;
    if (hasAll(flags, IORING_SETUP_SQE128 | IORING_SETUP_SQE_MIXED)) return false;
    if ((flags & IORING_SETUP_SQ_REWIND) != 0 && (flags & IORING_SETUP_NO_SQARRAY) == 0)
      return false;
    boolean deferred = (flags & IORING_SETUP_DEFER_TASKRUN) != 0;
    boolean cooperative = (flags & IORING_SETUP_COOP_TASKRUN) != 0;
    if ((flags & IORING_SETUP_TASKRUN_FLAG) != 0 && !deferred && !cooperative) return false;
    return !deferred || (flags & IORING_SETUP_SINGLE_ISSUER) != 0;
  }

  private static boolean hasAll(int flags, int both) {
    return (flags & both) == both;
  }

  private static int sqEntries(int wanted, int flags) {
    if (wanted == 0) return -EINVAL;
    if (Integer.compareUnsigned(wanted, SQ_ENTRIES_MAX) <= 0) return roundUp(wanted);
    return (flags & IORING_SETUP_CLAMP) != 0 ? SQ_ENTRIES_MAX : -EINVAL;
  }

  private static int cqEntries(int wanted, int sqEntries, int flags) {
    if ((flags & IORING_SETUP_CQSIZE) == 0) return 2 * sqEntries;
    if (wanted == 0) return -EINVAL;
    if (Integer.compareUnsigned(wanted, CQ_ENTRIES_MAX) > 0) {
      return (flags & IORING_SETUP_CLAMP) != 0 ? CQ_ENTRIES_MAX : -EINVAL;
    }
    int entries = roundUp(wanted);
    return entries < sqEntries ? -EINVAL : entries;
  }

  private static int roundUp(int count) {
    return count == 1 ? 1 : Integer.highestOneBit(count - 1) << 1;
  }

  /// The ring's memory: the kernel's own, or the program's with `IORING_SETUP_NO_MMAP`.
  private record Areas(MemorySegment rings, MemorySegment sqes, int error) {
    static Areas of(ModelKernel kernel, RingLayout layout, MemorySegment params) {
      if ((layout.setupFlags() & IORING_SETUP_NO_MMAP) == 0) {
        return ours(layout);
      }
      long ringAddress = params.get(JAVA_LONG, RingParams.CQ_OFF_USER_ADDR);
      long sqeAddress = params.get(JAVA_LONG, RingParams.SQ_OFF_USER_ADDR);
      var rings = theirs(kernel, ringAddress, layout.ringBytes());
      if (rings.error != 0) return rings;
      var sqes = theirs(kernel, sqeAddress, layout.sqesBytes());
      return sqes.error != 0 ? sqes : new Areas(rings.rings, sqes.rings, 0);
    }

    private static Areas ours(RingLayout layout) {
      try {
        return new Areas(
            UserMemory.allocate(layout.ringBytes()), UserMemory.allocate(layout.sqesBytes()), 0);
      } catch (ErrnoException e) {
        return refused(-e.errno());
      }
    }

    private static Areas theirs(ModelKernel kernel, long address, long bytes) {
      if (address == 0) return refused(-EFAULT);
      if ((address & (UserMemory.PAGE - 1)) != 0) return refused(-EINVAL);
      var mapping = kernel.memory().find(address, bytes);
      if (mapping == null || !mapping.writable) return refused(-EFAULT);
      var memory = mapping.memory.asSlice(address - mapping.start, bytes);
      return new Areas(memory, memory, 0);
    }

    private static Areas refused(int error) {
      return new Areas(MemorySegment.NULL, MemorySegment.NULL, error);
    }
  }

  private static void initialise(MemorySegment rings, RingLayout layout) {
    rings.set(JAVA_INT, RingLayout.SQ_RING_MASK, layout.sqEntries() - 1);
    rings.set(JAVA_INT, RingLayout.SQ_RING_ENTRIES, layout.sqEntries());
    rings.set(JAVA_INT, RingLayout.CQ_RING_MASK, layout.cqEntries() - 1);
    rings.set(JAVA_INT, RingLayout.CQ_RING_ENTRIES, layout.cqEntries());
  }

  private static void answer(MemorySegment params, RingLayout layout) {
    params.set(JAVA_INT, RingParams.SQ_ENTRIES, layout.sqEntries());
    params.set(JAVA_INT, RingParams.CQ_ENTRIES, layout.cqEntries());
    params.set(JAVA_INT, RingParams.FEATURES, FEATURES);
    params.set(JAVA_INT, RingParams.SQ_OFF_HEAD, RingLayout.SQ_HEAD);
    params.set(JAVA_INT, RingParams.SQ_OFF_TAIL, RingLayout.SQ_TAIL);
    params.set(JAVA_INT, RingParams.SQ_OFF_RING_MASK, RingLayout.SQ_RING_MASK);
    params.set(JAVA_INT, RingParams.SQ_OFF_RING_ENTRIES, RingLayout.SQ_RING_ENTRIES);
    params.set(JAVA_INT, RingParams.SQ_OFF_FLAGS, RingLayout.SQ_FLAGS);
    params.set(JAVA_INT, RingParams.SQ_OFF_DROPPED, RingLayout.SQ_DROPPED);
    params.set(JAVA_INT, RingParams.SQ_OFF_ARRAY, (int) layout.sqArrayOffset());
    params.set(JAVA_INT, RingParams.SQ_OFF_RESV1, 0);
    params.set(JAVA_INT, RingParams.CQ_OFF_HEAD, RingLayout.CQ_HEAD);
    params.set(JAVA_INT, RingParams.CQ_OFF_TAIL, RingLayout.CQ_TAIL);
    params.set(JAVA_INT, RingParams.CQ_OFF_RING_MASK, RingLayout.CQ_RING_MASK);
    params.set(JAVA_INT, RingParams.CQ_OFF_RING_ENTRIES, RingLayout.CQ_RING_ENTRIES);
    params.set(JAVA_INT, RingParams.CQ_OFF_OVERFLOW, RingLayout.CQ_OVERFLOW);
    params.set(JAVA_INT, RingParams.CQ_OFF_CQES, RingLayout.CQES);
    params.set(JAVA_INT, RingParams.CQ_OFF_FLAGS, RingLayout.CQ_FLAGS);
    params.set(JAVA_INT, RingParams.CQ_OFF_RESV1, 0);
    if ((layout.setupFlags() & IORING_SETUP_NO_MMAP) != 0) return;
    params.set(JAVA_LONG, RingParams.SQ_OFF_USER_ADDR, 0L);
    params.set(JAVA_LONG, RingParams.CQ_OFF_USER_ADDR, 0L);
  }

  /// A multishot command that came through no ring a program has.
  static UringCmd strayCommand(ModelKernel kernel, Task task, int op) {
    var layout = new RingLayout(1, 2, 0);
    var sqes = UserMemory.allocate(layout.sqesBytes());
    var ring = new RingContext(kernel, layout, UserMemory.allocate(layout.ringBytes()), sqes);
    sqes.set(JAVA_INT, 8, op);
    sqes.set(JAVA_INT, 28, IORING_URING_CMD_MULTISHOT);
    return new UringCmd(new Request(ring, task).decode(sqes, 0, false));
  }
}
