package dev.ringshot.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.ringshot.conformance.cases.RandomScript;
import dev.ringshot.conformance.rig.Platform;
import dev.ringshot.conformance.rig.Rig;
import dev.ringshot.conformance.rig.RingMode;
import dev.ringshot.conformance.watch.CheckedKernel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Random programs for the reference device see the same in every mode of a ring.
class RandomScriptTest {
  private static final int SOAK_SCRIPTS = 5_000;

  @ParameterizedTest
  @ValueSource(strings = {"model:7.3", "model:6.18", "model:patch-v4"})
  void everyModeShowsTheSame(String kernel) {
    compare(kernel, 1, 100);
  }

  @Tag("soak")
  @ParameterizedTest
  @ValueSource(strings = {"model:7.3", "model:6.18", "model:patch-v4"})
  void everyModeShowsTheSameForLong(String kernel) throws IOException {
    long seed = new SplittableRandom().nextLong() >>> 1;
    long start = System.nanoTime();
    compare(kernel, seed, seed + SOAK_SCRIPTS - 1);
    report(
        "%s: %d scripts from seed %d on, in %d ms"
            .formatted(kernel, SOAK_SCRIPTS, seed, (System.nanoTime() - start) / 1_000_000));
  }

  private static void report(String line) throws IOException {
    System.out.println(line);
    Path directory = Path.of(System.getProperty("ringshot.results", "target"));
    Files.createDirectories(directory);
    Files.writeString(
        directory.resolve("random-scripts.txt"),
        line + "\n",
        StandardOpenOption.CREATE,
        StandardOpenOption.APPEND);
  }

  private static void compare(String kernel, long firstSeed, long lastSeed) {
    for (long seed = firstSeed; seed <= lastSeed; seed++) {
      List<String> expected = run(kernel, RingMode.DEFAULT, seed);
      for (RingMode mode : RingMode.values())
        assertEquals(expected, run(kernel, mode, seed), kernel + ", " + mode + ", seed " + seed);
    }
  }

  private static List<String> run(String kernel, RingMode mode, long seed) {
    try (Platform platform = Platforms.open(kernel);
        var rig = new Rig(platform, new CheckedKernel(platform.kernel()))) {
      return RandomScript.run(rig, mode, seed);
    } catch (RuntimeException | AssertionError e) {
      throw new AssertionError(kernel + ", " + mode + ", seed " + seed + ": " + e, e);
    }
  }
}
