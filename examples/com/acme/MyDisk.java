package com.acme;

import dev.ringshot.ring.Ring;
import dev.ringshot.ublk.BlockLimits;
import dev.ringshot.ublk.BlockRequest;
import dev.ringshot.ublk.BlockTarget;
import dev.ringshot.ublk.target.TargetSpec;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// A disk of your own, in memory. To serve it: `--target com.acme.MyDisk:size=64M --class-path
/// FOLDER`, where FOLDER has com/acme/MyDisk.class.
///
/// Only `size` and `submit` are required. This one has a write cache, to show what that means:
/// what was written is in `written`, and in `stable` only after a flush.
public final class MyDisk implements BlockTarget {
  private final MemorySegment written;
  private final MemorySegment stable;

  /// Called with what stands behind the class's name on the command line.
  public MyDisk(TargetSpec spec) {
    long size = spec.size("size", 16 << 20);
    written = Arena.ofAuto().allocate(size, 4096);
    stable = Arena.ofAuto().allocate(size, 4096);
  }

  @Override
  public long size() {
    return written.byteSize();
  }

  @Override
  public BlockLimits limits() {
    return BlockLimits.DEFAULT
        .withWriteCache(true, false) // flush me; I know no FUA
        .withDiscard(4096, 1 << 20, 1 << 20); // granularity, longest discard, longest zeroing
  }

  @Override
  public void submit(BlockRequest request, Ring ring) {
    long offset = request.offset();
    int length = request.length();
    MemorySegment data = request.buffer();
    switch (request.op()) {
      case READ -> MemorySegment.copy(written, offset, data, request.bufferOffset(), length);
      case WRITE -> MemorySegment.copy(data, request.bufferOffset(), written, offset, length);
      case FLUSH -> stable.copyFrom(written);
      case DISCARD, WRITE_ZEROES -> written.asSlice(offset, length).fill((byte) 0);
    }
    request.complete(); // now, or later, on this thread or any other
  }
}
