package dev.ringshot.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringshot.conformance.differ.Differ;
import dev.ringshot.conformance.differ.Difference;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Generated programs see on the running kernel what they see on the model of its release.
class LinuxDifferTest {
  private static final int PROGRAMS = Integer.getInteger("ringshot.programs", 2_000);
  private static final int SOAK_PROGRAMS = 100_000;
  private static final int SHOWN_MAX = 5;
  private static final int PREEMPTED_MAX = 5; // and one in 200
  private static final int LATE_ON_ONE_PROCESSOR = 40; // one in so many

  /// After how many programs the memory of the models is freed: user-mode Linux has few pages.
  private static final int PART = 1_000;

  @Tag("linux")
  @Test
  void linuxShowsWhatTheModelShows() throws IOException {
    Guest.needAll();
    compare(Long.getLong("ringshot.programSeed", 1), PROGRAMS, Guest.isHere());
  }

  @Tag("soak")
  @Test
  void linuxShowsWhatTheModelShowsForLong() throws IOException {
    Guest.needLinux();
    compare(new SplittableRandom().nextLong() >>> 1, SOAK_PROGRAMS, true);
  }

  /// @param keeps whether the figures go to the results
  private static void compare(long first, int programs, boolean keeps) throws IOException {
    long start = System.nanoTime();
    List<String> differences = new ArrayList<>();
    int preempted;
    int late;
    try (var differ = new Differ("linux", Differ.twin("linux"))) {
      for (long seed = first; seed < first + programs; seed++) {
        if ((seed - first) % PART == PART - 1) System.gc();
        Difference difference = differ.run(seed);
        if (difference == null) continue;
        boolean isShown = differences.size() < SHOWN_MAX;
        Difference smallest = isShown ? differ.shrink(difference) : difference;
        differences.add(isShown ? smallest + "\n" + smallest.caseText() : "seed " + seed);
      }
      preempted = differ.tally().preempted().size();
      late = differ.tally().late().size();
      report(
          "Linux %s as %s: %d programs from seed %d on, %d SQEs, %.1f %% of them with a result, a multishot with events in %.1f %%, %d differences, %d preempted, %d with late flags, in %d ms"
              .formatted(
                  System.getProperty("os.version"),
                  Differ.twin("linux"),
                  programs,
                  first,
                  differ.tally().sqes(),
                  differ.tally().successPercent(),
                  differ.tally().multishotPercent(),
                  differences.size(),
                  preempted,
                  late,
                  (System.nanoTime() - start) / 1_000_000),
          keeps);
    }
    int most = PREEMPTED_MAX + programs / 200;
    assertTrue(preempted <= most, preempted + " programs were preempted");
    // A worker that shares the only processor with who waits for it comes late each time.
    boolean isAlone = Runtime.getRuntime().availableProcessors() == 1;
    int mostLate = isAlone ? most + programs / LATE_ON_ONE_PROCESSOR : most;
    assertTrue(late <= mostLate, late + " programs saw flags late");
    assertEquals(List.of(), differences, () -> String.join("\n", differences));
  }

  private static void report(String line, boolean keeps) throws IOException {
    System.out.println(line);
    if (!keeps) return;
    Path directory = Path.of(System.getProperty("ringshot.results", "target"));
    Files.createDirectories(directory);
    Files.writeString(
        directory.resolve("differ.txt"),
        line + "\n",
        StandardOpenOption.CREATE,
        StandardOpenOption.APPEND);
  }
}
