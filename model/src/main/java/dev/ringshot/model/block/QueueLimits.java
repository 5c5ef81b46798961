package dev.ringshot.model.block;

/// What requests of a [BlockDevice] must look like, and what it can do (`struct queue_limits`).
///
/// @param logicalBlockSize of which offsets and lengths are multiples, in bytes; a power of two
/// @param physicalBlockSize smallest write that needs no read first, in bytes
/// @param ioMin preferred smallest request in bytes
/// @param ioOpt preferred request in bytes; 0 if there is none
/// @param maxTransfer longest read or write in bytes that is not split
/// @param discardGranularity in bytes; 0 without discard
/// @param maxDiscard longest discard in bytes that is not split; 0 without discard
/// @param maxWriteZeroes longest writing of zeroes in bytes that is not split; 0 without
/// @param isReadOnly whether writes are refused
/// @param hasVolatileCache whether what is written is on stable storage only after a flush
/// @param hasFua whether [Bio#FUA] costs less than a flush
/// @param isRotational whether seeks are slow
public record QueueLimits(
    int logicalBlockSize,
    int physicalBlockSize,
    int ioMin,
    int ioOpt,
    int maxTransfer,
    int discardGranularity,
    long maxDiscard,
    long maxWriteZeroes,
    boolean isReadOnly,
    boolean hasVolatileCache,
    boolean hasFua,
    boolean isRotational) {
  /// Checks the sizes.
  public QueueLimits {
    if (Integer.bitCount(logicalBlockSize) != 1 || logicalBlockSize < 512)
      throw new IllegalArgumentException("logical blocks of " + logicalBlockSize + " bytes");
    if (maxTransfer < logicalBlockSize)
      throw new IllegalArgumentException("transfers of at most " + maxTransfer + " bytes");
  }
}
