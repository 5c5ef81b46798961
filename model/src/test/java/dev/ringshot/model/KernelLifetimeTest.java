package dev.ringshot.model;

import static dev.ringshot.abi.IoUring.IORING_REGISTER_RING_FDS;
import static dev.ringshot.abi.Kernel.PROT_READ;
import static dev.ringshot.abi.Kernel.PROT_WRITE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringshot.abi.RingParams;
import java.lang.foreign.MemorySegment;
import java.lang.ref.WeakReference;
import org.junit.jupiter.api.Test;

/// Kernels go when nobody has them any more, whoever has called them.
final class KernelLifetimeTest {
  private static final int COLLECTIONS_MAX = 50;

  @Test
  void threadThatOutlivesAKernelDoesNotKeepIt() {
    var kernel = new WeakReference<>(usedKernel());
    for (int i = 0; i < COLLECTIONS_MAX && kernel.get() != null; i++) System.gc();
    assertNull(kernel.get());
  }

  private static ModelKernel usedKernel() {
    var kernel = new ModelKernel(Scheduler.virtual(1));
    setup(kernel);
    kernel.close();
    return kernel;
  }

  @Test
  void kernelThatOutlivesThreadsDoesNotKeepThem() throws InterruptedException {
    try (var time = Scheduler.real();
        var kernel = new ModelKernel(time)) {
      var first = new WeakReference<>(ended(kernel));
      for (int i = 0; i < 200; i++) ended(kernel);
      for (int i = 0; i < COLLECTIONS_MAX && first.get() != null; i++) System.gc();
      assertNull(first.get());
    }
  }

  private static Thread ended(ModelKernel kernel) throws InterruptedException {
    var thread = new Thread(() -> kernel.close(setup(kernel)));
    thread.start();
    thread.join();
    return thread;
  }

  @Test
  void ringThatAThreadRegisteredEndsWithTheKernelAtTheLatest() throws InterruptedException {
    var released = new boolean[1];
    try (var time = Scheduler.real()) {
      var kernel =
          new ModelKernel(time)
              .device(
                  "/dev/last",
                  new FileOperations() {
                    @Override
                    public void release(OpenFile file) {
                      released[0] = true;
                    }
                  });
      var thread =
          new Thread(() -> {
            int ring = setup(kernel);
            MemorySegment update = kernel.map(-1, 0, 4096, PROT_READ | PROT_WRITE);
            update.set(java.lang.foreign.ValueLayout.JAVA_INT, 0, -1);
            update.set(java.lang.foreign.ValueLayout.JAVA_LONG, 8, ring);
            assertEquals(1, kernel.register(ring, IORING_REGISTER_RING_FDS, update.address(), 1));
            kernel.close(ring);
          });
      thread.start();
      thread.join();
      assertTrue(kernel.open("/dev/last", 0) >= 0);
      kernel.close();
      assertTrue(released[0]);
    }
  }

  private static int setup(ModelKernel kernel) {
    MemorySegment params = kernel.map(-1, 0, RingParams.SIZE, PROT_READ | PROT_WRITE);
    int fd = kernel.setup(4, params.address());
    assertTrue(fd >= 0, () -> "setup: " + fd);
    return fd;
  }
}
