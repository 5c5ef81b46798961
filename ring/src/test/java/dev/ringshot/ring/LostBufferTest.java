package dev.ringshot.ring;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringshot.model.Faults;
import dev.ringshot.model.ModelKernel;
import dev.ringshot.model.ModelOptions;
import dev.ringshot.model.Release;
import dev.ringshot.model.Scheduler;
import java.time.Duration;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Whatever ends a request, no buffer gets lost and no event comes twice, late or wrong.
final class LostBufferTest {
  /// How many scripts of each kind; more with `-Dringshot.seeds=…`.
  private static final long SEEDS = Long.getLong("ringshot.seeds", 300);

  private static final Duration MOMENT = Duration.ofNanos(1_000);

  /// A queue's command, and what was heard of it.
  private static final class Listener {
    private final int queue;
    private final Subscription events;
    private long heard;

    Listener(int queue, BufferRing buffers) {
      this.queue = queue;
      events = buffers.onEvent(this::onEvent).rearmAutomatically();
    }

    private void onEvent(java.lang.foreign.MemorySegment buffer, long offset, int length) {
      EventCheck.check(queue, heard, buffer, offset, length);
      heard++;
    }

    void arm(Ring ring, RingFile file, BufferRing buffers) {
      ring.prepare(events)
          .uringCmdMultishot(file.fd(), EventSource.SUBSCRIBE, buffers.group())
          .len(queue);
    }
  }

