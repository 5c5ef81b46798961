package dev.ringshot.model;

import static dev.ringshot.abi.Errno.EACCES;
import static dev.ringshot.abi.Errno.EBADF;
import static dev.ringshot.abi.Errno.EINVAL;
import static dev.ringshot.abi.Errno.EOPNOTSUPP;
import static dev.ringshot.abi.IoUring.IORING_URING_CMD_MULTISHOT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.ringshot.abi.Fcntl;
import dev.ringshot.model.TestRing.Completion;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Kernels without commands, without multishot ones, and with a security module that has a say.
class WithoutCommandsTest {
  private static final class Counting implements FileOperations {
    int calls;

    @Override
    public int uringCmd(UringCmd cmd) {
      calls++;
      return 0;
    }
  }

  @Test
  void aKernelBuiltWithoutCommandsRefusesThemAll() {
    var device = new Counting();
    var options = ModelOptions.DEFAULT.withCommands(false);
    try (var kernel =
            new ModelKernel(Scheduler.virtual(1), options).device("/dev/counting", device);
        var ring = new TestRing(kernel, 8, 0)) {
      int fd = kernel.open("/dev/counting", Fcntl.O_RDWR);
      ring.sqe(1).uringCmd(fd, 0);
      ring.submit(1);
      ring.sqe(2).uringCmdMultishot(fd, 0, 7);
      ring.submit(1);
      assertEquals(
          List.of(new Completion(1, -EOPNOTSUPP, 0), new Completion(2, -EOPNOTSUPP, 0)),
          ring.reap());
      assertEquals(0, device.calls);
    }
  }

  @Test
  void withoutCommandsSelectIsNotSupportedAndPostSaysFinished() {
    var options = ModelOptions.DEFAULT.withCommands(false);
    try (var kernel = new ModelKernel(Scheduler.virtual(1), options)) {
      var cmd = kernel.commandWithoutRing(0x77);
      assertEquals(0x77, cmd.op());
      var buffer = cmd.selectBuffer(7, 64);
      assertEquals(-EOPNOTSUPP, buffer.errno());
      assertEquals(0, buffer.length());
      assertEquals(-EOPNOTSUPP, cmd.selectBuffer().errno());
      assertEquals(Shot.FINISHED, cmd.postMultishotCqe(buffer, 8));
      assertEquals(Shot.FINISHED, cmd.postMultishotCqe(8));
      assertEquals(Shot.FINISHED, cmd.postMultishotCqe(0));
      assertEquals(Shot.FINISHED, cmd.postMultishotCqe(-EINVAL));
    }
  }

  @Test
  void whereThereAreCommandsTheyComeThroughRings() {
    try (var kernel = new ModelKernel(Scheduler.virtual(1))) {
      assertThrows(IllegalStateException.class, () -> kernel.commandWithoutRing(1));
    }
  }

  @Test
  void aReleaseWithoutTheFlagDoesNotKnowIt() {
    var device = new Counting();
    var options = ModelOptions.DEFAULT.withRelease(Release.LINUX_6_17);
    try (var kernel =
            new ModelKernel(Scheduler.virtual(1), options).device("/dev/counting", device);
        var ring = new TestRing(kernel, 8, 0)) {
      int fd = kernel.open("/dev/counting", Fcntl.O_RDWR);
      ring.sqe(1).uringCmd(fd, 0).uringCmdFlags(IORING_URING_CMD_MULTISHOT);
      ring.submit(1);
      ring.sqe(2).uringCmdMultishot(fd, 0, 7);
      ring.submit(1);
      ring.sqe(3).uringCmd(fd, 0);
      ring.submit(1);
      assertEquals(
          List.of(
              new Completion(1, -EINVAL, 0),
              new Completion(2, -EOPNOTSUPP, 0), // the opcode has no buffer select either
              new Completion(3, 0, 0)),
          ring.reap());
      assertEquals(1, device.calls);
    }
  }

  @Test
  void aSecurityModuleIsAskedBetweenFileAndDriver() {
    var device = new Counting();
    var options = ModelOptions.DEFAULT.withPolicy(cmd -> cmd.op() == 9 ? -EACCES : 0);
    try (var kernel =
            new ModelKernel(Scheduler.virtual(1), options).device("/dev/counting", device);
        var ring = new TestRing(kernel, 8, 0)) {
      ring.provide(7, 4, 64, 0);
      int fd = kernel.open("/dev/counting", Fcntl.O_RDWR);
      ring.sqe(1).uringCmd(fd, 9);
      ring.sqe(2).uringCmdMultishot(fd, 9, 7);
      ring.sqe(3).uringCmd(1_000_000, 9);
      ring.sqe(4).uringCmd(kernel.open("/dev/zero", Fcntl.O_RDWR), 9);
      ring.sqe(5).uringCmd(fd, 9).async();
      ring.submit(5);
      assertEquals(0, device.calls);
      ring.sqe(6).uringCmd(fd, 8);
      ring.submit(1);
      ring.await(6);
      var completions = ring.reap();
      assertEquals(
          List.of(
              new Completion(1, -EACCES, 0),
              new Completion(2, -EACCES, 0),
              new Completion(3, -EBADF, 0),
              new Completion(4, -EOPNOTSUPP, 0)),
          completions.subList(0, 4));
      assertEquals(
          List.of(new Completion(5, -EACCES, 0), new Completion(6, 0, 0)),
          completions.subList(4, 6).stream()
              .sorted(java.util.Comparator.comparingLong(Completion::userData))
              .toList());
      assertEquals(1, device.calls);
      assertEquals(0, ring.head(7));
    }
  }
}
