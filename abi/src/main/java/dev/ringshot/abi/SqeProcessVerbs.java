package dev.ringshot.abi;

import static dev.ringshot.abi.IoUring.*;

/// Verbs of [Sqe] for processes: waiting for one, futexes, advice on memory.
public sealed interface SqeProcessVerbs permits Sqe {
  /// As [SqeFileVerbs#prepare].
  Sqe prepare(int opcode, int fd, long addr, int len, long off);

  /// `IORING_OP_WAITID`, see waitid(2).
  ///
  /// @param idType `P_*`
  /// @param info address of a `siginfo_t`, or 0
  /// @param options `W*`
  default Sqe waitid(int idType, int id, long info, int options) {
    return prepare(IORING_OP_WAITID, id, 0, idType, info).fileIndex(options);
  }

  /// `IORING_OP_FUTEX_WAIT`, see futex(2).
  ///
  /// @param futex its address
  /// @param value that it must have
  /// @param mask of bits, not 0
  /// @param futexFlags `FUTEX2_*`
  default Sqe futexWait(long futex, long value, long mask, int futexFlags) {
    return prepare(IORING_OP_FUTEX_WAIT, futexFlags, futex, 0, value).addr3(mask);
  }

  /// `IORING_OP_FUTEX_WAKE`, see futex(2): completes with the number of waiters that were woken.
  ///
  /// @param count of waiters at most
  /// @param mask of bits, not 0
  /// @param futexFlags `FUTEX2_*`
  default Sqe futexWake(long futex, long count, long mask, int futexFlags) {
    return prepare(IORING_OP_FUTEX_WAKE, futexFlags, futex, 0, count).addr3(mask);
  }

  /// `IORING_OP_FUTEX_WAITV`, see futex_waitv(2): completes with the index that was woken.
  ///
  /// @param futexes address of `count` `struct futex_waitv`
  default Sqe futexWaitv(long futexes, int count) {
    return prepare(IORING_OP_FUTEX_WAITV, 0, futexes, count, 0);
  }

  /// `IORING_OP_MADVISE`, see madvise(2).
  ///
  /// @param advice `MADV_*`
  default Sqe madvise(long addr, int length, int advice) {
    return prepare(IORING_OP_MADVISE, -1, addr, length, 0).opFlags(advice);
  }
}
