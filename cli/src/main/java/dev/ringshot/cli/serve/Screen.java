package dev.ringshot.cli.serve;

import dev.ringshot.ublk.UblkQueue;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Shows figures on a terminal, over those it showed before, once a second.
final class Screen implements AutoCloseable {
  private static final Duration PERIOD = Duration.ofSeconds(1);
  private static final String CLEAR = "\033[J";

  private final PrintWriter out;
  private final List<UblkQueue> queues;
  private final CountDownLatch closed = new CountDownLatch(1);
  private int shown;

  Screen(PrintWriter out, List<UblkQueue> queues) {
    this.out = out;
    this.queues = queues;
    Thread.ofPlatform().daemon().name("figures").start(this::run);
  }

  private void run() {
    try {
      do show();
      while (!closed.await(PERIOD.toMillis(), TimeUnit.MILLISECONDS));
    } catch (InterruptedException _) {
      // nobody does; figures are no more than figures
    }
  }

  private synchronized void show() {
    if (shown > 0) out.print("\033[" + shown + "A" + CLEAR);
    List<String> lines = Figures.table(queues);
    lines.forEach(out::println);
    out.flush();
    shown = lines.size();
  }

  /// Shows the last ones.
  @Override
  public void close() {
    closed.countDown();
    show();
  }
}
