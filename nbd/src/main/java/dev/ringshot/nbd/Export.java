package dev.ringshot.nbd;

import dev.ringshot.model.block.BlockDevice;
import dev.ringshot.model.block.QueueLimits;
import java.nio.charset.StandardCharsets;

/// The one thing that a server serves, and what it says of itself.
record Export(
    String name,
    String description,
    BlockDevice device,
    ExtentSource extents,
    boolean isAskedReadOnly) {
  /// The longest read or write, which the protocol names as what everybody may send.
  static final int PAYLOAD_MAX = 32 << 20;

  private static final int BLOCK_MAX = 1 << 16;
  private static final int PREFERRED_MIN = 4096;

  Export {
    int block = device.limits().logicalBlockSize();
    if (block > BLOCK_MAX)
      throw new IllegalArgumentException(
          device.name() + ": blocks of " + block + " bytes; NBD has at most " + BLOCK_MAX);
  }

  static Export of(NbdOptions options, BlockDevice device, ExtentSource extents) {
    return new Export(options.name(), options.description(), device, extents, options.isReadOnly());
  }

  byte[] nameBytes() {
    return name.getBytes(StandardCharsets.UTF_8);
  }

  byte[] descriptionBytes() {
    return description.getBytes(StandardCharsets.UTF_8);
  }

  boolean hasName(String asked) {
    return asked.isEmpty() || asked.equals(name);
  }

  boolean isReadOnly() {
    return isAskedReadOnly || device.limits().isReadOnly();
  }

  int blockSize() {
    return device.limits().logicalBlockSize();
  }

  /// What requests should be multiples of, to be quick; a power of two.
  int preferredBlockSize() {
    QueueLimits limits = device.limits();
    int preferred = Math.max(PREFERRED_MIN, limits.logicalBlockSize());
    preferred = Math.max(preferred, limits.physicalBlockSize());
    return Integer.highestOneBit(Math.clamp(limits.ioMin(), preferred, PAYLOAD_MAX));
  }

  /// In bytes, whole blocks: a client could not reach what is beyond.
  long size() {
    return device.capacity() & -(long) blockSize();
  }

  /// Says what a client may send. All connections share one device, and its flush covers whatever
  /// ended before, on any of them: that is what `CAN_MULTI_CONN` promises.
  int transmissionFlags(boolean isStructured) {
    QueueLimits limits = device.limits();
    int flags =
        Nbd.NBD_FLAG_HAS_FLAGS
            | Nbd.NBD_FLAG_SEND_FLUSH
            | Nbd.NBD_FLAG_CAN_MULTI_CONN
            | Nbd.NBD_FLAG_SEND_CACHE;
    if (isStructured) flags |= Nbd.NBD_FLAG_SEND_DF;
    if (limits.isRotational()) flags |= Nbd.NBD_FLAG_ROTATIONAL;
    if (isReadOnly()) return flags | Nbd.NBD_FLAG_READ_ONLY;
    flags |= Nbd.NBD_FLAG_SEND_FUA | Nbd.NBD_FLAG_SEND_WRITE_ZEROES | Nbd.NBD_FLAG_SEND_FAST_ZERO;
    return limits.maxDiscard() > 0 ? flags | Nbd.NBD_FLAG_SEND_TRIM : flags;
  }
}
