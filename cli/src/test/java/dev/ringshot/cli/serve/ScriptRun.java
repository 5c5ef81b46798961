package dev.ringshot.cli.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.ringshot.cli.Run;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// `serve --run` of a shell script.
final class ScriptRun {
  private ScriptRun() {}

  /// Serves while a script runs in a folder, each of whose commands must succeed; what it says is
  /// in `log` there.
  ///
  /// @param options of `serve`
  static Run serve(Path folder, String script, List<String> options) throws IOException {
    Path file = folder.resolve("script");
    Path log = folder.resolve("log");
    Files.writeString(file, "set -e\ncd '" + folder + "'\n" + script);
    List<String> words = new ArrayList<>(List.of("serve"));
    words.addAll(options);
    words.addAll(List.of("--run", "sh '" + file + "' > '" + log + "' 2>&1"));
    Run run = Run.of(words.toArray(String[]::new));
    assertEquals(0, run.status(), () -> run.err() + "\n" + text(log));
    return run;
  }

  /// What is in a file, or why that cannot be known.
  static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      return e.toString();
    }
  }
}
