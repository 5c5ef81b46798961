package dev.ringshot.ring;

import static dev.ringshot.abi.Kernel.PROT_READ;
import static dev.ringshot.abi.Kernel.PROT_WRITE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import dev.ringshot.abi.BufferRingLayout;
import dev.ringshot.abi.Kernel;
import dev.ringshot.abi.RingParams;
import dev.ringshot.abi.RsrcUpdate;
import dev.ringshot.abi.SqeFields;
import dev.ringshot.abi.Timespec;
import java.lang.foreign.MemorySegment;

/// One page that the kernel can read, with a place for each structure a ring hands to it. The
/// wake-up entry is written once; everything else belongs to the ring's thread.
final class Scratch {
  private static final long BYTES = 4096;
  private static final long PARAMS = 0;
  private static final long UPDATE = 128;
  private static final long TIMESPEC = 192;
  private static final long BUFFERS = 256;

  /// Where the wake-up's submission queue entry lies.
  static final long WAKE = 320;

  private final MemorySegment page;

  Scratch(Kernel kernel) {
    page = kernel.map(-1, 0, BYTES, PROT_READ | PROT_WRITE);
  }

  /// The page, to unmap it.
  MemorySegment page() {
    return page;
  }

  RingParams params() {
    return new RingParams().at(page, PARAMS).clear();
  }

  long paramsAddress() {
    return page.address() + PARAMS;
  }

  /// A `struct io_uring_rsrc_update`; returns its address.
  long update(int offset, int data) {
    page.asSlice(UPDATE, RsrcUpdate.SIZE).fill((byte) 0);
    page.set(JAVA_INT, UPDATE + RsrcUpdate.OFFSET, offset);
    page.set(JAVA_LONG, UPDATE + RsrcUpdate.DATA, data);
    return page.address() + UPDATE;
  }

  /// The offset that the kernel chose in the last [#update].
  int updatedOffset() {
    return page.get(JAVA_INT, UPDATE + RsrcUpdate.OFFSET);
  }

  /// A timespec; returns its address.
  long timespec(long nanos) {
    Timespec.set(page, TIMESPEC, nanos);
    return page.address() + TIMESPEC;
  }

  /// A `struct io_uring_buf_reg`; returns its address.
  long bufferRegistration(long ringAddress, int entries, int group, int flags, int minLeft) {
    clearBuffers(BufferRingLayout.REG_SIZE);
    page.set(JAVA_LONG, BUFFERS + BufferRingLayout.REG_RING_ADDR, ringAddress);
    page.set(JAVA_INT, BUFFERS + BufferRingLayout.REG_RING_ENTRIES, entries);
    page.set(JAVA_SHORT, BUFFERS + BufferRingLayout.REG_BGID, (short) group);
    page.set(JAVA_SHORT, BUFFERS + BufferRingLayout.REG_FLAGS, (short) flags);
    page.set(JAVA_INT, BUFFERS + BufferRingLayout.REG_MIN_LEFT, minLeft);
    return page.address() + BUFFERS;
  }

  /// A `struct io_uring_buf_status` that asks for a group; returns its address.
  long bufferStatus(int group) {
    clearBuffers(BufferRingLayout.STATUS_SIZE);
    page.set(JAVA_INT, BUFFERS + BufferRingLayout.STATUS_BUF_GROUP, group);
    return page.address() + BUFFERS;
  }

  /// The head that the kernel told in the last [#bufferStatus], 0 … 65535.
  int bufferHead() {
    return page.get(JAVA_INT, BUFFERS + BufferRingLayout.STATUS_HEAD);
  }

  private void clearBuffers(int bytes) {
    for (int at = 0; at < bytes; at += Integer.BYTES) page.set(JAVA_INT, BUFFERS + at, 0);
  }

  static {
    assert BUFFERS + BufferRingLayout.REG_SIZE <= WAKE && WAKE + SqeFields.SIZE <= BYTES;
  }
}
