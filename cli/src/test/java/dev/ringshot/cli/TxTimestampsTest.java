package dev.ringshot.cli;

import static dev.ringshot.abi.Errno.EPERM;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringshot.abi.Kernel;
import dev.ringshot.model.ModelKernel;
import dev.ringshot.model.ModelOptions;
import dev.ringshot.model.Release;
import dev.ringshot.model.Scheduler;
import dev.ringshot.ring.End;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;

/// Where time stamps cannot be had, it is said what can.
final class TxTimestampsTest {
  private final EventLog log = new EventLog(new PrintWriter(new StringWriter()), true);

  @Test
  void takesThemFromTheModel() {
    try (var kernel = new ModelKernel(Scheduler.virtual(1))) {
      End end = TxTimestamps.run(kernel, 3, log);

      assertEquals(3, log.events());
      assertInstanceOf(End.Cancelled.class, end);
    }
  }

  @Test
  void namesTheTickerWhereTheKernelHasNoMultishotCommands() {
    var before = ModelOptions.DEFAULT.withRelease(Release.LINUX_6_17);
    try (var kernel = new ModelKernel(Scheduler.virtual(1), before)) {
      var failed = assertThrows(EventsFailed.class, () -> TxTimestamps.run(kernel, 1, log));

      String said = String.valueOf(failed.getMessage());
      assertTrue(said.contains("./ringshot events ticker"), said);
      assertTrue(said.contains("6.18"), said);
    }
  }

  @Test
  void namesTheTickerWhereIoUringIsOff() {
    try (var kernel = new ModelKernel(Scheduler.virtual(1))) {
      var off = new SwitchedOff(kernel);
      var failed = assertThrows(EventsFailed.class, () -> TxTimestamps.run(off, 1, log));

      String said = String.valueOf(failed.getMessage());
      assertTrue(said.startsWith("io_uring_setup: EPERM: "), said);
      assertTrue(said.contains("./ringshot events ticker"), said);
      assertEquals(new End.Failed(EPERM), failed.end());
    }
  }

  /// A kernel as under `kernel.io_uring_disabled=2`: memory, but no rings.
  private record SwitchedOff(Kernel kernel) implements Kernel {
    @Override
    public int setup(int entries, long params) {
      return -EPERM;
    }

    @Override
    public int enter(int fd, int toSubmit, int minComplete, int flags, long arg, long argSize) {
      return kernel.enter(fd, toSubmit, minComplete, flags, arg, argSize);
    }

    @Override
    public int register(int fd, int opcode, long arg, int argCount) {
      return kernel.register(fd, opcode, arg, argCount);
    }

    @Override
    public int open(String path, int flags) {
      return kernel.open(path, flags);
    }

    @Override
    public int close(int fd) {
      return kernel.close(fd);
    }

    @Override
    public MemorySegment map(int fd, long offset, long length, int protection) {
      return kernel.map(fd, offset, length, protection);
    }

    @Override
    public int unmap(MemorySegment mapping) {
      return kernel.unmap(mapping);
    }
  }
}
