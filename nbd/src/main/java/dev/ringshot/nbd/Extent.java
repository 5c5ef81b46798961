package dev.ringshot.nbd;

/// A range of a device that is all of one kind.
///
/// @param length in bytes, from the offset that was asked for
/// @param kind what it is
public record Extent(long length, Kind kind) {
  /// What an extent is.
  public enum Kind {
    /// It may hold anything.
    DATA(0),
    /// It reads as zeroes and has space.
    ZERO(Nbd.NBD_STATE_ZERO),
    /// It reads as zeroes and has no space, so that writing to it may end in `ENOSPC`.
    HOLE(Nbd.NBD_STATE_HOLE | Nbd.NBD_STATE_ZERO);

    final int state; // of base:allocation

    Kind(int state) {
      this.state = state;
    }
  }

  /// Checks the length.
  public Extent {
    if (length <= 0) throw new IllegalArgumentException("an extent of " + length + " bytes");
  }
}
