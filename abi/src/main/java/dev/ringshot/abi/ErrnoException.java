package dev.ringshot.abi;

/// A call that the kernel refused.
public final class ErrnoException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final int errno;

  /// @param call the system call or operation, as its man page names it
  /// @param errno the positive error number
  /// @param advice what the caller can do about it
  public ErrnoException(String call, int errno, String advice) {
    super(call + ": errno " + errno + ": " + advice);
    this.errno = errno;
  }

  /// The positive error number.
  public int errno() {
    return errno;
  }
}
