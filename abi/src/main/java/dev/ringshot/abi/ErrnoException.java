package dev.ringshot.abi;

/// A call that the kernel refused. The message says what, why, and what to do: `io_uring_setup:
/// EPERM: io_uring is disabled here; see sysctl kernel.io_uring_disabled`.
public final class ErrnoException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final String call;
  private final int errno;

  /// @param call the system call or operation, as its man page names it
  /// @param errno the positive error number
  /// @param advice what the caller can do about it; empty for none
  public ErrnoException(String call, int errno, String advice) {
    super(
        call
            + ": "
            + Errno.name(errno)
            + ": "
            + (advice.isEmpty() ? Errno.describe(errno) : advice));
    this.call = call;
    this.errno = errno;
  }

  /// As the other constructor, with [Errno#describe] for advice.
  public ErrnoException(String call, int errno) {
    this(call, errno, "");
  }

  /// The system call or operation: `io_uring_setup`.
  public String call() {
    return call;
  }

  /// The positive error number.
  public int errno() {
    return errno;
  }

  /// Its C name: `EPERM`.
  public String symbol() {
    return Errno.name(errno);
  }
}
