package dev.ringshot.abi;

/// `struct io_uring_sync_cancel_reg`: what `IORING_REGISTER_SYNC_CANCEL` takes.
public final class SyncCancelReg {
  /// Offset of `addr` (8 bytes): user data of what to cancel.
  public static final int ADDR = 0;

  /// Offset of `fd` (4 bytes): with `IORING_ASYNC_CANCEL_FD`.
  public static final int FD = 8;

  /// Offset of `flags` (4 bytes): `IORING_ASYNC_CANCEL_*`.
  public static final int FLAGS = 12;

  /// Offset of `timeout` (16 bytes): a [Timespec], both -1 to wait for ever.
  public static final int TIMEOUT = 16;

  /// Offset of `opcode` (1 byte): with `IORING_ASYNC_CANCEL_OP`.
  public static final int OPCODE = 32;

  /// Offset of `pad` (7 bytes): zeros.
  public static final int PAD = 33;

  /// Offset of `pad2` (24 bytes): zeros.
  public static final int PAD2 = 40;

  /// Size of `struct io_uring_sync_cancel_reg` in bytes.
  public static final int SIZE = 64;

  private SyncCancelReg() {}
}
