package dev.ringshot.ublk.target;

import dev.ringshot.abi.Errno;
import dev.ringshot.ring.Ring;
import dev.ringshot.ublk.BlockLimits;
import dev.ringshot.ublk.BlockRequest;
import dev.ringshot.ublk.BlockTarget;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Tells each request of another target and its result, in a line: `0.17 WRITE 4096 bytes at 8192 =
/// 4096`, where 0.17 is queue 0, tag 17. For a look: each line takes memory and time.
public final class TraceTarget implements BlockTarget {
  private final BlockTarget target;
  private final Consumer<String> lines;
  private Traced[][] traced = new Traced[0][];

  /// @param target closed with this
  /// @param lines hears each line, on whichever thread a request ends
  public TraceTarget(BlockTarget target, Consumer<String> lines) {
    this.target = target;
    this.lines = lines;
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
    traced = new Traced[queues][depth];
    for (int queue = 0; queue < queues; queue++) {
      for (int tag = 0; tag < depth; tag++) traced[queue][tag] = new Traced(queue, tag);
    }
    target.open(queues, depth);
  }

  @Override
  public void attach(int queue, Ring ring) {
    target.attach(queue, ring);
  }

  @Override
  public void submit(BlockRequest request, Ring ring) {
    traced[request.queue()][request.tag()].submit(request, ring);
  }

  @Override
  public void close() {
    target.close();
  }

  private final class Traced {
    private final BlockRequest inner;
    private volatile @Nullable BlockRequest outer;

    Traced(int queue, int tag) {
      inner = new BlockRequest(this::ended, queue, tag);
    }

    void submit(BlockRequest request, Ring ring) {
      outer = request;
      target.submit(inner.beginAs(request), ring);
    }

    private void ended(BlockRequest request, int result) {
      BlockRequest whole = outer;
      String outcome = result < 0 ? "-" + Errno.name(result) : String.valueOf(result);
      lines.accept(request.queue() + "." + request.tag() + " " + request + " = " + outcome);
      if (whole != null) whole.complete(result);
    }
  }
}
