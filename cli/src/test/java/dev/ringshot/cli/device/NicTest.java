package dev.ringshot.cli.device;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringshot.model.ModelKernel;
import dev.ringshot.model.Scheduler;
import dev.ringshot.ring.BufferRing;
import dev.ringshot.ring.CqeHandler;
import dev.ringshot.ring.End;
import dev.ringshot.ring.Ring;
import dev.ringshot.ring.RingFile;
import dev.ringshot.ring.Subscription;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class NicTest {
  private static final Duration AWHILE = Duration.ofSeconds(5);
  private static final int QUEUES = 3;

  private final Map<Integer, Long> frames = new TreeMap<>();

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void oneCommandHearsAllQueuesEachInOrder(long seed) {
    try (var device = new Device(Scheduler.virtual(seed))) {
      var all = device.listen(Nic.ALL_QUEUES, 16);
      device.ring.run(AWHILE);

      assertEquals(QUEUES, frames.size());
      frames.values().forEach(count -> assertTrue(count > 50, frames::toString));
      assertEquals(0, all.rearms());
    }
  }

  @Test
  void oneCommandHearsOneQueue() {
    try (var device = new Device(Scheduler.virtual(1))) {
      device.listen(1, 16);
      device.ring.run(AWHILE);

      assertEquals(Set.of(1), frames.keySet());
    }
  }

  @Test
  void aCommandForEachQueueIsTheSameStream() {
    try (var device = new Device(Scheduler.virtual(1))) {
      for (int queue = 0; queue < QUEUES; queue++) device.listen(queue, 16);
      device.ring.run(AWHILE);

      assertEquals(QUEUES, frames.size());
    }
  }

  @Test
  void noFrameIsLostWhenBuffersRunOut() {
    try (var device = new Device(Scheduler.virtual(1))) {
      var starved = device.listen(Nic.ALL_QUEUES, 1).rearmAutomatically();
      device.ring.run(AWHILE);

      assertTrue(starved.rearms() > 10, () -> starved.rearms() + " re-arms");
      assertEquals(QUEUES, frames.size());
    }
  }

  @Test
  void stopEndsTheCommand() {
    try (var device = new Device(Scheduler.virtual(1))) {
      var ends = new ArrayList<End>();
      device.listen(Nic.ALL_QUEUES, 16).onEnd(ends::add);
      device.ring.run(AWHILE);
      CqeHandler one = (res, flags) -> assertEquals(1, res);
      device.ring.prepare(one).uringCmd(device.file.fd(), Nic.STOP);
      device.ring.run();

      assertEquals(List.of(new End.Cancelled()), ends);
    }
  }

  @Test
  void interruptsOfRealThreadsComeInOrderToo() {
    try (var device = new Device(Scheduler.real())) {
      device.listen(Nic.ALL_QUEUES, 16);
      while (frames.values().stream().mapToLong(count -> count).sum() < 50) {
        device.ring.submitAndWait(1);
        device.ring.dispatch();
      }
    }
  }

  /// Checks that the frames of a queue come in order, none missing.
  private void frame(MemorySegment buffer, long at, int length) {
    assertEquals(Nic.EVENT_BYTES, length);
    int queue = buffer.get(JAVA_INT, at);
    long number = buffer.get(JAVA_LONG, at + 8);
    assertEquals(frames.getOrDefault(queue, 0L), number, () -> "frame of queue " + queue);
    frames.put(queue, number + 1);
  }

  private final class Device implements AutoCloseable {
    private final ModelKernel kernel;
    private final Ring ring;
    private final RingFile file;

    Device(Scheduler time) {
      kernel = new ModelKernel(time).device("/dev/nic", new Nic(time, QUEUES, 7));
      ring = Ring.open(kernel, 16);
      file = ring.openFile("/dev/nic").multishot(Nic.LISTEN);
    }

    Subscription listen(int queue, int bufferCount) {
      BufferRing buffers = ring.provideBuffers(bufferCount, 64);
      Subscription frames = buffers.onEvent(NicTest.this::frame);
      ring.prepare(frames)
          .uringCmdMultishot(file.fd(), Nic.LISTEN, buffers.group())
          .cmdInt(0, queue);
      ring.submit();
      return frames;
    }

    @Override
    public void close() {
      ring.close();
      kernel.close();
    }
  }
}
