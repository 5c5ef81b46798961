package dev.ringshot.cli.serve;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ringshot.cli.KernelsUblk;
import dev.ringshot.cli.Run;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// `ringshot serve` on Linux's own ublk driver, with Linux's own users of a disk.
@Tag("linux")
@Tag("load")
@EnabledOnOs(OS.LINUX)
@ExtendWith(KernelsUblk.class)
@Timeout(300)
final class LinuxServeTest {
  @TempDir private Path folder;

  private String path(String name) {
    return folder.resolve(name).toString();
  }

  private String text(String name) {
    return ScriptRun.text(folder.resolve(name));
  }

  private void serve(String script, String... options) throws IOException {
    var _ = ScriptRun.serve(folder, script, List.of(options));
  }

  @Test
  void commandHasTheDeviceAndNoUri() throws IOException {
    serve(
        "test -b $device\ntest -z \"$uri$unixsocket\"\nblockdev --getsize64 $device",
        "--mem",
        "4M");
    assertEquals("4194304", text("log").strip());
  }

  @Test
  void queueThreadsRunWhereTheirRequestsComeFrom() throws IOException {
    assumeTrue(Runtime.getRuntime().availableProcessors() > 1, "needs two processors");
    serve(
        """
        for thread in /proc/$RINGSHOT/task/*; do
          case $(cat $thread/comm) in
            'ublk queue '*) grep Cpus_allowed_list: $thread/status ;;
          esac
        done | sort
        """
            .replace("$RINGSHOT", String.valueOf(ProcessHandle.current().pid())),
        "--mem",
        "4M",
        "--queues",
        "2");
    List<String> lines = text("log").lines().toList();
    assertEquals(2, lines.size(), lines::toString);
    assertNotEquals(lines.getFirst(), lines.getLast());
  }

  @Test
  void jsonNamesTheDevice() {
    Run run = Run.of("serve", "--null", "1M", "--json", "--run", "exit 3");
    assertEquals(3, run.status(), run.err()::toString);
    String line = run.out().getFirst();
    assertTrue(line.contains("\"kernel\":\"linux\""), line);
    assertTrue(line.contains("\"device\":\"/dev/ublkb0\"") && !line.contains("uri"), line);
  }

  @ParameterizedTest
  @CsvSource({"--socket,/tmp/socket", "--listen,127.0.0.1:0"})
  void placesForNbdClientsAreRefused(String option, String value) {
    Run run = Run.of("serve", "--kernel", "linux", "--mem", "1M", option, value);
    assertEquals(2, run.status());
    assertTrue(run.err().getFirst().contains("or --kernel linux"), run.err()::toString);
  }

  @Test
  void modelServesNbdClientsBesideIt() {
    Run run =
        Run.of("serve", "--kernel", "model", "--mem", "1M", "--run", "test -S \"$unixsocket\"");
    assertEquals(0, run.status(), run.err()::toString);
  }

  @Test
  void sigtermFlushesStopsAndExitsWith0() throws Exception {
    List<String> command = new ArrayList<>(Tool.ringshot());
    command.addAll(1, List.of("-XX:+UseSerialGC", "-Xmx64m", "-XX:TieredStopAtLevel=1"));
    command.addAll(List.of("serve", path("disk"), "--create", "--size", "1M", "--json"));
    Process server =
        new ProcessBuilder(command).redirectError(folder.resolve("err").toFile()).start();
    String line = server.inputReader().readLine();
    assertTrue(line != null && line.contains("/dev/ublkb0"), () -> line + text("err"));
    byte[] written = new byte[100_000];
    Arrays.fill(written, (byte) 7);
    Files.write(Path.of("/dev/ublkb0"), written); // it stays in the page cache
    server.destroy(); // SIGTERM
    assertEquals(0, server.waitFor(), () -> text("err"));
    assertEquals("", text("err"));
    byte[] image = Files.readAllBytes(folder.resolve("disk"));
    assertArrayEquals(written, Arrays.copyOf(image, written.length));
  }

  @Test
  void flushThatFailsAtTheEndIsNoSuccess() {
    Run run =
        Run.of(
            "serve",
            path("disk"),
            "--create",
            "--size",
            "1M",
            "--with",
            "faulty:flush=1,errno=EIO",
            "--run",
            "dd if=/dev/zero of=$device bs=4k count=1 conv=notrunc 2>/dev/null");
    assertEquals(1, run.status(), run.err()::toString);
    assertTrue(run.err().getLast().contains("flush of /dev/ublkb0"), run.err()::toString);
  }
}
