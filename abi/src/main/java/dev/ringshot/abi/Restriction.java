package dev.ringshot.abi;

/// `struct io_uring_restriction`: `IORING_REGISTER_RESTRICTIONS` takes an array of them.
public final class Restriction {
  /// Offset of `opcode` (2 bytes): `IORING_RESTRICTION_*`.
  public static final int OPCODE = 0;

  /// Offset of `register_op` (1 byte): an `IORING_REGISTER_*`.
  public static final int REGISTER_OP = 2;

  /// Offset of `sqe_op` (1 byte): an `IORING_OP_*`.
  public static final int SQE_OP = 2;

  /// Offset of `sqe_flags` (1 byte): `IOSQE_*`.
  public static final int SQE_FLAGS = 2;

  /// Offset of `resv` (1 byte): zero.
  public static final int RESV = 3;

  /// Offset of `resv2` (12 bytes): zeros.
  public static final int RESV2 = 4;

  /// Size of `struct io_uring_restriction` in bytes.
  public static final int SIZE = 16;

  private Restriction() {}
}
