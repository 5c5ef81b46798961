package dev.ringshot.ring;

import static dev.ringshot.abi.Errno.EBADF;

import dev.ringshot.abi.ErrnoException;

/// An open file, as [Ring#openFile] and [Ring#file] give it.
///
/// Requests in flight keep the file open in the kernel: closing it takes its descriptor away and
/// ends none of them.
public final class RingFile implements AutoCloseable {
  private final Ring ring;
  private final int fd;
  private final boolean isFixed;
  private boolean isOpen = true;

  RingFile(Ring ring, int fd, boolean isFixed) {
    this.ring = ring;
    this.fd = fd;
    this.isFixed = isFixed;
  }

  /// The descriptor, or the place of a registered file.
  public int fd() {
    return fd;
  }

  /// Says that this file's driver answers these commands with multishot, so that
  /// [dev.ringshot.abi.Sqe#uringCmdMultishot] may be used for them. To be said only of a driver
  /// that is known to: one that does not look at the flag and returns a plain result never
  /// completes the command on Linux 6.18, the ring's teardown waits for it for ever, and nothing
  /// can cancel it.
  ///
  /// @param commands the driver's numbers, `cmd_op`
  /// @return this
  public RingFile multishot(int... commands) {
    for (int command : commands) ring.rules().declareMultishot(isFixed, fd, command);
    return this;
  }

  /// Closes the descriptor; again, and of a registered file, does nothing but forget what
  /// [#multishot] declared.
  ///
  /// @throws ErrnoException if close(2) reports an error; it is closed all the same
  @Override
  public void close() {
    if (!isOpen) return;
    isOpen = false;
    ring.rules().forget(isFixed, fd);
    if (isFixed) return;
    int result = ring.kernel().close(fd);
    if (result < 0 && result != -EBADF) throw new ErrnoException("close", -result);
  }
}
