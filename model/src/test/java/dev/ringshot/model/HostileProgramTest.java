package dev.ringshot.model;

import static dev.ringshot.abi.Errno.EFAULT;
import static dev.ringshot.abi.Errno.EIOCBQUEUED;
import static dev.ringshot.abi.Errno.ENAMETOOLONG;
import static dev.ringshot.abi.Errno.ENOMEM;
import static dev.ringshot.abi.Errno.ETIME;
import static dev.ringshot.abi.IoUring.*;
import static dev.ringshot.model.TestRing.READ_WRITE;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringshot.abi.BufferRingLayout;
import dev.ringshot.abi.ErrnoException;
import dev.ringshot.abi.Fcntl;
import dev.ringshot.abi.Timespec;
import dev.ringshot.model.TestRing.Completion;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What a program can pass that is far out of the ordinary.
class HostileProgramTest {
  private static final long HUGE = 1L << 46;

  private record Greeter() implements FileOperations {
    @Override
    public int uringCmd(UringCmd cmd) {
      var buffer = cmd.selectBuffer();
      buffer.memory().set(JAVA_LONG, 0, 4711);
      assertEquals(Shot.POSTED, cmd.postMultishotCqe(buffer, 8));
      return -EIOCBQUEUED;
    }
  }

  @Test
  void aBufferOfFourGibibytesIsNoBiggerThanItsMapping() {
    try (var kernel = new ModelKernel(Scheduler.virtual(1)).device("/dev/hello", new Greeter());
        var ring = new TestRing(kernel, 4, 0)) {
      var buffers = ring.provide(7, 1, 4096, 0);
      var entries = kernel.map(-1, 0, 4096, READ_WRITE);
      entries.set(JAVA_LONG, 0, buffers.address());
      entries.set(JAVA_INT, 8, -1);
      entries.set(JAVA_SHORT, 14, (short) 1);
      register(ring, 8, entries.address());
      ring.sqe(1).read(kernel.open("/dev/zero", Fcntl.O_RDONLY), 0, 0, 0).bufferSelect(8);
      assertEquals(1, ring.submit(1));
      assertEquals(List.of(new Completion(1, 4096, IORING_CQE_F_BUFFER)), ring.reap());
    }
  }

  private static void register(TestRing ring, int group, long address) {
    var reg = ring.scratch.asSlice(3072, BufferRingLayout.REG_SIZE).fill((byte) 0);
    reg.set(JAVA_LONG, BufferRingLayout.REG_RING_ADDR, address);
    reg.set(JAVA_INT, BufferRingLayout.REG_RING_ENTRIES, 1);
    reg.set(JAVA_SHORT, BufferRingLayout.REG_BGID, (short) group);
    assertEquals(0, ring.kernel.register(ring.fd, IORING_REGISTER_PBUF_RING, reg.address(), 1));
  }

  @Test
  void aHugeBufferIsTheProgramsFaultAndNotItsDrivers() {
    try (var kernel = new ModelKernel(Scheduler.virtual(1)).device("/dev/hello", new Greeter());
        var ring = new TestRing(kernel, 4, 0)) {
      var buffers = kernel.map(-1, 0, 4096, READ_WRITE);
      int fd = kernel.open("/dev/hello", Fcntl.O_RDWR);
      ring.sqe(1).provideBuffers(buffers.address(), -1, 1, 9, 0);
      ring.sqe(2).uringCmdMultishot(fd, 1, 9);
      assertEquals(2, ring.submit(2));
      assertEquals(List.of(new Completion(1, 0, 0), new Completion(2, -EFAULT, 0)), ring.reap());
    }
  }

  @Test
  void memoryThatThereIsNotIsEnomem() {
    try (var kernel = new ModelKernel(Scheduler.virtual(1))) {
      var refusal = assertThrows(ErrnoException.class, () -> kernel.map(-1, 0, HUGE, READ_WRITE));
      assertEquals(ENOMEM, refusal.errno());
      refusal =
          assertThrows(
              ErrnoException.class, () -> kernel.map(-1, 0, Long.MAX_VALUE - 8191, READ_WRITE));
      assertEquals(ENOMEM, refusal.errno());
    }
  }

  @Test
  void aWaitOfNegativeNanosecondsIsOver() {
    var time = Scheduler.virtual(1);
    try (var kernel = new ModelKernel(time);
        var ring = new TestRing(kernel, 4, 0)) {
      assertEquals(-ETIME, ring.await(1, -5));
      assertEquals(0, time.nanoTime() / 1_000_000);
    }
  }

  @Test
  void aWaitLongerThanTimeIsAHang() {
    var time = Scheduler.virtual(1);
    try (var kernel = new ModelKernel(time);
        var ring = new TestRing(kernel, 4, 0)) {
      assertThrows(VirtualHangException.class, () -> ring.await(1, Long.MAX_VALUE));
      assertEquals(0, time.nanoTime() / 1_000_000);
    }
  }

  @Test
  void aCountThatIsNeverReachedDoesNotHoldUpOthers() {
    try (var kernel = new ModelKernel(Scheduler.virtual(1));
        var ring = new TestRing(kernel, 8, 0)) {
      ring.scratch.set(JAVA_LONG, Timespec.TV_SEC, 1000);
      ring.sqe(1).timeout(ring.scratch.address(), 1, 0);
      ring.sqe(2).timeout(ring.scratch.address(), -1, 0);
      ring.sqe(3).nop();
      assertEquals(3, ring.submit(3));
      assertEquals(0, ring.submit(0));
      assertEquals(List.of(new Completion(3, 0, 0), new Completion(1, 0, 0)), ring.reap());
    }
  }

  @Test
  void aPathWithoutAnEndIsTooLong() {
    try (var kernel = new ModelKernel(Scheduler.virtual(1));
        var ring = new TestRing(kernel, 4, 0)) {
      var path = kernel.map(-1, 0, 8192, READ_WRITE);
      for (int i = 0; i < 8192; i++) path.set(JAVA_BYTE, i, (byte) 'x');
      ring.sqe(1).openat(Fcntl.AT_FDCWD, path.address(), Fcntl.O_RDONLY, 0);
      assertEquals(1, ring.submit(1));
      assertEquals(List.of(new Completion(1, -ENAMETOOLONG, 0)), ring.reap());
    }
  }

  @Test
  void timersThatWereCancelledAreForgotten() {
    var time = new VirtualScheduler(1);
    for (int i = 0; i < 100_000; i++) assertTrue(time.afterNanos(1_000_000_000, () -> {}).cancel());
    assertTrue(time.size() < 1000, "timers kept: " + time.size());
  }
}
