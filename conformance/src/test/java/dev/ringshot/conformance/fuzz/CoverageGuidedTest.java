package dev.ringshot.conformance.fuzz;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Programs that a fuzzer has found because they reach code that no other reaches: the corpus, as
/// files of bytes. In soak Jazzer looks for more, in a process of its own, whose classes it
/// instruments.
class CoverageGuidedTest {
  private static final int SECONDS = Integer.getInteger("ringshot.fuzzSeconds", 300);
  private static final Path ROOT =
      Path.of(System.getProperty("ringshot.root", "..")).toAbsolutePath();
  private static final Path MODULE = ROOT.resolve("conformance");
  private static final Path CORPUS =
      MODULE.resolve("src/test/resources/dev/ringshot/conformance/fuzz/corpus");

  @TempDir Path folder;

  @Test
  void theCorpusBreaksNothing() throws Exception {
    List<Path> programs;
    try (var files = Files.list(CORPUS)) {
      programs = files.sorted().toList();
    }
    assertFalse(programs.isEmpty());
    Watchdog.watch(step -> {
      for (var program : programs) {
        step.incrementAndGet();
        try {
          HostileBytes.fuzzerTestOneInput(Files.readAllBytes(program));
        } catch (RuntimeException | Error e) {
          throw new AssertionError("corpus/" + program.getFileName() + ": " + e, e);
        }
      }
    });
  }

  @Tag("soak")
  @Test
  void jazzerFindsNothing() throws Exception {
    Path found = Files.createDirectories(MODULE.resolve("target/jazzer"));
    Path corpus = Files.createDirectories(found.resolve("corpus"));
    Path log = found.resolve("log.txt");
    var command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:+UseSerialGC",
            "-Xmx1g",
            "-ea",
            "-XX:+EnableDynamicAgentLoading",
            "-cp",
            classPath(),
            "com.code_intelligence.jazzer.Jazzer",
            "--target_class=" + HostileBytes.class.getName(),
            "--instrumentation_includes=dev.ringshot.model.**",
            "-artifact_prefix=" + found + "/",
            "-max_len=2048",
            "-rss_limit_mb=0", // the JVM has limits of its own
            "-timeout=60",
            "-max_total_time=" + SECONDS,
            corpus.toString(),
            CORPUS.toString());
    int status =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start()
            .waitFor();
    List<String> lines = Files.readAllLines(log);
    assertEquals(
        0,
        status,
        () -> String.join("\n", lines.subList(Math.max(0, lines.size() - 40), lines.size())));
    report(
        "jazzer: "
            + lines.stream().filter(line -> line.contains("DONE")).collect(Collectors.joining()));
  }

  private static String classPath() {
    var modules =
        Stream.of("abi", "linux", "model", "ring", "conformance")
            .map(module -> ROOT.resolve(module).resolve("target/classes").toString());
    var tests = Stream.of(MODULE.resolve("target/test-classes").toString());
    var libraries =
        Stream.of("java.class.path", "jdk.module.path", "surefire.test.class.path")
            .map(System::getProperty)
            .filter(path -> path != null);
    return Stream.of(modules, tests, libraries)
        .flatMap(part -> part)
        .collect(Collectors.joining(File.pathSeparator));
  }

  private static void report(String line) throws IOException {
    System.out.println(line);
    Path results = Path.of(System.getProperty("ringshot.results", "target"));
    Files.createDirectories(results);
    Files.writeString(
        results.resolve("fuzz.txt"),
        line + "\n",
        StandardOpenOption.CREATE,
        StandardOpenOption.APPEND);
  }
}
