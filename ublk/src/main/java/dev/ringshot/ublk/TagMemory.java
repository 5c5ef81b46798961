package dev.ringshot.ublk;

import dev.ringshot.ring.Ring;
import java.lang.foreign.MemorySegment;

/// The memory that the requests of a queue read into and write from: one buffer for each tag.
final class TagMemory {
  private final MemorySegment[] buffers;
  private final boolean isDrivers;

  /// @param isDrivers whether the driver copies to and from it, and so has to be told where it is
  TagMemory(Ring ring, int depth, int size, boolean isDrivers) {
    MemorySegment memory = ring.allocate((long) depth * size);
    buffers = new MemorySegment[depth];
    for (int tag = 0; tag < depth; tag++) buffers[tag] = memory.asSlice((long) tag * size, size);
    this.isDrivers = isDrivers;
  }

  int depth() {
    return buffers.length;
  }

  boolean isDrivers() {
    return isDrivers;
  }

  MemorySegment buffer(int tag) {
    return buffers[tag];
  }

  /// What the driver is told: 0 if it does not copy.
  long address(int tag) {
    return isDrivers ? buffers[tag].address() : 0;
  }
}
