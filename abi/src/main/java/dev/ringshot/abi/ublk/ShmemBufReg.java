package dev.ringshot.abi.ublk;

/// `struct ublk_shmem_buf_reg`: what `UBLK_U_CMD_REG_BUF` takes.
public final class ShmemBufReg {
  /// Offset of `addr` (8 bytes): of the shared memory.
  public static final int ADDR = 0;

  /// Offset of `len` (8 bytes): its size in bytes, whole pages.
  public static final int LEN = 8;

  /// Offset of `flags` (4 bytes): `UBLK_SHMEM_BUF_READ_ONLY`.
  public static final int FLAGS = 16;

  /// Offset of `reserved` (4 bytes): zero.
  public static final int RESERVED = 20;

  /// Size of `struct ublk_shmem_buf_reg` in bytes.
  public static final int SIZE = 24;

  private ShmemBufReg() {}
}
