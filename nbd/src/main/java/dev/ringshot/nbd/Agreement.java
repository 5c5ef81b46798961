package dev.ringshot.nbd;

/// What server and client agreed on in the handshake; it holds for the connection.
///
/// @param size of the export in bytes
/// @param blockSize of which offsets and lengths are multiples
/// @param flags `NBD_FLAG_*` of transmission
/// @param isStructured whether replies are structured
/// @param hasAllocation whether the client may ask for `base:allocation`
record Agreement(long size, int blockSize, int flags, boolean isStructured, boolean hasAllocation) {
  /// What `base:allocation` is called on the wire.
  static final int ALLOCATION_ID = 1;

  boolean has(int flag) {
    return (flags & flag) != 0;
  }
}
