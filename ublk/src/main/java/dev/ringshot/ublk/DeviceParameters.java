package dev.ringshot.ublk;

import static dev.ringshot.abi.ublk.Params.*;
import static dev.ringshot.abi.ublk.Ublk.*;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.MemorySegment;

/// A device's parameters: `struct ublk_params`, as far as a server sets them.
///
/// @param size bytes of the disk
/// @param limits what the disk can do; [BlockLimits#maxIoSize] is set
/// @param memoryAlignment of clients' memory in bytes, a power of two; 0 for the driver's own, 4.
///   Where nobody copies, it is that memory which a file with `O_DIRECT` meets
public record DeviceParameters(long size, BlockLimits limits, int memoryAlignment) {
  private static final int SECTOR_SHIFT = 9;

  /// Without a wish for memory's alignment.
  public DeviceParameters(long size, BlockLimits limits) {
    this(size, limits, 0);
  }

  static DeviceParameters read(MemorySegment memory, long at) {
    int attributes = memory.get(JAVA_INT, at + BASIC_ATTRS);
    boolean hasDiscard = (memory.get(JAVA_INT, at + TYPES) & UBLK_PARAM_TYPE_DISCARD) != 0;
    int maxDiscard = hasDiscard ? bytes(memory, at + DISCARD_MAX_DISCARD_SECTORS) : 0;
    int optimal = memory.get(JAVA_BYTE, at + BASIC_IO_OPT_SHIFT);
    int minimal = memory.get(JAVA_BYTE, at + BASIC_IO_MIN_SHIFT);
    var limits =
        new BlockLimits(
            1 << memory.get(JAVA_BYTE, at + BASIC_LOGICAL_BS_SHIFT),
            1 << memory.get(JAVA_BYTE, at + BASIC_PHYSICAL_BS_SHIFT),
            optimal == minimal ? 0 : 1 << optimal,
            bytes(memory, at + BASIC_MAX_SECTORS),
            bytes(memory, at + BASIC_CHUNK_SECTORS),
            (attributes & UBLK_ATTR_READ_ONLY) != 0,
            (attributes & UBLK_ATTR_ROTATIONAL) != 0,
            (attributes & UBLK_ATTR_VOLATILE_CACHE) != 0,
            (attributes & UBLK_ATTR_FUA) != 0,
            maxDiscard == 0 ? 0 : memory.get(JAVA_INT, at + DISCARD_DISCARD_GRANULARITY),
            maxDiscard,
            hasDiscard ? bytes(memory, at + DISCARD_MAX_WRITE_ZEROES_SECTORS) : 0);
    boolean isAligned = (memory.get(JAVA_INT, at + TYPES) & UBLK_PARAM_TYPE_DMA_ALIGN) != 0;
    return new DeviceParameters(
        memory.get(JAVA_LONG, at + BASIC_DEV_SECTORS) << SECTOR_SHIFT,
        limits,
        isAligned ? memory.get(JAVA_INT, at + DMA_ALIGNMENT) + 1 : 0);
  }

  private static int bytes(MemorySegment memory, long at) {
    return memory.get(JAVA_INT, at) << SECTOR_SHIFT;
  }

  /// Writes them over zeros.
  void write(MemorySegment memory, long at) {
    boolean hasRanges = limits.maxDiscardSize() != 0 || limits.maxWriteZeroesSize() != 0;
    memory.set(JAVA_INT, at + LEN, SIZE);
    int types = UBLK_PARAM_TYPE_BASIC;
    if (hasRanges) types |= UBLK_PARAM_TYPE_DISCARD;
    if (memoryAlignment != 0) types |= UBLK_PARAM_TYPE_DMA_ALIGN;
    memory.set(JAVA_INT, at + TYPES, types);
    if (memoryAlignment != 0) memory.set(JAVA_INT, at + DMA_ALIGNMENT, memoryAlignment - 1);
    writeBasic(memory, at);
    if (hasRanges) writeDiscard(memory, at);
  }

  private void writeBasic(MemorySegment memory, long at) {
    int minimal = shift(limits.physicalBlockSize());
    int optimal = limits.optimalIoSize() == 0 ? minimal : shift(limits.optimalIoSize());
    memory.set(JAVA_INT, at + BASIC_ATTRS, attributes());
    memory.set(JAVA_BYTE, at + BASIC_LOGICAL_BS_SHIFT, (byte) shift(limits.logicalBlockSize()));
    memory.set(JAVA_BYTE, at + BASIC_PHYSICAL_BS_SHIFT, (byte) minimal);
    memory.set(JAVA_BYTE, at + BASIC_IO_OPT_SHIFT, (byte) optimal);
    memory.set(JAVA_BYTE, at + BASIC_IO_MIN_SHIFT, (byte) minimal);
    memory.set(JAVA_INT, at + BASIC_MAX_SECTORS, limits.maxIoSize() >> SECTOR_SHIFT);
    memory.set(JAVA_INT, at + BASIC_CHUNK_SECTORS, limits.chunkSize() >> SECTOR_SHIFT);
    memory.set(JAVA_LONG, at + BASIC_DEV_SECTORS, size >> SECTOR_SHIFT);
  }

  private void writeDiscard(MemorySegment memory, long at) {
    int granularity = limits.discardGranularity();
    memory.set(
        JAVA_INT,
        at + DISCARD_DISCARD_GRANULARITY,
        granularity == 0 ? limits.logicalBlockSize() : granularity); // 0 is refused
    memory.set(JAVA_INT, at + DISCARD_MAX_DISCARD_SECTORS, limits.maxDiscardSize() >> SECTOR_SHIFT);
    memory.set(
        JAVA_INT,
        at + DISCARD_MAX_WRITE_ZEROES_SECTORS,
        limits.maxWriteZeroesSize() >> SECTOR_SHIFT);
    memory.set(JAVA_SHORT, at + DISCARD_MAX_DISCARD_SEGMENTS, (short) 1);
  }

  private int attributes() {
    return (limits.isReadOnly() ? UBLK_ATTR_READ_ONLY : 0)
        | (limits.isRotational() ? UBLK_ATTR_ROTATIONAL : 0)
        | (limits.hasWriteCache() ? UBLK_ATTR_VOLATILE_CACHE : 0)
        | (limits.hasFua() ? UBLK_ATTR_FUA : 0);
  }

  private static int shift(int powerOfTwo) {
    return Integer.numberOfTrailingZeros(powerOfTwo);
  }
}
