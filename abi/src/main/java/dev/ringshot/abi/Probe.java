package dev.ringshot.abi;

/// `struct io_uring_probe`: what `IORING_REGISTER_PROBE` fills in. The header is followed by one
/// `struct io_uring_probe_op` per opcode; all of it must be zero before.
public final class Probe {
  /// Offset of `last_op` (1 byte): the highest opcode that the kernel knows.
  public static final int LAST_OP = 0;

  /// Offset of `ops_len` (1 byte): how many entries it filled in.
  public static final int OPS_LEN = 1;

  /// Offset of `resv` (2 bytes).
  public static final int RESV = 2;

  /// Offset of `resv2` (12 bytes).
  public static final int RESV2 = 4;

  /// Offset of `ops`, the first entry.
  public static final int OPS = 16;

  /// Size of `struct io_uring_probe` in bytes.
  public static final int SIZE = 16;

  /// Offset of `op` (1 byte): the opcode.
  public static final int OP = 0;

  /// Offset of `resv` (1 byte).
  public static final int OP_RESV = 1;

  /// Offset of `flags` (2 bytes): `IO_URING_OP_SUPPORTED`.
  public static final int OP_FLAGS = 2;

  /// Offset of `resv2` (4 bytes).
  public static final int OP_RESV2 = 4;

  /// Size of `struct io_uring_probe_op` in bytes.
  public static final int OP_SIZE = 8;

  private Probe() {}
}
