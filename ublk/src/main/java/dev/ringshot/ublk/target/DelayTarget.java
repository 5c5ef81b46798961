package dev.ringshot.ublk.target;

import dev.ringshot.abi.Timespec;
import dev.ringshot.ring.CqeHandler;
import dev.ringshot.ring.Ring;
import dev.ringshot.ublk.BlockLimits;
import dev.ringshot.ublk.BlockOp;
import dev.ringshot.ublk.BlockRequest;
import dev.ringshot.ublk.BlockTarget;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Keeps requests for a while before another target sees them: a timeout of the queue's ring, so
/// that virtual time will do.
public final class DelayTarget implements BlockTarget {
  private final BlockTarget target;
  private final long[] nanos = new long[BlockOp.COUNT];
  private Lane[] lanes = new Lane[0];
  private int depth;

  /// @param target closed with this
  /// @param times of each operation, how long
  public DelayTarget(BlockTarget target, Map<BlockOp, Duration> times) {
    this.target = target;
    times.forEach((op, time) -> nanos[op.index()] = time.toNanos());
  }

  @Override
  public long size() {
    return target.size();
  }

  @Override
  public BlockLimits limits() {
    return target.limits();
  }

  @Override
  public boolean takesRegisteredBuffers() {
    return target.takesRegisteredBuffers();
  }

  @Override
  public void open(int queues, int depth) {
    this.depth = depth;
    lanes = new Lane[queues];
    target.open(queues, depth);
  }

  @Override
  public void attach(int queue, Ring ring) {
    lanes[queue] = new Lane(ring, depth);
    target.attach(queue, ring);
  }

  @Override
  public void submit(BlockRequest request, Ring ring) {
    long wait = nanos[request.op().index()];
    if (wait == 0) target.submit(request, ring);
    else lanes[request.queue()].delays[request.tag()].begin(request, wait);
  }

  @Override
  public void close() {
    target.close();
  }

  /// What one queue keeps.
  private final class Lane {
    private final Ring ring;
    private final MemorySegment times;
    private final Delay[] delays;

    Lane(Ring ring, int depth) {
      this.ring = ring;
      times = ring.allocate((long) depth * Timespec.SIZE);
      delays = new Delay[depth];
      for (int tag = 0; tag < depth; tag++) delays[tag] = new Delay(this, tag);
    }
  }

  private final class Delay implements CqeHandler {
    private final Lane lane;
    private final long at;
    private @Nullable BlockRequest request;

    Delay(Lane lane, int tag) {
      this.lane = lane;
      at = (long) tag * Timespec.SIZE;
    }

    void begin(BlockRequest waiting, long wait) {
      request = waiting;
      Timespec.set(lane.times, at, wait);
      lane.ring.prepare(this).timeout(lane.times.address() + at, 0, 0);
    }

    @Override
    public void onCqe(int res, int flags) {
      BlockRequest waited = Objects.requireNonNull(request);
      request = null;
      target.submit(waited, lane.ring);
    }
  }
}
