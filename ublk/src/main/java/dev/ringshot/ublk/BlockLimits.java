package dev.ringshot.ublk;

import java.util.function.Consumer;

/// What a disk can do, and what its requests look like; `struct queue_limits` of the kernel. Sizes
/// are in bytes.
///
/// @param logicalBlockSize of which all offsets and lengths are multiples: a power of two, 512 …
///   4096
/// @param physicalBlockSize smallest write that needs no read first: a power of two, not smaller
/// @param optimalIoSize best size of a request, a power of two; 0 for no preference
/// @param maxIoSize longest read or write; 0 for the server's ([ServerOptions#maxIoSize])
/// @param chunkSize no read or write crosses a multiple of it; 0 for none
/// @param isReadOnly whether the kernel refuses writes
/// @param isRotational whether seeks are slow
/// @param hasWriteCache whether an acknowledged write may be lost unless a flush follows. Without,
///   no flush is ever sent: every write must be on stable storage when it completes, or the disk is
///   one that does not outlive its server
/// @param hasFua whether [BlockRequest#isFua] is understood; without, a flush follows instead
/// @param discardGranularity unit of discards; 0 without discard
/// @param maxDiscardSize longest discard; 0 without
/// @param maxWriteZeroesSize longest writing of zeros; 0 without: then zeros are written as data
public record BlockLimits(
    int logicalBlockSize,
    int physicalBlockSize,
    int optimalIoSize,
    int maxIoSize,
    int chunkSize,
    boolean isReadOnly,
    boolean isRotational,
    boolean hasWriteCache,
    boolean hasFua,
    int discardGranularity,
    int maxDiscardSize,
    int maxWriteZeroesSize) {
  /// Longest discard or writing of zeros that a server asks for.
  public static final int RANGE_MAX = 1 << 30;

  /// Blocks of 512 bytes, 4096 physically; neither write cache nor FUA, discard, or writing zeros.
  public static final BlockLimits DEFAULT =
      new BlockLimits(512, 4096, 0, 0, 0, false, false, false, false, 0, 0, 0);

  /// Checks the sizes.
  public BlockLimits {
    require(isPower(logicalBlockSize, 512, 4096), "logicalBlockSize", logicalBlockSize);
    require(
        isPower(physicalBlockSize, logicalBlockSize, 1 << 20),
        "physicalBlockSize",
        physicalBlockSize);
    require(
        optimalIoSize == 0 || isPower(optimalIoSize, 512, 1 << 30), "optimalIoSize", optimalIoSize);
    require(maxIoSize >= 0 && maxIoSize % logicalBlockSize == 0, "maxIoSize", maxIoSize);
    require(chunkSize == 0 || isPower(chunkSize, 4096, 1 << 30), "chunkSize", chunkSize);
    require((discardGranularity == 0) == (maxDiscardSize == 0), "maxDiscardSize", maxDiscardSize);
    require(discardGranularity % logicalBlockSize == 0, "discardGranularity", discardGranularity);
    require(isRange(maxDiscardSize, logicalBlockSize), "maxDiscardSize", maxDiscardSize);
    require(
        isRange(maxWriteZeroesSize, logicalBlockSize), "maxWriteZeroesSize", maxWriteZeroesSize);
  }

  private static boolean isPower(int size, int least, int most) {
    return size >= least && size <= most && Integer.bitCount(size) == 1;
  }

  private static boolean isRange(int size, int block) {
    return size >= 0 && size <= RANGE_MAX && size % block == 0;
  }

  private static void require(boolean isFine, String name, int value) {
    if (!isFine) throw new IllegalArgumentException("bad " + name + ": " + value);
  }

  /// With other blocks.
  public BlockLimits withBlockSize(int logical, int physical) {
    return with(draft -> {
      draft.logicalBlockSize = logical;
      draft.physicalBlockSize = physical;
    });
  }

  /// With another longest read or write, and boundaries that none crosses.
  public BlockLimits withIo(int optimal, int max, int chunk) {
    return with(draft -> {
      draft.optimalIoSize = optimal;
      draft.maxIoSize = max;
      draft.chunkSize = chunk;
    });
  }

  /// Of a disk that cannot be written, or can: without, discard and writing zeros stay as they are.
  public BlockLimits withReadOnly(boolean isReadOnly) {
    BlockLimits ranges = isReadOnly ? withDiscard(0, 0, 0) : this;
    return ranges.with(draft -> draft.isReadOnly = isReadOnly);
  }

  /// With a write cache, and whether it can be passed by.
  public BlockLimits withWriteCache(boolean hasWriteCache, boolean hasFua) {
    return with(draft -> {
      draft.hasWriteCache = hasWriteCache;
      draft.hasFua = hasFua;
    });
  }

  /// With discard and writing zeros; 0 each for without.
  public BlockLimits withDiscard(int granularity, int maxDiscard, int maxWriteZeroes) {
    return with(draft -> {
      draft.discardGranularity = granularity;
      draft.maxDiscardSize = maxDiscard;
      draft.maxWriteZeroesSize = maxWriteZeroes;
    });
  }

  private BlockLimits with(Consumer<Draft> change) {
    var draft = new Draft(this);
    change.accept(draft);
    return draft.limits();
  }

  /// Limits under change.
  private static final class Draft {
    private int logicalBlockSize;
    private int physicalBlockSize;
    private int optimalIoSize;
    private int maxIoSize;
    private int chunkSize;
    private boolean isReadOnly;
    private final boolean isRotational;
    private boolean hasWriteCache;
    private boolean hasFua;
    private int discardGranularity;
    private int maxDiscardSize;
    private int maxWriteZeroesSize;

    Draft(BlockLimits limits) {
      logicalBlockSize = limits.logicalBlockSize;
      physicalBlockSize = limits.physicalBlockSize;
      optimalIoSize = limits.optimalIoSize;
      maxIoSize = limits.maxIoSize;
      chunkSize = limits.chunkSize;
      isReadOnly = limits.isReadOnly;
      isRotational = limits.isRotational;
      hasWriteCache = limits.hasWriteCache;
      hasFua = limits.hasFua;
      discardGranularity = limits.discardGranularity;
      maxDiscardSize = limits.maxDiscardSize;
      maxWriteZeroesSize = limits.maxWriteZeroesSize;
    }

    BlockLimits limits() {
      return new BlockLimits(
          logicalBlockSize,
          physicalBlockSize,
          optimalIoSize,
          maxIoSize,
          chunkSize,
          isReadOnly,
          isRotational,
          hasWriteCache,
          hasFua,
          discardGranularity,
          maxDiscardSize,
          maxWriteZeroesSize);
    }
  }
}
