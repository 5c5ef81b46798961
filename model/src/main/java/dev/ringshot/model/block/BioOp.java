package dev.ringshot.model.block;

/// What a [Bio] asks for (`REQ_OP_*`).
public enum BioOp {
  /// Bytes from the disk.
  READ,
  /// Bytes to the disk.
  WRITE,
  /// Everything that ended before on stable storage.
  FLUSH,
  /// A range whose content nobody needs.
  DISCARD,
  /// A range that shall read as zeroes.
  WRITE_ZEROES
}
