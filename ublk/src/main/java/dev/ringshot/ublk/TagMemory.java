package dev.ringshot.ublk;

import dev.ringshot.ring.Ring;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/// Where the data of a queue's requests is: a buffer for each tag, in memory, or in the ring's
/// table of registered buffers, where the tag is its index.
final class TagMemory {
  private final MemorySegment[] buffers;
  private final int size;
  private final DataMode mode;

  /// @param size bytes of each
  TagMemory(Ring ring, int depth, int size, DataMode mode) {
    this.size = size;
    this.mode = mode;
    buffers = new MemorySegment[depth];
    Arrays.fill(buffers, MemorySegment.NULL);
    if (isRegistered()) {
      ring.registerEmptyBuffers(depth);
      return;
    }
    MemorySegment memory = ring.allocate((long) depth * size);
    for (int tag = 0; tag < depth; tag++) buffers[tag] = memory.asSlice((long) tag * size, size);
  }

  int depth() {
    return buffers.length;
  }

  /// Bytes of a buffer.
  int size() {
    return size;
  }

  /// Whether the driver copies to and from it, and so has to be told where it is.
  boolean isDrivers() {
    return mode == DataMode.COPY;
  }

  /// Whether the server copies.
  boolean isUserCopy() {
    return mode == DataMode.USER_COPY;
  }

  /// Whether the driver registers a request's pages.
  boolean isRegistered() {
    return mode == DataMode.ZERO_COPY;
  }

  MemorySegment buffer(int tag) {
    return buffers[tag];
  }

  /// What the driver is told: 0 if it does not copy.
  long address(int tag) {
    return isDrivers() ? buffers[tag].address() : 0;
  }
}
