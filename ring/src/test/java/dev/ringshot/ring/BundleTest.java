package dev.ringshot.ring;

import static dev.ringshot.abi.IoUring.IORING_CQE_BUFFER_SHIFT;
import static dev.ringshot.abi.IoUring.IORING_CQE_F_BUFFER;
import static dev.ringshot.abi.IoUring.IORING_RECVSEND_BUNDLE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringshot.abi.Kernel;
import dev.ringshot.abi.Socket;
import dev.ringshot.linux.LinuxKernel;
import dev.ringshot.model.ModelKernel;
import dev.ringshot.model.ModelOptions;
import dev.ringshot.model.Release;
import dev.ringshot.model.Scheduler;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Receives of which one completion brings several buffers, on every kernel.
final class BundleTest {
  private static final Duration PLENTY = Duration.ofSeconds(30);
  private static final Duration MOMENT = Duration.ofMillis(1);

  record On(String name, Supplier<Kernel> kernel) {
    @Override
    public String toString() {
      return name;
    }
  }

  static List<On> kernels() {
    var kernels = new ArrayList<On>();
    for (var release : List.of(Release.LINUX_6_18, Release.LINUX_7_3)) {
      var options = ModelOptions.DEFAULT.withRelease(release);
      kernels.add(new On("model " + release, () -> new ModelKernel(Scheduler.virtual(1), options)));
    }
    if (System.getProperty("os.name", "").equals("Linux"))
      kernels.add(new On("linux", LinuxKernel::new));
    return kernels;
  }

  /// Hears parts, and checks that they are the bytes that were sent.
  private static final class Listener implements BundleHandler {
    private final StreamPair pair;
    private final int size;
    private final List<String> heard = new ArrayList<>();
    private int expectedLeft;
    private int bundlesOfMany;

    Listener(StreamPair pair, int size) {
      this.pair = pair;
      this.size = size;
    }

    @Override
    public void onPart(MemorySegment buffer, long offset, int length, int left) {
      heard.add(offset + "+" + length + (left > 0 ? " of " + (length + left) : ""));
      assertEquals(size, buffer.byteSize());
      if (left > 0) assertEquals(size, offset + length, "all but the last are full");
      if (expectedLeft > 0) assertEquals(expectedLeft, length + left);
      if (expectedLeft > 0) assertEquals(0, offset);
      if (expectedLeft == 0 && left > 0) bundlesOfMany++;
      expectedLeft = left;
      pair.check(buffer, offset, length);
    }
  }

