package dev.ringshot.conformance.rig;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import dev.ringshot.abi.BufferRingLayout;
import dev.ringshot.abi.IoUring;
import java.lang.foreign.MemorySegment;

/// A `struct io_uring_buf_reg`, right or wrong.
public final class BufferRegistration {
  private final MemorySegment memory;

  /// For group `id`, with the buffer ring at `address`.
  public BufferRegistration(Rig rig, int id, int entries, long address) {
    memory = rig.memory((long) BufferRingLayout.REG_SIZE);
    memory.set(JAVA_LONG, BufferRingLayout.REG_RING_ADDR, address);
    memory.set(JAVA_INT, BufferRingLayout.REG_RING_ENTRIES, entries);
    memory.set(JAVA_SHORT, BufferRingLayout.REG_BGID, (short) id);
  }

  /// Sets `IOU_PBUF_RING_*`.
  public BufferRegistration flags(int flags) {
    memory.set(JAVA_SHORT, BufferRingLayout.REG_FLAGS, (short) flags);
    return this;
  }

  /// Sets `min_left`.
  public BufferRegistration minLeft(int bytes) {
    memory.set(JAVA_INT, BufferRingLayout.REG_MIN_LEFT, bytes);
    return this;
  }

  /// Sets the reserved word of that index, 0 … 4.
  public BufferRegistration reserved(int index, int value) {
    memory.set(JAVA_INT, BufferRingLayout.REG_RESV + 4L * index, value);
    return this;
  }

  /// The result of `IORING_REGISTER_PBUF_RING`.
  public int register(RawRing ring) {
    return ring.register(IoUring.IORING_REGISTER_PBUF_RING, memory.address(), 1);
  }

  /// The result of `IORING_UNREGISTER_PBUF_RING`.
  public int unregister(RawRing ring) {
    return ring.register(IoUring.IORING_UNREGISTER_PBUF_RING, memory.address(), 1);
  }
}
