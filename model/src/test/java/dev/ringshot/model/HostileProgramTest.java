package dev.ringshot.model;

import static dev.ringshot.abi.Errno.EAGAIN;
import static dev.ringshot.abi.Errno.EBADR;
import static dev.ringshot.abi.Errno.ECANCELED;
import static dev.ringshot.abi.Errno.EFAULT;
import static dev.ringshot.abi.Errno.EINVAL;
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
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringshot.abi.BufferRingLayout;
import dev.ringshot.abi.ErrnoException;
import dev.ringshot.abi.Fcntl;
import dev.ringshot.abi.Poll;
import dev.ringshot.abi.Timespec;
import dev.ringshot.model.TestRing.Completion;
import java.lang.ref.WeakReference;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What a program can pass that is far out of the ordinary.
class HostileProgramTest {
  private static final long HUGE = 1L << 46;
  private static final int DEEP = 20_000;

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

  @Test
  void aLimitWhoseChainIsCancelledEndsOnce() {
    try (var kernel = new ModelKernel(Scheduler.virtual(1));
        var ring = new TestRing(kernel, 4, 0)) {
      ring.scratch.set(JAVA_LONG, Timespec.TV_SEC, 1);
      ring.sqe(1).nop(-EFAULT).flags(IOSQE_IO_LINK);
      ring.sqe(2).nop().flags(IOSQE_IO_LINK);
      ring.sqe(3).linkTimeout(ring.scratch.address(), 0);
      assertEquals(3, ring.submit(3));
      assertEquals(0, ring.submit(0));
      assertEquals(
          List.of(
              new Completion(1, -EFAULT, 0),
              new Completion(2, -ECANCELED, 0),
              new Completion(3, -ECANCELED, 0)),
          ring.reap());
    }
  }

  @Test
  void aBufferRingFarBeyondTheLastGroupIsNotThere() {
    try (var kernel = new ModelKernel(Scheduler.virtual(1));
        var ring = new TestRing(kernel, 4, 0)) {
      long offset = IORING_OFF_PBUF_RING | 1L << (IORING_OFF_PBUF_SHIFT + 31);
      var refusal =
          assertThrows(ErrnoException.class, () -> kernel.map(ring.fd, offset, 4096, READ_WRITE));
      assertEquals(EINVAL, refusal.errno());
    }
  }

  @Test
  void aKernelThatWasClosedIsForgotten() {
    var reference = new WeakReference<>(closedKernel());
    System.gc();
    assertNull(reference.get());
  }

  private static ModelKernel closedKernel() {
    var kernel = new ModelKernel(Scheduler.virtual(1));
    try (kernel;
        var ring = new TestRing(kernel, 4, 0)) {
      ring.sqe(1).nop();
      assertEquals(1, ring.submit(1));
    }
    return kernel;
  }

  /// Each ring has the next one open in a request of its own, and nobody else has.
  @Test
  void ringsThatHoldOneAnotherEndOneByOne() {
    try (var kernel = new ModelKernel(Scheduler.virtual(1))) {
      var last = new TestRing(kernel, 1, 0);
      for (int i = 0; i < DEEP; i++) {
        var next = new TestRing(kernel, 1, 0);
        next.sqe(1).pollAdd(last.fd, Poll.POLLIN);
        assertEquals(1, next.submit(1));
        last.close();
        assertEquals(0, kernel.unmap(last.scratch));
        last = next;
      }
      last.close();
    }
  }

  @Test
  void completionsThatNobodyTakesAreLostWhenThereIsNoMemoryForMore() {
    try (var kernel = new ModelKernel(Scheduler.virtual(1));
        var ring = new TestRing(kernel, 4096, 0)) {
      for (int round = 0; round < 3; round++) {
        for (int i = 0; i < 4096; i++) ring.sqe(i).nop();
        assertEquals(4096, ring.submit(4096));
        if (round == 0) fill(kernel.keptMemory());
      }
      assertEquals(4096, ring.rings.get(JAVA_INT, RingLayout.CQ_OVERFLOW));
      assertEquals(8192, ring.reap().size());
      assertEquals(-EBADR, ring.await(1));
    }
  }

  @Test
  void thereAreNoRequestsAndNoBuffersWithoutMemory() {
    try (var kernel = new ModelKernel(Scheduler.virtual(1));
        var ring = new TestRing(kernel, 4, 0)) {
      ring.sqe(1).nop();
      assertEquals(1, ring.submit(1));
      fill(kernel.keptMemory());
      ring.sqe(2).provideBuffers(ring.scratch.address(), 16, 4, 1, 0);
      assertEquals(1, ring.submit(1));
      assertEquals(List.of(new Completion(1, 0, 0), new Completion(2, -ENOMEM, 0)), ring.reap());
      ring.sqe(3).pollAdd(kernel.eventfd(0, 0), Poll.POLLIN);
      ring.sqe(4).nop();
      assertEquals(1, ring.submit(2));
      assertEquals(-EAGAIN, ring.submit(1));
    }
  }

  private static void fill(KernelMemory memory) {
    while (memory.tryCharge(1 << 20)) {}
    while (memory.tryCharge(1)) {}
  }

  @Test
  void aRingGivesBackWhatItKept() {
    try (var kernel = new ModelKernel(Scheduler.virtual(1))) {
      var ring = new TestRing(kernel, 4, 0);
      ring.sqe(1).provideBuffers(ring.scratch.address(), 1, 4000, 1, 0);
      for (int i = 0; i < 10; i++) {
        ring.sqe(2).nop();
        ring.sqe(3).pollAdd(kernel.eventfd(0, 0), Poll.POLLIN);
        assertEquals(i == 0 ? 3 : 2, ring.submit(3));
      }
      assertTrue(kernel.keptMemory().used() > 0);
      ring.close();
      assertEquals(0, kernel.keptMemory().used());
    }
  }

  /// Each ring polls the one before it, whose readiness is its own.
  @Test
  void ringsThatWakeOneAnotherHearOneByOne() {
    try (var kernel = new ModelKernel(Scheduler.virtual(1))) {
      int flags = IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN;
      var first = new TestRing(kernel, 1, flags);
      var last = first;
      for (int i = 0; i < DEEP; i++) {
        var next = new TestRing(kernel, 1, flags);
        next.sqe(1).pollAdd(last.fd, Poll.POLLIN);
        assertEquals(1, next.submit(1));
        last = next;
      }
      first.sqe(2).nop();
      assertEquals(1, first.submit(1));
      assertEquals(0, last.await(1));
      assertEquals(1, last.reap().size());
    }
  }
}
