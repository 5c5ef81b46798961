package dev.ringshot.abi.ublk;

/// `struct ublk_auto_buf_reg`: how a request's pages are registered before it is delivered, with
/// `UBLK_F_AUTO_BUF_REG`; the 8 bytes are `addr` of the SQE.
public final class AutoBufReg {
  /// Offset of `index` (2 bytes): of the ring's registered buffers.
  public static final int INDEX = 0;

  /// Offset of `flags` (1 byte): `UBLK_AUTO_BUF_REG_*`.
  public static final int FLAGS = 2;

  /// Offset of `reserved0` (1 byte): zero.
  public static final int RESERVED0 = 3;

  /// Offset of `reserved1` (4 bytes): zero.
  public static final int RESERVED1 = 4;

  /// Size of `struct ublk_auto_buf_reg` in bytes.
  public static final int SIZE = 8;

  private AutoBufReg() {}
}
