package dev.ringshot.cli.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringshot.cli.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// `ringshot ublk add` or `recover` as a process of its own.
///
/// @param folder where `err` is, what it says
/// @param process it
/// @param device the number of its device
public record DeviceServer(Path folder, Process process, int device) implements AutoCloseable {
  /// Starts one, and returns when there is its disk.
  public static DeviceServer start(Path folder, String... words) throws IOException {
    Process process = launch(folder, words);
    String line = process.inputReader().readLine();
    assertTrue(line != null && line.contains("/dev/ublkb"), () -> line + errors(folder));
    String path = String.valueOf(JsonObject.of(line).get("device"));
    return new DeviceServer(folder, process, Integer.parseInt(path.replaceAll("\\D", "")));
  }

  /// Starts one, and does not wait for anything.
  static Process launch(Path folder, String... words) throws IOException {
    List<String> command = new ArrayList<>(Tool.ringshot());
    command.addAll(1, List.of("-XX:+UseSerialGC", "-Xmx64m", "-XX:TieredStopAtLevel=1"));
    command.add("ublk");
    command.addAll(List.of(words));
    command.add("--json");
    return new ProcessBuilder(command).redirectError(folder.resolve("err").toFile()).start();
  }

  /// What one in this folder has said on stderr.
  private static String errors(Path folder) {
    try {
      return Files.readString(folder.resolve("err"));
    } catch (IOException e) {
      return e.toString();
    }
  }

  /// Its disk.
  public Path disk() {
    return Path.of("/dev/ublkb" + device);
  }

  /// Bytes that the disk has written so far.
  long written() throws IOException {
    return 512 * statistic(6);
  }

  /// Reads that have ended.
  long reads() throws IOException {
    return statistic(0);
  }

  private long statistic(int field) throws IOException {
    Path statistics = Path.of("/sys/block/ublkb" + device + "/stat");
    return Long.parseLong(Files.readString(statistics).strip().split(" +", -1)[field]);
  }

  /// SIGKILL; returns when it is dead.
  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  /// Claims that it ends in order.
  public void awaitEnd() throws InterruptedException {
    assertEquals(0, process.waitFor(), () -> errors(folder));
  }

  /// SIGTERM, and an end in order.
  public void terminate() throws InterruptedException {
    process.toHandle().destroy(); // leaves its output open
    awaitEnd();
  }

  @Override
  public void close() {
    var _ = process.destroyForcibly().onExit().join();
  }
}
