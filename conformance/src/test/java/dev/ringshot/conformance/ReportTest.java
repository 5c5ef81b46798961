package dev.ringshot.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ReportTest {
  private static Report report(Outcome... outcomes) {
    Map<String, Outcome> byName = new LinkedHashMap<>();
    for (Outcome outcome : outcomes) byName.put("Topic.case" + byName.size(), outcome);
    return new Report("model:7.3", "LINUX_7_3", byName);
  }

  private static final Outcome PASSED = new Outcome.Passed(List.of());
  private static final Outcome SKIPPED = new Outcome.Skipped("pipes");
  private static final Outcome FAILED =
      new Outcome.Failed(new AssertionError("res: expected \"0\"\n"));

  @Test
  void countsAddUp() {
    Report report = report(PASSED, SKIPPED, FAILED, PASSED);
    assertEquals(4, report.cases());
    assertEquals(report.cases(), report.passed() + report.failed() + report.skipped());
  }

  @Test
  void exitCodeIsOneWhenACaseFailedOrNonePassed() {
    assertEquals(0, report(PASSED, SKIPPED).exitCode());
    assertEquals(1, report(PASSED, FAILED).exitCode());
    assertEquals(1, report(SKIPPED).exitCode());
  }

  @Test
  void jsonNamesFailuresAndSkips() {
    assertEquals(
        "{\"kernel\":\"model:7.3\",\"release\":\"LINUX_7_3\",\"cases\":3,\"passed\":1,"
            + "\"failed\":1,\"skipped\":1,\"failures\":[{\"case\":\"Topic.case2\","
            + "\"message\":\"res: expected \\\"0\\\"\\u000a\"}],"
            + "\"skips\":[{\"case\":\"Topic.case1\",\"reason\":\"needs pipes\"}]}",
        report(PASSED, SKIPPED, FAILED).json());
  }

  @Test
  void textHasALinePerTopicAndTheReasonOfEverySkip() {
    String text = report(PASSED, SKIPPED, FAILED).text();
    assertTrue(text.contains("Topic                             1      1       1"), text);
    assertTrue(text.contains("skipped 1: needs pipes"), text);
    assertTrue(text.contains("FAILED  Topic.case2"), text);
  }
}