  private static void until(Ring ring, Supplier<Boolean> isSo) {
    for (int i = 0; !isSo.get(); i++) {
      assertTrue(i < 1_000, "nothing more happens");
      ring.run(MOMENT);
    }
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void oneCompletionBringsBuffersInOrder(On on) {
    try (var ring = Ring.open(on.kernel.get(), 8);
        var pair = new StreamPair(ring);
        var buffers = ring.provideBuffers(10, 16)) {
      pair.write(100);
      ring.run();
      var listener = new Listener(pair, 16);
      List<String> completions = new ArrayList<>();
      var once = buffers.onEvent(listener);
      once.onCompletion(
          (res, flags) -> completions.add(res + " " + dev.ringshot.abi.Cqe.bufferId(flags)));
      ring.prepare(once).recvBundle(pair.near.fd(), 40, 0, buffers.group());
      assertEquals(Pause.IDLE, ring.run(PLENTY));
      assertEquals(List.of("0+16 of 32", "0+16"), listener.heard);
      ring.prepare(once).recvBundle(pair.near.fd(), 400, 0, buffers.group());
      assertEquals(Pause.IDLE, ring.run(PLENTY));
      assertEquals(
          List.of("0+16 of 68", "0+16 of 52", "0+16 of 36", "0+16 of 20", "0+4"),
          listener.heard.subList(2, 7));
      assertEquals(List.of("32 0", "68 2"), completions);
      assertEquals(2, once.events());
      assertEquals(10, buffers.available());
      assertEquals(0, buffers.recovered());
    }
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void multishotReceivesUntilTheGroupIsEmptyAndRearms(On on) {
    try (var ring = Ring.open(on.kernel.get(), 8);
        var pair = new StreamPair(ring);
        var buffers = ring.provideBuffers(4, 16)) {
      var listener = new Listener(pair, 16);
      List<End> ends = new ArrayList<>();
      var events = buffers.onEvent(listener).onEnd(ends::add);
      ring.prepare(events).recvMultishotBundle(pair.near.fd(), 0, buffers.group(), 0);
      ring.submit();
      pair.write(200);
      until(ring, () -> !ends.isEmpty());
      assertTrue(pair.read() <= 64, "no more than the buffers hold");
      assertFalse(events.isActive());
      assertEquals(4, buffers.available());

      events.rearmAutomatically().rearm();
      until(ring, () -> pair.read() == 200);
      for (int i = 0; i < 50; i++) {
        int bytes = 1 + i * 3;
        long goal = pair.written() + bytes;
        pair.write(bytes);
        until(ring, () -> pair.read() == goal);
      }
      assertEquals(1, ends.size());
      assertTrue(events.rearms() > 1);
      ring.cancel(events);
      assertEquals(Pause.IDLE, ring.run(PLENTY));
      assertEquals(new End.Cancelled(), ends.getLast());
      assertEquals(4, buffers.available());
      assertEquals(0, buffers.recovered());
      assertTrue(listener.bundlesOfMany > 0, "some completions brought several buffers");
    }
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void keptPartsGoBackInAnyOrder(On on) {
    try (var ring = Ring.open(on.kernel.get(), 8);
        var pair = new StreamPair(ring);
        var buffers = ring.provideBuffers(5, 16)) {
      var random = new SplittableRandom(1);
      var kept = new ArrayDeque<Integer>();
      var events =
          buffers.onEvent((buffer, offset, length) -> {
            pair.check(buffer, offset, length);
            if (random.nextBoolean()) kept.add(buffers.keep());
          });
      ring.prepare(events.rearmAutomatically())
          .recvMultishotBundle(pair.near.fd(), 0, buffers.group(), 0);
      ring.submit();
      for (int i = 0; i < 500; i++) {
        int bytes = 1 + random.nextInt(100);
        long goal = pair.written() + bytes;
        pair.write(bytes);
        while (pair.read() < goal || ring.inFlight() > 1) {
          while (!kept.isEmpty() && (random.nextBoolean() || buffers.kept() == 5))
            buffers.giveBack(random.nextBoolean() ? kept.removeFirst() : kept.removeLast());
          assertEquals(5, buffers.available() + buffers.kept());
          ring.run(MOMENT);
        }
      }
      while (!kept.isEmpty()) buffers.giveBack(kept.removeLast());
      assertEquals(5, buffers.available());
      ring.cancel(events);
      assertEquals(Pause.IDLE, ring.run(PLENTY));
      assertEquals(0, buffers.recovered());
    }
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void incrementalBuffersAreFilledThroughTheirBorders(On on) {
    for (int minLeft : new int[] {0, 5}) {
      try (var ring = Ring.open(on.kernel.get(), 8);
          var pair = new StreamPair(ring);
          var buffers = ring.provideBuffers(new BufferOptions(6, 50, true, minLeft, true))) {
        var listener = new Listener(pair, 50);
        var random = new SplittableRandom(2);
        var events = buffers.onEvent(listener).rearmAutomatically();
        ring.prepare(events).recvMultishotBundle(pair.near.fd(), 0, buffers.group(), 0);
        ring.submit();
        for (int i = 0; i < 500; i++) {
          int bytes = 1 + random.nextInt(i % 2 == 0 ? 20 : 400);
          long goal = pair.written() + bytes;
          pair.write(bytes);
          until(ring, () -> pair.read() == goal && ring.inFlight() == 1);
          assertEquals(6, buffers.available());
        }
        assertTrue(listener.bundlesOfMany > 0);
        assertEquals(0, buffers.recovered() + buffers.skippedBytes());
      }
    }
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void fullCompletionQueueEndsAndRearmsWithNothingLost(On on) {
    var options = RingOptions.DEFAULT.withEntries(4).withCompletionEntries(4);
    try (var ring = Ring.open(on.kernel.get(), options);
        var pair = new StreamPair(ring);
        var buffers = ring.provideBuffers(64, 16)) {
      var listener = new Listener(pair, 16);
      List<End> ends = new ArrayList<>();
      var events = buffers.onEvent(listener).onEnd(ends::add).rearmAutomatically();
      ring.prepare(events).recvMultishotBundle(pair.near.fd(), 0, buffers.group(), 0).len(32);
      ring.submit();
      for (int i = 0; i < 20; i++) {
        long goal = pair.written() + 500;
        pair.write(500);
        for (int j = 0; j < 3; j++) ring.prepare((res, flags) -> {}).nop();
        until(ring, () -> pair.read() == goal && ring.inFlight() == 1);
        assertEquals(64, buffers.available());
      }
      assertTrue(events.rearms() > 0);
      assertEquals(List.of(), ends);
      assertEquals(0, buffers.recovered());
    }
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void limitInAllEndsAReceive(On on) {
    try (var ring = Ring.open(on.kernel.get(), 8);
        var pair = new StreamPair(ring);
        var buffers = ring.provideBuffers(16, 16)) {
      pair.write(200);
      ring.run();
      List<End> ends = new ArrayList<>();
      var events =
          buffers
              .onEvent((buffer, offset, length) -> pair.check(buffer, offset, length))
              .onEnd(ends::add);
      ring.prepare(events).recvMultishot(pair.near.fd(), 0, buffers.group(), 50);
      assertEquals(Pause.IDLE, ring.run(PLENTY));
      assertEquals(64, pair.read(), "the buffer that reaches the limit is still filled");
      ring.prepare(events).recvMultishotBundle(pair.near.fd(), 0, buffers.group(), 40);
      assertEquals(Pause.IDLE, ring.run(PLENTY));
      assertTrue(pair.read() >= 96 && pair.read() <= 112, "bytes " + pair.read());
      assertEquals(2, ends.size());
      assertEquals(16, buffers.available());
    }
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void whatAPartThrowsLosesNoBuffer(On on) {
    try (var ring = Ring.open(on.kernel.get(), 8);
        var pair = new StreamPair(ring);
        var buffers = ring.provideBuffers(8, 16)) {
      pair.write(100);
      ring.run();
      int[] parts = {0};
      var once =
          buffers.onEvent((buffer, offset, length) -> {
            if (++parts[0] == 2) throw new IllegalArgumentException("of mine");
          });
      ring.prepare(once).recvBundle(pair.near.fd(), 80, 0, buffers.group());
      assertThrows(IllegalArgumentException.class, ring::run);
      assertEquals(2, parts[0]);
      assertEquals(8, buffers.available());
      assertEquals(0, ring.inFlight());
      assertEquals(Pause.IDLE, ring.run());
    }
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void anEntryThatARequestLeftShortenedIsNoRiddle(On on) {
    try (var ring = Ring.open(on.kernel.get(), 8);
        var pair = new StreamPair(ring);
        var buffers = ring.provideBuffers(8, 16)) {
      var small = buffers.onEvent((buffer, offset, length) -> {});
      ring.prepare(small).recvBundle(pair.near.fd(), 5, 0, buffers.group());
      ring.submit();
      ring.dispatch();
      ring.cancel(small);
      assertEquals(Pause.IDLE, ring.run());
      pair.write(100);
      ring.run();
      List<Integer> lengths = new ArrayList<>();
      var once =
          buffers.onEvent((buffer, offset, length) -> {
            lengths.add(length);
            pair.check(buffer, offset, length);
          });
      ring.prepare(once).recvBundle(pair.near.fd(), 80, 0, buffers.group());
      assertEquals(Pause.IDLE, ring.run());
      assertTrue(lengths.getFirst() == 16 || lengths.getFirst() == 5, lengths.toString());
      assertEquals(lengths.stream().mapToInt(n -> n).sum(), pair.read());
      assertEquals(8, buffers.available());
    }
  }

  /// A receive that has begun a bundle, and waits because somebody else has read what was left: the
  /// kernel goes on where its head is then.
  @Test
  void othersBuffersMayLieInABundle() {
    try (var kernel = new ModelKernel(Scheduler.virtual(1));
        var ring = Ring.open(kernel, 8);
        var buffers = ring.provideBuffers(4, 16)) {
      List<String> heard = new ArrayList<>();
      BundleHandler handler =
          (buffer, offset, length, left) -> heard.add(buffer.address() + "+" + length);
      List<Long> addresses = new ArrayList<>();
      for (int bid = 0; bid < 4; bid++) {
        int named = IORING_CQE_F_BUFFER | bid << IORING_CQE_BUFFER_SHIFT;
        buffers.deliver((buffer, offset, length) -> addresses.add(buffer.address()), 1, named);
      }
      int third = IORING_CQE_F_BUFFER | 2 << IORING_CQE_BUFFER_SHIFT;
      buffers.deliver(handler, 8, IORING_CQE_F_BUFFER | 1 << IORING_CQE_BUFFER_SHIFT);
      buffers.deliverBundle(handler, 24, third); // 2, 3
      buffers.deliverBundle(handler, 40, IORING_CQE_F_BUFFER); // 0, then 1 and 2 as given back
      assertEquals(
          List.of(
              addresses.get(1) + "+8",
              addresses.get(2) + "+16",
              addresses.get(3) + "+8",
              addresses.get(0) + "+16",
              addresses.get(1) + "+16",
              addresses.get(2) + "+8"),
          heard);
      assertEquals(4, buffers.available());
      assertThrows(IllegalStateException.class, () -> buffers.deliverBundle(handler, 65, third));
    }
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void cancelEndsABundleThatWaits(On on) {
    try (var ring = Ring.open(on.kernel.get(), 8);
        var pair = new StreamPair(ring);
        var buffers = ring.provideBuffers(4, 16)) {
      List<End> ends = new ArrayList<>();
      var events =
          buffers
              .onEvent((buffer, offset, length) -> pair.check(buffer, offset, length))
              .onEnd(ends::add)
              .rearmAutomatically();
      for (int i = 0; i < 20; i++) {
        ring.prepare(events).recvMultishotBundle(pair.near.fd(), 0, buffers.group(), 0);
        ring.submit();
        long goal = pair.written() + 30;
        pair.write(30);
        ring.cancel(events);
        assertEquals(Pause.IDLE, ring.run(PLENTY));
        assertEquals(new End.Cancelled(), ends.removeLast());
        assertEquals(List.of(), ends);
        assertEquals(4, buffers.available());
        if (pair.read() == goal) continue;
        var rest = buffers.onEvent((buffer, offset, length) -> pair.check(buffer, offset, length));
        ring.prepare(rest).recvBundle(pair.near.fd(), 0, 0, buffers.group());
        assertEquals(Pause.IDLE, ring.run(PLENTY));
      }
      assertTrue(pair.read() > 0);
      assertEquals(0, buffers.recovered());
    }
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void bundlesThatCannotBeToldApartAreRefused(On on) {
    try (var ring = Ring.open(on.kernel.get(), 8);
        var buffers = ring.provideBuffers(2, 64)) {
      var events = buffers.onEvent((buffer, offset, length) -> {});
      int group = buffers.group();
      ring.prepare(events).recvBundle(0, 0, Socket.MSG_WAITALL, group);
      assertThrows(IllegalStateException.class, ring::submit);
      ring.prepare(events).recvBundle(0, 0, Socket.MSG_TRUNC, group);
      assertThrows(IllegalStateException.class, ring::submit);
      ring.prepare(events).recvmsg(0, 0, 0).ioprio(IORING_RECVSEND_BUNDLE).bufferSelect(group);
      assertThrows(IllegalStateException.class, ring::submit);
      assertEquals(2, buffers.available());
      assertEquals(0, ring.inFlight());
    }
  }
}
