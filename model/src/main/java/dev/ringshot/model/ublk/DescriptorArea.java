package dev.ringshot.model.ublk;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.ringshot.abi.ublk.IoDesc;
import dev.ringshot.abi.ublk.Ublk;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// The descriptors of one queue's requests, which the server maps read-only.
final class DescriptorArea {
  private static final long PAGE = 4096;

  private final MemorySegment area;
  private final int stride;

  DescriptorArea(int depth, int stride) {
    this.stride = stride;
    this.area = Arena.ofAuto().allocate(bytes(depth, stride), PAGE);
  }

  /// Bytes of the area of a queue.
  static long bytes(int depth, int stride) {
    return pages((long) depth * stride);
  }

  /// From the area of one queue to that of the next: as large as it can be.
  static long step(int stride) {
    return bytes(Ublk.UBLK_MAX_QUEUE_DEPTH, stride);
  }

  static long pages(long bytes) {
    return (bytes + PAGE - 1) & -PAGE;
  }

  MemorySegment area() {
    return area;
  }

  /// Writes a request's descriptor.
  ///
  /// @param address of the server's buffer
  void describe(int tag, DiskRequest request, long address) {
    long at = (long) tag * stride;
    area.set(JAVA_INT, at + IoDesc.OP_FLAGS, request.op | request.flags);
    area.set(JAVA_INT, at + IoDesc.NR_SECTORS, request.sectors());
    area.set(JAVA_LONG, at + IoDesc.START_SECTOR, request.sector());
    area.set(JAVA_LONG, at + IoDesc.ADDR, address);
  }

  void address(int tag, long address) {
    area.set(JAVA_LONG, (long) tag * stride + IoDesc.ADDR, address);
  }

  /// Only so many bytes are there.
  void shorten(int tag, int bytes) {
    area.set(
        JAVA_INT, (long) tag * stride + IoDesc.NR_SECTORS, bytes >>> DeviceParams.SECTOR_SHIFT);
  }

  void addFlag(int tag, int flag) {
    long at = (long) tag * stride + IoDesc.OP_FLAGS;
    area.set(JAVA_INT, at, area.get(JAVA_INT, at) | flag);
  }
}
