package dev.ringshot.abi;

/// `struct iovec`: an address and a length, see readv(2).
public final class Iovec {
  /// Offset of `iov_base` (8 bytes): an address.
  public static final int IOV_BASE = 0;

  /// Offset of `iov_len` (8 bytes): bytes.
  public static final int IOV_LEN = 8;

  /// Size of `struct iovec` in bytes.
  public static final int SIZE = 16;

  private Iovec() {}
}
