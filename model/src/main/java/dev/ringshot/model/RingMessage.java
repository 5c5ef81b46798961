package dev.ringshot.model;

import static dev.ringshot.abi.Errno.EAGAIN;
import static dev.ringshot.abi.Errno.EBADFD;
import static dev.ringshot.abi.Errno.EINVAL;
import static dev.ringshot.abi.Errno.ENOMEM;
import static dev.ringshot.abi.IoUring.IORING_MSG_RING_CQE_SKIP;
import static dev.ringshot.abi.IoUring.IORING_MSG_RING_FLAGS_PASS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;

/// A message to a ring (`io_msg`): a completion for it, or a file.
record RingMessage(
    int opcode,
    int sqeFlags,
    int targetFd,
    long userData,
    long command,
    int length,
    int flags,
    int bufIndex,
    int personality,
    int destination,
    long source) {
  static RingMessage of(Request request) {
    return new RingMessage(
        request.opcode(),
        request.flags(),
        request.fd(),
        request.off(),
        (int) request.addr(), // msg->cmd has 32 bits
        request.len(),
        request.opFlags(),
        request.bufIndex(),
        request.personality(),
        request.fileIndex(),
        request.addr3());
  }

  static RingMessage decode(MemorySegment sqe) {
    int word0 = sqe.get(JAVA_INT, 0);
    int word10 = sqe.get(JAVA_INT, 40);
    return new RingMessage(
        word0 & 0xff,
        word0 >>> 8 & 0xff,
        sqe.get(JAVA_INT, 4),
        sqe.get(JAVA_LONG, 8),
        sqe.get(JAVA_INT, 16),
        sqe.get(JAVA_INT, 24),
        sqe.get(JAVA_INT, 28),
        word10 & 0xffff,
        word10 >>> 16,
        sqe.get(JAVA_INT, 44),
        sqe.get(JAVA_LONG, 48));
  }

  /// __io_msg_ring_prep()
  int check() {
    if (bufIndex != 0 || personality != 0) return -EINVAL;
    return (flags & ~(IORING_MSG_RING_CQE_SKIP | IORING_MSG_RING_FLAGS_PASS)) != 0 ? -EINVAL : 0;
  }

  /// IORING_MSG_DATA: posts it.
  ///
  /// @param mayBlock whether the caller holds no other ring's lock; without it a busy target
  ///   answers `-EAGAIN`
  int deliver(RingContext target, boolean mayBlock) {
    if (source != 0 || (flags & ~IORING_MSG_RING_FLAGS_PASS) != 0) return -EINVAL;
    boolean passes = (flags & IORING_MSG_RING_FLAGS_PASS) != 0;
    if (!passes && destination != 0) return -EINVAL;
    if (target.isDisabled()) return -EBADFD;
    int cqeFlags = passes ? destination : 0;
    if (target.isDeferred()) {
      if (!target.kernel().keptMemory().tryCharge(KernelMemory.COMPLETION)) return -ENOMEM;
      target.addTaskWork(new Arrival(target, userData, length, cqeFlags));
      return 0;
    }
    if (mayBlock) target.lock();
    else if (!target.tryLock()) return -EAGAIN;
    try {
      target.postForeign(userData, length, cqeFlags);
      target.publish();
    } finally {
      target.unlock();
    }
    return 0;
  }

  /// A message on its way into a ring that only its own task may post to.
  static final class Arrival extends TaskWork {
    private final RingContext target;
    private final long userData;
    private final int res;
    private final int cqeFlags;

    Arrival(RingContext target, long userData, int res, int cqeFlags) {
      this.target = target;
      this.userData = userData;
      this.res = res;
      this.cqeFlags = cqeFlags;
    }

    @Override
    RingContext ring() {
      return target;
    }

    @Override
    void runInTask() {
      target.kernel().keptMemory().uncharge(KernelMemory.COMPLETION);
      target.postForeign(userData, res, cqeFlags);
    }
  }
}
