package dev.ringshot.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringshot.conformance.ConformanceRun;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ConformanceCommandTest {
  @Test
  void summaryAddsUpAndNothingFails() {
    String kernel = ConformanceRun.kernels().getLast();
    Run run = Run.of("conformance", "--kernel", kernel, "--json");

    JsonObject summary = run.json().getLast();
    long passed = summary.number("passed");
    long failed = summary.number("failed");
    long skipped = summary.number("skipped");
    assertEquals(summary.number("cases"), passed + failed + skipped);
    assertEquals(failed, summary.list("failures").size());
    assertEquals(skipped, summary.list("skips").size());
    assertEquals(failed == 0 && passed > 0 ? 0 : 1, run.status());
    assertEquals(List.of(), summary.list("failures"));
  }

  @Test
  void aRunThatSkippedEverythingHasNotPassed() {
    var report = ConformanceRun.skipAll("linux", "io_uring");

    assertEquals(1, report.exitCode());
    JsonObject summary = JsonObject.of(report.json());
    assertEquals(summary.number("cases"), summary.number("skipped"));
    assertTrue(summary.number("cases") > 200);
  }
}
