package dev.ringshot.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/// Linux's own ublk driver, for tests that need it: they are skipped where it is not to be had, and
/// leave no device that was not there before.
public final class KernelsUblk implements BeforeEachCallback, AfterEachCallback {
  private @Nullable List<String> before; // unless it is skipped

  /// Made by JUnit.
  public KernelsUblk() {}

  /// A guest is to have it.
  @Override
  public void beforeEach(ExtensionContext test) throws IOException {
    before = null;
    boolean isThere = Files.isWritable(Path.of("/dev/ublk-control"));
    String lacking = "the ublk driver, which ./test --vm brings along, and root";
    if (Boolean.getBoolean("ringshot.guest") && !isThere) fail("this guest was to have " + lacking);
    assumeTrue(isThere, "needs " + lacking);
    before = devices();
  }

  @Override
  public void afterEach(ExtensionContext test) throws IOException {
    List<String> known = before;
    if (known == null) return;
    List<String> left = devices().stream().filter(name -> !known.contains(name)).toList();
    for (String name : left) { // or a failed test would have the others fail
      if (name.startsWith("ublkc"))
        Run.of("ublk", "del", "-n", name.substring("ublkc".length()), "--async");
    }
    assertEquals(List.of(), left);
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
