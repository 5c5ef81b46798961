package dev.ringshot.model;

import static dev.ringshot.abi.Errno.EAGAIN;
import static dev.ringshot.abi.Errno.EBADF;
import static dev.ringshot.abi.Errno.EFAULT;

import dev.ringshot.abi.HostFiles;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// A file of the host's. In real time its reads and writes may block and so go to workers; in
/// virtual time nothing waits, and they are done at once.
final class HostFile implements FileOperations {
  private final HostFiles files;
  private final int handle;
  private final boolean inline;
  private final Faults faults;

  HostFile(HostFiles files, int handle, ModelKernel kernel) {
    this.files = files;
    this.handle = handle;
    this.faults = kernel.options().faults();
    this.inline = kernel.scheduler().isVirtual() && !faults.concernWorkers();
  }

  int handle() {
    return handle;
  }

  HostFiles files() {
    return files;
  }

  @Override
  public boolean hasUringCmd() {
    return false;
  }

  @Override
  public void release(OpenFile file) {
    var _ = files.close(handle);
  }

  @Override
  public int read(OpenFile file, Transfer transfer) {
    return move(transfer, true);
  }

  @Override
  public int write(OpenFile file, Transfer transfer) {
    if (transfer.isAppending()) {
      long end = files.size(handle); // other writers of the host's may come between
      if (end < 0) return (int) end;
      transfer.moveTo(end);
    }
    int moved = move(transfer, false);
    if (moved <= 0 || !transfer.isSynchronous()) return moved;
    int error = fsync(file, !transfer.isFullySynchronous()); // generic_write_sync()
    return error < 0 ? error : moved;
  }

  private int move(Transfer transfer, boolean reading) {
    if (transfer.nonBlocking() && !inline) return -EAGAIN;
    if (transfer.remaining() == 0)
      return call(reading, MemorySegment.NULL, 0, 0, transfer.position());
    int wanted;
    int moved;
    do {
      var window = transfer.window(transfer.remaining(), reading);
      wanted = window == null ? 0 : transfer.reach(window, transfer.remaining());
      moved = window == null ? fault(transfer, reading) : move(transfer, window, wanted, reading);
      if (moved > 0) transfer.advance(moved);
    } while (moved > 0 && moved == wanted && transfer.remaining() > 0);
    return transfer.moved() > 0 ? transfer.moved() : moved;
  }

  /// What there is no memory for: where a file ends nothing has to be stored.
  private int fault(Transfer transfer, boolean reading) {
    long position = position(transfer);
    if (!reading || position == -1) return -EFAULT;
    try (Arena arena = Arena.ofConfined()) {
      int found = files.pread(handle, arena.allocate(1), 0, 1, position);
      return found > 0 ? -EFAULT : found;
    }
  }

  private static long position(Transfer transfer) {
    long position = transfer.position();
    return position == -1 ? -1 : position + transfer.moved();
  }

  private int move(Transfer transfer, Mapping window, int wanted, boolean reading) {
    boolean falls = faults.strikes(Faults.Point.SHORT_TRANSFER);
    int count = falls ? faults.lengthUpTo(wanted) : wanted;
    long position = position(transfer);
    return call(reading, window.memory, transfer.cursor() - window.start, count, position);
  }

  private int call(boolean reading, MemorySegment memory, long offset, int count, long position) {
    return reading
        ? files.pread(handle, memory, offset, count, position)
        : files.pwrite(handle, memory, offset, count, position);
  }

  @Override
  public int fsync(OpenFile file, boolean dataOnly) {
    return dataOnly ? files.fdatasync(handle) : files.fsync(handle);
  }

  @Override
  public int truncate(OpenFile file, long length) {
    return file.isWritable() ? files.ftruncate(handle, length) : -EBADF;
  }

  @Override
  public int allocate(OpenFile file, int mode, long offset, long length) {
    return file.isWritable() ? files.fallocate(handle, mode, offset, length) : -EBADF;
  }
}
