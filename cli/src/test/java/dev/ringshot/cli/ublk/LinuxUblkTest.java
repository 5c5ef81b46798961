package dev.ringshot.cli.ublk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringshot.cli.KernelsUblk;
import dev.ringshot.cli.Run;
import dev.ringshot.cli.serve.DeviceServer;
import dev.ringshot.cli.serve.Tool;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/// `ringshot ublk` on Linux's own driver, each server a process of its own.
@Tag("linux")
@Tag("load")
@EnabledOnOs(OS.LINUX)
@ExtendWith(KernelsUblk.class)
@Timeout(300)
final class LinuxUblkTest {
  @TempDir private Path folder;

  private static String ok(String... words) {
    Run run = Run.of(words);
    assertEquals(0, run.status(), run.err()::toString);
    return String.join("\n", run.out());
  }

  @Test
  void deviceIsListedChangedAndDeleted() throws Exception {
    var server =
        DeviceServer.start(
            folder, "add", "-t", "mem", "-n", "5", "-s", "8M", "-d", "16", "--no-batch");
    assertTrue(ok("ublk", "list").startsWith("ublk5  LIVE  8M  process " + server.process().pid()));
    String json = ok("ublk", "list", "--json");
    assertTrue(json.contains("\"depth\":16") && !json.contains("BATCH_IO"), json);
    assertTrue(ok("ublk", "resize", "-n", "5", "-s", "4M").startsWith("ublk5  LIVE  4M"));
    assertEquals("8192", Files.readString(Path.of("/sys/block/ublkb5/size")).strip());
    ok("ublk", "set-affinity", "-n", "5", "-q", "0", "--cpuset", "0");
    ok("ublk", "del", "-n", "5");
    server.awaitEnd();
    assertEquals("", ok("ublk", "list"));
  }

  @Test
  void errorsNameTheCommandTheErrnoAndTheRule() {
    assertEquals(
        List.of("ringshot: DEL_DEV: ENODEV: there is no device 9; see the list of devices"),
        Run.of("ublk", "del", "-n", "9").err());
  }

  @Test
  void deviceThatIsNotThereIsNotRecovered() throws Exception {
    List<String> command = new ArrayList<>(Tool.ringshot());
    command.addAll(List.of("ublk", "recover", "-n", "9", "-t", "null"));
    assertEquals(1, new ProcessBuilder(command).start().waitFor());
  }

  @Test
  void quiescedDeviceIsRecovered() throws Exception {
    var first = DeviceServer.start(folder, "add", "-t", "null", "-s", "1M", "-r");
    ok("ublk", "quiesce", "-n", "0");
    first.awaitEnd();
    assertTrue(ok("ublk", "list").startsWith("ublk0  QUIESCED"));
    var second = DeviceServer.start(folder, "recover", "-n", "0", "-t", "null", "-s", "1M");
    second.terminate();
  }
}
