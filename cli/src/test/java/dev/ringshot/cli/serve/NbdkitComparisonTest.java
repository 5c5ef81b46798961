package dev.ringshot.cli.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/// How fast random reads are beside nbdkit's, of the same file or of memory: fio, 4 KiB, 32 at a
/// time on one connection. Both servers run, and are asked in turns, so that what else the machine
/// does is the same for both; what is told is the ratio of each pair, and how far pairs differ.
@Tag("soak")
@EnabledOnOs(OS.LINUX)
@Timeout(900)
final class NbdkitComparisonTest {
  private static final int PAIRS = Integer.getInteger("ringshot.pairs", 9);
  private static final String SIZE = "64M";

  @TempDir private Path folder;

  @Test
  void randomReadsOfAFile() throws Exception {
    Path ours = full("ours");
    Path theirs = full("theirs");
    compare("file", List.of(ours.toString()), List.of("file", theirs.toString()));
  }

  @Test
  void randomReadsOfMemory() throws Exception {
    compare("memory", List.of("--mem", SIZE), List.of("memory", SIZE));
  }

  private Path full(String name) throws Exception {
    Tool.run("dd", "if=/dev/urandom", "of=" + folder.resolve(name), "bs=1M", "count=64");
    return folder.resolve(name);
  }

  private void compare(String what, List<String> ours, List<String> theirs) throws Exception {
    Tool.need("fio", "nbdkit");
    Path socket = folder.resolve("nbdkit");
    Path pid = folder.resolve("pid");
    List<String> nbdkit =
        new ArrayList<>(List.of("nbdkit", "-P", pid.toString(), "-U", socket.toString()));
    nbdkit.addAll(theirs);
    Tool.run(nbdkit.toArray(String[]::new)); // which goes on in the background when it serves
    var other = ProcessHandle.of(Long.parseLong(Files.readString(pid).strip())).orElseThrow();
    try (var server = ServerProcess.start(folder, List.of(), ours)) {
      String otherUri = "nbd+unix:///?socket=" + socket;
      measure(server.uri()); // warms up
      measure(otherUri);
      List<Double> ratios = new ArrayList<>();
      for (int pair = 0; pair < PAIRS; pair++) {
        boolean isFirst = pair % 2 == 0;
        double first = measure(isFirst ? server.uri() : otherUri);
        double second = measure(isFirst ? otherUri : server.uri());
        ratios.add(isFirst ? first / second : second / first);
      }
      Collections.sort(ratios);
      Results.add("nbdkit.txt", what + line(ratios));
    } finally {
      other.destroy();
      other.onExit().join();
    }
  }

  private static String line(List<Double> sorted) throws IOException {
    String load = Files.readString(Path.of("/proc/loadavg")).split(" ", 2)[0];
    return String.format(
        Locale.ROOT,
        ": reads per second over those of nbdkit, median of %d pairs %.2f, from %.2f to %.2f, at a load of %s on %d processors",
        PAIRS,
        sorted.get(PAIRS / 2),
        sorted.getFirst(),
        sorted.getLast(),
        load,
        Runtime.getRuntime().availableProcessors());
  }

  /// @return reads per second
  private double measure(String uri) throws IOException, InterruptedException {
    Path log = folder.resolve("fio");
    Process fio =
        new ProcessBuilder(
                "fio",
                "--name=reads",
                "--ioengine=nbd",
                "--uri=" + uri,
                "--rw=randread",
                "--bs=4k",
                "--iodepth=32",
                "--size=64m",
                "--time_based",
                "--runtime=3",
                "--norandommap",
                "--output-format=terse",
                "--output=" + log)
            .inheritIO()
            .start();
    assertEquals(0, fio.waitFor(), "fio");
    String[] fields = Files.readString(log).strip().split(";", -1);
    double iops = Double.parseDouble(fields[7]);
    assertTrue(iops > 0, uri);
    return iops;
  }
}
