package dev.ringshot.cli.serve;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// `ringshot serve` on the model as a process of its own, at a Unix socket in a folder.
///
/// @param folder where its socket `s` is, and `err`, what it says
/// @param process of it, or of what was put before it
record ServerProcess(Path folder, Process process) implements AutoCloseable {
  /// Starts one, and returns when it serves.
  ///
  /// @param before what starts it, as `strace` does
  /// @param options what it serves, and how
  static ServerProcess start(Path folder, List<String> before, List<String> options)
      throws IOException {
    List<String> command = new ArrayList<>(before);
    command.addAll(Tool.ringshot());
    command.addAll(List.of("serve", "--kernel", "model"));
    command.addAll(options);
    command.addAll(List.of("--socket", folder.resolve("s").toString(), "--json"));
    Process process =
        new ProcessBuilder(command).redirectError(folder.resolve("err").toFile()).start();
    var server = new ServerProcess(folder, process);
    String line = process.inputReader().readLine();
    assertTrue(line != null && line.contains("\"uri\""), () -> line + server.errors());
    return server;
  }

  String uri() {
    return "nbd+unix:///?socket=" + folder.resolve("s");
  }

  /// What it has said on stderr.
  String errors() {
    try {
      return Files.readString(folder.resolve("err"));
    } catch (IOException e) {
      return e.toString();
    }
  }

  /// SIGTERM.
  void terminate() {
    process.toHandle().destroy(); // leaves its output open
  }

  /// SIGKILL; returns when it is dead.
  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  @Override
  public void close() {
    var _ = process.destroyForcibly().onExit().join(); // and its locks are gone
  }
}
