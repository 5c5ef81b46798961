package dev.ringshot.ublk.target;

import dev.ringshot.abi.Errno;
import dev.ringshot.ring.Ring;
import dev.ringshot.ublk.BlockLimits;
import dev.ringshot.ublk.BlockOp;
import dev.ringshot.ublk.BlockRequest;
import dev.ringshot.ublk.BlockTarget;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLongArray;

/// Fails some requests of another target, before that sees them. Which ones, a seed decides: for
/// each queue the same on every run.
public final class FaultyTarget implements BlockTarget {
  private static final long GOLDEN = 0x9e3779b97f4a7c15L;

  private final BlockTarget target;
  private final long[] thresholds = new long[BlockOp.COUNT];
  private final long from;
  private final long to;
  private final int errno;
  private final long seed;
  private AtomicLongArray states = new AtomicLongArray(0);

  /// @param target closed with this
  /// @param rates of each operation, how many of its requests fail: 0 … 1
  /// @param from beginning of the range that is bad, in bytes
  /// @param to its end; requests that touch it may fail, and flushes
  /// @param errno what they fail with
  public FaultyTarget(
      BlockTarget target, Map<BlockOp, Double> rates, long from, long to, int errno, long seed) {
    this.target = target;
    this.from = from;
    this.to = to;
    this.errno = errno;
    this.seed = seed;
    rates.forEach((op, rate) -> thresholds[op.index()] = threshold(op, rate));
  }

  private static long threshold(BlockOp op, double rate) {
    if (rate < 0 || rate > 1) throw new IllegalArgumentException(op + " cannot fail " + rate);
    return (long) (rate * (1L << 53));
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
    states = new AtomicLongArray(queues);
    for (int queue = 0; queue < queues; queue++) states.set(queue, seed + queue);
    target.open(queues, depth);
  }

  @Override
  public void attach(int queue, Ring ring) {
    target.attach(queue, ring);
  }

  @Override
  public void submit(BlockRequest request, Ring ring) {
    if (isBad(request)) request.complete(-errno);
    else target.submit(request, ring);
  }

  private boolean isBad(BlockRequest request) {
    long threshold = thresholds[request.op().index()];
    if (threshold == 0) return false;
    boolean isFlush = request.op() == BlockOp.FLUSH;
    boolean touches = request.offset() < to && request.offset() + request.length() > from;
    if (!touches && !isFlush) return false;
    return mix(states.addAndGet(request.queue(), GOLDEN)) >>> 11 < threshold;
  }

  /// SplitMix64.
  private static long mix(long state) {
    long z = (state ^ state >>> 30) * 0xbf58476d1ce4e5b9L;
    z = (z ^ z >>> 27) * 0x94d049bb133111ebL;
    return z ^ z >>> 31;
  }

  @Override
  public void close() {
    target.close();
  }

  @Override
  public String toString() {
    return "faulty: " + Errno.name(errno) + " in " + from + " … " + to + ", seed " + seed;
  }
}
