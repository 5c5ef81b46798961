package dev.ringshot.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EventsTest {
  private static final List<String> COMPLETION = List.of("time", "res", "flags", "bid");
  private static final List<String> SUMMARY = List.of("end", "submissions", "completions");

  @ParameterizedTest
  @ValueSource(strings = {"ticker", "nic"})
  @Timeout(5)
  void deviceEventsComeInBuffersTheKernelPicked(String source) {
    Run run = Run.of("events", source, "--count", "20", "--json");

    assertEquals(0, run.status(), () -> run.err().toString());
    List<JsonObject> lines = run.json();
    assertEquals(22, lines.size());
    for (int i = 0; i < 20; i++) {
      assertEquals(List.of("F_BUFFER", "F_MORE"), lines.get(i).get("flags"));
      assertEquals((long) i, lines.get(i).get("bid"));
      assertTrue(lines.get(i).number("res") > 0);
    }
  }

  @Test
  @Timeout(5)
  void timeStampsComeFromTheRunningKernel() {
    assumeLinux();
    Run run = Run.of("events", "tx-timestamps", "--count", "20", "--json");

    assertEquals(0, run.status(), () -> run.err().toString());
    List<JsonObject> lines = run.json();
    assertEquals(22, lines.size());
    for (int i = 0; i < 20; i++) {
      assertEquals((long) i, lines.get(i).get("res"), "the number of the datagram");
      assertEquals(List.of("F_MORE"), lines.get(i).get("flags"));
      assertEquals(null, lines.get(i).get("bid"));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"ticker", "nic", "tx-timestamps"})
  void oneSubmissionEndsCancelledAfterAllItsCompletions(String source) {
    if (source.equals("tx-timestamps")) assumeLinux();
    Run run = Run.of("events", source, "--count", "3", "--json");

    assertEquals(0, run.status(), () -> run.err().toString());
    List<JsonObject> lines = run.json();
    assertEquals(5, lines.size());
    long previous = 0;
    for (JsonObject line : lines.subList(0, 4)) {
      assertEquals(COMPLETION, line.keys());
      assertTrue(line.number("time") >= previous, "time goes on");
      previous = line.number("time");
    }
    assertEquals(-125L, lines.get(3).get("res"));
    assertEquals(List.of(), lines.get(3).get("flags"));
    JsonObject summary = lines.getLast();
    assertEquals(SUMMARY, summary.keys());
    assertEquals("cancelled", summary.get("end"));
    assertEquals(1L, summary.get("submissions"));
    assertEquals(4L, summary.get("completions"));
  }

  @Test
  void peopleReadTheSameInWords() {
    Run run = Run.of("events", "ticker", "--count", "2");

    assertEquals(0, run.status(), () -> run.err().toString());
    assertEquals(5, run.out().size());
    assertTrue(run.out().get(1).contains("res 8"));
    assertTrue(run.out().get(1).contains("buffer 0"));
    assertTrue(run.out().get(1).contains("F_BUFFER|F_MORE"));
    assertTrue(run.out().get(2).contains("1 submitted,  2 completed"));
    assertTrue(run.out().get(3).contains("-ECANCELED"));
    assertEquals("cancelled: 1 submitted, 3 completed", run.out().getLast());
  }

  @Test
  void sourceImpliesItsKernelAndAcceptsIt() {
    assertEquals(0, Run.of("events", "ticker", "--kernel", "model", "--count", "1").status());
  }

  private static void assumeLinux() {
    assumeTrue(Run.of("probe").status() == 0, "io_uring on this machine");
  }
}
