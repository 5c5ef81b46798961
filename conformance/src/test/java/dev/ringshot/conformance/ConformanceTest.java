package dev.ringshot.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.ringshot.conformance.Outcome.Passed;
import dev.ringshot.conformance.rig.LinuxPlatform;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// Every case on every kernel at hand.
class ConformanceTest {
  private static final Map<String, Outcome> OUTCOMES = new ConcurrentHashMap<>();

  private static Outcome outcome(Topic.TestCase test, String kernel) {
    return OUTCOMES.computeIfAbsent(
        kernel + " " + test.name(), _ -> ConformanceRun.run(test, kernel));
  }

  @Test
  void linuxIsAtHand() {
    String absence = LinuxPlatform.absence();
    if (absence != null) Assumptions.abort("needs " + absence);
  }

  @TestFactory
  Stream<DynamicContainer> holdsOnEveryKernelAtHand() {
    return ConformanceRun.kernels().stream()
        .map(kernel -> DynamicContainer.dynamicContainer(kernel, testsOf(kernel)));
  }

  private static Stream<DynamicTest> testsOf(String kernel) {
    return Suite.cases().stream()
        .map(test -> DynamicTest.dynamicTest(test.name(), () -> hold(test, kernel)));
  }

  private static void hold(Topic.TestCase test, String kernel) throws Throwable {
    switch (outcome(test, kernel)) {
      case Passed _ -> {}
      case Outcome.Skipped skipped -> Assumptions.abort("needs " + skipped.missing());
      case Outcome.Failed failed -> throw failed.cause();
    }
  }

  @TestFactory
  Stream<DynamicTest> linuxAndTheModelOfItsReleaseAnswerAlike() {
    if (!ConformanceRun.kernels().contains("linux")) return Stream.empty();
    String twin = Platforms.modelLike("linux");
    if (!ConformanceRun.kernels().contains(twin)) return Stream.empty();
    return Suite.cases().stream()
        .map(test -> DynamicTest.dynamicTest(test.name(), () -> compare(test, twin)));
  }

  private static void compare(Topic.TestCase test, String twin) {
    if (outcome(test, "linux") instanceof Passed linux
        && outcome(test, twin) instanceof Passed model)
      assertEquals(linux.transcript(), model.transcript());
  }
}
