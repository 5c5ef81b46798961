package dev.ringshot.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WrongUseTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "''                                   | Missing command",
        "--bogus                              | '--bogus'",
        "bogus                                | 'bogus'",
        "events                               | SOURCE",
        "events clock                         | tx-timestamps, ticker, nic",
        "events ticker nic                    | 'nic'",
        "events ticker --bogus                | '--bogus'",
        "events ticker --count                | '--count'",
        "events ticker --count x              | 'x'",
        "events ticker --count 0              | from 1, not 0",
        "events ticker --count -3             | from 1, not -3",
        "events ticker --kernel linux         | the source ticker is on model, not on linux",
        "events nic --kernel linux            | the source nic is on model, not on linux",
        "events tx-timestamps --kernel model  | the source tx-timestamps is on linux, not on model",
        "events ticker --kernel vms           | takes linux or model, not 'vms'",
        "probe --bogus                        | '--bogus'",
        "probe extra                          | 'extra'",
        "conformance --kernel vms             | vms",
        "conformance --bogus                  | '--bogus'",
      })
  void isOneLineAndStatus2(String args, String said) {
    Run run = Run.of(args.isEmpty() ? new String[0] : args.split(" "));

    assertEquals(2, run.status());
    assertEquals(List.of(), run.out());
    assertEquals(1, run.err().size(), () -> run.err().toString());
    assertTrue(run.err().getFirst().startsWith("ringshot: "), () -> run.err().toString());
    assertTrue(run.err().getFirst().contains(said), () -> run.err().toString());
  }

  @ParameterizedTest
  @CsvSource({"--help", "--version", "events --help", "probe --help", "conformance --help"})
  void helpIsNoWrongUse(String args) {
    Run run = Run.of(args.split(" "));

    assertEquals(0, run.status());
    assertEquals(List.of(), run.err());
    assertTrue(
        run.out().stream().allMatch(line -> line.length() <= 80), () -> run.out().toString());
  }
}
