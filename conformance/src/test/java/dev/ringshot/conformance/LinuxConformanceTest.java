package dev.ringshot.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.ringshot.conformance.Outcome.Passed;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// Every case on the running kernel, and what the model of its release makes of the same.
@Tag("linux")
class LinuxConformanceTest {
  private static final Map<String, Outcome> OUTCOMES = new ConcurrentHashMap<>();

  private static Outcome onLinux(Topic.TestCase test) {
    return OUTCOMES.computeIfAbsent(test.name(), _ -> ConformanceRun.run(test, "linux"));
  }

  @Test
  void linuxIsAtHand() {
    Guest.needAll();
  }

  @TestFactory
  Stream<DynamicTest> holds() {
    return cases()
        .map(test ->
            DynamicTest.dynamicTest(test.name(), () -> ConformanceTest.claim(onLinux(test))));
  }

  @TestFactory
  Stream<DynamicTest> theModelOfItsReleaseAnswersAlike() {
    return cases().map(test -> DynamicTest.dynamicTest(test.name(), () -> compare(test)));
  }

  private static Stream<Topic.TestCase> cases() {
    return Platforms.hasLinux() ? Suite.cases().stream() : Stream.empty();
  }

  private static void compare(Topic.TestCase test) throws Throwable {
    Outcome linux = onLinux(test);
    Outcome model = ConformanceRun.run(test, Platforms.modelLike("linux"));
    ConformanceTest.claim(linux);
    ConformanceTest.claim(model);
    if (linux instanceof Passed one && model instanceof Passed other)
      assertEquals(one.transcript(), other.transcript());
  }
}
