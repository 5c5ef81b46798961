package dev.ringshot.ublk.target;

import dev.ringshot.ring.Ring;
import dev.ringshot.ublk.BlockLimits;
import dev.ringshot.ublk.BlockRequest;
import dev.ringshot.ublk.BlockTarget;

/// Takes everything and keeps nothing: what is read is whatever lies in the request's memory. For
/// measuring all that is not a disk.
///
/// @param size bytes
public record NullTarget(long size) implements BlockTarget {
  private static final BlockLimits LIMITS =
      BlockLimits.DEFAULT.withDiscard(4096, BlockLimits.RANGE_MAX, BlockLimits.RANGE_MAX);

  @Override
  public BlockLimits limits() {
    return LIMITS;
  }

  @Override
  public boolean takesRegisteredBuffers() {
    return true;
  }

  @Override
  public void submit(BlockRequest request, Ring ring) {
    request.complete();
  }
}