  @Test
  void noneInAMillionEndingsByAFullQueue() {
    var source = new EventSource(1);
    var options = RingOptions.DEFAULT.withEntries(2).withCompletionEntries(2);
    try (var kernel = new ModelKernel(Scheduler.virtual(1)).device("/dev/events", source);
        var ring = Ring.open(kernel, options);
        var file = ring.openFile("/dev/events").multishot(EventSource.SUBSCRIBE);
        var buffers = ring.provideBuffers(4, 64)) {
      var listener = new Listener(0, buffers);
      listener.arm(ring, file, buffers);
      ring.submit();
      while (buffers.recovered() < 1_000_000) {
        source.queue(0).produce(300);
        while (listener.heard < source.queue(0).produced()) {
          ring.submitAndWait(1);
          ring.dispatch();
        }
      }
      assertEquals(source.queue(0).refusals(), buffers.recovered());
      assertEquals(4, buffers.available());
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Release.class,
      names = {"LINUX_6_18", "LINUX_7_3"})
  void noneInRandomScripts(Release release) {
    for (long seed = 1; seed <= SEEDS; seed++) {
      try {
        script(seed, release);
      } catch (RuntimeException | AssertionError e) {
        throw new AssertionError("seed " + seed + ", " + release, e);
      }
    }
  }

  @Test
  void theScriptsDoLoseBuffers() {
    assertTrue(script(3, Release.LINUX_7_3) > 0);
  }

  /// @return buffers, and pieces of buffers, that nobody named
  private static long script(long seed, Release release) {
    var random = new SplittableRandom(seed);
    int queues = 1 + random.nextInt(3);
    var source = new EventSource(queues);
    int entries = 1 << random.nextInt(4);
    var options =
        RingOptions.DEFAULT
            .withEntries(entries)
            .withCompletionEntries(entries << random.nextInt(2));
    var bufferOptions =
        new BufferOptions(
            1 + random.nextInt(9),
            40 + random.nextInt(200),
            random.nextBoolean(),
            0,
            random.nextBoolean());
    var model = ModelOptions.DEFAULT.withRelease(release).withFaults(faults(random, bufferOptions));
    try (var kernel = new ModelKernel(Scheduler.virtual(seed), model).device("/dev/e", source);
        var ring = Ring.open(kernel, options);
        var file = ring.openFile("/dev/e").multishot(EventSource.SUBSCRIBE);
        var buffers = ring.provideBuffers(bufferOptions)) {
      var zeros = ring.openFile("/dev/zero");
      var listeners = new Listener[queues];
      for (int i = 0; i < queues; i++) {
        listeners[i] = new Listener(i, buffers);
        listeners[i].arm(ring, file, buffers);
      }
      for (int step = 0; step < 100; step++) {
        act(random, ring, source, listeners, file, buffers);
        if (!bufferOptions.incremental() && step % 7 == 0) read(random, ring, zeros, buffers);
      }
      settle(ring, source, listeners, file, buffers);
      assertEquals(buffers.count(), buffers.available());
      assertEquals(0, buffers.kept());
      return buffers.recovered() + buffers.skippedBytes();
    }
  }

  /// Trouble that a kernel may have. Events that find the queue full by chance, and not because it
  /// is, are no trouble that Linux has: with incremental buffers what follows would be ambiguous.
  private static Faults faults(SplittableRandom random, BufferOptions options) {
    var faults = Faults.seeded(random.nextLong());
    if (random.nextBoolean()) faults = faults.with(Faults.Point.WAIT_INTERRUPTED, 0.2);
    if (random.nextBoolean()) faults = faults.with(Faults.Point.NO_REQUEST, 0.2);
    if (random.nextBoolean()) faults = faults.with(Faults.Point.NO_BUFFER, 0.1);
    if (options.incremental()) return faults;
    if (random.nextBoolean()) faults = faults.with(Faults.Point.CQ_FULL, 0.1);
    return random.nextBoolean() ? faults.with(Faults.Point.WORKER, 0.3) : faults;
  }

  /// A request of one shot, which may hold a buffer while others come and go.
  private static void read(SplittableRandom random, Ring ring, RingFile zeros, BufferRing buffers) {
    int length = 1 + random.nextInt(buffers.size());
    var once =
        buffers.onEvent((buffer, offset, count) -> {
          if (count != length || offset != 0 || buffer.get(JAVA_BYTE, 0) != 0) {
            throw new AssertionError("read " + count + " of " + length + " at " + offset);
          }
          buffer.fill((byte) -1);
        });
    ring.prepare(once).read(zeros.fd(), 0, length, 0).bufferSelect(buffers.group());
  }

  @ParameterizedTest
  @EnumSource(Release.class)
  void noneWhenCancelsInterfere(Release release) {
    for (long seed = 1; seed <= SEEDS; seed++) {
      try {
        cancelling(seed, release);
      } catch (RuntimeException | AssertionError e) {
        throw new AssertionError("seed " + seed + ", " + release, e);
      }
    }
  }

  private static void cancelling(long seed, Release release) {
    var random = new SplittableRandom(seed);
    var source = new EventSource(3);
    var options = RingOptions.DEFAULT.withEntries(4).withCompletionEntries(4 << random.nextInt(2));
    var bufferOptions =
        new BufferOptions(1 + random.nextInt(9), 64, random.nextBoolean(), 0, random.nextBoolean());
    var model = ModelOptions.DEFAULT.withRelease(release);
    try (var kernel = new ModelKernel(Scheduler.virtual(seed), model).device("/dev/e", source);
        var ring = Ring.open(kernel, options);
        var file = ring.openFile("/dev/e").multishot(EventSource.SUBSCRIBE);
        var buffers = ring.provideBuffers(bufferOptions)) {
      var subscriptions = new Subscription[3];
      for (int i = 0; i < 3; i++) {
        subscriptions[i] = buffers.onEvent((buffer, offset, length) -> {}).rearmAutomatically();
      }
      for (int step = 0; step < 100; step++) {
        int i = random.nextInt(3);
        switch (random.nextInt(6)) {
          case 0, 1 -> source.queue(i).produce(1 + random.nextInt(12));
          case 2 -> ring.cancel(subscriptions[i]);
          case 3 -> source.queue(i).end(random.nextInt(-2, 2));
          case 4 -> ring.run(MOMENT);
          default -> {
            if (subscriptions[i].isActive()) continue;
            ring.prepare(subscriptions[i])
                .uringCmdMultishot(file.fd(), EventSource.SUBSCRIBE, buffers.group())
                .len(i);
          }
        }
      }
      for (int i = 0; i < 3; i++) {
        ring.cancel(subscriptions[i]);
        source.queue(i).end(0);
      }
      assertEquals(Pause.IDLE, ring.run());
      ring.run(MOMENT);
      ring.dispatch();
      assertEquals(0, ring.inFlight());
      assertEquals(buffers.count(), buffers.available());
    }
  }

  private static void act(
      SplittableRandom random,
      Ring ring,
      EventSource source,
      Listener[] listeners,
      RingFile file,
      BufferRing buffers) {
    int which = random.nextInt(listeners.length);
    switch (random.nextInt(8)) {
      case 0, 1, 2 -> source.queue(which).produce(1 + random.nextInt(12));
      case 3 -> {
        for (int i = random.nextInt(20); i > 0; i--) ring.prepare((res, flags) -> {}).nop();
      }
      case 4 -> ring.submit();
      case 5 -> ring.dispatch();
      case 6 -> ring.run(MOMENT);
      default -> {
        source.queue(which).end(-19);
        ring.run(MOMENT);
        if (!listeners[which].events.isActive()) listeners[which].arm(ring, file, buffers);
      }
    }
  }

  /// Everything produced arrives when nothing interferes any more.
  private static void settle(
      Ring ring, EventSource source, Listener[] listeners, RingFile file, BufferRing buffers) {
    for (var listener : listeners) {
      for (int i = 0; listener.heard < source.queue(listener.queue).produced(); i++) {
        assertTrue(i < 10_000, "queue " + listener.queue + " hears nothing more");
        ring.run(MOMENT);
        if (!listener.events.isActive()) listener.arm(ring, file, buffers);
      }
    }
  }
}
