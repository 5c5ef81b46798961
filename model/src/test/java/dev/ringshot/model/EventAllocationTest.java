package dev.ringshot.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringshot.abi.Kernel;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// 0 bytes per multishot event, on all threads together, in JVMs of their own: what the compiler
/// removes differs from start to start.
class EventAllocationTest {
  /// A lock that two threads want at once takes a node of 32 bytes; where another thread stands in
  /// for the ring's own, that happens now and then.
  private static final long CONTENTION_BYTES_MAX = 10_000;

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void aMillionEventsAllocateNothing(int start) throws Exception {
    var bytes = new ArrayList<>(probe());
    var standIn = bytes.removeLast();
    assertEquals(
        List.of(
            "virtual deferred 0",
            "deferred 0",
            "deferred from a thread 0",
            "cooperative from a thread 0"),
        bytes,
        "start " + start);
    assertTrue(standIn.startsWith("default from a thread "), standIn);
    long contention = Long.parseLong(standIn.substring(standIn.lastIndexOf(' ') + 1));
    assertTrue(contention < CONTENTION_BYTES_MAX, standIn);
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
                EventAllocationProbe.class.getName())
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
