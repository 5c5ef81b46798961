package dev.ringshot.linux;

import static dev.ringshot.abi.Errno.EINVAL;
import static dev.ringshot.abi.Errno.EMFILE;
import static dev.ringshot.abi.Errno.ENFILE;
import static dev.ringshot.abi.Errno.ENOMEM;
import static dev.ringshot.abi.Errno.ENOSYS;
import static dev.ringshot.abi.Errno.EPERM;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Each way a machine refuses a ring has its own advice.
final class SetupAdviceTest {
  @TempDir Path proc;

  @Test
  void oldKernelIsNamed() throws IOException {
    write("sys/kernel/osrelease", "4.18.0-el8\n");
    assertAdvice(ENOSYS, "kernel 4.18.0-el8 has no io_uring");
  }

  @Test
  void seccompIsToldFromAnOldKernel() throws IOException {
    write("self/status", "Name:\tjava\nSeccomp:\t2\nSeccomp_filters:\t1\n");
    assertAdvice(ENOSYS, "--security-opt seccomp");
    assertAdvice(EPERM, "--security-opt seccomp");
  }

  @Test
  void sysctlThatSwitchesOffIsNamed() throws IOException {
    write("sys/kernel/io_uring_disabled", "2\n");
    assertAdvice(EPERM, "sysctl kernel.io_uring_disabled=0");
  }

  @Test
  void sysctlThatNeedsAGroupNamesIt() throws IOException {
    write("sys/kernel/io_uring_disabled", "1\n");
    write("sys/kernel/io_uring_group", "991\n");
    assertAdvice(EPERM, "join group 991");
  }

  @Test
  void securityModuleIsWhatRemains() throws IOException {
    write("sys/kernel/io_uring_disabled", "0\n");
    write("self/status", "Seccomp:\t0\n");
    assertAdvice(EPERM, "security module");
  }

  @Test
  void limitsAreQuoted() throws IOException {
    write(
        "self/limits",
        """
        Limit                     Soft Limit           Hard Limit           Units
        Max open files            1024                 4096                 files
        Max locked memory         8388608              unlimited            bytes
        """);
    assertAdvice(ENOMEM, "8388608 bytes (ulimit -l)");
    assertAdvice(EMFILE, "1024 files (ulimit -n)");
  }

  @Test
  void unlimitedHasNoUnit() throws IOException {
    write(
        "self/limits",
        "Max locked memory         unlimited            unlimited            bytes     \n");
    assertAdvice(ENOMEM, "limited to unlimited (ulimit -l)");
  }

  @Test
  void advisesWithoutProcfs() {
    for (int errno : new int[] {ENOSYS, EPERM, ENOMEM, EMFILE, ENFILE, EINVAL, 4711}) {
      assertTrue(new SetupAdvice(proc).of(errno).length() > 10, () -> "errno " + errno);
    }
  }

  @Test
  void failureNamesCallAndError() {
    var failure = LinuxKernel.setupFailure(EMFILE);
    assertEquals(EMFILE, failure.errno());
    assertTrue(failure.toString().contains("io_uring_setup: "), failure.toString());
  }

  private void assertAdvice(int errno, String expected) {
    var advice = new SetupAdvice(proc).of(errno);
    assertTrue(advice.contains(expected), advice);
  }

  private void write(String file, String text) throws IOException {
    var path = proc.resolve(file);
    Files.createDirectories(path.getParent());
    Files.writeString(path, text);
  }
}
