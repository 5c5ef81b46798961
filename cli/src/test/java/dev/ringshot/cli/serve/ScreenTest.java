package dev.ringshot.cli.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Figures on a terminal.
@Timeout(60)
final class ScreenTest {
  private static final String UP_ONE_LINE_AND_CLEAR = "\033[1A\033[J";

  /// Text that says when it was first shown.
  private static final class Terminal extends StringWriter {
    final CountDownLatch shown = new CountDownLatch(1);

    @Override
    public void flush() {
      shown.countDown();
    }
  }

  @Test
  void figuresAreShownAtOnceAndTheLastOnesInTheirPlace() throws InterruptedException {
    var terminal = new Terminal();
    var screen = new Screen(new PrintWriter(terminal), List.of());
    terminal.shown.await();
    screen.close();
    String[] shown = terminal.toString().split(Pattern.quote(UP_ONE_LINE_AND_CLEAR), -1);
    assertTrue(shown.length >= 2, terminal::toString);
    assertEquals(Figures.table(List.of()).getFirst(), shown[0].strip());
    assertEquals(shown[0], shown[1]);
  }
}
