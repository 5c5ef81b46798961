package dev.ringshot.ring;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.ringshot.abi.ErrnoException;
import dev.ringshot.model.ModelKernel;
import dev.ringshot.model.Scheduler;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Registered buffers of a ring.
final class FixedBuffersTest {
  private final ModelKernel kernel = new ModelKernel(Scheduler.virtual(7));
  private final List<Integer> results = new ArrayList<>();

  @AfterEach
  void close() {
    kernel.close();
  }

  private void hear(int res, int flags) {
    results.add(res);
  }

  @Test
  void requestsMoveBytesByIndex() {
    try (var ring = Ring.open(kernel, 8);
        var zero = ring.openFile("/dev/zero");
        var buffers = ring.registerBuffers(3, 100)) {
      buffers.buffer(1).fill((byte) 7);
      ring.prepare(this::hear).readFixed(zero.fd(), buffers.address(1) + 10, 80, 0, 1);
      ring.prepare(this::hear).writeFixed(zero.fd(), buffers.address(2), 100, 0, 2);
      ring.prepare(this::hear).readFixed(zero.fd(), buffers.address(1), 8, 0, 2);
      ring.run();
      assertEquals(List.of(80, 100, -dev.ringshot.abi.Errno.EFAULT), results);
      assertEquals(7, buffers.buffer(1).get(JAVA_BYTE, 9));
      assertEquals(0, buffers.buffer(1).get(JAVA_BYTE, 10));
      assertEquals(7, buffers.buffer(1).get(JAVA_BYTE, 90));
      assertEquals(3, buffers.count());
      assertThrows(IndexOutOfBoundsException.class, () -> buffers.buffer(3));
    }
  }

  @Test
  void ringHasOneSetOfThem() {
    try (var ring = Ring.open(kernel, 8)) {
      var first = ring.registerBuffers(1, 64);
      assertThrows(IllegalStateException.class, () -> ring.registerBuffers(1, 64));
      first.close();
      first.close();
      ring.registerBuffers(2, 64).close();
      assertThrows(IllegalArgumentException.class, () -> ring.registerBuffers(0, 64));
      assertThrows(ErrnoException.class, () -> ring.registerBuffers(1 << 15, 8));
      ring.registerBuffers(1, 64);
    }
  }

  @Test
  void tableForADriverIsEmptyAndTheOnlyOne() {
    try (var ring = Ring.open(kernel, 8);
        var zero = ring.openFile("/dev/zero")) {
      assertThrows(IllegalArgumentException.class, () -> ring.registerEmptyBuffers(0));
      assertThrows(ErrnoException.class, () -> ring.registerEmptyBuffers(1 << 15));
      ring.registerEmptyBuffers(4);
      assertThrows(IllegalStateException.class, () -> ring.registerBuffers(1, 64));
      assertThrows(IllegalStateException.class, () -> ring.registerEmptyBuffers(1));
      ring.prepare(this::hear).readFixed(zero.fd(), 0, 8, 0, 3);
      ring.run();
      assertEquals(List.of(-dev.ringshot.abi.Errno.EFAULT), results); // nobody has filled it
    }
  }

  @Test
  void requestInFlightKeepsItsBufferThroughTheClose() {
    try (var ring = Ring.open(kernel, 8)) {
      int eventfd = kernel.eventfd(0, 0);
      var buffers = ring.registerBuffers(1, 8);
      ring.prepare(this::hear).readFixed(eventfd, buffers.address(0), 8, 0, 0);
      ring.submit();
      buffers.close();
      var one = ring.allocate(8);
      one.set(JAVA_LONG, 0, 5);
      ring.prepare(this::hear).write(eventfd, one, 0);
      ring.run();
      assertEquals(List.of(8, 8), results);
      assertEquals(5, buffers.buffer(0).get(JAVA_LONG, 0));
    }
  }

  @Test
  void closedRingTakesThemAlong() {
    var ring = Ring.open(kernel, 8);
    var buffers = ring.registerBuffers(1, 8);
    ring.close();
    buffers.close();
  }
}
