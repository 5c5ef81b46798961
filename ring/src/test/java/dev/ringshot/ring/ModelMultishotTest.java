package dev.ringshot.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringshot.abi.Errno;
import dev.ringshot.model.ModelKernel;
import dev.ringshot.model.Scheduler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Multishot commands on the model.
final class ModelMultishotTest {
  private static final Duration SHORT = Duration.ofMillis(1);

  private final EventSource source = new EventSource(4);
  private final ModelKernel kernel =
      new ModelKernel(Scheduler.virtual(42)).device("/dev/events", source);

  @AfterEach
  void close() {
    kernel.close();
  }

  private static RingFile open(Ring ring) {
    return ring.openFile("/dev/events").multishot(EventSource.SUBSCRIBE);
  }

  private static void arm(Ring ring, RingFile file, Listener listener) {
    ring.prepare(listener.events)
        .uringCmdMultishot(file.fd(), EventSource.SUBSCRIBE, listener.buffers.group())
        .len(listener.queue);
  }

  /// Checks that each event of a queue comes once, whole and in order.
  private static final class Listener {
    private final int queue;
    private final BufferRing buffers;
    private final Subscription events;
    private final List<End> ends = new ArrayList<>();
    private long heard;

    Listener(int queue, BufferRing buffers) {
      this.queue = queue;
      this.buffers = buffers;
      events =
          buffers
              .onEvent((buffer, offset, length) -> {
                EventCheck.check(queue, heard, buffer, offset, length);
                heard++;
              })
              .onEnd(ends::add);
    }
  }

  @Test
  void endsWithEnobufsAndRearmsWithOneLine() {
    try (var ring = Ring.open(kernel, 8);
        var file = open(ring);
        var buffers = ring.provideBuffers(4, 64)) {
      var listener = new Listener(0, buffers);
      listener.events.onEnd(end -> {
        listener.ends.add(end);
        listener.events.rearm();
      });
      arm(ring, file, listener);
      ring.submit();
      source.queue(0).produce(10);
      assertEquals(Pause.TIME_UP, ring.run(SHORT));
      assertEquals(10, listener.heard);
      assertEquals(List.of(new End.OutOfBuffers(), new End.OutOfBuffers()), listener.ends);
      assertEquals(2, listener.events.rearms());
      assertEquals(0, buffers.recovered());
      assertEquals(4, buffers.available());
    }
  }

  @Test
  void bufferThatNoCompletionNamedIsFound() {
    var options = RingOptions.DEFAULT.withEntries(4).withCompletionEntries(4);
    try (var ring = Ring.open(kernel, options);
        var file = open(ring);
        var buffers = ring.provideBuffers(8, 64)) {
      var listener = new Listener(0, buffers);
      listener.events.rearmAutomatically();
      arm(ring, file, listener);
      ring.submit();
      source.queue(0).produce(10);
      assertEquals(Pause.TIME_UP, ring.run(SHORT));
      assertEquals(10, listener.heard);
      assertEquals(List.of(), listener.ends);
      assertEquals(source.queue(0).refusals(), buffers.recovered());
      assertTrue(buffers.recovered() >= 2);
      assertEquals(8, buffers.available());
    }
  }

  @Test
  void bytesThatNoCompletionNamedAreSkipped() {
    var options = RingOptions.DEFAULT.withEntries(4).withCompletionEntries(4);
    var incremental = new BufferOptions(4, 256, true, 0, false);
    try (var ring = Ring.open(kernel, options);
        var file = open(ring);
        var buffers = ring.provideBuffers(incremental)) {
      var listener = new Listener(0, buffers);
      listener.events.rearmAutomatically();
      arm(ring, file, listener);
      ring.submit();
      for (int i = 0; i < 100; i++) {
        source.queue(0).produce(10);
        assertEquals(Pause.TIME_UP, ring.run(SHORT));
        assertEquals(source.queue(0).produced(), listener.heard);
      }
      assertEquals(List.of(), listener.ends);
      assertTrue(buffers.skippedBytes() > 0);
      assertEquals(4, buffers.available());
    }
  }

