package dev.ringshot.linux;

import static dev.ringshot.abi.Errno.EINVAL;
import static dev.ringshot.abi.Errno.ENOENT;
import static dev.ringshot.abi.Errno.EPERM;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringshot.abi.ErrnoException;
import java.util.BitSet;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/// What a server asks for its threads. Each test spoils a thread of its own.
@Tag("linux")
@EnabledOnOs(
    value = OS.LINUX,
    architectures = {"amd64", "aarch64"})
final class LinuxProcessTest {
  @Test
  void affinityIsWhatWasSet() throws Exception {
    try (var threads = Executors.newSingleThreadExecutor()) {
      var before = LinuxProcess.affinity();
      assertFalse(before.isEmpty());
      var one = new BitSet();
      one.set(before.nextSetBit(0));
      threads.submit(() -> LinuxProcess.setAffinity(one)).get();
      assertEquals(one, threads.submit(LinuxProcess::affinity).get());
      assertEquals(before, LinuxProcess.affinity(), "another thread's is untouched");
    }
  }

  @Test
  void affinityToNothingIsRefused() {
    var refusal = assertThrows(ErrnoException.class, () -> LinuxProcess.setAffinity(new BitSet()));
    assertEquals(EINVAL, refusal.errno());
    assertTrue(refusal.toString().contains("processors {}"), refusal.toString());
  }

  @Test
  void ioFlusherIsSetOrNeedsAPrivilege() throws Exception {
    try (var threads = Executors.newSingleThreadExecutor()) {
      threads.submit(LinuxProcessTest::setIoFlusher).get();
    }
  }

  @Test
  void folderThatIsNotThereIsRefusedByItsName() {
    var refusal =
        assertThrows(ErrnoException.class, () -> LinuxProcess.changeFolder("/there/is/none"));
    assertEquals(ENOENT, refusal.errno());
    assertTrue(refusal.toString().contains("/there/is/none"), refusal.toString());
  }

  private static void setIoFlusher() {
    try {
      LinuxProcess.setIoFlusher();
    } catch (ErrnoException e) {
      assertEquals(EPERM, e.errno());
      assertTrue(e.toString().contains("CAP_SYS_RESOURCE"), e.toString());
    }
  }
}
