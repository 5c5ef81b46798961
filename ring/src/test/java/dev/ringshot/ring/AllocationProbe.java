package dev.ringshot.ring;

import com.sun.management.ThreadMXBean;
import dev.ringshot.abi.Kernel;
import dev.ringshot.abi.Socket;
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
    measureParts(new LinuxKernel());
    measureAccepts(new LinuxKernel());
  }

  private static void measureParts(Kernel kernel) {
    try (var ring = Ring.open(kernel, BATCH * 2);
        var pair = new StreamPair(ring);
        var buffers = ring.provideBuffers(BATCH, 64)) {
      measure("parts", parts(ring, pair, buffers));
    }
  }

  /// On Linux alone: the model's sockets are on the heap.
  private static void measureAccepts(Kernel kernel) {
    try (var ring = Ring.open(kernel, BATCH * 2);
        var listener = StreamPair.socket(ring)) {
      measure("accepts", new Accepts(ring, listener)::run, 20);
    }
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
      measureParts(kernel);
    }
  }

  private static void measure(String what, Load load) {
    measure(what, load, 1);
  }

  /// @param weight how many others one of its completions stands for
  private static void measure(String what, Load load, int weight) {
    load.run(WARM_UP / weight);
    long least = Long.MAX_VALUE;
    for (int window = 0; window < 8 && least > 0; window++) {
      long before = THREADS.getCurrentThreadAllocatedBytes();
      load.run(WINDOW / weight);
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

  /// Parts of bundles, of which one completion brings up to as many as there are buffers.
  private static Load parts(Ring ring, StreamPair pair, BufferRing buffers) {
    long[] heard = {0, 0};
    BundleHandler handler =
        (buffer, at, length, left) -> {
          heard[0]++;
          heard[1] += length;
        };
    Subscription events = buffers.onEvent(handler).rearmAutomatically();
    ring.prepare(events).recvMultishotBundle(pair.near.fd(), 0, buffers.group(), 0);
    CqeHandler sent = (res, flags) -> {};
    MemorySegment payload = ring.allocate(BATCH * 32);
    return count -> {
      for (long until = heard[0] + count; heard[0] < until; ) {
        long batch = heard[1] + payload.byteSize();
        ring.prepare(sent).send(pair.far.fd(), payload, 0);
        while (heard[1] < batch) {
          ring.submitAndWait(1);
          ring.dispatch();
        }
      }
    };
  }

  /// One connection after the other: a multishot accept hears of it, both ends are closed.
  private static final class Accepts {
    private final Ring ring;
    private final MemorySegment name;
    private final CqeHandler closed = (res, flags) -> {};
    private final CqeHandler made = this::made;
    private final CqeHandler connected = this::connected;
    private int client;
    private long accepted;

    Accepts(Ring ring, RingFile listener) {
      this.ring = ring;
      name = StreamPair.name(ring);
      int length = (int) name.byteSize();
      UdpPeer.answer(ring, sqe -> sqe.bind(listener.fd(), name.address(), length));
      UdpPeer.answer(ring, sqe -> sqe.listen(listener.fd(), 1));
      var accepts = ring.subscription().onCompletion(this::accepted);
      ring.prepare(accepts).multishotAccept(listener.fd(), 0, 0, 0);
    }

    private void made(int res, int flags) {
      client = res;
      ring.prepare(connected).connect(res, name.address(), (int) name.byteSize());
    }

    private void connected(int res, int flags) {
      if (res != 0) throw new AssertionError("connect: " + res);
      ring.prepare(closed).close(client);
    }

    private void accepted(int res, int flags) {
      if (res < 0) throw new AssertionError("accept: " + res);
      ring.prepare(closed).close(res);
      accepted++;
    }

    void run(int count) {
      for (long until = accepted + count; accepted < until; ) {
        long next = accepted + 1;
        ring.prepare(made).socket(Socket.AF_UNIX, Socket.SOCK_STREAM, 0, 0);
        while (accepted < next) {
          ring.submitAndWait(1);
          ring.dispatch();
        }
      }
    }
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