  @Test
  void twoCommandsShareAGroup() {
    var options = RingOptions.DEFAULT.withEntries(4).withCompletionEntries(4);
    for (boolean incremental : new boolean[] {false, true}) {
      try (var ring = Ring.open(kernel, options);
          var file = open(ring);
          var buffers = ring.provideBuffers(new BufferOptions(8, 128, incremental, 0, false))) {
        var first = new Listener(0, buffers);
        var second = new Listener(1, buffers);
        first.heard = source.queue(0).produced();
        second.heard = source.queue(1).produced();
        first.events.rearmAutomatically();
        second.events.rearmAutomatically();
        arm(ring, file, first);
        arm(ring, file, second);
        ring.submit();
        for (int i = 0; i < 100; i++) {
          source.queue(0).produce(7);
          source.queue(1).produce(5);
          assertEquals(Pause.TIME_UP, ring.run(SHORT));
          assertEquals(source.queue(0).produced(), first.heard);
          assertEquals(source.queue(1).produced(), second.heard);
          assertEquals(8, buffers.available());
        }
        assertTrue(buffers.recovered() + buffers.skippedBytes() > 0);
      }
    }
  }

  @Test
  void cancelLetsGoOfAParkedCommandAndRunComesBack() {
    try (var ring = Ring.open(kernel, 8);
        var file = open(ring);
        var buffers = ring.provideBuffers(4, 64)) {
      var listener = new Listener(0, buffers);
      arm(ring, file, listener);
      ring.submit();
      List<CancelOutcome> outcomes = new ArrayList<>();
      ring.cancel(listener.events.userData(), outcomes::add);
      assertEquals(Pause.IDLE, ring.run());
      assertEquals(List.of(CancelOutcome.DETACHED), outcomes);
      assertEquals(List.of(new End.Detached()), listener.ends);
      assertTrue(source.queue(0).isArmed(), "Linux does not tell the driver, nor does the model");

      source.queue(0).produce(3);
      ring.run(SHORT);
      ring.dispatch();
      assertEquals(0, listener.heard);
      assertEquals(4, buffers.available());
    }
    assertFalse(source.queue(0).isArmed(), "closing the ring ends it");
  }

  @Test
  void cancelOfWhatHasJustEndedTellsItsOwnEnd() {
    try (var ring = Ring.open(kernel, 8);
        var file = open(ring);
        var buffers = ring.provideBuffers(4, 64)) {
      var listener = new Listener(0, buffers);
      arm(ring, file, listener);
      ring.submit();
      source.queue(0).end(-Errno.ENODEV);
      List<CancelOutcome> outcomes = new ArrayList<>();
      ring.cancel(listener.events.userData(), outcomes::add);
      assertEquals(Pause.IDLE, ring.run());
      assertEquals(List.of(new End.Failed(Errno.ENODEV)), listener.ends);
      assertEquals(List.of(CancelOutcome.ALREADY_ENDED), outcomes);
    }
  }

  @Test
  void closingTheGroupEndsItsRequestsAtTheirNextEvent() {
    try (var ring = Ring.open(kernel, 8);
        var file = open(ring)) {
      var buffers = ring.provideBuffers(4, 64);
      var listener = new Listener(0, buffers);
      arm(ring, file, listener);
      ring.submit();
      buffers.close();
      source.queue(0).produce(1);
      assertEquals(Pause.IDLE, ring.run());
      assertEquals(List.of(new End.OutOfBuffers()), listener.ends);
    }
  }

  @Test
  void runEndsWithAMultishotThatEnds() {
    try (var ring = Ring.open(kernel, 8);
        var file = open(ring);
        var buffers = ring.provideBuffers(4, 64)) {
      var listener = new Listener(2, buffers);
      arm(ring, file, listener);
      kernel.scheduler().after(SHORT, () -> source.queue(2).produce(3));
      kernel.scheduler().after(SHORT.multipliedBy(2), () -> source.queue(2).end(5));
      assertEquals(Pause.IDLE, ring.run());
      assertEquals(3, listener.heard);
      assertEquals(List.of(new End.Finished(5)), listener.ends);
    }
  }
}
