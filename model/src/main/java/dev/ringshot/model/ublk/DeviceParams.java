package dev.ringshot.model.ublk;

import static dev.ringshot.abi.Errno.EINVAL;
import static dev.ringshot.abi.ublk.Ublk.*;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import dev.ringshot.abi.ublk.Params;
import dev.ringshot.model.block.QueueLimits;
import java.lang.foreign.MemorySegment;

/// A device's `struct ublk_params`, in the bytes that a program sees. Guarded by its device.
final class DeviceParams {
  static final int SECTOR_SHIFT = 9;
  private static final int PAGE_SHIFT = 12;
  private static final int PAGE = 1 << PAGE_SHIFT;
  private static final int TYPES =
      UBLK_PARAM_TYPE_BASIC
          | UBLK_PARAM_TYPE_DISCARD
          | UBLK_PARAM_TYPE_DEVT
          | UBLK_PARAM_TYPE_ZONED
          | UBLK_PARAM_TYPE_DMA_ALIGN
          | UBLK_PARAM_TYPE_SEGMENT
          | UBLK_PARAM_TYPE_INTEGRITY;
  private static final int CHAR_MAJOR = 240; // as any that is not reserved
  private static final int DISK_MAJOR = 259; // BLOCK_EXT_MAJOR

  final MemorySegment bytes = MemorySegment.ofArray(new long[Params.SIZE / Long.BYTES]);

  boolean has(int type) {
    return (bytes.get(JAVA_INT, Params.TYPES) & type) != 0;
  }

  /// Judges what a program has just copied here; what is not valid sets nothing.
  ///
  /// @return 0 or `-errno`
  int validate(int maxIoBufBytes) {
    types(bytes.get(JAVA_INT, Params.TYPES) & TYPES);
    int error = check(maxIoBufBytes);
    if (error != 0) types(0);
    return error;
  }

  private int check(int maxIoBufBytes) {
    if (!has(UBLK_PARAM_TYPE_BASIC)) return -EINVAL;
    int logical = shift(Params.BASIC_LOGICAL_BS_SHIFT);
    if (logical > PAGE_SHIFT || logical < SECTOR_SHIFT) return -EINVAL;
    if (logical > shift(Params.BASIC_PHYSICAL_BS_SHIFT)) return -EINVAL;
    long sectors = unsigned(Params.BASIC_MAX_SECTORS);
    if (sectors > maxIoBufBytes >>> SECTOR_SHIFT) return -EINVAL;
    if (sectors < PAGE >>> SECTOR_SHIFT) return -EINVAL;
    if (has(UBLK_PARAM_TYPE_DISCARD)) {
      int segments = bytes.get(JAVA_SHORT, Params.DISCARD_MAX_DISCARD_SEGMENTS);
      if (unsigned(Params.DISCARD_MAX_DISCARD_SECTORS) != 0 && segments != 1) return -EINVAL;
      if (unsigned(Params.DISCARD_DISCARD_GRANULARITY) == 0) return -EINVAL;
    }
    if (has(UBLK_PARAM_TYPE_DEVT)) return -EINVAL;
    if (has(UBLK_PARAM_TYPE_ZONED)) return -EINVAL; // no device is
    if (has(UBLK_PARAM_TYPE_DMA_ALIGN)) {
      long alignment = unsigned(Params.DMA_ALIGNMENT);
      if (alignment >= PAGE || !isPowerOf2(alignment + 1)) return -EINVAL;
    }
    if (has(UBLK_PARAM_TYPE_SEGMENT)) {
      long boundary = bytes.get(JAVA_LONG, Params.SEG_SEG_BOUNDARY_MASK) + 1;
      if (!isPowerOf2(boundary)) return -EINVAL;
      if (Long.compareUnsigned(boundary, UBLK_MIN_SEGMENT_SIZE) < 0) return -EINVAL;
      if (unsigned(Params.SEG_MAX_SEGMENT_SIZE) < UBLK_MIN_SEGMENT_SIZE) return -EINVAL;
    }
    return has(UBLK_PARAM_TYPE_INTEGRITY) ? -EINVAL : 0;
  }

  /// Fills in what the kernel alone knows.
  void numbers(int id, boolean hasDisk) {
    bytes.set(JAVA_INT, Params.DEVT_CHAR_MAJOR, CHAR_MAJOR);
    bytes.set(JAVA_INT, Params.DEVT_CHAR_MINOR, id);
    bytes.set(JAVA_INT, Params.DEVT_DISK_MAJOR, hasDisk ? DISK_MAJOR : 0);
    bytes.set(JAVA_INT, Params.DEVT_DISK_MINOR, hasDisk ? id : 0);
    types(bytes.get(JAVA_INT, Params.TYPES) | UBLK_PARAM_TYPE_DEVT);
  }

  long sectors() {
    return bytes.get(JAVA_LONG, Params.BASIC_DEV_SECTORS);
  }

  void sectors(long count) {
    bytes.set(JAVA_LONG, Params.BASIC_DEV_SECTORS, count);
  }

  /// No request crosses a multiple of this many bytes; 0 for none.
  long chunkBytes() {
    return unsigned(Params.BASIC_CHUNK_SECTORS) << SECTOR_SHIFT;
  }

  QueueLimits limits() {
    int attributes = bytes.get(JAVA_INT, Params.BASIC_ATTRS);
    boolean discards = has(UBLK_PARAM_TYPE_DISCARD);
    boolean cache = (attributes & UBLK_ATTR_VOLATILE_CACHE) != 0;
    long transfer = unsigned(Params.BASIC_MAX_SECTORS) << SECTOR_SHIFT;
    return new QueueLimits(
        1 << shift(Params.BASIC_LOGICAL_BS_SHIFT),
        1 << shift(Params.BASIC_PHYSICAL_BS_SHIFT),
        1 << shift(Params.BASIC_IO_MIN_SHIFT),
        1 << shift(Params.BASIC_IO_OPT_SHIFT),
        (int) Math.min(transfer, Integer.MAX_VALUE & -PAGE),
        discards ? bytes.get(JAVA_INT, Params.DISCARD_DISCARD_GRANULARITY) : 0,
        discards ? unsigned(Params.DISCARD_MAX_DISCARD_SECTORS) << SECTOR_SHIFT : 0,
        discards ? unsigned(Params.DISCARD_MAX_WRITE_ZEROES_SECTORS) << SECTOR_SHIFT : 0,
        (attributes & UBLK_ATTR_READ_ONLY) != 0,
        cache,
        cache && (attributes & UBLK_ATTR_FUA) != 0,
        (attributes & UBLK_ATTR_ROTATIONAL) != 0);
  }

  private void types(int types) {
    bytes.set(JAVA_INT, Params.TYPES, types);
  }

  private int shift(int at) {
    return bytes.get(JAVA_BYTE, at) & 0xff;
  }

  private long unsigned(int at) {
    return Integer.toUnsignedLong(bytes.get(JAVA_INT, at));
  }

  private static boolean isPowerOf2(long value) {
    return Long.bitCount(value) == 1;
  }
}
