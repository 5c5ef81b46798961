package dev.ringshot.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What README.md shows is what is there.
final class ReadmeTest {
  private static final Path ROOT = Path.of(System.getProperty("ringshot.root", ".."));
  private static final Path EXAMPLE = ROOT.resolve("examples/Ticks.java");

  @Test
  void programsAreThoseOfTheExamples() throws IOException {
    List<String> programs = matches("```java\n(.*?)```", 1);
    String examples = Files.readString(EXAMPLE);

    assertFalse(programs.isEmpty());
    for (String program : programs) assertTrue(examples.contains(program.strip()), program);
  }

  @Test
  void exampleTicksNineTimesInASecondOfVirtualTime(@TempDir Path folder)
      throws IOException, InterruptedException {
    Path out = folder.resolve("out");
    Process java =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--module-path",
                System.getProperty("jdk.module.path"),
                "--add-modules",
                "dev.ringshot.model,dev.ringshot.ring",
                "--illegal-native-access=deny",
                EXAMPLE.toString())
            .redirectErrorStream(true)
            .redirectOutput(out.toFile())
            .start();

    assertEquals(0, java.waitFor(), () -> "see " + out);
    List<String> ticks =
        LongStream.rangeClosed(1, 9).mapToObj(i -> Long.toString(i * 100_000_000)).toList();
    assertEquals(ticks, Files.readAllLines(out));
  }

  @Test
  void commandsAreThere() throws IOException {
    var commands = new ArrayList<>(matches("\\./ringshot( events)?( [a-z-]+)", 0));

    assertTrue(commands.contains("./ringshot events tx-timestamps"), commands::toString);
    for (String command : commands) {
      var args = new ArrayList<>(List.of(command.split(" ")));
      args.removeFirst();
      args.add("--help");
      Run run = Run.of(args.toArray(String[]::new));
      assertEquals(0, run.status(), () -> command + ": " + run.err());
    }
  }

  @Test
  void linksLeadSomewhere() throws IOException {
    for (String link : matches("\\]\\(([^)#:]+)\\)", 1)) {
      assertTrue(Files.exists(ROOT.resolve(link)), link);
    }
  }

  private static List<String> matches(String regex, int group) throws IOException {
    String readme = Files.readString(ROOT.resolve("README.md"));
    return Pattern.compile(regex, Pattern.DOTALL)
        .matcher(readme)
        .results()
        .map((MatchResult match) -> match.group(group))
        .toList();
  }
}
