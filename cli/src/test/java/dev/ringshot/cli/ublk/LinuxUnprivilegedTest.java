package dev.ringshot.cli.ublk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringshot.cli.KernelsUblk;
import dev.ringshot.cli.serve.Tool;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
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
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/// `ringshot ublk` of a user who is not root, to whom the test gives a device's files as udev
/// would.
@Tag("linux")
@Tag("load")
@EnabledOnOs(OS.LINUX)
@ExtendWith(KernelsUblk.class)
@Timeout(120)
final class LinuxUnprivilegedTest {
  private static final Path CONTROL = Path.of("/dev/ublk-control");
  private static final String USER = "12345";

  @TempDir private Path folder;

  @BeforeEach
  void letUsersIn() throws Exception {
    Tool.need("setpriv");
    Tool.run("chmod", "666", CONTROL.toString());
    Path jars = Path.of(System.getProperty("java.class.path", "").split(":", -1)[0]).getParent();
    Tool.run("cp", "-r", String.valueOf(jars), folder.resolve("lib").toString());
    Tool.run("chmod", "-R", "a+rX", folder.toString()); // where the jars are it may not be let in
  }

  @AfterEach
  void letNobodyIn() throws Exception {
    if (Files.notExists(CONTROL)) return;
    Tool.run("chmod", "600", CONTROL.toString());
  }

  private Process start(String... words) throws IOException {
    List<String> command =
        new ArrayList<>(List.of("setpriv", "--reuid=" + USER, "--regid=" + USER, "--clear-groups"));
    command.addAll(
        List.of(
            Path.of(System.getProperty("java.home", ""), "bin", "java").toString(),
            "-XX:+UseSerialGC",
            "-Xmx64m",
            "-XX:TieredStopAtLevel=1",
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            folder.resolve("lib") + "/*",
            "dev.ringshot.cli.Main"));
    command.addAll(List.of(words));
    var builder = new ProcessBuilder(command);
    return builder.redirectError(folder.resolve("err").toFile()).start();
  }

  /// What udev does for the owner of a device, when its files appear.
  private static void give(String path) throws Exception {
    for (int i = 0; i < 10_000 && Files.notExists(Path.of(path)); i++)
      TimeUnit.MILLISECONDS.sleep(1);
    Tool.run("chown", USER + ":" + USER, path);
  }

  private String run(int status, String... words) throws Exception {
    Process process = start(words);
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(status, process.waitFor(), this::errors);
    return out;
  }

  private String errors() {
    try {
      return Files.readString(folder.resolve("err"));
    } catch (IOException e) {
      return e.toString();
    }
  }

  @Test
  void userAddsUsesAndDeletesADevice() throws Exception {
    Process server = start("ublk", "add", "-u", "-t", "mem", "-s", "4M", "--json");
    give("/dev/ublkc0");
    String line = server.inputReader().readLine();
    assertTrue(line != null && line.contains("/dev/ublkb0"), () -> line + errors());
    give("/dev/ublkb0");
    Tool.run(
        "setpriv",
        "--reuid=" + USER,
        "--clear-groups",
        "--regid=" + USER,
        "sh",
        "-c",
        "head -c 65536 /dev/zero | tr '\\0' x > /dev/ublkb0 && head -c 65536 /dev/ublkb0 | tr -d x | wc -c | grep -qx 0");
    assertTrue(run(0, "ublk", "list").startsWith("ublk0  LIVE  4M  process " + server.pid()));
    assertTrue(run(0, "ublk", "list", "-v").contains("UNPRIVILEGED_DEV"));
    run(0, "ublk", "del", "-n", "0");
    assertEquals(0, server.waitFor(), this::errors);
  }

  @Test
  void deviceOfRootsIsRefused() throws Exception {
    run(1, "ublk", "add", "-t", "mem", "-s", "4M");
    assertTrue(errors().contains("ADD_DEV: EPERM"), this::errors);
  }
}
