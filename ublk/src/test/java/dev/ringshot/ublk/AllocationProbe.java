package dev.ringshot.ublk;

import com.sun.management.ThreadMXBean;
import dev.ringshot.abi.Kernel;
import dev.ringshot.linux.LinuxKernel;
import dev.ringshot.model.ModelKernel;
import dev.ringshot.model.Scheduler;
import dev.ringshot.ring.Ring;
import dev.ringshot.ublk.target.NullTarget;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;

/// A program of its own for [AllocationTest]: prints how many bytes so many requests allocate on
/// their way through a queue's tags, a target and the commands that give results, once the compiler
/// is done: the least of up to eight windows. The driver is `/dev/null`, which answers each command
/// with 0: per tag that is the next request. In batches it is an element that was not taken.
final class AllocationProbe {
  private static final int WARM_UP = 200_000;
  private static final int WINDOW = 200_000;
  private static final int DEPTH = 8;
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private final Ring ring;
  private final Completions completions;
  private final Tag[] tags = new Tag[DEPTH];
  private final MemorySegment descriptors;
  private final QueueStatistics statistics = new QueueStatistics();
  private final Fetch fetch;
  private long arrived;

  private AllocationProbe(Ring ring, boolean isBatch, DataMode data) {
    this.ring = ring;
    completions = new Completions(ring);
    descriptors = ring.allocate(4096);
    var file = new QueueFile(ring, ring.openFile("/dev/null").fd(), 0);
    var memory = new TagMemory(ring, DEPTH, 4096, data);
    fetch =
        isBatch
            ? new BatchFetch(ring, file, ServerOptions.of(1), memory, statistics, this::arrived)
            : new TagFetch(file, memory, statistics, this::arrived);
    var lane =
        new Lane(
            ring,
            file,
            memory,
            new NullTarget(1 << 20),
            completions,
            fetch,
            new Lane.Outstanding(),
            statistics,
            Troubles.SILENT,
            System::nanoTime,
            512);
    for (int tag = 0; tag < DEPTH; tag++) tags[tag] = new Tag(lane, 0, tag);
  }

  static void main(String[] args) {
    Kernel kernel =
        args[0].equals("linux") ? new LinuxKernel() : new ModelKernel(Scheduler.virtual(1));
    for (boolean isBatch : new boolean[] {false, true}) {
      for (DataMode data : new DataMode[] {DataMode.COPY, DataMode.ZERO_COPY}) {
        try (var ring = Ring.open(kernel, DEPTH * 4)) {
          var probe = new AllocationProbe(ring, isBatch, data);
          System.out.println((isBatch ? "batch " : "tag ") + data + " " + probe.measure());
        }
      }
    }
  }

  private long measure() {
    for (int tag = 0; tag < DEPTH; tag++) arrived(tag);
    run(WARM_UP);
    long least = Long.MAX_VALUE;
    for (int window = 0; window < 8 && least > 0; window++) {
      long before = THREADS.getCurrentThreadAllocatedBytes();
      run(WINDOW);
      least = Math.min(least, THREADS.getCurrentThreadAllocatedBytes() - before);
    }
    return least;
  }

  private void arrived(int tag) {
    arrived++;
    tags[tag].arrive(descriptors, 0);
  }

  private void run(int requests) {
    if (fetch instanceof BatchFetch) runBatches(requests);
    else runTags(requests);
  }

  private void runTags(int requests) {
    for (long until = arrived + requests; arrived < until; ) {
      complete();
      ring.submitAndWait(1);
      ring.dispatch();
    }
  }

  private void runBatches(int requests) {
    for (long until = arrived + requests; arrived < until; ) {
      complete();
      while (statistics.rejected() < arrived) {
        ring.submitAndWait(1);
        ring.dispatch();
      }
      for (int tag = 0; tag < DEPTH; tag++) arrived(tag);
    }
  }

  private void complete() {
    BlockRequest request = completions.takeAll();
    while (request != null) {
      BlockRequest next = request.next();
      tags[request.tag()].ended(request);
      request = next;
    }
    fetch.flush();
  }
}
