package dev.ringshot.nbd;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;

/// One piece of native memory of a [BufferPool], seen by sockets and by devices. Freed by the
/// garbage collector: a device that writes to it too late writes to memory.
final class Buffer {
  private final ByteBuffer bytes;
  private final MemorySegment memory;
  private volatile boolean isLost;

  Buffer(int size) {
    bytes = ByteBuffer.allocateDirect(size);
    memory = MemorySegment.ofBuffer(bytes);
  }

  int size() {
    return bytes.capacity();
  }

  /// The one view of it that sockets read and write; position and limit are its user's.
  ByteBuffer bytes() {
    return bytes;
  }

  MemorySegment memory(int length) {
    return length == size() ? memory : memory.asSlice(0, length);
  }

  /// Says that a device may have kept it; it is not used again.
  void lose() {
    isLost = true;
  }

  boolean isLost() {
    return isLost;
  }
}
