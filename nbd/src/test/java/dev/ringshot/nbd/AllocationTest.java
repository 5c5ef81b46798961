package dev.ringshot.nbd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringshot.abi.Errno;
import dev.ringshot.model.block.Bio;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What a request allocates, in a JVM of its own: a few small objects, and never what its data is
/// long. ARCHITECTURE.md says which, and why.
@Timeout(180)
final class AllocationTest {
  private static final int BYTES_MAX = 384;

  @TempDir private Path folder;

  @Test
  void requestsOf4096BytesAllocateAFewSmallObjects() throws Exception {
    List<String> lines = probe();
    assertEquals(2, lines.size(), lines::toString);
    for (String line : lines) {
      int bytes = Integer.parseInt(line.substring(line.indexOf(' ') + 1));
      assertTrue(bytes < BYTES_MAX, line + " bytes");
    }
  }

  private List<String> probe() throws Exception {
    String classPath =
        Stream.of(NbdServer.class, Bio.class, Errno.class, AllocationProbe.class)
            .map(AllocationTest::location)
            .collect(Collectors.joining(System.getProperty("path.separator", ":")));
    String java = Path.of(System.getProperty("java.home", ""), "bin", "java").toString();
    Process process =
        new ProcessBuilder(
                java,
                "-XX:+UseSerialGC",
                "-cp",
                classPath,
                AllocationProbe.class.getName(),
                folder.resolve("s").toString())
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertTrue(process.waitFor(1, TimeUnit.MINUTES), "the probe hangs");
    assertEquals(0, process.exitValue(), output);
    return output.lines().toList();
  }

  private static String location(Class<?> type) {
    return Path.of(type.getProtectionDomain().getCodeSource().getLocation().getPath()).toString();
  }
}
