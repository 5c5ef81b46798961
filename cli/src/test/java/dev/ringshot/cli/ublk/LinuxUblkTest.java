package dev.ringshot.cli.ublk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringshot.cli.KernelsUblk;
import dev.ringshot.cli.Run;
import dev.ringshot.cli.serve.Tool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/// `ringshot ublk` on Linux's own driver, each server a process of its own.
@Tag("linux")
@EnabledOnOs(OS.LINUX)
@Timeout(300)
final class LinuxUblkTest {
  private static final int KILLS = 3;

  @TempDir private Path folder;

  @BeforeEach
  void needUblk() {
    KernelsUblk.need();
  }

  @AfterEach
  void nothingIsLeft() throws IOException {
    List<String> left = KernelsUblk.devices();
    Run.of("ublk", "del", "-a", "--async"); // or a failed test would have the others fail
    assertEquals(List.of(), left);
  }

  private String text(String name) {
    try {
      return Files.readString(folder.resolve(name));
    } catch (IOException e) {
      return e.toString();
    }
  }

  /// Starts a server, and returns when there is its disk.
  private Process start(String... words) throws IOException {
    List<String> command = new ArrayList<>(Tool.ringshot());
    command.addAll(1, List.of("-XX:+UseSerialGC", "-Xmx64m", "-XX:TieredStopAtLevel=1"));
    command.add("ublk");
    command.addAll(List.of(words));
    command.add("--json");
    Process server =
        new ProcessBuilder(command).redirectError(folder.resolve("err").toFile()).start();
    String line = server.inputReader().readLine();
    assertTrue(line != null && line.contains("/dev/ublkb"), () -> line + text("err"));
    return server;
  }

  private static String ok(String... words) {
    Run run = Run.of(words);
    assertEquals(0, run.status(), run.err()::toString);
    return String.join("\n", run.out());
  }

  @Test
  void deviceIsListedChangedAndDeleted() throws Exception {
    Process server = start("add", "-t", "mem", "-n", "5", "-s", "8M", "-d", "16", "--no-batch");
    assertTrue(ok("ublk", "list").startsWith("ublk5  LIVE  8M  process " + server.pid()));
    String json = ok("ublk", "list", "--json");
    assertTrue(json.contains("\"depth\":16") && !json.contains("BATCH_IO"), json);
    assertTrue(ok("ublk", "resize", "-n", "5", "-s", "4M").startsWith("ublk5  LIVE  4M"));
    assertEquals("8192", Files.readString(Path.of("/sys/block/ublkb5/size")).strip());
    ok("ublk", "set-affinity", "-n", "5", "-q", "0", "--cpuset", "0");
    ok("ublk", "del", "-n", "5");
    assertEquals(0, server.waitFor(), () -> text("err"));
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
    Process first = start("add", "-t", "null", "-s", "1M", "-r");
    ok("ublk", "quiesce", "-n", "0");
    assertEquals(0, first.waitFor(), () -> text("err"));
    assertTrue(ok("ublk", "list").startsWith("ublk0  QUIESCED"));
    Process second = start("recover", "-n", "0", "-t", "null", "-s", "1M");
    second.destroy(); // SIGTERM
    assertEquals(0, second.waitFor(), () -> text("err"));
  }

  /// With requests issued again no write is lost, and their users see no error. One command a tag:
  /// of a batch that is on its way when the server dies, Linux 7.3.4 copies the data in a kernel
  /// thread that has no user memory (`ublk_batch_tw_cb` does not look whether it is cancelled), and
  /// user-mode Linux panics.
  @Test
  void serverThatIsKilledUnderLoadIsRecovered() throws Exception {
    Tool.need("fio");
    String file = folder.resolve("disk").toString();
    Tool.run("truncate", "-s", "32M", file);
    Process server = start("add", "-t", "loop", "-f", file, "-r", "-i", "--no-batch");
    Process fio =
        new ProcessBuilder(
                "fio",
                "--name=load",
                "--filename=/dev/ublkb0",
                "--ioengine=libaio",
                "--direct=1",
                "--rw=randwrite",
                "--bs=4k",
                "--iodepth=16",
                "--size=8m",
                "--loops=2",
                "--verify=crc32c",
                "--verify_fatal=1",
                "--thread")
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("fio").toFile())
            .start();
    for (int kill = 0; kill < KILLS; kill++) {
      long before = written();
      while (written() < before + 1024 && fio.isAlive()) TimeUnit.MILLISECONDS.sleep(1);
      assertTrue(fio.isAlive(), () -> "too quick to be killed under: " + text("fio"));
      server.destroyForcibly().waitFor(); // SIGKILL
      server = start("recover", "-n", "0", "-t", "loop", "-f", file);
    }
    assertEquals(0, fio.waitFor(), () -> text("fio"));
    server.destroy();
    assertEquals(0, server.waitFor(), () -> text("err"));
  }

  /// Sectors that the disk has written so far.
  private static long written() throws IOException {
    String[] fields = Files.readString(Path.of("/sys/block/ublkb0/stat")).strip().split(" +", -1);
    return Long.parseLong(fields[6]);
  }
}
