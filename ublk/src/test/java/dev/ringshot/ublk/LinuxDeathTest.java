package dev.ringshot.ublk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringshot.abi.Errno;
import dev.ringshot.abi.Kernel;
import dev.ringshot.linux.LinuxKernel;
import dev.ringshot.ring.Ring;
import dev.ringshot.ublk.target.MemTarget;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Servers on Linux's own driver that are killed, each in one state of its life. The device that
/// one leaves can be deleted, or taken over, and nothing else is left.
@Tag("linux")
@Tag("load")
@EnabledOnOs(OS.LINUX)
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class LinuxDeathTest {
  private static final int ID = 7;

  private final Kernel kernel = RealDisk.kernel();

  @BeforeEach
  void thereIsNoDeviceYet() {
    assertTrue(Files.notExists(Path.of("/dev/ublkc" + ID)));
  }

  @ParameterizedTest
  @EnumSource(
      mode = EnumSource.Mode.EXCLUDE,
      names = {"INQUIRING", "COMPARING", "TAKING_OVER"})
  void deviceOfAServerThatWasKilledCanBeDeleted(UblkServer.State state) throws Exception {
    for (Recovery recovery : List.of(Recovery.NONE, Recovery.WAIT)) {
      kill(state, recovery);
      deleteIt();
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"INQUIRING", "COMPARING", "TAKING_OVER", "STARTING", "LIVE"})
  void deviceSurvivesTwoServers(UblkServer.State state) throws Exception {
    kill(UblkServer.State.LIVE, Recovery.REISSUE);
    kill(state, Recovery.REISSUE, "recover");
    ServerOptions options = RealDisk.options().withDeviceId(ID);
    try (var disk = RealDisk.recover(kernel, new MemTarget(1 << 20), options);
        var channel = disk.open()) {
      assertEquals(1 << 20, channel.size());
    }
  }

  /// A server comes to this state, and is killed.
  private void kill(UblkServer.State state, Recovery recovery, String... more) throws Exception {
    Process server = start(state, recovery, more);
    try {
      assertEquals(state.toString(), server.inputReader().readLine());
    } finally {
      server.destroyForcibly().waitFor(); // SIGKILL
    }
  }

  private static Process start(UblkServer.State state, Recovery recovery, String... more)
      throws IOException {
    String java = Path.of(System.getProperty("java.home", ""), "bin", "java").toString();
    var command =
        Stream.of(
            java,
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Xmx64m",
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            classPath(),
            DyingServer.class.getName(),
            String.valueOf(ID),
            state.toString(),
            recovery.toString());
    return new ProcessBuilder(Stream.concat(command, Stream.of(more)).toList())
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  private static String classPath() {
    return Stream.of(
            UblkQueue.class, Ring.class, Kernel.class, LinuxKernel.class, DyingServer.class)
        .map(LinuxDeathTest::location)
        .distinct()
        .collect(Collectors.joining(":"));
  }

  private static String location(Class<?> type) {
    try {
      return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI()).toString();
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  /// The driver waits until the last one of its server's files is closed.
  private void deleteIt() {
    try (var control = UblkControl.open(kernel)) {
      var delete = control.delete(ID);
      while (!delete.isDone()) control.await();
      int result = delete.result();
      assertTrue(result == 0 || result == -Errno.ENODEV, () -> "DEL_DEV: " + result);
    }
    assertFalse(Files.exists(Path.of("/dev/ublkb" + ID)));
    assertFalse(Files.exists(Path.of("/dev/ublkc" + ID)));
  }
}
