package dev.ringshot.model;

import static dev.ringshot.abi.Errno.EAGAIN;
import static dev.ringshot.abi.Errno.EFAULT;
import static dev.ringshot.abi.Errno.EPIPE;

import dev.ringshot.abi.Poll;
import java.lang.foreign.MemorySegment;

/// A pipe: sixteen pages between those who write and those who read (`fs/pipe.c`). A write goes on
/// in the page that the last one began only if all of what is left of it fits, so small ones may
/// fill it before 65536 bytes are in.
final class Pipe {
  private static final int PAGE = 4096;
  private static final int SLOTS = 16;

  final FileOperations readEnd = new ReadEnd();
  final FileOperations writeEnd = new WriteEnd();

  private final WaitQueue readers = new WaitQueue();
  private final WaitQueue writers = new WaitQueue();
  private final int[] offsets = new int[SLOTS];
  private final int[] lengths = new int[SLOTS];
  private MemorySegment pages = MemorySegment.NULL; // made by the first write
  private int head; // the slot after the last, and the first, both running free
  private int tail;
  private boolean isRead = true;
  private boolean isWritten = true;

  private boolean isEmpty() {
    return head == tail;
  }

  private boolean isFull() {
    return head - tail == SLOTS;
  }

  private static int slot(int index) {
    return index & (SLOTS - 1);
  }

  private static long page(int index) {
    return (long) slot(index) * PAGE;
  }

  /// pipe_write()
  private int write(Transfer transfer) {
    if (transfer.remaining() == 0) return 0;
    int result;
    synchronized (this) {
      if (!isRead) return -EPIPE;
      if (pages.byteSize() == 0) pages = MemorySegment.ofArray(new byte[SLOTS * PAGE]);
      result = append(transfer);
      if (result == 0 && transfer.remaining() > 0) result = fill(transfer);
      if (transfer.moved() > 0) result = transfer.moved();
    }
    readers.wake(Poll.POLLIN | Poll.POLLRDNORM); // also for nothing: pipe->poll_usage
    return result;
  }

  /// Into the last page, what does not fill pages of its own.
  private int append(Transfer transfer) {
    int rest = transfer.remaining() % PAGE;
    if (rest == 0 || isEmpty()) return 0;
    int last = slot(head - 1);
    int end = offsets[last] + lengths[last];
    if (end + rest > PAGE) return 0;
    int copied = transfer.copyFromUser(pages, page(last) + end, rest);
    if (copied < rest) return -EFAULT;
    lengths[last] += rest;
    return 0;
  }

  private int fill(Transfer transfer) {
    while (transfer.remaining() > 0) {
      if (isFull()) return -EAGAIN;
      int count = Math.min(transfer.remaining(), PAGE);
      int before = transfer.moved();
      if (transfer.copyFromUser(pages, page(head), count) < count) {
        transfer.advance(before - transfer.moved()); // a page that is not whole is not sent
        return -EFAULT;
      }
      offsets[slot(head)] = 0;
      lengths[slot(head)] = count;
      head++;
    }
    return 0;
  }

  /// pipe_read()
  private int read(Transfer transfer) {
    if (transfer.remaining() == 0) return 0;
    boolean wasFull;
    int result;
    synchronized (this) {
      wasFull = isFull();
      result = drain(transfer);
      if (transfer.moved() > 0) result = transfer.moved();
      wasFull &= !isFull();
    }
    if (wasFull) writers.wake(Poll.POLLOUT | Poll.POLLWRNORM);
    return result;
  }

  private int drain(Transfer transfer) {
    if (isEmpty()) return isWritten ? -EAGAIN : 0;
    while (transfer.remaining() > 0 && !isEmpty()) {
      int first = slot(tail);
      int count = Math.min(transfer.remaining(), lengths[first]);
      int before = transfer.moved();
      if (transfer.copyToUser(pages, page(first) + offsets[first], count) < count) {
        transfer.advance(before - transfer.moved());
        return -EFAULT;
      }
      offsets[first] += count;
      lengths[first] -= count;
      if (lengths[first] == 0) tail++;
    }
    return 0;
  }

  private void wakeAll() {
    readers.wake(0);
    writers.wake(0);
  }

  private final class ReadEnd implements FileOperations {
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
      table.add(readers);
      synchronized (Pipe.this) {
        int mask = isEmpty() ? 0 : Poll.POLLIN | Poll.POLLRDNORM;
        return isWritten ? mask : mask | Poll.POLLHUP;
      }
    }

    @Override
    public int read(OpenFile file, Transfer transfer) {
      return Pipe.this.read(transfer);
    }

    @Override
    public void release(OpenFile file) {
      synchronized (Pipe.this) {
        isRead = false;
      }
      wakeAll();
    }
  }

  private final class WriteEnd implements FileOperations {
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
      table.add(writers);
      synchronized (Pipe.this) {
        int mask = isFull() ? 0 : Poll.POLLOUT | Poll.POLLWRNORM;
        return isRead ? mask : mask | Poll.POLLERR;
      }
    }

    @Override
    public int write(OpenFile file, Transfer transfer) {
      return Pipe.this.write(transfer);
    }

    @Override
    public void release(OpenFile file) {
      synchronized (Pipe.this) {
        isWritten = false;
      }
      wakeAll();
    }
  }
}
