package dev.ringshot.cli.serve;

import dev.ringshot.nbd.Extent;
import dev.ringshot.nbd.ExtentSource;
import dev.ringshot.ublk.target.MemTarget;

/// Where a disk in memory has data: in the chunks that were written.
///
/// @param target the disk
record MemoryExtents(MemTarget target) implements ExtentSource {
  @Override
  public Extent extentAt(long offset, long lengthMax) {
    boolean hasData = target.hasData(offset);
    long end = offset;
    while (end < offset + lengthMax && end < target.size() && target.hasData(end) == hasData)
      end = (end / MemTarget.CHUNK + 1) * MemTarget.CHUNK;
    long length = Math.min(end - offset, lengthMax);
    return new Extent(length, hasData ? Extent.Kind.DATA : Extent.Kind.HOLE);
  }
}
