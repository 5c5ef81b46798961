package dev.ringshot.conformance.fuzz;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Whatever a program passes to the model, every call ends, throws nothing that is not said, and
/// leaves a kernel that serves others.
class HostileProgramTest {
  private static final int PROGRAMS = 250;
  private static final int THREADED = 25;
  private static final long SOAK_SQES = Long.getLong("ringshot.sqes", 100_000_000);
  private static final int SOAK_THREADED = 2_000;
  private static final long KEPT_BYTES_MAX = 64L << 20;

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(longs = {1, 1_000_000_000, 2_000_000_000})
  void breaksNothing(long firstSeed) throws Exception {
    var tally = new Tally();
    Watchdog.watch(step -> {
      for (long seed = firstSeed; seed < firstSeed + PROGRAMS; seed++) {
        step.set(seed);
        HostileProgram.run(seed, folder, tally);
      }
    });
    System.out.println(tally);
  }

  @Test
  void breaksNothingOnManyThreads() throws Exception {
    var tally = new Tally();
    Watchdog.watch(step -> {
      for (long seed = 1; seed <= THREADED; seed++) {
        step.set(seed);
        HostileThreads.run(seed, tally);
      }
    });
    System.out.println("threads: " + tally);
  }

  /// Programs that broke something once.
  ///
  /// The first has requests that a lagging worker has twice.
  @ParameterizedTest
  @ValueSource(longs = 2992188379140969775L)
  void breaksNothingAnyMore(long seed) throws Exception {
    Watchdog.watch(step -> {
      step.set(seed);
      HostileProgram.run(seed, folder, new Tally());
    });
  }

  /// The program of `-Dringshot.seed` once more.
  @Test
  void replaysASeed() throws Exception {
    var seed = Long.getLong("ringshot.seed");
    assumeTrue(seed != null, "needs -Dringshot.seed");
    Watchdog.watch(step -> {
      step.set(seed);
      HostileProgram.run(seed, folder, new Tally());
    });
  }

  @Tag("soak")
  @Test
  void breaksNothingForLong() throws Exception {
    long firstSeed = new SplittableRandom().nextLong() >>> 2;
    var tally = new Tally();
    long start = System.nanoTime();
    long before = usedBytes();
    Watchdog.watch(step -> {
      for (long seed = firstSeed; tally.sqes < SOAK_SQES; seed++) {
        step.set(seed);
        HostileProgram.run(seed, folder, tally);
      }
    });
    long kept = usedBytes() - before;
    report("from seed " + firstSeed + " on: " + tally, start);
    assertTrue(kept < KEPT_BYTES_MAX, "bytes kept: " + kept);
  }

  @Tag("soak")
  @Test
  void breaksNothingOnManyThreadsForLong() throws Exception {
    long firstSeed = new SplittableRandom().nextLong() >>> 8;
    var tally = new Tally();
    long start = System.nanoTime();
    Watchdog.watch(step -> {
      for (long seed = firstSeed; seed < firstSeed + SOAK_THREADED; seed++) {
        step.set(seed);
        HostileThreads.run(seed, tally);
      }
    });
    report("threads, from seed " + firstSeed + " on: " + tally, start);
  }

  private static long usedBytes() {
    System.gc();
    return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
  }

  private static void report(String what, long start) throws IOException {
    String line = what + ", in " + (System.nanoTime() - start) / 1_000_000 + " ms\n";
    System.out.print(line);
    Path directory = Path.of(System.getProperty("ringshot.results", "target"));
    Files.createDirectories(directory);
    Files.writeString(
        directory.resolve("fuzz.txt"), line, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }
}
