package dev.ringshot.cli.serve;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// Where soak tests say what they came to: `-Dringshot.results`.
final class Results {
  private Results() {}

  /// Adds a line to a file.
  static void add(String file, String line) throws IOException {
    System.out.println(line);
    Path directory = Path.of(System.getProperty("ringshot.results", "target"));
    Files.createDirectories(directory);
    Files.writeString(
        directory.resolve(file), line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }
}
