package dev.ringshot.model;

import static dev.ringshot.abi.Errno.EFAULT;
import static dev.ringshot.abi.Errno.EINVAL;
import static dev.ringshot.abi.IoUring.IORING_OFF_CQ_RING;
import static dev.ringshot.abi.IoUring.IORING_OFF_SQ_RING;
import static dev.ringshot.model.TestRing.READ_WRITE;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringshot.abi.ErrnoException;
import dev.ringshot.abi.Fcntl;
import dev.ringshot.abi.Kernel;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UserMemoryTest {
  private final ModelKernel kernel = new ModelKernel(Scheduler.virtual(3));
  private final TestRing ring = new TestRing(kernel, 8, 0);
  private final int zero = kernel.open("/dev/zero", Fcntl.O_RDWR);

  private int read(long address, int length) {
    ring.sqe(1).read(zero, address, length, 0);
    assertEquals(1, ring.submit(1));
    return ring.reap().getFirst().res();
  }

  @Test
  void anAddressIsGoodFromTheFirstByteToTheLast() {
    var page = kernel.map(-1, 0, 4096, READ_WRITE);
    assertEquals(4096, read(page.address(), 4096));
    assertEquals(1, read(page.address() + 4095, 1));
  }

  @Test
  void aTransferAcrossTheEdgeStopsThere() {
    var page = kernel.map(-1, 0, 4096, READ_WRITE);
    page.fill((byte) 1);
    assertEquals(96, read(page.address() + 4000, 200));
    assertEquals(0, page.get(JAVA_BYTE, 4095));
  }

  @Test
  void addressesOutsideAreBad() {
    var page = kernel.map(-1, 0, 4096, READ_WRITE);
    assertEquals(-EFAULT, read(page.address() + 4096, 1));
    assertEquals(-EFAULT, read(page.address() - 1, 1));
    assertEquals(-EFAULT, read(0, 1));
    assertEquals(-EFAULT, read(-8, 100)); // wraps around 2^64
    assertEquals(-EFAULT, read(0xffff_8000_0000_0000L, 8)); // the kernel's half
    assertEquals(-EFAULT, read(Long.MAX_VALUE, Integer.MAX_VALUE));
  }

  @Test
  void wholePagesAreMappedAndTheSegmentHasTheSizeAskedFor() {
    var little = kernel.map(-1, 0, 100, READ_WRITE);
    assertEquals(100, little.byteSize());
    assertEquals(4096, read(little.address(), 4096));
    assertThrows(ErrnoException.class, () -> kernel.map(-1, 0, 0, READ_WRITE));
  }

  @Test
  void aReadOnlyMappingTakesNoBytes() {
    var page = kernel.map(-1, 0, 4096, Kernel.PROT_READ);
    assertTrue(page.isReadOnly());
    assertEquals(-EFAULT, read(page.address(), 8));
  }

  @Test
  void anUnmappedAddressIsBadAtOnceAndTheSegmentStaysReadable() {
    var page = kernel.map(-1, 0, 4096, READ_WRITE);
    page.set(JAVA_BYTE, 7, (byte) 42);
    assertEquals(0, kernel.unmap(page));
    assertEquals(-EFAULT, read(page.address(), 8));
    assertEquals(42, page.get(JAVA_BYTE, 7));
    assertEquals(-EINVAL, kernel.unmap(page));
    assertEquals(-EINVAL, kernel.unmap(MemorySegment.ofArray(new byte[8])));
  }

  @Test
  void anAreaMappedTwiceIsGoodUntilBothAreGone() {
    var first = kernel.map(ring.fd, IORING_OFF_SQ_RING, 64, READ_WRITE);
    var second = kernel.map(ring.fd, IORING_OFF_CQ_RING, 64, READ_WRITE);
    assertEquals(first.address(), second.address());
    assertEquals(0, kernel.unmap(first));
    assertEquals(0, kernel.unmap(second));
    assertEquals(-EFAULT, kernel.read(zero, 4096, 8));
    assertEquals(
        8, kernel.read(zero, ring.rings.address(), 8)); // the ring's own mapping is still there
  }

  @Test
  void unmappingUnderABlockedHostReadHarmsNothing(@TempDir Path directory) throws Exception {
    var path = Files.write(directory.resolve("data"), new byte[4096]);
    var inside = new CountDownLatch(1);
    var goOn = new CountDownLatch(1);
    var blocking =
        new ForwardingFiles(new PortableFiles()) {
          @Override
          public int pread(
              int handle, MemorySegment buffer, long offset, int length, long position) {
            inside.countDown();
            try {
              goOn.await();
            } catch (InterruptedException e) {
              throw new IllegalStateException(e);
            }
            return super.pread(handle, buffer, offset, length, position);
          }
        };
    try (var time = Scheduler.real();
        var real = new ModelKernel(time, ModelOptions.DEFAULT.withFiles(blocking));
        var ring = new TestRing(real, 8, 0)) {
      var page = real.map(-1, 0, 4096, READ_WRITE);
      int file = real.open(path.toString(), Fcntl.O_RDONLY);
      ring.sqe(1).read(file, page.address(), 4096, 0);
      assertEquals(1, ring.submit(1));
      inside.await();
      assertEquals(0, real.unmap(page));
      assertEquals(-EFAULT, real.read(file, page.address(), 8));
      goOn.countDown();
      assertEquals(0, ring.await(1));
      assertEquals(4096, ring.reap().getFirst().res());
    }
  }

  @Test
  void aPathIsReadBeforeTheSubmissionReturns(@TempDir Path directory) throws Exception {
    var path = Files.write(directory.resolve("data"), new byte[8]);
    try (var time = Scheduler.real();
        var real = new ModelKernel(time);
        var ring = new TestRing(real, 8, 0)) {
      for (int round = 0; round < 50; round++) {
        var name = real.map(-1, 0, 4096, READ_WRITE);
        name.setString(0, path.toString());
        ring.sqe(1).openat(Fcntl.AT_FDCWD, name.address(), Fcntl.O_RDONLY, 0);
        assertEquals(1, real.enter(ring.fd, 1, 0, 0, 0, 0));
        name.fill((byte) 0);
        assertEquals(0, real.unmap(name));
        assertEquals(0, ring.await(1));
        int fd = ring.reap().getFirst().res();
        assertTrue(fd > 0, "openat answered " + fd);
        assertEquals(0, real.close(fd));
      }
    }
  }
}
