package dev.ringshot.linux;

import static dev.ringshot.abi.IoUring.IORING_ENTER_GETEVENTS;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/// The hot call costs the garbage collector nothing.
@EnabledOnOs(
    value = OS.LINUX,
    architectures = {"amd64", "aarch64"})
final class EnterAllocationTest {
  private static final int WARM_UP = 100_000;
  private static final int ENTERS = 1_000_000;

  private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  @Test
  void enterAllocatesNothing() {
    try (var ring = new RawRing(new LinuxKernel())) {
      submit(ring, WARM_UP);
      long before = threads.getCurrentThreadAllocatedBytes();
      submit(ring, ENTERS);
      long after = threads.getCurrentThreadAllocatedBytes();
      assertEquals(0, (after - before) / ENTERS, after - before + " bytes");
    }
  }

  private static void submit(RawRing ring, int enters) {
    for (int i = 0; i < enters; i++) {
      ring.pushNops(1);
      if (ring.enter(1, 1, IORING_ENTER_GETEVENTS) != 1) throw new AssertionError("enter");
      ring.consume(1);
    }
  }
}
