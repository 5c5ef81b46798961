package dev.ringshot.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.ringshot.abi.Kernel;
import dev.ringshot.conformance.cases.RandomScript;
import dev.ringshot.conformance.rig.KeptMemory;
import dev.ringshot.conformance.rig.Platform;
import dev.ringshot.conformance.rig.Rig;
import dev.ringshot.conformance.rig.RingMode;
import dev.ringshot.conformance.watch.CheckedKernel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Random programs for the reference device see the same in every mode of a ring, and on Linux what
/// they see on the model of its release.
class RandomScriptTest {
  private static final int SOAK_SCRIPTS = 5_000;

  /// How many scripts on Linux; more with `-Dringshot.scripts=…`.
  private static final int LINUX_SCRIPTS = Integer.getInteger("ringshot.scripts", 100);

  /// What one thread runs at a time.
  private static final int PART = 50;

  /// After how many scripts a run of many says how far it is, and has the memory of the models
  /// freed: only a full collection finds all of it, and user-mode Linux has few pages.
  private static final int NEWS = 1_000;

  private static final List<RingMode> MODES = List.of(RingMode.values());

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

  @Tag("linux")
  @Test
  void linuxShowsWhatTheModelShows() throws Exception {
    Guest.needDevice();
    String twin = Platforms.modelLike("linux");
    long first = Long.getLong("ringshot.seed", 1);
    long start = System.nanoTime();
    List<String> differences = new ArrayList<>();
    var done = new AtomicInteger();
    try (var threads = Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors())) {
      List<Callable<List<String>>> parts = new ArrayList<>();
      for (long seed = first; seed < first + LINUX_SCRIPTS; seed += PART) {
        long last = Math.min(seed + PART, first + LINUX_SCRIPTS) - 1;
        long from = seed;
        parts.add(() -> {
          List<String> found = differences(from, last, twin);
          int total = done.addAndGet((int) (last - from + 1));
          if (total % NEWS == 0 || !found.isEmpty())
            System.out.printf("%d of %d scripts%n%s", total, LINUX_SCRIPTS, lines(found));
          return found;
        });
      }
      for (var part : threads.invokeAll(parts)) differences.addAll(part.get());
    }
    report(
        "Linux %s as %s: %d scripts from seed %d on, %d differences, in %d ms"
            .formatted(
                System.getProperty("os.version"),
                twin,
                LINUX_SCRIPTS,
                first,
                differences.size(),
                (System.nanoTime() - start) / 1_000_000));
    assertEquals(List.of(), differences, () -> lines(differences));
  }

  private static String lines(List<String> differences) {
    return differences.stream().map(difference -> difference + "\n").collect(Collectors.joining());
  }

  private static List<String> differences(long firstSeed, long lastSeed, String twin) {
    List<String> differences = new ArrayList<>();
    try (Platform linux = Platforms.open("linux");
        var kernel = new KeptMemory(linux.kernel())) {
      for (long seed = firstSeed; seed <= lastSeed; seed++) {
        RingMode mode = MODES.get(Math.floorMod(seed, MODES.size()));
        var expected = run(twin, mode, seed);
        var seen = run(linux, kernel, mode, seed);
        if (!expected.equals(seen)) differences.add(difference(expected, seen, mode, seed));
      }
    }
    return differences;
  }

  private static String difference(
      List<String> model, List<String> linux, RingMode mode, long seed) {
    int at = 0;
    while (at < Math.min(model.size(), linux.size()) && model.get(at).equals(linux.get(at))) at++;
    return "seed %d, %s, after %s: model %s, Linux %s"
        .formatted(
            seed,
            mode,
            model.subList(Math.max(0, at - 8), at),
            model.subList(at, Math.min(at + 4, model.size())),
            linux.subList(at, Math.min(at + 4, linux.size())));
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
    try (Platform platform = Platforms.open(kernel)) {
      return run(platform, platform.kernel(), mode, seed);
    }
  }

  private static List<String> run(Platform platform, Kernel kernel, RingMode mode, long seed) {
    try (var rig = new Rig(platform, new CheckedKernel(kernel))) {
      return RandomScript.run(rig, mode, seed);
    } catch (RuntimeException | AssertionError e) {
      throw new AssertionError(platform.name() + ", " + mode + ", seed " + seed + ": " + e, e);
    }
  }
}
