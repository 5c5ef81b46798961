package dev.ringshot.ublk;

import static dev.ringshot.abi.ublk.Ublk.*;

import org.jspecify.annotations.Nullable;

/// What a request wants of a target.
public enum BlockOp {
  /// Fill the request's memory from the disk.
  READ(0),
  /// Put the request's memory onto the disk.
  WRITE(1),
  /// Put everything that was acknowledged before onto stable storage.
  FLUSH(2),
  /// The range's contents are not needed any more.
  DISCARD(3),
  /// The range reads as zeros from now on.
  WRITE_ZEROES(4);

  /// How many there are.
  public static final int COUNT = 5;

  private final int index;

  BlockOp(int index) {
    this.index = index;
  }

  /// Its place in arrays of [#COUNT].
  public int index() {
    return index;
  }

  /// Whether the request has memory, and its result counts bytes.
  public boolean movesData() {
    return this == READ || this == WRITE;
  }

  /// Whether it changes what the disk reads as.
  public boolean isWrite() {
    return this == WRITE || this == DISCARD || this == WRITE_ZEROES;
  }

  /// @param code `UBLK_IO_OP_*`
  /// @return null for what targets are not asked for: zones
  static @Nullable BlockOp of(int code) {
    return switch (code) {
      case UBLK_IO_OP_READ -> READ;
      case UBLK_IO_OP_WRITE -> WRITE;
      case UBLK_IO_OP_FLUSH -> FLUSH;
      case UBLK_IO_OP_DISCARD -> DISCARD;
      case UBLK_IO_OP_WRITE_ZEROES -> WRITE_ZEROES;
      default -> null;
    };
  }
}
