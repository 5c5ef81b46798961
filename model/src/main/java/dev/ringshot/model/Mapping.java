package dev.ringshot.model;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// One range of the program's addresses and the memory behind it. The memory outlives the mapping
/// for as long as anyone holds the segment: an operation in flight, or the program's own segment of
/// it.
final class Mapping {
  final long start;
  final long end;
  final MemorySegment memory;
  final boolean writable;
  final @Nullable OpenFile file;
  private int times = 1;
  private volatile boolean live = true;

  Mapping(MemorySegment memory, boolean writable, @Nullable OpenFile file) {
    this(memory.address(), memory, writable, file);
  }

  /// Memory that is reached by registration, at whatever addresses that says.
  Mapping(long start, MemorySegment memory, boolean writable) {
    this(start, memory, writable, null);
  }

  private Mapping(long start, MemorySegment memory, boolean writable, @Nullable OpenFile file) {
    this.start = start;
    this.end = start + memory.byteSize();
    this.memory = memory;
    this.writable = writable;
    this.file = file;
  }

  /// Whether all of `[address, address + length)` lies in it. Lengths are ≥ 0.
  boolean covers(long address, long length) {
    return live && address >= start && address <= end && length <= end - address;
  }

  /// How many of the `length` bytes at `address`, which it covers, lie in it.
  long reach(long address, long length) {
    return Math.min(length, end - address);
  }

  void mapAgain() {
    times++;
  }

  /// Takes one mapping away.
  ///
  /// @return whether it was the last
  boolean unmapOnce() {
    live = --times > 0;
    return !live;
  }
}
