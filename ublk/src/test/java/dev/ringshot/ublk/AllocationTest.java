package dev.ringshot.ublk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringshot.abi.Kernel;
import dev.ringshot.linux.LinuxKernel;
import dev.ringshot.model.ModelKernel;
import dev.ringshot.ring.Ring;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// 0 bytes per request, in JVMs of their own: what the compiler removes differs from start to
/// start.
final class AllocationTest {
  private static final List<String> NOTHING =
      List.of("tag COPY 0", "tag ZERO_COPY 0", "batch COPY 0", "batch ZERO_COPY 0");

  @EnabledOnOs(OS.LINUX)
  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void requestsOnLinuxAllocateNothing(int start) throws Exception {
    List<String> lines = probe("linux");
    assertEquals(NOTHING, lines, "start " + start);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void requestsOnTheModelAllocateNothing(int start) throws Exception {
    List<String> lines = probe("model");
    assertEquals(NOTHING, lines, "start " + start);
  }

  private static List<String> probe(String kernel) throws Exception {
    String classPath =
        Stream.of(
                UblkQueue.class,
                Ring.class,
                Kernel.class,
                LinuxKernel.class,
                ModelKernel.class,
                AllocationProbe.class)
            .map(AllocationTest::location)
            .collect(Collectors.joining(System.getProperty("path.separator", ":")));
    String java = Path.of(System.getProperty("java.home", ""), "bin", "java").toString();
    Process process =
        new ProcessBuilder(
                java,
                "-XX:+UseSerialGC",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                classPath,
                AllocationProbe.class.getName(),
                kernel)
            .redirectErrorStream(true)
            .start();
    String output = read(process);
    assertTrue(process.waitFor(2, TimeUnit.MINUTES), "the probe hangs");
    assertEquals(0, process.exitValue(), output);
    return output.lines().toList();
  }

  private static String read(Process process) throws IOException {
    try (var stream = process.getInputStream()) {
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static String location(Class<?> type) {
    try {
      return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI()).toString();
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }
}
