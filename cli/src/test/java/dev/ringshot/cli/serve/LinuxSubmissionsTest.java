package dev.ringshot.cli.serve;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringshot.cli.KernelsUblk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What the kernel counts of a server's submissions and completions, by its own tracepoints, while
/// fio reads with a depth of 32: in a machine whose time is its instructions, for how many requests
/// there are when the server looks depends on who is how fast.
@Tag("linux")
@Tag("counted")
@EnabledOnOs(OS.LINUX)
@ExtendWith(KernelsUblk.class)
@Timeout(600)
final class LinuxSubmissionsTest {
  private static final Path TRACING = Path.of("/sys/kernel/tracing");
  private static final Path INSTANCE = TRACING.resolve("instances/ringshot");
  private static final Pattern LINE =
      Pattern.compile(
          "\\{ common_pid: +(\\d+)(?:, res: +(-?\\d+), cflags: +(\\d+))? +\\} hitcount: +(\\d+)");

  @TempDir private Path folder;

  @BeforeEach
  void needTracepoints() throws IOException {
    Tool.need("fio");
    if (!Files.exists(TRACING.resolve("events/io_uring/io_uring_complete/hist")))
      Tool.lack(
          "tracepoints of io_uring with histograms (CONFIG_HIST_TRIGGERS), which Debian's kernel has");
    Files.createDirectory(INSTANCE);
  }

  @AfterEach
  void nothingIsLeft() throws IOException {
    Files.deleteIfExists(INSTANCE);
  }

  /// What one thread did.
  ///
  /// @param reads of the disk
  /// @param submitted requests
  /// @param more completions of commands that stay armed
  /// @param ended commands that ended well, as commits do
  /// @param others that ended otherwise, as a command that fetches does before it is armed again
  private record Counts(long reads, long submitted, long more, long ended, long others) {
    double submissions() {
      return (double) submitted / reads;
    }

    Counts since(Counts before) {
      return new Counts(
          reads - before.reads,
          submitted - before.submitted,
          more - before.more,
          ended - before.ended,
          others - before.others);
    }

    static Counts of(DeviceServer server, long thread) throws IOException {
      long submitted = 0;
      long more = 0;
      long ended = 0;
      long others = 0;
      for (Matcher line : lines("io_uring_submit_req", thread)) submitted += hits(line);
      for (Matcher line : lines("io_uring_complete", thread)) {
        boolean isMore = (Long.parseLong(line.group(3)) & 2) != 0;
        if (isMore) more += hits(line);
        else if (Long.parseLong(line.group(2)) >= 0) ended += hits(line);
        else others += hits(line);
      }
      return new Counts(server.reads(), submitted, more, ended, others);
    }

    private static List<Matcher> lines(String event, long thread) throws IOException {
      List<Matcher> lines = new ArrayList<>();
      for (String text : Files.readAllLines(event(event).resolve("hist"))) {
        Matcher line = LINE.matcher(text);
        if (line.find() && Long.parseLong(line.group(1)) == thread) lines.add(line);
      }
      return lines;
    }

    private static long hits(Matcher line) {
      return Long.parseLong(line.group(4));
    }
  }

  private static Path event(String name) {
    return INSTANCE.resolve("events/io_uring").resolve(name);
  }

  private static void beginCounting() throws IOException {
    Files.writeString(event("io_uring_submit_req").resolve("trigger"), "hist:keys=common_pid");
    Files.writeString(
        event("io_uring_complete").resolve("trigger"), "hist:keys=common_pid,res,cflags:size=4096");
  }

  private static void read(DeviceServer server) throws Exception {
    Tool.run(
        "fio",
        "--name=load",
        "--filename=" + server.disk(),
        "--ioengine=libaio",
        "--direct=1",
        "--thread",
        "--rw=randread",
        "--bs=4k",
        "--iodepth=32",
        "--size=64m");
  }

  private static long queueThread(DeviceServer server) throws IOException {
    Path tasks = Path.of("/proc", String.valueOf(server.process().pid()), "task");
    try (var threads = Files.newDirectoryStream(tasks)) {
      for (Path thread : threads) {
        boolean isQueue = Files.readString(thread.resolve("comm")).strip().equals("ublk queue 0");
        if (isQueue) return Long.parseLong(String.valueOf(thread.getFileName()));
      }
    }
    throw new IllegalStateException("no thread of the queue's");
  }

  @ParameterizedTest
  @CsvSource({"batch,0,0.1", "no-batch,0.99,1.01"})
  void submissionsForEachRequest(String fetch, double least, double most) throws Exception {
    var server = DeviceServer.start(folder, "add", "-t", "null", "-s", "64M", "--" + fetch);
    long thread = queueThread(server);
    beginCounting();
    read(server); // so that the server is compiled
    Counts before = Counts.of(server, thread);
    read(server);
    Counts counts = Counts.of(server, thread).since(before);
    server.terminate();
    String figures =
        "%s, null, fio libaio randread 4k, depth 32: %.4f submissions a read, %d of them fetch; %.4f completions a read; %s"
            .formatted(
                fetch,
                counts.submissions(),
                counts.submitted - counts.ended,
                (double) (counts.more + counts.ended + counts.others) / counts.reads,
                counts);
    Results.add("linux-submissions.txt", figures);
    assertTrue(counts.submissions() >= least && counts.submissions() < most, figures);
    if (fetch.equals("batch")) {
      assertTrue(counts.more > 0, figures);
      long armed = counts.submitted - counts.ended; // the last commit may not be over yet
      assertTrue(Math.abs(armed - counts.others) <= 1, figures);
      assertTrue(counts.others < counts.more / 10, figures);
    }
  }
}
