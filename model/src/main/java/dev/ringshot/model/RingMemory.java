package dev.ringshot.model;

import static dev.ringshot.abi.Errno.EINVAL;
import static dev.ringshot.abi.IoUring.IORING_OFF_CQ_RING;
import static dev.ringshot.abi.IoUring.IORING_OFF_MMAP_MASK;
import static dev.ringshot.abi.IoUring.IORING_OFF_PBUF_RING;
import static dev.ringshot.abi.IoUring.IORING_OFF_PBUF_SHIFT;
import static dev.ringshot.abi.IoUring.IORING_OFF_SQES;
import static dev.ringshot.abi.IoUring.IORING_OFF_SQ_RING;
import static dev.ringshot.abi.IoUring.IORING_SETUP_NO_MMAP;

import dev.ringshot.abi.ErrnoException;
import java.lang.foreign.MemorySegment;

/// The areas of a ring that a program maps.
final class RingMemory {
  private RingMemory() {}

  /// @throws ErrnoException if there is no such area, or it is shorter
  static MemorySegment map(
      RingContext ring, MemorySegment rings, MemorySegment sqes, long offset, long length) {
    long area = offset & IORING_OFF_MMAP_MASK;
    if (area == IORING_OFF_PBUF_RING) return bufferRing(ring, offset);
    if (ring.has(IORING_SETUP_NO_MMAP))
      throw refusal(ring, "the ring is in the program's own memory (IORING_SETUP_NO_MMAP)");
    MemorySegment memory;
    if (area == IORING_OFF_SQ_RING || area == IORING_OFF_CQ_RING) memory = rings;
    else if (area == IORING_OFF_SQES) memory = sqes;
    else throw refusal(ring, "no area at offset 0x" + Long.toHexString(offset));
    if (UserMemory.pages(length) > memory.byteSize()) {
      throw new ErrnoException(
          "mmap", EINVAL, length + " bytes wanted of an area of " + memory.byteSize());
    }
    return memory;
  }

  private static MemorySegment bufferRing(RingContext ring, long offset) {
    int group = (int) ((offset & ~IORING_OFF_MMAP_MASK) >> IORING_OFF_PBUF_SHIFT);
    ring.lock();
    try {
      if (group >>> 16 == 0
          && ring.groups.get(group) instanceof RingBuffers buffers
          && buffers.mappable) {
        return buffers.entries;
      }
    } finally {
      ring.unlock();
    }
    throw refusal(
        ring, "group " + group + " has no buffer ring registered with IOU_PBUF_RING_MMAP");
  }

  private static ErrnoException refusal(RingContext ring, String why) {
    return new ErrnoException("mmap", ring.kernel().options().release().badMapErrno(), why);
  }
}
