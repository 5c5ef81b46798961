package dev.ringshot.model;

/// The provided buffers of one group (`io_buffer_list`), guarded by its ring's lock.
abstract sealed class BufferGroup permits RingBuffers, ListedBuffers {
  final int id;

  BufferGroup(int id) {
    this.id = id;
  }

  /// Picks the next buffer for `selection`.
  ///
  /// @param lengthMax how much is wanted; 0 for all of the buffer
  /// @return whether there was one
  abstract boolean select(Selection selection, int lengthMax);
}
