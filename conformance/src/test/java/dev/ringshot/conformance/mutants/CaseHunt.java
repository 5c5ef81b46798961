package dev.ringshot.conformance.mutants;

import dev.ringshot.conformance.ConformanceRun;
import dev.ringshot.conformance.Outcome;
import dev.ringshot.conformance.Suite;
import dev.ringshot.conformance.Topic;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;

/// Runs cases until one fails; lives in [MutatedModel]'s class loader, where the model is another.
public final class CaseHunt implements BiFunction<String, String, String> {
  /// See [MutatedModel#hunt].
  @Override
  public String apply(String topic, String kernel) {
    for (Topic.TestCase test : inOrder(topic)) {
      Thread.currentThread().setName(test.name());
      if (ConformanceRun.run(test, kernel) instanceof Outcome.Failed failed)
        return test.name() + ": " + firstLine(failed.cause());
    }
    return "";
  }

  private static List<Topic.TestCase> inOrder(String topic) {
    List<Topic.TestCase> cases = new ArrayList<>();
    List<Topic.TestCase> others = new ArrayList<>();
    for (Topic.TestCase test : Suite.cases())
      (test.topic().name().equals(topic) ? cases : others).add(test);
    cases.addAll(others);
    return cases;
  }

  private static String firstLine(Throwable cause) {
    String message = cause.getMessage();
    String text = message == null ? cause.toString() : message;
    return text.lines().findFirst().orElse("").strip();
  }
}
