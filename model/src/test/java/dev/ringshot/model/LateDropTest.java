package dev.ringshot.model;

import static dev.ringshot.abi.Errno.EPIPE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.ringshot.abi.Poll;
import org.junit.jupiter.api.Test;

/// Files that requests hold are dropped when those have ended, however a thread's rings share its
/// task work.
class LateDropTest {
  private static final int READ_WRITE = 3;

  @Test
  void fileOfAReadIsDroppedThoughAnotherRingHasTaskWork() {
    try (var kernel = new ModelKernel(Scheduler.virtual(1));
        var ring = new TestRing(kernel, 8, 0);
        var other = new TestRing(kernel, 8, 0)) {
      var memory = kernel.map(-1, 0, 4096, READ_WRITE);
      assertEquals(0, kernel.pipe(memory.address(), 0));
      int near = memory.get(JAVA_INT, 0);
      int far = memory.get(JAVA_INT, 4);
      int eventfd = kernel.eventfd(0, 0);
      memory.set(JAVA_LONG, 128, 1L);
      other.sqe(1).pollAdd(eventfd, Poll.POLLIN);
      assertEquals(1, other.submit(1));
      ring.sqe(1).read(near, memory.address() + 64, 1, -1);
      ring.sqe(2).pollAdd(eventfd, Poll.POLLIN).link();
      ring.sqe(3).nop();
      assertEquals(3, ring.submit(3));
      assertEquals(0, kernel.close(near)); // the read has it
      ring.sqe(4).write(far, memory.address() + 128, 1, -1);
      ring.sqe(5).write(eventfd, memory.address() + 128, 8, -1);
      assertEquals(2, ring.submit(2));
      assertEquals(5, ring.reap().size());
      assertEquals(-EPIPE, kernel.write(far, memory.address() + 128, 1));
    }
  }
}
