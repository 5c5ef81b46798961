package dev.ringshot.cli.ublk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ringshot.cli.KernelsUblk;
import dev.ringshot.cli.Run;
import dev.ringshot.cli.serve.RunFolder;
import dev.ringshot.cli.serve.Tool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/// `./ringshot ublk add` and `recover` as daemons of Linux's own driver.
@Tag("linux")
@Tag("load")
@EnabledOnOs(OS.LINUX)
@ExtendWith(KernelsUblk.class)
@Timeout(300)
final class LinuxDaemonTest {
  private static final int NOBODY = 65534;
  private static final Path LAUNCHER =
      Path.of(System.getProperty("ringshot.root", ".."), "ringshot").toAbsolutePath();

  @TempDir private Path folder;
  private final Path runs = RunFolder.ofThisUser().orElseThrow().path();

  @BeforeEach
  void needImage() {
    boolean canLaunch = System.getenv("RINGSHOT_IMAGE") != null;
    assumeTrue(canLaunch, "needs RINGSHOT_IMAGE, which a guest has: a build to launch");
  }

  /// Runs the launcher in the test's folder.
  private Run launch(String... words) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(LAUNCHER.toString(), "ublk"));
    command.addAll(List.of(words));
    Path out = folder.resolve("out");
    Path err = folder.resolve("err");
    var builder = new ProcessBuilder(command).directory(folder.toFile());
    builder.redirectOutput(out.toFile()).redirectError(err.toFile());
    builder.environment().put("RINGSHOT_HEAP", "32m");
    int status = builder.start().waitFor();
    return new Run(status, Files.readAllLines(out), Files.readAllLines(err));
  }

  private Run ok(String... words) throws IOException, InterruptedException {
    Run run = launch(words);
    assertEquals(0, run.status(), run.err()::toString);
    return run;
  }

  /// The server of the only device there is.
  private static ProcessHandle server() throws IOException {
    String line = Run.of("ublk", "list").out().getFirst();
    return ProcessHandle.of(Long.parseLong(line.replaceFirst(".*process (\\d+).*", "$1"))).get();
  }

  private List<String> states() throws IOException {
    try (var files = Files.list(runs)) {
      return files
          .map(file -> String.valueOf(file.getFileName()))
          .filter(name -> !name.contains(".log"))
          .toList();
    }
  }

  @Test
  void serverThatIsKilledIsRecoveredByTheNumberAlone() throws Exception {
    Files.write(folder.resolve("disk"), new byte[1 << 20]);
    List<String> said = ok("add", "-t", "loop", "-f", "disk", "-n", "3", "-r", "-i").out();
    assertEquals("/dev/ublkb3", said.get(1), said::toString);
    assertTrue(said.get(2).contains("ublk del -n 3"), said::toString);

    String disk = "loop " + folder.resolve("disk");
    String line = Run.of("ublk", "list").out().getFirst();
    assertTrue(line.startsWith("ublk3  LIVE") && line.endsWith(disk), line);
    ProcessHandle first = server();
    Path process = Path.of("/proc", String.valueOf(first.pid()));
    assertEquals(Path.of("/"), Files.readSymbolicLink(process.resolve("cwd")));
    assertEquals(Path.of("/dev/null"), Files.readSymbolicLink(process.resolve("fd/0")));
    assertEquals(Path.of("/dev/null"), Files.readSymbolicLink(process.resolve("fd/1")));
    assertEquals(runs.resolve("ublk3.log"), Files.readSymbolicLink(process.resolve("fd/2")));
    assertTrue(
        Files.readString(process.resolve("status"))
            .lines()
            .anyMatch(memory -> memory.matches("VmLck:\\s+[1-9]\\d{3,} kB")));

    first.destroyForcibly();
    first.onExit().join();
    assertTrue(ok("recover", "-n", "3", "--json").out().getFirst().contains("/dev/ublkb3"));
    line = Run.of("ublk", "list").out().getFirst();
    assertTrue(line.startsWith("ublk3  LIVE") && line.endsWith(disk), line);

    ProcessHandle second = server();
    assertFalse(second.pid() == first.pid());
    ok("del", "-n", "3");
    second.onExit().join();
    assertEquals(List.of(), states());
    assertTrue(Files.readString(runs.resolve("ublk3.log")).contains("\"queues\""));
  }

  @Test
  void serverThatCannotServeSaysSoToWhoStartedIt() throws Exception {
    Run run = launch("add", "-t", "loop", "-f", "nowhere");
    assertEquals(1, run.status());
    assertEquals(List.of(), run.out());
    assertEquals(1, run.err().size(), run.err()::toString);
    assertTrue(run.err().getFirst().contains("nowhere"), run.err()::toString);
    assertEquals(2, launch("add", "-t", "null", "-rF").status()); // the launcher does not see it
    assertEquals(List.of(), states());
  }

  @Test
  void whatAKilledServerLeftOfADeviceThatIsGoneMisleadsNobody() throws Exception {
    ok("add", "-t", "null", "-n", "0");
    ProcessHandle server = server();
    server.destroyForcibly();
    server.onExit().join();
    assertEquals(0, Run.of("ublk", "del", "-n", "0").status());
    ok("add", "-t", "null", "-n", "0", "-r");
    Path state = runs.resolve("ublk0.state");
    String old = Files.readString(state).replaceFirst("instance=.*", "instance=1");
    Files.writeString(state, old); // as of another ublk0
    assertTrue(Run.of("ublk", "list").out().getFirst().endsWith("512K"));
    server = server();
    server.destroyForcibly();
    server.onExit().join();
    Run recover = launch("recover", "-n", "0");
    assertEquals(1, recover.status());
    assertTrue(recover.err().getFirst().contains("give -t"), recover.err()::toString);

    Files.writeString(state, "half of i");
    Run list = Run.of("ublk", "list");
    assertEquals(0, list.status());
    assertTrue(list.err().getFirst().contains("remove it"), list.err()::toString);
    assertEquals(1, launch("recover", "-n", "0").status());
    ok("recover", "-n", "0", "-t", "null");
    assertEquals(0, Run.of("ublk", "del", "-n", "0").status());
    assertEquals(List.of(), states());
  }

  @Test
  void serviceThatIsStartedAgainRecoversItsDevice() throws Exception {
    String[] service = {"add", "--recover", "-t", "null", "-n", "1", "-r"};
    ok(service);
    assertEquals(1, launch(service).status()); // there is a server
    ProcessHandle server = server();
    server.destroyForcibly();
    server.onExit().join();
    ok(service);
    assertTrue(Run.of("ublk", "list").out().getFirst().startsWith("ublk1  LIVE"));
    assertEquals(0, Run.of("ublk", "del", "-n", "1").status());
  }

  @Test
  void diskInMemoryIsNotRecoveredInSilence() throws Exception {
    ok("add", "-t", "mem", "-s", "1M", "-n", "0", "-r");
    ProcessHandle server = server();
    server.destroyForcibly();
    server.onExit().join();
    Run recover = launch("recover", "-n", "0");
    assertEquals(1, recover.status());
    assertTrue(recover.err().getFirst().contains("is lost"), recover.err()::toString);
    assertEquals(0, Run.of("ublk", "del", "-n", "0").status());
  }

  /// With this test in the place of udev.
  @Test
  void deviceOfAUserWithoutPrivilegesIsTheirs() throws Exception {
    assumeTrue(
        Boolean.getBoolean("ringshot.guest"), "needs a guest: /dev/ublk-control is opened to all");
    Tool.run("chmod", "666", "/dev/ublk-control");
    Tool.run("chmod", "755", folder.toString());
    Path own = Files.createDirectory(folder.resolve("own"));
    Tool.run("chown", String.valueOf(NOBODY), own.toString());
    Process add = asNobody(own, "add", "-t", "null", "-s", "1M", "-n", "2", "-u");
    for (String name : List.of("ublkc2", "ublkb2")) {
      Path file = Path.of("/dev", name);
      while (!Files.exists(file) && add.isAlive()) TimeUnit.MILLISECONDS.sleep(10);
      assertEquals(0, Run.of("ublk", "chown", name).status());
      assertEquals(NOBODY, Files.getAttribute(file, "unix:uid"));
    }
    assertEquals(0, add.waitFor(), () -> text("err"));
    assertTrue(text("out").contains("/dev/ublkb2"), () -> text("out"));

    Run list = Run.of("ublk", "list", "-v"); // as root
    assertTrue(list.out().getFirst().startsWith("ublk2  LIVE  1M"), list.out()::toString);
    assertTrue(list.out().getLast().contains("UNPRIVILEGED_DEV"), list.out()::toString);
    Tool.run("dd", "if=/dev/ublkb2", "of=/dev/null", "bs=4k", "count=1");
    assertEquals(0, asNobody(own, "list").waitFor(), () -> text("err"));
    assertTrue(text("out").stripTrailing().endsWith("null"), () -> text("out"));
    assertEquals(0, asNobody(own, "resize", "-n", "2", "-s", "2M").waitFor(), () -> text("err"));
    assertEquals(0, asNobody(own, "del", "-n", "2").waitFor(), () -> text("err"));
  }

  private Process asNobody(Path runs, String... words) throws IOException {
    String id = String.valueOf(NOBODY);
    List<String> command =
        new ArrayList<>(List.of("setpriv", "--reuid", id, "--regid", id, "--clear-groups"));
    command.addAll(List.of(LAUNCHER.toString(), "ublk"));
    command.addAll(List.of(words));
    var builder = new ProcessBuilder(command).directory(runs.toFile());
    builder.redirectOutput(folder.resolve("out").toFile());
    builder.redirectError(folder.resolve("err").toFile());
    builder.environment().put("RINGSHOT_RUN_DIR", runs.toString());
    builder.environment().put("RINGSHOT_HEAP", "32m");
    return builder.start();
  }

  private String text(String name) {
    try {
      return Files.readString(folder.resolve(name));
    } catch (IOException e) {
      return e.toString();
    }
  }
}
