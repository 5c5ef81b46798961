package dev.ringshot.cli.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ringshot.cli.Run;
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

  /// Starts serving a new disk.
  private ServerProcess serve(List<String> before, String... more) throws IOException {
    String size = String.valueOf((long) BLOCK * BLOCKS);
    List<String> options =
        new ArrayList<>(List.of(folder.resolve("disk").toString(), "--create", "--size", size));
    options.addAll(List.of(more));
    return ServerProcess.start(folder, before, options);
  }

  @Test
  void sigtermFlushesAndExitsWith0() throws Exception {
    Tool.need("qemu-io", "strace");
    boolean traces = Tool.start("strace", "-o", "/dev/null", "true").waitFor() == 0;
    assumeTrue(traces, "a machine on which processes may be traced");
    String log = folder.resolve("t").toString();
    var strace = List.of("strace", "-f", "-qq", "-e", "trace=fdatasync", "-o", log);
    try (var server = serve(strace)) {
      long before = fdatasyncs();
      Tool.run("qemu-io", "-t", "writeback", "-f", "raw", "-c", "write -P 5 0 4k", server.uri());
      long written = fdatasyncs(); // qemu-io flushes when it leaves
      Tool.run("qemu-io", "-f", "raw", "-c", "write -f -P 6 4k 4k", server.uri());
      long fua = fdatasyncs();
      assertTrue(written > before, "no fdatasync for a flush");
      assertTrue(fua > written, "no fdatasync for FUA");
      server.process().children().findFirst().ifPresent(ProcessHandle::destroy); // SIGTERM
      assertEquals(0, server.process().waitFor(), server::errors);
      assertTrue(fdatasyncs() > fua, "no fdatasync at the end");
    }
    byte[] bytes = Files.readAllBytes(folder.resolve("disk"));
    assertEquals(5, bytes[0]);
    assertEquals(6, bytes[BLOCK]);
  }

  @Test
  void flushThatFailsAtTheEndIsToldAndIsNoSuccess() throws Exception {
    try (var server = serve(List.of(), "--with", "faulty:flush=1,errno=EIO")) {
      server.terminate();
      assertEquals(1, server.process().waitFor(), server::errors);
      assertTrue(server.errors().contains("flush"), server::errors);
    }
  }

  private long fdatasyncs() throws IOException {
    return Files.readAllLines(folder.resolve("t")).stream()
        .filter(line -> line.contains("fdatasync(") && line.contains("= 0"))
        .count();
  }

  @Test
  void filesOfATargetAreServedOnceAndTheHolderIsNamed() throws Exception {
    for (String name : List.of("a", "b")) Files.write(folder.resolve(name), new byte[1 << 20]);
    String stripe = "stripe:" + folder.resolve("a") + "," + folder.resolve("b");
    String second = folder.resolve("b").toString();
    try (var server = ServerProcess.start(folder, List.of(), List.of("--target", stripe))) {
      for (String[] other :
          List.of(
              new String[] {"serve", "--target", "file:" + second, "--run", "true"},
              new String[] {"serve", "--target", stripe, "--read-only", "--run", "true"},
              new String[] {"serve", second, "--run", "true"})) {
        Run run = Run.of(other);
        assertEquals(1, run.status(), run.err()::toString);
        String error = run.err().getFirst();
        assertTrue(error.contains(" is being served already by process "), error);
        assertTrue(error.contains(String.valueOf(server.process().pid())), error);
      }
    }
    Run after = Run.of("serve", "--target", stripe, "--run", "true");
    assertEquals(0, after.status(), after.err()::toString);
  }

  @Test
  void readersShareAnImage() throws Exception {
    Files.write(folder.resolve("a"), new byte[1 << 20]);
    String image = folder.resolve("a").toString();
    try (var _ = ServerProcess.start(folder, List.of(), List.of(image, "--read-only"))) {
      assertEquals(0, Run.of("serve", image, "--read-only", "--run", "true").status());
      assertEquals(1, Run.of("serve", image, "--run", "true").status());
    }
  }

  /// A client that has many writes under way, and hears which were done before the server died.
  @Test
  void everyAcknowledgedWriteOutlivesTheServer() throws Exception {
    Tool.need("qemu-io");
    ServerProcess server = serve(List.of());
    Process client = Tool.start("qemu-io", "-f", "raw", server.uri());
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
        server.process().destroyForcibly(); // SIGKILL
        commands.write("quit\n"); // when it has heard of the end
        commands.flush();
      }
    } catch (IOException e) {
      // the client has gone: it had no more to tell
    }
    client.destroyForcibly();
    server.kill();
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
