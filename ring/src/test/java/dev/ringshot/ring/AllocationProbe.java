package dev.ringshot.ring;

import com.sun.management.ThreadMXBean;
import dev.ringshot.abi.Sqe;
import dev.ringshot.linux.LinuxKernel;
import dev.ringshot.model.ModelKernel;
import dev.ringshot.model.Scheduler;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;

/// A program of its own for [AllocationTest]: prints how many bytes a million completions, and a
/// million events, allocate once the compiler is done: the least of up to eight windows.
final class AllocationProbe {
  private static final int WARM_UP = 300_000;
  private static final int WINDOW = 1_000_000;
  private static final int BATCH = 32;
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private interface Load {
    void run(int completions);
  }

  private AllocationProbe() {}

  static void main(String[] args) throws IOException {
    switch (args[0]) {
      case "linux" -> linux();
      case "model" -> model();
      default -> throw new IllegalArgumentException(args[0]);
    }
  }

  private static void linux() throws IOException {
    try (var ring = Ring.open(new LinuxKernel(), BATCH * 2)) {
      measure("completions", completions(ring));
    }
    measureDatagrams("events", (sqe, fd, group) -> sqe.recvMultishot(fd, 0, group));
    measureDatagrams("reads", (sqe, fd, group) -> sqe.readMultishot(fd, 0, group));
  }

  private interface Multishot {
    void prepare(Sqe sqe, int fd, int group);
  }

  /// On a ring of its own: the request stays armed.
  private static void measureDatagrams(String what, Multishot multishot) throws IOException {
    try (var ring = Ring.open(new LinuxKernel(), BATCH * 2);
        var udp = new UdpPeer(ring);
        var buffers = ring.provideBuffers(BATCH * 2, 64)) {
      udp.connectToItself(ring);
      measure(what, datagrams(ring, udp, buffers, multishot));
    }
  }

  private static void model() {
    var source = new EventSource(1);
    try (var kernel = new ModelKernel(Scheduler.virtual(1)).device("/dev/events", source);
        var ring = Ring.open(kernel, BATCH * 2)) {
      measure("completions", completions(ring));
      try (var file = ring.openFile("/dev/events").multishot(EventSource.SUBSCRIBE);
          var buffers = ring.provideBuffers(BATCH * 2, 64)) {
        measure("events", events(ring, file, buffers, source.queue(0)));
      }
    }
  }

  private static void measure(String what, Load load) {
    load.run(WARM_UP);
    long least = Long.MAX_VALUE;
    for (int window = 0; window < 8 && least > 0; window++) {
      long before = THREADS.getCurrentThreadAllocatedBytes();
      load.run(WINDOW);
      least = Math.min(least, THREADS.getCurrentThreadAllocatedBytes() - before);
    }
    System.out.println(what + " " + least);
  }

  private static Load completions(Ring ring) {
    long[] heard = {0};
    CqeHandler handler = (res, flags) -> heard[0]++;
    return count -> {
      for (long until = heard[0] + count; heard[0] < until; ) {
        for (int i = 0; i < BATCH; i++) ring.prepare(handler).nop();
        ring.run();
      }
    };
  }

  private static Load datagrams(Ring ring, UdpPeer udp, BufferRing buffers, Multishot multishot) {
    long[] heard = {0};
    Subscription datagrams = buffers.onEvent((buffer, at, length) -> heard[0] += length);
    multishot.prepare(ring.prepare(datagrams), udp.fd(), buffers.group());
    CqeHandler sent = (res, flags) -> {};
    MemorySegment payload = ring.allocate(1);
    return count -> {
      for (long until = heard[0] + count; heard[0] < until; ) {
        long batch = heard[0] + BATCH;
        for (int i = 0; i < BATCH; i++) {
          ring.prepare(sent).send(udp.fd(), payload.address(), 1, 0);
        }
        while (heard[0] < batch) {
          ring.submitAndWait(1);
          ring.dispatch();
        }
      }
    };
  }

  private static Load events(
      Ring ring, RingFile file, BufferRing buffers, EventSource.Queue queue) {
    Subscription events = buffers.onEvent((buffer, at, length) -> {});
    ring.prepare(events).uringCmdMultishot(file.fd(), EventSource.SUBSCRIBE, buffers.group());
    ring.submit();
    return count -> {
      for (long until = events.events() + count; events.events() < until; ) {
        queue.produce(BATCH);
        ring.submitAndWait(1);
        ring.dispatch();
      }
    };
  }
}
