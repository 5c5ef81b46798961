package dev.ringshot.model;

import static dev.ringshot.abi.Errno.EBADF;
import static dev.ringshot.abi.Errno.EINVAL;
import static dev.ringshot.abi.Errno.ENODEV;
import static dev.ringshot.abi.Errno.EOPNOTSUPP;

import dev.ringshot.abi.ErrnoException;
import dev.ringshot.abi.Poll;
import java.lang.foreign.MemorySegment;

/// What an open file does (`struct file_operations`): **the driver API**. A driver implements what
/// it has; every default answers as Linux does for a file without that operation.
///
/// Calls come from whichever thread issues, workers included; a driver guards its own state. It
/// must not call user code or the kernel's system calls, and in virtual time it must not block: a
/// command that has to wait is parked (`-EIOCBQUEUED`) and ended later.
public interface FileOperations {
  /// A program opens the file.
  ///
  /// @return 0, or `-errno` to refuse
  default int open(OpenFile file) {
    return 0;
  }

  /// The last holder of the open file is gone: descriptors, mappings and requests in flight.
  default void release(OpenFile file) {}

  /// Whether [#uringCmd] is there at all; without it a command ends with `-EOPNOTSUPP` before any
  /// [CommandPolicy] is asked.
  default boolean hasUringCmd() {
    return true;
  }

  /// A command arrives (`->uring_cmd`), with its ring's lock held unless [UringCmd#isOnWorker].
  ///
  /// @return `-EIOCBQUEUED`: parked, the driver ends it later with [UringCmd#done]; `-EAGAIN`: ask
  ///   again on a worker, where [UringCmd#nonBlocking] is false; any other value ends the command
  ///   with it
  default int uringCmd(UringCmd cmd) {
    return -EOPNOTSUPP;
  }

  /// Whether [#poll] is there: without it the file counts as always ready and requests on it go to
  /// workers.
  default boolean canPoll() {
    return false;
  }

  /// What is ready (`->poll`): names the queues that will be woken when that changes, then answers.
  ///
  /// @return `POLLIN`, `POLLOUT`, …
  default int poll(OpenFile file, PollTable table) {
    return Poll.POLLIN | Poll.POLLOUT | Poll.POLLRDNORM | Poll.POLLWRNORM;
  }

  /// Reads into the program's memory.
  ///
  /// @return bytes, 0 at the end, or `-errno`; `-EAGAIN` if there is nothing yet
  default int read(OpenFile file, Transfer transfer) {
    return -EINVAL;
  }

  /// Writes from the program's memory.
  ///
  /// @return bytes or `-errno`; `-EAGAIN` if there is no room yet
  default int write(OpenFile file, Transfer transfer) {
    return -EINVAL;
  }

  /// fsync(2), or fdatasync(2) with `dataOnly`.
  ///
  /// @return 0 or `-errno`
  default int fsync(OpenFile file, boolean dataOnly) {
    return -EINVAL;
  }

  /// ftruncate(2).
  ///
  /// @return 0 or `-errno`
  default int truncate(OpenFile file, long length) {
    return -EINVAL;
  }

  /// fallocate(2), of a range that is one.
  ///
  /// @param mode `FALLOC_FL_*`
  /// @return 0 or `-errno`
  default int allocate(OpenFile file, int mode, long offset, long length) {
    return file.isWritable() ? -ENODEV : -EBADF;
  }

  /// mmap(2): the memory behind `length` bytes at `offset`. It must be native, page aligned, of
  /// whole pages, and live by garbage collection (`Arena.ofAuto`) or for ever.
  ///
  /// @throws ErrnoException to refuse; a file that cannot be mapped answers `ENODEV`
  default MemorySegment map(OpenFile file, long offset, long length, int protection) {
    throw new ErrnoException("mmap", ENODEV, "the file " + file.path() + " cannot be mapped");
  }
}
