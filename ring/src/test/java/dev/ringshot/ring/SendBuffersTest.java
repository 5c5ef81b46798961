package dev.ringshot.ring;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringshot.abi.Errno;
import dev.ringshot.abi.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Sends from buffers of a group, on every kernel.
final class SendBuffersTest {
  private static final Duration PLENTY = Duration.ofSeconds(30);
  private static final Duration MOMENT = Duration.ofMillis(1);

  static List<BundleTest.On> kernels() {
    return BundleTest.kernels();
  }

  /// Fills buffers with the bytes that [StreamPair#check] wants.
  private static final class Source {
    private final SendBuffers out;
    private long filled;

    Source(SendBuffers out) {
      this.out = out;
    }

    boolean fill(int length) {
      int bid = out.take();
      if (bid < 0) return false;
      var buffer = out.buffer(bid);
      for (int i = 0; i < length; i++) buffer.set(JAVA_BYTE, i, StreamPair.value(filled + i));
      filled += length;
      out.provide(bid, length);
      return true;
    }
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void bundleSendsFilledBuffersInOrder(BundleTest.On on) {
    try (var ring = Ring.open(on.kernel().get(), 8);
        var pair = new StreamPair(ring);
        var in = ring.provideBuffers(64, 16);
        var out = ring.sendBuffers(6, 16)) {
      var source = new Source(out);
      for (int length : new int[] {16, 3, 9, 16, 1}) source.fill(length);
      assertEquals(5, out.filled());
      List<String> sent = new ArrayList<>();
      List<End> ends = new ArrayList<>();
      BundleHandler handler =
          (buffer, offset, length, left) -> sent.add(offset + "+" + length + " " + left);
      var sends = out.onEvent(handler).onEnd(ends::add);
      ring.prepare(sends).sendBundle(pair.far.fd(), 0, 0, out.group());
      assertEquals(Pause.IDLE, ring.run(PLENTY));
      assertEquals(List.of("0+16 29", "0+3 26", "0+9 17", "0+16 1", "0+1 0"), sent);
      assertEquals(1, ends.size());
      assertEquals(0, out.filled());
      assertEquals(0, out.recovered());

      var receives = in.onEvent((buffer, offset, length) -> pair.check(buffer, offset, length));
      ring.prepare(receives).recvBundle(pair.near.fd(), 0, 0, in.group());
      assertEquals(Pause.IDLE, ring.run(PLENTY));
      assertTrue(pair.read() > 0);
      for (int i = 0; i < 6; i++) assertTrue(out.take() >= 0, "all are free again");
      assertEquals(-1, out.take());
    }
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void armedSendGoesOnWithWhatIsFilled(BundleTest.On on) {
    try (var ring = Ring.open(on.kernel().get(), 8);
        var pair = new StreamPair(ring);
        var in = ring.provideBuffers(16, 64);
        var out = ring.sendBuffers(5, 100)) {
      var random = new SplittableRandom(3);
      var source = new Source(out);
      var receives = in.onEvent((buffer, offset, length) -> pair.check(buffer, offset, length));
      ring.prepare(receives.rearmAutomatically())
          .recvMultishotBundle(pair.near.fd(), 0, in.group(), 0);
      long[] sent = {0};
      var sends = out.onEvent((buffer, offset, length) -> sent[0] += length).rearmAutomatically();
      ring.prepare(sends).sendBundle(pair.far.fd(), 150, 0, out.group());
      for (int i = 0; i < 400; i++) {
        for (int j = random.nextInt(6); j > 0; j--) source.fill(1 + random.nextInt(100));
        ring.run(MOMENT);
      }
      long end = System.nanoTime() + PLENTY.toNanos();
      while (pair.read() < source.filled) {
        assertTrue(System.nanoTime() < end, "nothing more happens");
        ring.run(MOMENT);
      }
      assertEquals(source.filled, sent[0]);
      assertTrue(source.filled > 20_000);
      assertTrue(sends.rearms() > 10);
      ring.cancel(sends);
      ring.cancel(receives);
      assertEquals(Pause.IDLE, ring.run(PLENTY));
      assertEquals(0, out.filled() + out.kept());
      assertEquals(0, out.recovered() + in.recovered());
      assertEquals(16, in.available());
    }
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void handlerMaySendItsBufferOnceMore(BundleTest.On on) {
    try (var ring = Ring.open(on.kernel().get(), 8);
        var pair = new StreamPair(ring);
        var in = ring.provideBuffers(8, 16);
        var out = ring.sendBuffers(1, 16)) {
      int bid = out.take();
      assertEquals(-1, out.take());
      out.provide(bid, 16);
      int[] sent = {0};
      var sends =
          out.onEvent(
                  (buffer, offset, length) -> {
                    if (++sent[0] < 3) out.provide(out.keep(), 16);
                  })
              .rearmAutomatically();
      ring.prepare(sends).sendBundle(pair.far.fd(), 0, 0, out.group());
      long[] read = {0};
      var receives = in.onEvent((buffer, offset, length) -> read[0] += length);
      ring.prepare(receives.rearmAutomatically())
          .recvMultishotBundle(pair.near.fd(), 0, in.group(), 0);
      long end = System.nanoTime() + PLENTY.toNanos();
      while (read[0] < 48 && System.nanoTime() < end) ring.run(MOMENT);
      assertEquals(48, read[0]);
      assertEquals(3, sent[0]);
      assertEquals(0, out.filled() + out.kept());
      ring.cancel(sends);
      ring.cancel(receives);
      assertEquals(Pause.IDLE, ring.run(PLENTY));
    }
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void closedGroupHasNoBuffersToFill(BundleTest.On on) {
    try (var ring = Ring.open(on.kernel().get(), 8)) {
      SendBuffers closed;
      try (var out = ring.sendBuffers(1, 16)) {
        closed = out;
      }
      assertThrows(IllegalStateException.class, closed::take);
    }
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void failedSendGivesAllItsBuffersBack(BundleTest.On on) {
    try (var ring = Ring.open(on.kernel().get(), 8);
        var pair = new StreamPair(ring);
        var out = ring.sendBuffers(5, 16)) {
      UdpPeer.answer(ring, sqe -> sqe.shutdown(pair.near.fd(), Socket.SHUT_RDWR));
      var source = new Source(out);
      for (int i = 0; i < 4; i++) source.fill(16);
      List<End> ends = new ArrayList<>();
      var sends = out.onEvent((buffer, offset, length) -> {}).onEnd(ends::add);
      ring.prepare(sends).sendBundle(pair.far.fd(), 0, 0, out.group());
      assertEquals(Pause.IDLE, ring.run(PLENTY));
      ring.dispatch();
      assertEquals(List.of(new End.Failed(Errno.EPIPE)), ends);
      assertEquals(3, out.recovered());
      assertEquals(0, out.filled(), "the completion named one, the others were found");
      for (int i = 0; i < 5; i++) assertTrue(out.take() >= 0);
    }
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void cancelledSendThatWaitsTellsWhatWasSent(BundleTest.On on) {
    try (var ring = Ring.open(on.kernel().get(), 8);
        var pair = new StreamPair(ring);
        var in = ring.provideBuffers(64, 4096);
        var out = ring.sendBuffers(32, 1 << 16)) {
      var source = new Source(out);
      while (source.fill(1 << 16)) {}
      long[] sent = {0};
      List<End> ends = new ArrayList<>();
      var sends = out.onEvent((buffer, offset, length) -> sent[0] += length).onEnd(ends::add);
      ring.prepare(sends).sendBundle(pair.far.fd(), 0, 0, out.group());
      ring.run(MOMENT);
      ring.cancel(sends);
      assertEquals(Pause.IDLE, ring.run(PLENTY));
      ring.dispatch();
      assertEquals(1, ends.size());
      assertEquals(0, out.filled());
      var receives = in.onEvent((buffer, offset, length) -> pair.check(buffer, offset, length));
      ring.prepare(receives.rearmAutomatically()).recvMultishot(pair.near.fd(), 0, in.group());
      for (int i = 0; pair.read() < sent[0]; i++) {
        assertTrue(i < 1_000, pair.read() + " of " + sent[0]);
        ring.run(MOMENT);
      }
      assertTrue(sent[0] > 0);
      assertEquals(sent[0], pair.read());
      for (int i = 0; i < 32; i++) assertTrue(out.take() >= 0, "all are free again");
      ring.cancel(receives);
      assertEquals(Pause.IDLE, ring.run(PLENTY));
    }
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void onlyWhatIsAtHandCanBeProvided(BundleTest.On on) {
    try (var ring = Ring.open(on.kernel().get(), 8);
        var out = ring.sendBuffers(2, 16)) {
      assertThrows(IllegalStateException.class, () -> out.provide(0, 1));
      int bid = out.take();
      assertThrows(IllegalArgumentException.class, () -> out.provide(bid, 17));
      assertThrows(IllegalArgumentException.class, () -> out.provide(bid, 0));
      out.provide(bid, 16);
      assertThrows(IllegalStateException.class, () -> out.provide(bid, 16));
      assertThrows(IllegalStateException.class, () -> out.giveBack(bid));
      int other = out.take();
      out.giveBack(other);
      assertEquals(other, out.take());
      assertEquals(1, out.kept());
      assertEquals(-1, out.take());
    }
  }
}
