package dev.ringshot.cli.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringshot.cli.KernelsUblk;
import dev.ringshot.ublk.Recovery;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Servers on Linux's own driver that are killed while fio writes, and replaced. `-Dringshot.kills`
/// is how many in each way, `-Dringshot.seed` the seed that draws the moments. None of them fetches
/// in batches: see [dev.ringshot.ublk.FetchMode#AUTO].
@Tag("linux")
@Tag("load")
@EnabledOnOs(OS.LINUX)
@ExtendWith(KernelsUblk.class)
@Timeout(3600)
final class LinuxKillTest {
  private static final int KILLS = Integer.getInteger("ringshot.kills", 3);
  private static final List<Recovery> RECOVERIES =
      List.of(Recovery.REISSUE, Recovery.WAIT, Recovery.FAIL_IO);

  private final long seed = Long.getLong("ringshot.seed", 1);

  @TempDir private Path folder;

  @BeforeEach
  void needFio() {
    Tool.need("fio");
  }

  /// What was acknowledged is there, whatever becomes of the rest; and where requests are issued
  /// again, their users see no error.
  @ParameterizedTest
  @CsvSource({"per-tag,copy", "per-tag,user-copy", "per-tag,zero-copy"})
  void everyWriteThatWasAcknowledgedOutlivesTheServer(String fetch, String data) throws Exception {
    var random = new SplittableRandom(seed);
    int acknowledged = 0;
    int others = 0;
    for (int number = 0; number < KILLS; number++) {
      Path round = Files.createDirectories(folder.resolve("round" + number));
      Recovery recovery = RECOVERIES.get(number % RECOVERIES.size());
      long moment = random.nextLong(1, FioWrites.SIZE * 3 / 4);
      BitSet heard = kill(round, options(fetch, data, recovery, 1 + number % 2), recovery, moment);
      acknowledged += heard.cardinality();
      others += FioWrites.check(round.resolve("disk"), heard);
      Files.delete(round.resolve("disk"));
    }
    Results.add(
        "linux-kill.txt",
        "%s, %s: %d servers killed while fio wrote, from seed %d on: all %d acknowledged writes are there, and %d others"
            .formatted(fetch, data, KILLS, seed, acknowledged, others));
  }

  private static List<String> options(String fetch, String data, Recovery recovery, int queues) {
    List<String> options = new ArrayList<>(List.of("-q", String.valueOf(queues)));
    options.add(fetch.equals("batch") ? "--batch" : "--no-batch");
    if (data.equals("user-copy")) options.add("--user-copy");
    if (data.equals("zero-copy")) options.add("-z");
    switch (recovery) {
      case NONE -> {}
      case WAIT -> options.add("-r");
      case REISSUE -> options.add("-i");
      case FAIL_IO -> options.add("-e");
    }
    return options;
  }

  /// One server, and the one that takes over.
  ///
  /// @param moment bytes that are written before it is killed
  /// @return the blocks whose writing was acknowledged
  private BitSet kill(Path round, List<String> options, Recovery recovery, long moment)
      throws Exception {
    String file = round.resolve("disk").toString();
    Tool.run("truncate", "-s", String.valueOf(FioWrites.SIZE), file);
    List<String> words = new ArrayList<>(List.of("add", "-t", "loop", "-f", file));
    words.addAll(options);
    var dying = DeviceServer.start(round, words.toArray(String[]::new));
    var fio = new FioWrites(round);
    boolean mayFail = recovery != Recovery.REISSUE;
    String onError = "--continue_on_error=" + (mayFail ? "io" : "none");
    Process client = fio.start(dying.disk(), "libaio", seed, onError);
    while (dying.written() < moment && client.isAlive()) TimeUnit.MILLISECONDS.sleep(1);
    assertTrue(client.isAlive(), () -> "fio has ended: " + said(round));
    dying.kill();
    String id = String.valueOf(dying.device());
    try (var server = DeviceServer.start(round, "recover", "-n", id, "-t", "loop", "-f", file)) {
      assertTrue(client.waitFor(120, TimeUnit.SECONDS), "fio hangs");
      server.terminate();
    }
    BitSet heard = fio.acknowledged();
    if (!mayFail) {
      assertEquals(0, client.exitValue(), () -> said(round));
      assertEquals(FioWrites.BLOCKS, heard.cardinality());
    }
    return heard;
  }

  private static String said(Path round) {
    try {
      return Files.readString(round.resolve("fio"));
    } catch (IOException e) {
      return e.toString();
    }
  }
}
