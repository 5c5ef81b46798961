package dev.ringshot.nbd;

import java.util.List;
import java.util.ResourceBundle;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;

/// A log that keeps its lines.
final class Lines implements System.Logger {
  private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();

  List<String> all() {
    return List.copyOf(lines);
  }

  /// Waits for the next line.
  String take() throws InterruptedException {
    return lines.take();
  }

  @Override
  public String getName() {
    return "lines";
  }

  @Override
  public boolean isLoggable(Level level) {
    return true;
  }

  @Override
  public void log(
      Level level, @Nullable ResourceBundle bundle, String line, @Nullable Throwable thrown) {
    lines.add(level + " " + line);
  }

  @Override
  public void log(
      Level level, @Nullable ResourceBundle bundle, String format, @Nullable Object... params) {
    lines.add(level + " " + format);
  }
}
