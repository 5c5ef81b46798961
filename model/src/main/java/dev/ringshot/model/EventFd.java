package dev.ringshot.model;

import static dev.ringshot.abi.Errno.EAGAIN;
import static dev.ringshot.abi.Errno.EINVAL;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import dev.ringshot.abi.Poll;
import java.lang.foreign.MemorySegment;

/// eventfd(2): a counter to wait for.
final class EventFd implements FileOperations {
  static final int EFD_SEMAPHORE = 1;

  private static final long COUNT_MAX = -2; // 2^64 - 2

  private final boolean semaphore;
  private final WaitQueue waiting = new WaitQueue();
  private long count;

  EventFd(long initial, boolean semaphore) {
    this.count = initial;
    this.semaphore = semaphore;
  }

  static EventFd of(OpenFile file) {
    return (EventFd) file.operations();
  }

  /// Adds one, as the kernel does for a ring; never blocks.
  void signal() {
    synchronized (this) {
      if (count != COUNT_MAX) count++;
    }
    waiting.wake(Poll.POLLIN | FilePoll.EPOLL_URING_WAKE);
  }

  @Override
  public boolean hasUringCmd() {
    return false;
  }

  @Override
  public boolean canPoll() {
    return true;
  }

  @Override
  public int poll(OpenFile file, PollTable table) {
    table.add(waiting);
    synchronized (this) {
      int mask = 0;
      if (count != 0) mask |= Poll.POLLIN;
      if (count == -1) mask |= Poll.POLLERR;
      if (Long.compareUnsigned(count, COUNT_MAX) < 0) mask |= Poll.POLLOUT;
      return mask;
    }
  }

  @Override
  public int read(OpenFile file, Transfer transfer) {
    if (transfer.remaining() < Long.BYTES) return -EINVAL;
    var bytes = MemorySegment.ofArray(new long[1]);
    synchronized (this) {
      if (count == 0) return -EAGAIN;
      bytes.set(JAVA_LONG_UNALIGNED, 0, semaphore ? 1 : count);
      count = semaphore ? count - 1 : 0;
    }
    waiting.wake(Poll.POLLOUT);
    int moved = transfer.copyToUser(bytes, 0, Long.BYTES);
    return moved == Long.BYTES ? moved : -dev.ringshot.abi.Errno.EFAULT;
  }

  @Override
  public int write(OpenFile file, Transfer transfer) {
    if (transfer.remaining() != Long.BYTES) return -EINVAL;
    var bytes = MemorySegment.ofArray(new long[1]);
    if (transfer.copyFromUser(bytes, 0, Long.BYTES) != Long.BYTES)
      return -dev.ringshot.abi.Errno.EFAULT;
    long added = bytes.get(JAVA_LONG_UNALIGNED, 0);
    if (added == -1) return -EINVAL;
    synchronized (this) {
      if (Long.compareUnsigned(added, COUNT_MAX - count) > 0) return -EAGAIN;
      count += added;
    }
    if (added != 0) waiting.wake(Poll.POLLIN);
    return Long.BYTES;
  }
}
