package dev.ringshot.linux;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.ringshot.abi.ErrnoException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.BitSet;

/// What a server asks of Linux for its own process and threads. For programs only: no other module
/// of the library calls it.
///
/// Each method throws [UnsupportedOperationException] where Linux is not, and
/// [IllegalCallerException] without native access.
public final class LinuxProcess {
  private static final int PR_SET_IO_FLUSHER = 57;
  private static final int MCL_CURRENT = 1;
  private static final int MCL_FUTURE = 2;
  private static final int MCL_ONFAULT = 4;
  private static final int CALLING_THREAD = 0;
  private static final int CPUS_MAX = 8192; // more than Linux can be built for

  private LinuxProcess() {}

  /// prctl(2) `PR_SET_IO_FLUSHER`: allocating memory never waits for dirty pages to be written, so
  /// that the server of a block device cannot come to wait for itself. Holds for the calling thread
  /// and for those that it starts afterwards.
  ///
  /// @throws ErrnoException `EPERM` without CAP_SYS_RESOURCE, `EINVAL` before Linux 5.6
  public static void setIoFlusher() {
    NativeAccess.require();
    check(
        "prctl(PR_SET_IO_FLUSHER)",
        Calls.setIoFlusher(),
        "run with CAP_SYS_RESOURCE, on Linux 5.6 or later");
  }

  /// mlockall(2) with `MCL_CURRENT | MCL_FUTURE | MCL_ONFAULT`: a page stays in memory from its
  /// first use on. Counts all reserved address space against the limit of locked memory, the heap's
  /// maximum included.
  ///
  /// @throws ErrnoException `EPERM` or `ENOMEM` if that limit is too low
  public static void lockMemory() {
    NativeAccess.require();
    check(
        "mlockall",
        Calls.mlockall(MCL_CURRENT | MCL_FUTURE | MCL_ONFAULT),
        "run with CAP_IPC_LOCK, or raise ulimit -l");
  }

  /// chdir(2), for who goes by the kernel: a daemon must not keep the folder in use that it was
  /// started in. Java goes on to look for relative paths in the old one, or in either.
  ///
  /// @param path of the folder, absolute
  /// @throws ErrnoException `ENOENT`, `EACCES` and the like
  public static void changeFolder(String path) {
    NativeAccess.require();
    try (var arena = Arena.ofConfined()) {
      check("chdir", Calls.chdir(arena.allocateFrom(path)), path);
    }
  }

  /// sched_setaffinity(2) of the calling thread, which should be a platform thread.
  ///
  /// @param cpus the processors that it may run on
  /// @throws ErrnoException `EINVAL` if this process may use none of them
  public static void setAffinity(BitSet cpus) {
    setAffinity(CALLING_THREAD, cpus);
  }

  /// sched_setaffinity(2) of any thread.
  ///
  /// @param thread its number (`gettid(2)`)
  /// @param cpus the processors that it may run on
  /// @throws ErrnoException `EINVAL` if it may use none of them, `ESRCH` if there is no such
  ///   thread, `EPERM` if it is somebody else's
  public static void setAffinity(int thread, BitSet cpus) {
    NativeAccess.require();
    try (var arena = Arena.ofConfined()) {
      var mask = arena.allocate(CPUS_MAX / Byte.SIZE, Long.BYTES);
      var words = cpus.toLongArray();
      MemorySegment.copy(
          words, 0, mask, ValueLayout.JAVA_LONG, 0, Math.min(words.length, CPUS_MAX / Long.SIZE));
      check(
          "sched_setaffinity",
          Calls.setAffinity(thread, mask),
          "none of the processors " + cpus + " may be used here; see taskset -p");
    }
  }

  /// sched_getaffinity(2) of the calling thread: the processors that it may run on.
  public static BitSet affinity() {
    NativeAccess.require();
    try (var arena = Arena.ofConfined()) {
      var mask = arena.allocate(CPUS_MAX / Byte.SIZE, Long.BYTES);
      check("sched_getaffinity", Calls.affinity(mask), "more processors than " + CPUS_MAX);
      return BitSet.valueOf(mask.toArray(ValueLayout.JAVA_LONG));
    }
  }

  private static void check(String call, long result, String advice) {
    if (result < 0) throw new ErrnoException(call, (int) -result, advice);
  }

  /// The downcalls, bound when the first of them is made.
  private static final class Calls {
    private static final MethodHandle PRCTL =
        Libc.capturing(
            "prctl",
            FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG),
            Linker.Option.firstVariadicArg(1));
    private static final MethodHandle MLOCKALL =
        Libc.capturing("mlockall", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
    private static final MethodHandle CHDIR =
        Libc.capturing("chdir", FunctionDescriptor.of(JAVA_INT, ADDRESS));
    private static final FunctionDescriptor AFFINITY =
        FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, ADDRESS);
    private static final MethodHandle SET_AFFINITY = Libc.capturing("sched_setaffinity", AFFINITY);
    private static final MethodHandle GET_AFFINITY = Libc.capturing("sched_getaffinity", AFFINITY);

    static long setIoFlusher() {
      var state = Libc.state();
      try {
        return Libc.result(
            (int) PRCTL.invokeExact(state, PR_SET_IO_FLUSHER, 1L, 0L, 0L, 0L), state);
      } catch (Throwable t) {
        throw Libc.unchecked(t);
      }
    }

    static long mlockall(int flags) {
      var state = Libc.state();
      try {
        return Libc.result((int) MLOCKALL.invokeExact(state, flags), state);
      } catch (Throwable t) {
        throw Libc.unchecked(t);
      }
    }

    static long chdir(MemorySegment path) {
      var state = Libc.state();
      try {
        return Libc.result((int) CHDIR.invokeExact(state, path), state);
      } catch (Throwable t) {
        throw Libc.unchecked(t);
      }
    }

    static long setAffinity(int thread, MemorySegment mask) {
      var state = Libc.state();
      try {
        return Libc.result(
            (int) SET_AFFINITY.invokeExact(state, thread, mask.byteSize(), mask), state);
      } catch (Throwable t) {
        throw Libc.unchecked(t);
      }
    }

    static long affinity(MemorySegment mask) {
      var state = Libc.state();
      try {
        return Libc.result(
            (int) GET_AFFINITY.invokeExact(state, CALLING_THREAD, mask.byteSize(), mask), state);
      } catch (Throwable t) {
        throw Libc.unchecked(t);
      }
    }
  }
}
