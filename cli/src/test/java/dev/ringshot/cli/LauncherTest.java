package dev.ringshot.cli;

import static java.nio.file.StandardCopyOption.COPY_ATTRIBUTES;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/// `./ringshot` and `./test` as a user meets them, in a copy of the project.
@EnabledOnOs({OS.LINUX, OS.MAC})
final class LauncherTest {
  private static final Path ROOT = Path.of(System.getProperty("ringshot.root", ".."));
  private static final List<String> MODULES =
      List.of("abi", "linux", "model", "ring", "ublk", "nbd", "conformance", "cli");

  @TempDir private static Path folder;
  private static Path copy = Path.of("");

  @BeforeAll
  static void copyProject() throws IOException {
    copy = Files.createDirectory(folder.resolve("a b")).resolve("c d");
    Files.createDirectory(copy);
    for (String file : List.of("ringshot", "test", "pom.xml")) {
      Files.copy(ROOT.resolve(file), copy.resolve(file), COPY_ATTRIBUTES);
    }
    copyTree(Path.of("scripts"));
    copyTree(Path.of("vm"));
    for (String module : MODULES) copyTree(Path.of(module, "src", "main"));
  }

  private static void copyTree(Path tree) throws IOException {
    Files.walkFileTree(
        ROOT.resolve(tree),
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path from, BasicFileAttributes attributes)
              throws IOException {
            Files.createDirectories(copy.resolve(ROOT.relativize(from)));
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path from, BasicFileAttributes attributes)
              throws IOException {
            Files.copy(from, copy.resolve(ROOT.relativize(from)));
            return FileVisitResult.CONTINUE;
          }
        });
  }

  @Test
  void buildsOnceHoweverManyStartAndAgainAfterAnEditAndNotWhenItDoesNotCompile() throws Exception {
    Path link = Files.createSymbolicLink(folder.resolve("link to it"), copy.resolve("ringshot"));

    // Three at once, from elsewhere, through a link: one builds, all run.
    var starts = new ArrayList<Started>();
    for (int i = 0; i < 3; i++) starts.add(start(link, "--version"));
    int builds = 0;
    for (Started started : starts) {
      Exit exit = started.exit();
      assertEquals(0, exit.status, exit.err);
      assertEquals(List.of("ringshot 0.1.0"), exit.out);
      if (exit.err.contains("ringshot: building")) builds++;
    }
    assertEquals(1, builds);

    // Nothing to build: nothing said.
    assertEquals("", start(link, "--version").exit().err);

    // Status and the purity of stdout go through.
    Exit wrong = start(link, "events", "--json", "clock").exit();
    assertEquals(2, wrong.status);
    assertEquals(List.of(), wrong.out);

    // A daemon that cannot be says why, as the foreground does.
    if (!Files.exists(Path.of("/dev/ublk-control"))) {
      for (String where : List.of("--foreground", "--json")) {
        Exit server = start(link, "ublk", "add", "-t", "null", "-s", "1M", where).exit();
        assertEquals(1, server.status, server.err);
        assertEquals(List.of(), server.out);
        assertTrue(server.err.lines().allMatch(line -> line.startsWith("ringshot: ")), server.err);
      }
    }

    // A source newer than the build.
    Path main = copy.resolve("cli/src/main/java/dev/ringshot/cli/Main.java");
    String source = Files.readString(main);
    write(main, source);
    Exit rebuilt = start(link, "events", "ticker", "--count", "1", "--json").exit();
    assertEquals(0, rebuilt.status, rebuilt.err);
    assertEquals("ringshot: building", rebuilt.err.strip());
    rebuilt.out.forEach(JsonObject::of);

    // A build that does not end well is none.
    write(main, source + "broken");
    for (int i = 0; i < 2; i++) {
      Exit broken = start(link, "--version").exit();
      assertEquals(1, broken.status);
      assertEquals(List.of(), broken.out);
      assertTrue(broken.err.endsWith("ringshot: the sources do not compile\n"), broken.err);
    }
  }

  @Test
  void nativeAccessIsWhatTestsHave() throws IOException {
    String access = "--enable-native-access=dev.ringshot.linux,dev.ringshot.conformance";

    assertTrue(Files.readString(ROOT.resolve("cli/pom.xml")).contains(access));
    assertTrue(Files.readString(ROOT.resolve("ringshot")).contains(access));
  }

  @Test
  void testScriptRefusesWhatItDoesNotKnow() throws Exception {
    Exit exit = start(copy.resolve("test"), "--fast").exit();

    assertEquals(2, exit.status);
    assertEquals(List.of(), exit.out);
    assertEquals(1, exit.err.lines().count(), exit.err);
    assertTrue(exit.err.contains("--fast"), exit.err);
    assertFalse(Files.exists(copy.resolve("target/test.log")));
  }

  @Test
  void vmSaysHowItIsUsedWithoutABuild() throws Exception {
    Exit help = start(copy.resolve("ringshot"), "vm", "--help").exit();

    assertEquals(0, help.status, help.err);
    assertEquals("", help.err);
    assertTrue(help.out.contains("usage: vm/run [OPTION]... [--] COMMAND..."), help.out.toString());
  }

  @Test
  void vmRefusesWhatItDoesNotKnow() throws Exception {
    for (List<String> wrong :
        List.of(List.of("--fast", "true"), List.of("--timeout", "soon"), List.<String>of())) {
      var args = new ArrayList<>(List.of("vm"));
      args.addAll(wrong);
      Exit exit = start(copy.resolve("ringshot"), args.toArray(String[]::new)).exit();

      assertEquals(2, exit.status, exit.err);
      assertEquals(List.of(), exit.out);
      assertEquals(1, exit.err.lines().count(), exit.err);
    }
  }

  /// Writes it anew, as an editor does.
  private static void write(Path file, String text) throws IOException {
    Files.writeString(file, text, StandardCharsets.UTF_8);
  }

  private static Started start(Path script, String... args) throws IOException {
    var command = new ArrayList<>(List.of("/bin/bash", script.toString()));
    command.addAll(List.of(args));
    Path out = Files.createTempFile(folder, "out", ".txt");
    Path err = Files.createTempFile(folder, "err", ".txt");
    var builder = new ProcessBuilder(command).directory(folder.toFile());
    builder.redirectOutput(out.toFile()).redirectError(err.toFile());
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    builder.environment().put("RINGSHOT_RUN_DIR", folder.resolve("run").toString());
    builder.environment().remove("RINGSHOT_IMAGE");
    return new Started(builder.start(), out, err);
  }

  private record Started(Process process, Path out, Path err) {
    Exit exit() throws IOException, InterruptedException {
      int status = process.waitFor();
      return new Exit(status, Files.readAllLines(out), Files.readString(err));
    }
  }

  /// What a process left.
  private record Exit(int status, List<String> out, String err) {}
}
