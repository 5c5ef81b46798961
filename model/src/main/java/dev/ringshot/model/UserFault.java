package dev.ringshot.model;

/// A driver touched program memory that is bad. It never leaves the engine: the command ends with
/// `-EFAULT`.
final class UserFault extends RuntimeException {
  private static final long serialVersionUID = 1;

  UserFault(long address, long length) {
    super(
        "bad program memory: " + length + " bytes at 0x" + Long.toHexString(address),
        null,
        false,
        false);
  }
}
