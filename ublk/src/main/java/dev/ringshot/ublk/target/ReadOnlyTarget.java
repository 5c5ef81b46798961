package dev.ringshot.ublk.target;

import dev.ringshot.abi.Errno;
import dev.ringshot.ring.Ring;
import dev.ringshot.ublk.BlockLimits;
import dev.ringshot.ublk.BlockRequest;
import dev.ringshot.ublk.BlockTarget;

/// Keeps writes from another target: the kernel is told, and should one come, it fails with
/// `EROFS`.
///
/// @param target closed with this
public record ReadOnlyTarget(BlockTarget target) implements BlockTarget {
  @Override
  public long size() {
    return target.size();
  }

  @Override
  public BlockLimits limits() {
    return target.limits().withReadOnly(true);
  }

  @Override
  public boolean takesRegisteredBuffers() {
    return target.takesRegisteredBuffers();
  }

  @Override
  public void open(int queues, int depth) {
    target.open(queues, depth);
  }

  @Override
  public void attach(int queue, Ring ring) {
    target.attach(queue, ring);
  }

  @Override
  public void submit(BlockRequest request, Ring ring) {
    if (request.op().isWrite()) request.complete(-Errno.EROFS);
    else target.submit(request, ring);
  }

  @Override
  public void close() {
    target.close();
  }
}
