package dev.ringshot.linux;

import static dev.ringshot.abi.Errno.EBADF;
import static dev.ringshot.abi.Errno.EFAULT;
import static dev.ringshot.abi.Errno.EINVAL;
import static dev.ringshot.abi.Errno.ENOENT;
import static dev.ringshot.abi.Errno.EOPNOTSUPP;
import static dev.ringshot.abi.Errno.ETIME;
import static dev.ringshot.abi.IoUring.IORING_ENTER_EXT_ARG;
import static dev.ringshot.abi.IoUring.IORING_ENTER_GETEVENTS;
import static dev.ringshot.abi.IoUring.IORING_OP_NOP;
import static dev.ringshot.abi.IoUring.IORING_REGISTER_PROBE;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringshot.abi.Fcntl;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/// The seven calls, on the running kernel.
@Tag("linux")
@EnabledOnOs(
    value = OS.LINUX,
    architectures = {"amd64", "aarch64"})
final class LinuxKernelTest {
  private static final long BAD_ADDRESS = 8;

  private final LinuxKernel kernel = new LinuxKernel();

  @Test
  void nopGoesThroughAllCalls() {
    try (var ring = new RawRing(kernel)) {
      ring.push(IORING_OP_NOP, -1, 0, 0, 0, 4711);
      assertEquals(1, ring.enter(1, 1, IORING_ENTER_GETEVENTS));
      assertEquals(1, ring.available());
      assertEquals(4711, ring.userData());
      assertEquals(0, ring.result());
    }
  }

  @Test
  void registerAnswersProbe() {
    try (var ring = new RawRing(kernel);
        var arena = Arena.ofConfined()) {
      var probe = arena.allocate(16 + 256 * 8, 8);
      assertEquals(0, kernel.register(ring.fd, IORING_REGISTER_PROBE, probe.address(), 256));
      assertTrue(probe.get(JAVA_BYTE, 1) >= 32, "fewer opcodes than Linux 5.6 had");
    }
  }

  @Test
  void errorsAreNegatedErrnos() {
    try (var ring = new RawRing(kernel)) {
      assertEquals(-EINVAL, kernel.setup(0, ring.ring.address()));
      assertEquals(-EFAULT, kernel.setup(8, BAD_ADDRESS));
      assertEquals(-EBADF, kernel.register(1 << 20, IORING_REGISTER_PROBE, 0, 0));
      assertEquals(-EINVAL, kernel.register(ring.fd, 1 << 20, 0, 0));
      assertEquals(-EBADF, kernel.close(-1));
      assertEquals(-ENOENT, kernel.open("/nowhere/at all", Fcntl.O_RDONLY));
      assertEquals(-EINVAL, kernel.open("/dev/null\0", Fcntl.O_RDONLY));
    }
  }

  @Test
  void enterTellsErrorsApartThoughTheHotCallCannot() {
    try (var ring = new RawRing(kernel)) {
      int devNull = kernel.open("/dev/null", Fcntl.O_RDWR);
      assertEquals(-EBADF, kernel.enter(-1, 0, 0, 0, 0, 0));
      assertEquals(-EOPNOTSUPP, kernel.enter(devNull, 0, 0, 0, 0, 0));
      assertEquals(-EINVAL, ring.enter(0, 0, 1 << 30));
      assertEquals(0, kernel.close(devNull));
    }
  }

  @Test
  void enterWithTimeLimitEndsWithEtime() {
    try (var ring = new RawRing(kernel);
        var arena = Arena.ofConfined()) {
      var timespec = arena.allocate(16, 8);
      timespec.set(JAVA_LONG, 8, 1_000_000);
      var argument = arena.allocate(24, 8);
      argument.set(JAVA_LONG, 16, timespec.address());
      int flags = IORING_ENTER_GETEVENTS | IORING_ENTER_EXT_ARG;
      assertEquals(-ETIME, kernel.enter(ring.fd, 0, 1, flags, argument.address(), 24));
    }
  }

  @Test
  void openedDescriptorsEndWithTheProcessImage() throws Exception {
    int fd = kernel.open("/dev/null", Fcntl.O_RDWR);
    var flags =
        Files.readAllLines(Path.of("/proc/self/fdinfo/" + fd)).stream()
            .filter(line -> line.startsWith("flags:"))
            .findFirst()
            .orElseThrow();
    assertEquals(0, kernel.close(fd));
    int octal = Integer.parseInt(flags.substring("flags:".length()).strip(), 8);
    assertTrue((octal & Fcntl.O_CLOEXEC) != 0, flags);
  }
}
