package dev.ringshot.model;

/// A driver broke the driver API's contract: a bug in it, which on Linux would be a kernel warning,
/// a leak or worse. Thrown out of the system call in which it shows; where it happened on another
/// thread, out of the ring's next one.
public final class DriverContractException extends RuntimeException {
  private static final long serialVersionUID = 1;

  DriverContractException(String message) {
    super(message);
  }

  DriverContractException(String message, Throwable cause) {
    super(message, cause);
  }
}
