package dev.ringshot.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringshot.abi.Kernel;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// 0 bytes per multishot event, on all threads together, in JVMs of their own: what the compiler
/// removes differs from start to start.
class EventAllocationTest {
  /// A lock that two threads want at once takes a node of 32 bytes; that happens now and then, and
  /// more often on a busy machine, where the probe looks on. What is allocated for each event would
  /// be 16 million and more.
  private static final long CONTENTION_BYTES_MAX = 100_000;

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void aMillionEventsAllocateNothing(int start) throws Exception {
    var lines = probe();
    var where = "start " + start + ": " + lines;
    assertEquals(List.of("virtual deferred 0", "deferred 0"), lines.subList(0, 2), where);
    var others = lines.subList(2, lines.size());
    assertEquals(3, others.size(), where);
    for (var line : others) {
      assertTrue(line.contains(" from a thread "), where);
      long bytes = Long.parseLong(line.substring(line.lastIndexOf(' ') + 1));
      assertTrue(bytes < CONTENTION_BYTES_MAX, where);
    }
  }

  private static List<String> probe() throws Exception {
    var process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home", ""), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "--illegal-native-access=deny",
                "-cp",
                location(Kernel.class)
                    + System.getProperty("path.separator", ":")
                    + location(ModelKernel.class)
                    + System.getProperty("path.separator", ":")
                    + location(EventAllocationProbe.class),
                EventAllocationProbe.class.getName(),
                String.valueOf(CONTENTION_BYTES_MAX))
            .redirectErrorStream(true)
            .start();
    try (var stream = process.getInputStream()) {
      assertTrue(process.waitFor(2, TimeUnit.MINUTES), "the probe hangs"); // it writes a few lines
      var output = new String(stream.readAllBytes(), StandardCharsets.UTF_8);
      assertEquals(0, process.exitValue(), output);
      return output.lines().toList();
    } finally {
      process.destroyForcibly();
    }
  }

  private static String location(Class<?> type) throws URISyntaxException {
    return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI()).toString();
  }
}
