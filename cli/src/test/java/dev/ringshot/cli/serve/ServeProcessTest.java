package dev.ringshot.cli.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/// `./ringshot serve` as a process of its own: what signals do to it, and to what it has promised.
@EnabledOnOs(OS.LINUX)
@Timeout(300)
final class ServeProcessTest {
  private static final int BLOCK = 4096;
  private static final int BLOCKS = 1024;
  private static final Pattern WROTE =
      Pattern.compile(".*wrote 4096/4096 bytes at offset (\\d+).*");

  @TempDir private Path folder;

  /// Starts serving a new disk, and returns when it serves.
  private Process serve(String... before) throws IOException {
    return serve(List.of(before), List.of());
  }

  private Process serve(List<String> before, List<String> options) throws IOException {
    List<String> command = new ArrayList<>(before);
    command.addAll(Tool.ringshot());
    command.addAll(
        List.of(
            "serve",
            "--kernel",
            "model",
            folder.resolve("disk").toString(),
            "--create",
            "--size",
            String.valueOf((long) BLOCK * BLOCKS),
            "--socket",
            folder.resolve("s").toString(),
            "--json"));
    command.addAll(options);
    Process process =
        new ProcessBuilder(command).redirectError(folder.resolve("err").toFile()).start();
    String line = process.inputReader().readLine();
    assertTrue(line != null && line.contains("\"uri\""), () -> line + text("err"));
    return process;
  }

  private String uri() {
    return "nbd+unix:///?socket=" + folder.resolve("s");
  }

  private String text(String name) {
    try {
      return Files.readString(folder.resolve(name));
    } catch (IOException e) {
      return e.toString();
    }
  }

  @Test
  void sigtermFlushesAndExitsWith0() throws Exception {
    Tool.need("qemu-io", "strace");
    boolean traces = Tool.start("strace", "-o", "/dev/null", "true").waitFor() == 0;
    assumeTrue(traces, "a machine on which processes may be traced");
    Process server =
        serve("strace", "-f", "-qq", "-e", "trace=fdatasync", "-o", folder.resolve("t").toString());
    long before = fdatasyncs();
    Tool.run("qemu-io", "-t", "writeback", "-f", "raw", "-c", "write -P 5 0 4k", uri());
    long written = fdatasyncs(); // qemu-io flushes when it leaves
    Tool.run("qemu-io", "-f", "raw", "-c", "write -f -P 6 4k 4k", uri());
    long fua = fdatasyncs();
    assertTrue(written > before, "no fdatasync for a flush");
    assertTrue(fua > written, "no fdatasync for FUA");
    server.children().findFirst().ifPresent(ProcessHandle::destroy); // SIGTERM
    assertEquals(0, server.waitFor(), () -> text("err"));
    assertTrue(fdatasyncs() > fua, "no fdatasync at the end");
    byte[] bytes = Files.readAllBytes(folder.resolve("disk"));
    assertEquals(5, bytes[0]);
    assertEquals(6, bytes[BLOCK]);
  }

  @Test
  void flushThatFailsAtTheEndIsToldAndIsNoSuccess() throws Exception {
    Process server = serve(List.of(), List.of("--with", "faulty:flush=1,errno=EIO"));
    server.destroy(); // SIGTERM
    assertEquals(1, server.waitFor(), () -> text("err"));
    assertTrue(text("err").contains("flush"), () -> text("err"));
  }

  private long fdatasyncs() throws IOException {
    return Files.readAllLines(folder.resolve("t")).stream()
        .filter(line -> line.contains("fdatasync(") && line.contains("= 0"))
        .count();
  }

  /// A client that has many writes under way, and hears which were done before the server died.
  @Test
  void everyAcknowledgedWriteOutlivesTheServer() throws Exception {
    Tool.need("qemu-io");
    Process server = serve();
    Process client = Tool.start("qemu-io", "-f", "raw", uri());
    var acknowledged = new TreeMap<Integer, Byte>();
    try (BufferedWriter commands = client.outputWriter(StandardCharsets.US_ASCII);
        BufferedReader answers = client.inputReader(StandardCharsets.US_ASCII)) {
      for (int block = 0; block < BLOCKS; block++)
        commands.write("aio_write -P %d %d 4096%n".formatted(value(block), block * BLOCK));
      commands.flush();
      for (String line = answers.readLine(); line != null; line = answers.readLine()) {
        Matcher wrote = WROTE.matcher(line);
        if (!wrote.matches()) continue;
        int block = Integer.parseInt(wrote.group(1)) / BLOCK;
        acknowledged.put(block, value(block));
        if (acknowledged.size() != BLOCKS / 4) continue;
        server.destroyForcibly(); // SIGKILL
        commands.write("quit\n"); // when it has heard of the end
        commands.flush();
      }
    } catch (IOException e) {
      // the client has gone: it had no more to tell
    }
    client.destroyForcibly();
    server.waitFor();
    assertTrue(acknowledged.size() >= BLOCKS / 4, acknowledged.size() + " writes");
    byte[] bytes = Files.readAllBytes(folder.resolve("disk"));
    acknowledged.forEach((block, value) -> {
      for (int i = 0; i < BLOCK; i++)
        assertEquals(value, bytes[block * BLOCK + i], "block " + block);
    });
  }

  private static byte value(int block) {
    return (byte) (1 + block % 120);
  }
}
