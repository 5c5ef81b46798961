package dev.ringshot.model;

/// A wait in virtual time that can never end: nothing is scheduled that could end it. On Linux the
/// program would hang.
public final class VirtualHangException extends RuntimeException {
  private static final long serialVersionUID = 1;

  VirtualHangException(String message) {
    super(message);
  }
}
