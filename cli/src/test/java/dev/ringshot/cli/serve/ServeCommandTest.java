package dev.ringshot.cli.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringshot.cli.JsonObject;
import dev.ringshot.cli.Run;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The command line of `ringshot serve`, and what becomes of a disk around the command of `--run`.
@EnabledOnOs({OS.LINUX, OS.MAC})
@Timeout(120)
final class ServeCommandTest {
  @TempDir private Path folder;

  private String path(String name) {
    return folder.resolve(name).toString();
  }

  private static String error(Run run, int status) {
    assertEquals(status, run.status(), run.err()::toString);
    assertEquals(1, run.err().size(), run.err()::toString);
    return run.err().getFirst();
  }

  @ParameterizedTest
  @CsvSource({"exit 0,0", "exit 7,7", "kill -9 $$,137", "kill -TERM $$,143"})
  void statusIsThatOfTheCommand(String command, int status) {
    assertEquals(status, Run.of("serve", "--mem", "1M", "--run", command).status());
  }

  @Test
  void commandHasTheUriOfAPrivateSocketThatIsGoneAfterwards() throws IOException {
    Path told = folder.resolve("told");
    String command = "test -S \"$unixsocket\" && echo \"$uri $unixsocket\" > '" + told + "'";
    assertEquals(
        0, Run.of("serve", "--kernel", "model", "--null", "1M", "--run", command).status());
    String[] words = Files.readString(told).strip().split(" ", -1);
    assertEquals("nbd+unix:///?socket=" + words[1], words[0]);
    assertFalse(Files.exists(Path.of(words[1]).getParent()));
  }

  @Test
  void jsonIsAllThatIsOnStdout() {
    Run run =
        Run.of(
            "serve",
            "--kernel",
            "model",
            "--mem",
            "1M",
            "--queues",
            "2",
            "--depth",
            "8",
            "--json",
            "--run",
            "true");
    assertEquals(0, run.status());
    List<JsonObject> lines = run.json();
    assertEquals(2, lines.size());
    assertTrue(run.out().getFirst().contains("\"size\":1048576"), run.out()::toString);
    assertTrue(run.out().getFirst().contains("\"fetch\":\"batch\""), run.out()::toString);
    assertTrue(run.out().getLast().contains("\"queue\":1"), run.out()::toString);
  }

  /// As README says: the example, compiled by its user.
  @Test
  void classOfYourOwnIsServed() throws Exception {
    Path root = Path.of(System.getProperty("ringshot.root", ".."));
    Tool.compile(root.resolve("examples/com/acme/MyDisk.java"), folder);

    Run run =
        Run.of(
            "serve",
            "--target",
            "com.acme.MyDisk:size=4M",
            "--class-path",
            path(""),
            "--json",
            "--run",
            "true");
    assertEquals(0, run.status(), run.err()::toString);
    assertTrue(run.out().getFirst().contains("\"size\":4194304"), run.out()::toString);
  }

  // ---- Images

  @Test
  void createMakesASparseFileAndServesItAgain() throws IOException {
    for (int i = 0; i < 2; i++) {
      Run run = Run.of("serve", path("disk"), "--create", "--size", "64M", "--run", "true");
      assertEquals(0, run.status(), run.err()::toString);
      assertEquals(64 << 20, Files.size(folder.resolve("disk")));
    }
  }

  @Test
  void createDoesNotTouchAFileOfAnotherSize() throws IOException {
    Files.write(folder.resolve("disk"), new byte[4096]);
    Run run = Run.of("serve", path("disk"), "--create", "--size", "1M", "--run", "true");
    String error = error(run, 1);
    assertTrue(error.contains("4096 bytes, not 1048576"), error);
    assertEquals(4096, Files.size(folder.resolve("disk")));
  }

  @Test
  void missingImageSaysHowToMakeIt() {
    String error = error(Run.of("serve", path("disk"), "--run", "true"), 1);
    assertTrue(error.contains("no such file") && error.contains("--create --size"), error);
  }

  @Test
  void imageIsServedOnce() throws IOException {
    Files.write(folder.resolve("disk"), new byte[1 << 20]);
    var wish = new ImageFile.Wish(path("disk"), false, null, 0, false, false);
    try (var first = ImageFile.open(wish, new dev.ringshot.model.PortableFiles())) {
      String error = error(Run.of("serve", path("disk"), "--run", "true"), 1);
      assertTrue(error.contains("is being served already"), error);
      assertEquals(1 << 20, first.size());
    }
    assertEquals(0, Run.of("serve", path("disk"), "--run", "true").status());
  }

  @Test
  void sizeBeyondTheFileIsRefused() throws IOException {
    Files.write(folder.resolve("disk"), new byte[1 << 20]);
    String error = error(Run.of("serve", path("disk"), "--size", "2M", "--run", "true"), 1);
    assertTrue(error.contains("1048576 bytes, not 2097152"), error);
  }

  // ---- Wrong use

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "serve | IMAGE",
        "serve --mem 1M --null 1M | mutually exclusive",
        "serve --mem 1X | is no size",
        "serve --mem 1000 | 512",
        "serve --mem 1M --create --size 1M | of an IMAGE",
        "serve --mem 1M --kernel windows | auto, linux or model",
        "serve --mem 1M --fetch tags | auto, batch or per-tag",
        "serve --mem 1M --data zero | copy, user-copy or zero-copy",
        "serve --mem 1M --listen 10809 | HOST:PORT",
        "serve --mem 1M --with sleepy --run true | sleepy",
        "serve --mem 1M --with faulty:write=2 --run true | WRITE cannot fail 2",
        "serve --mem 1M --depth 0 --run true | depth",
        "serve --target com.acme.Missing --run true | com.acme.Missing",
        "serve --target disk --run true | no target is called disk",
      })
  void wrongUseIsOneLineThatSaysWhat(String line, String what) {
    String error = error(Run.of(line.split(" ", -1)), 2);
    assertTrue(error.contains(what), error);
  }

  @Test
  void takenPortSaysWhatElseThereIs() throws IOException {
    try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String port = "127.0.0.1:" + taken.getLocalPort();
      String error =
          error(Run.of("serve", "--kernel", "model", "--mem", "1M", "--listen", port), 1);
      assertTrue(error.contains(port) && error.contains("--socket PATH"), error);
    }
  }
}
