package dev.ringshot.cli.ublk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringshot.cli.Run;
import java.util.BitSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The command line of `ringshot ublk`, on any machine.
final class UblkCommandTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "ublk | Missing command",
        "ublk remove | 'remove'",
        "ublk del | either -n ID or -a",
        "ublk del -n 0 -a | either -n ID or -a",
        "ublk stop | --number",
        "ublk resize -n 0 | --size",
        "ublk quiesce -n 0 -t -1 | --timeout",
        "ublk set-affinity -n 0 -q 0 --cpuset 3-1 | 3-1",
        "ublk add | --type",
        "ublk add -t mem -f disk | of -t loop",
        "ublk add -t loop | -f FILE",
        "ublk add -t mem -d 5000 | depth: 5000",
        "ublk add -t mem -i -e | do not go together",
        "ublk add -t mem -z --user-copy | do not go together",
        "ublk add -t mem --recover | takes -n ID",
        "ublk add -t stripe:a,b=1,b=2 | twice",
        "ublk chown ublkx0 | ublkx0",
        "ublk recover -t mem | --number",
      })
  void wrongUseIsOneLineThatSaysWhat(String line, String what) {
    Run run = Run.of(line.split(" ", -1));
    assertEquals(2, run.status(), run.err()::toString);
    assertEquals(1, run.err().size(), run.err()::toString);
    assertTrue(run.err().getFirst().contains(what), run.err()::toString);
  }

  @Test
  void processorsAreReadAsTheUblkCommandHasThem() {
    var expected = new BitSet();
    expected.set(0, 3);
    expected.set(7);
    assertEquals(expected, new CpuList().convert("0-2,7"));
    assertEquals(expected, new CpuList().convert("[0-2,7]"));
  }
}
