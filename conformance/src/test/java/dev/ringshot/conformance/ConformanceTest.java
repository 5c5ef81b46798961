package dev.ringshot.conformance;

import dev.ringshot.conformance.Outcome.Passed;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// Every case on the model in each release.
class ConformanceTest {
  @TestFactory
  Stream<DynamicContainer> holdsOnEveryModel() {
    return Platforms.models().stream()
        .map(model -> DynamicContainer.dynamicContainer(model, testsOf(model)));
  }

  private static Stream<DynamicTest> testsOf(String model) {
    return Suite.cases().stream()
        .map(test ->
            DynamicTest.dynamicTest(test.name(), () -> claim(ConformanceRun.run(test, model))));
  }

  /// What JUnit makes of an outcome.
  static void claim(Outcome outcome) throws Throwable {
    switch (outcome) {
      case Passed _ -> {}
      case Outcome.Skipped skipped -> Assumptions.abort("needs " + skipped.missing());
      case Outcome.Failed failed -> throw failed.cause();
    }
  }
}
