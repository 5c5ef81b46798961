package dev.ringshot.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/// How `./ringshot ublk add` becomes a daemon, `scripts/daemon.bash`: with a server that is a
/// script in place of Java, and does as a test says.
@EnabledOnOs(OS.LINUX)
@Timeout(60)
final class DaemonTest {
  private static final Path ROOT = Path.of(System.getProperty("ringshot.root", ".."));

  @TempDir private Path folder;
  private Path runs = Path.of("");

  @BeforeEach
  void provideImage() throws IOException {
    runs = folder.resolve("its runs");
    Files.createDirectories(folder.resolve("image/lib"));
    Files.createFile(folder.resolve("image/lib/dev.ringshot.cli.jar"));
    Files.createDirectories(folder.resolve("jre/bin"));
    Files.writeString(folder.resolve("jre/release"), "JAVA_VERSION=\"25.0.1\"\n");
  }

  @AfterEach
  void endServer() throws IOException {
    if (!Files.exists(folder.resolve("pid"))) return;
    long pid = Long.parseLong(Files.readString(folder.resolve("pid")).strip());
    ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
  }

  /// Starts the launcher, whose server is a script.
  private Started start(String server, String... words) throws IOException {
    Path java = folder.resolve("jre/bin/java");
    Files.writeString(java, "#!/bin/bash\ncd " + quoted(folder) + "\necho $$ >pid\n" + server);
    assertTrue(java.toFile().setExecutable(true));
    List<String> command =
        new ArrayList<>(
            List.of(
                "env",
                "--default-signal=INT",
                "/bin/bash",
                ROOT.resolve("ringshot").toAbsolutePath().toString()));
    command.addAll(List.of(words));
    var builder = new ProcessBuilder(command).directory(folder.toFile());
    builder.redirectOutput(folder.resolve("out").toFile());
    builder.redirectError(folder.resolve("err").toFile());
    builder.environment().put("JAVA_HOME", folder.resolve("jre").toString());
    builder.environment().put("RINGSHOT_IMAGE", folder.resolve("image").toString());
    builder.environment().put("RINGSHOT_RUN_DIR", runs.toString());
    return new Started(builder.start());
  }

  private static String quoted(Path path) {
    return "'" + path + "'";
  }

  private String text(String name) throws IOException {
    return Files.readString(folder.resolve(name));
  }

  private List<String> leftInRunFolder() throws IOException {
    try (var files = Files.list(runs)) {
      return files.map(file -> String.valueOf(file.getFileName())).toList();
    }
  }

  private record Started(Process process) {
    int status() throws InterruptedException {
      return process.waitFor();
    }
  }

  @Test
  void launcherPrintsWhatTheServerSaysAndLeavesItServing() throws Exception {
    String server =
        """
        echo 'a warning' >&2
        echo 'the disk is there'
        echo '  really'
        exec >/dev/null
        read -r line </dev/stdin || echo 'no input' >told
        ls /proc/self/fd >open
        ps -o sid= -p $$ >session
        readlink /proc/self/ns/mnt >mounts
        mv told served
        exec sleep 100
        """;
    assertEquals(0, start(server, "ublk", "add", "-t", "null").status(), text("err"));
    assertEquals("the disk is there\n  really\n", text("out"));
    assertTrue(text("err").endsWith("a warning\n"), text("err"));
    while (!Files.exists(folder.resolve("served"))) TimeUnit.MILLISECONDS.sleep(10);
    String pid = text("pid").strip();
    assertEquals(pid, text("session").strip()); // it leads one
    assertEquals(List.of("0", "1", "2"), text("open").lines().limit(3).toList());
    assertTrue(text("open").lines().count() <= 4, text("open")); // one is that of ls itself
    if (text("err").equals("a warning\n")) // else it says that it may not
    assertFalse(
          text("mounts")
              .strip()
              .equals(Files.readSymbolicLink(Path.of("/proc/self/ns/mnt")).toString()));
    assertEquals("/dev/null", Files.readSymbolicLink(Path.of("/proc", pid, "fd", "0")).toString());
    assertEquals(1, leftInRunFolder().size());
  }

  @Test
  void serverThatFailsGivesItsReasonAndItsStatus() throws Exception {
    Started started = start("echo 'ringshot: no driver' >&2\nexit 7", "ublk", "recover", "-n", "1");
    assertEquals(7, started.status());
    assertEquals("", text("out"));
    assertTrue(text("err").endsWith("ringshot: no driver\n"), text("err"));
    assertEquals(List.of(), leftInRunFolder());
  }

  @Test
  void serverThatIsKilledIsNoHangAndNoSuccess() throws Exception {
    assertEquals(137, start("kill -9 $$", "ublk", "add", "-t", "null").status());
    assertTrue(text("err").contains("ended by signal 9"), text("err"));
    assertEquals(1, start("exit 0", "ublk", "add", "-t", "null").status());
    assertTrue(text("err").contains("before there was a disk"), text("err"));
    assertEquals(List.of(), leftInRunFolder());
  }

  @Test
  void ctrlCWhileItStartsEndsTheServer() throws Exception {
    String server =
        """
        trap 'echo "ended in order" >&2; exit 0' TERM
        echo yes >started
        while :; do sleep 0.05; done
        """;
    Started started = start(server, "ublk", "add", "-t", "null");
    while (!Files.exists(folder.resolve("started"))) TimeUnit.MILLISECONDS.sleep(10);
    String launcher = String.valueOf(started.process.pid());
    assertEquals(0, new ProcessBuilder("kill", "-INT", launcher).start().waitFor());
    assertEquals(130, started.status());
    assertTrue(text("err").endsWith("ended in order\n"), text("err"));
    assertFalse(ProcessHandle.of(Long.parseLong(text("pid").strip())).isPresent());
    assertEquals(List.of(), leftInRunFolder());
  }

  @Test
  void serverInTheForegroundIsTheLauncherItself() throws Exception {
    for (String word : List.of("-F", "--foreground", "--help")) {
      Started started = start("echo \"$@\" >&2\nexit 3", "ublk", "add", "-t", "null", word);
      assertEquals(3, started.status());
      assertEquals(started.process.pid(), Long.parseLong(text("pid").strip()));
      List<String> words = Arrays.asList(text("err").strip().split(" ", -1));
      assertTrue(words.contains("-XX:+AlwaysPreTouch"), words::toString);
      assertFalse(Files.exists(runs));
    }
  }

  @Test
  void otherCommandsAreNotServers() throws Exception {
    assertEquals(3, start("echo \"$@\" >&2\nexit 3", "ublk", "list").status());
    assertFalse(text("err").contains("AlwaysPreTouch"), text("err"));
  }

  @Test
  void runFolderThatCannotBeIsAnErrorInOneLine() throws Exception {
    runs = Files.createFile(folder.resolve("file"));
    Started started = start("echo yes", "ublk", "add", "-t", "null");
    assertEquals(1, started.status());
    assertEquals(1, text("err").lines().count(), text("err"));
    assertTrue(text("err").contains("RINGSHOT_RUN_DIR"), text("err"));
  }

  @Test
  void imageThatIsNoneIsAnErrorInOneLine() throws Exception {
    Files.delete(folder.resolve("image/lib/dev.ringshot.cli.jar"));
    assertEquals(1, start("echo yes", "ublk", "list").status());
    assertTrue(text("err").contains("RINGSHOT_IMAGE: there is no"), text("err"));
  }
}
