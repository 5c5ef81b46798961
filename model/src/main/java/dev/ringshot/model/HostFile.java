package dev.ringshot.model;

import static dev.ringshot.abi.Errno.EAGAIN;
import static dev.ringshot.abi.Errno.EBADF;
import static dev.ringshot.abi.Errno.EFAULT;

import dev.ringshot.abi.HostFiles;
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
    this.inline = kernel.scheduler().isVirtual();
    this.faults = kernel.options().faults();
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
    return move(transfer, false);
  }

  private int move(Transfer transfer, boolean reading) {
    if (transfer.nonBlocking() && !inline) return -EAGAIN;
    int count = transfer.remaining();
    if (count == 0) return call(reading, MemorySegment.NULL, 0, 0, transfer.position());
    var window = transfer.window(count, reading);
    if (window == null) return -EFAULT;
    count = (int) window.reach(transfer.cursor(), count);
    if (faults.strikes(Faults.Point.SHORT_TRANSFER)) count = faults.lengthUpTo(count);
    int moved =
        call(reading, window.memory, transfer.cursor() - window.start, count, transfer.position());
    if (moved > 0) transfer.advance(moved);
    return moved;
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
}
