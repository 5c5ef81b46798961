package dev.ringshot.cli;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// Linux's own ublk driver, for tests that need it.
public final class KernelsUblk {
  private KernelsUblk() {}

  /// Skips the test where it is not to be had; a guest is to have it.
  public static void need() {
    boolean isThere = Files.isWritable(Path.of("/dev/ublk-control"));
    String lacking = "the ublk driver, which ./test --vm brings along, and root";
    if (Boolean.getBoolean("ringshot.guest") && !isThere) fail("this guest was to have " + lacking);
    assumeTrue(isThere, "needs " + lacking);
  }

  /// Files of its devices.
  public static List<String> devices() throws IOException {
    try (var files = Files.list(Path.of("/dev"))) {
      return files
          .map(file -> String.valueOf(file.getFileName()))
          .filter(name -> name.matches("ublk[bc]\\d+"))
          .sorted()
          .toList();
    }
  }
}
