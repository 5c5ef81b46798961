package dev.ringshot.conformance.differ;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringshot.model.Faults;
import dev.ringshot.model.Faults.Point;
import dev.ringshot.model.Release;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Generated programs themselves: that they are what a seed says, and go far enough.
class DifferTest {
  private static final int PROGRAMS = 1_500;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 77, -5})
  void aSeedIsAProgram(long seed) {
    assertEquals(
        ProgramGenerator.of(seed, Release.LINUX_7_3), ProgramGenerator.of(seed, Release.LINUX_7_3));
  }

  @ParameterizedTest
  @ValueSource(strings = {"model:6.18", "model:7.3"})
  void theModelAgreesWithItself(String kernel) {
    try (var differ = new Differ(kernel, kernel)) {
      for (long seed = 1; seed <= 200; seed++) {
        Difference difference = differ.run(seed);
        assertEquals(null, difference, () -> String.valueOf(difference));
      }
    }
  }

  @Test
  void programsGoFarEnough() {
    try (var differ = new Differ("model:6.18", "model:6.18")) {
      for (long seed = 1; seed <= PROGRAMS; seed++) {
        Program program = differ.program(seed);
        differ.count(program);
      }
      Tally tally = differ.tally();
      assertTrue(tally.sqes() >= 50L * PROGRAMS, tally.text());
      assertTrue(tally.successPercent() >= 40, tally.text());
      assertTrue(tally.multishotPercent() >= 20, tally.text());
      for (Feature feature : Feature.values()) {
        if (feature != Feature.MIXED_SQES) // which 6.18 does not have
        assertTrue(tally.percent(feature) >= 1, feature + ": " + tally.text());
      }
    }
  }

  @Test
  void whatPreemptionDoesIsToldFromADifference() {
    try (var differ = new Differ("model:6.18", "model:6.18")) {
      int differing = 0;
      for (long seed = 1; seed <= 400; seed++) {
        Program program = differ.program(seed);
        Trace expected = differ.expected(program);
        for (long chance = 1; chance < 20; chance += 3) {
          Trace cut = differ.shown(program, Point.PREEMPTION, Faults.at(Point.PREEMPTION, chance));
          if (Difference.between(program, expected, cut) == null) continue;
          assertTrue(differ.isPreempted(program, cut), "seed " + seed);
          if (differing++ > 0) continue; // once, for it looks long
          assertFalse(differ.isPreempted(program, withAnotherResult(cut)), "seed " + seed);
        }
      }
      assertTrue(differing >= 2, differing + " times");
    }
  }

  /// The timeout 35 counts from where 34 ended, and 34 counts the worker's write 39, or does not.
  @Test
  void whatAPauseDoesIsToldFromADifference() {
    try (var differ = new Differ("model:6.18", "model:6.18")) {
      Program program = differ.program(16741654333926L);
      Trace paused = null;
      for (long chance = 1; paused == null; chance++) {
        Faults faults = Faults.at(Point.WORKER_PAUSE, chance);
        Trace shown = differ.shown(program, Point.WORKER_PAUSE, faults);
        assertEquals(1, faults.count(Point.WORKER_PAUSE), "no pause makes a difference");
        if (Difference.between(program, differ.expected(program), shown) != null) paused = shown;
      }
      assertTrue(differ.isPreempted(program, paused));
      assertFalse(differ.isPreempted(program, withAnotherResult(paused)));
    }
  }

  /// A worker has the write 64 to an eventfd when it is looked for three submissions later.
  @Test
  void lagOfAWriteToAnEventfdIsToldFromADifference() {
    try (var differ = new Differ("model:7.3", "model:7.3")) {
      Program program = differ.program(54394808872276L);
      Trace expected = differ.expected(program);
      List<String> seen = new ArrayList<>();
      for (long chance = 1; chance < 20; chance++) {
        Faults faults = Faults.at(Point.WORKER_LAG, chance, chance + 1, chance + 2);
        Trace lagging = differ.shown(program, Point.WORKER_LAG, faults);
        Difference difference = Difference.between(program, expected, lagging);
        if (difference == null) continue;
        seen.add(difference.seen());
        assertTrue(differ.isPreempted(program, lagging));
      }
      assertTrue(
          seen.stream().anyMatch(text -> text.contains("{user_data=72 res=-EALREADY")),
          seen::toString);
    }
  }

  private static Trace withAnotherResult(Trace trace) {
    List<Moment> moments = new ArrayList<>(trace.moments());
    Moment last = moments.removeLast();
    moments.add(
        new Moment(
            last.result() + 1,
            last.sqHead(),
            last.cqTail(),
            last.sqFlags(),
            last.dropped(),
            last.overflow(),
            last.cqes(),
            last.facts()));
    return new Trace(moments, trace.end());
  }

  @Test
  void shrinksToWhatMakesTheDifference() {
    Program program = ProgramGenerator.of(3, Release.LINUX_6_18);
    long wanted = program.entries().getLast().userData();
    Program smallest =
        Shrinker.shrink(
            program,
            candidate -> candidate.entries().stream().anyMatch(entry -> entry.userData() == wanted),
            1_000);
    List<Long> left = new ArrayList<>();
    for (Entry entry : smallest.entries()) left.add(entry.userData());
    assertEquals(List.of(wanted), left);
    assertEquals(1, smallest.steps().size());
  }
}
