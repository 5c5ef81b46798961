package dev.ringshot.cli.serve;

import java.io.IOException;
import java.util.Map;

/// The command of `--run`: a shell command that lives while something is served, with its streams
/// those of this process.
final class Captive {
  private final Process process;

  private Captive(Process process) {
    this.process = process;
  }

  /// Starts it.
  ///
  /// @param variables set in its environment
  static Captive start(String command, Map<String, String> variables) throws IOException {
    var builder = new ProcessBuilder("/bin/sh", "-c", command).inheritIO();
    builder.environment().putAll(variables);
    return new Captive(builder.start());
  }

  /// Waits for its end.
  ///
  /// @return its exit status, 128 + n if signal n ended it
  int await() throws InterruptedException {
    return process.waitFor(); // the JDK says 128 + n as well
  }

  /// Asks it and what it started to end.
  void stop() {
    process.descendants().forEach(ProcessHandle::destroy);
    process.destroy();
  }
}
