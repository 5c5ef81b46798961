package dev.ringshot.cli.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringshot.cli.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/// Long runs of a server under fio: it dies, or its disk fails, at moments that a seed draws.
/// `-Dringshot.seed` is that seed, `-Dringshot.rounds` how many there are.
@Tag("soak")
@EnabledOnOs(OS.LINUX)
@Timeout(1800)
final class ServeSoakTest {
  private static final int ROUNDS = Integer.getInteger("ringshot.rounds", 40);

  private final long seed = Long.getLong("ringshot.seed", new SplittableRandom().nextLong() >>> 1);

  @TempDir private Path folder;

  /// Serves a new image, in a way that the round chooses.
  private ServerProcess serve(Path round, int number, List<String> more) throws IOException {
    Files.createDirectories(round);
    List<String> options =
        new ArrayList<>(
            List.of(round.resolve("disk").toString(), "--create", "--size", "" + FioWrites.SIZE));
    options.addAll(List.of("--fetch", number % 2 == 0 ? "batch" : "per-tag"));
    options.addAll(List.of("--data", number % 4 < 2 ? "copy" : "user-copy"));
    options.addAll(List.of("--queues", String.valueOf(1 + number % 3)));
    options.addAll(more);
    return ServerProcess.start(round, List.of(), options);
  }

  @Test
  void everyWriteThatFioHeardOfOutlivesTheServersDeath() throws Exception {
    Tool.need("fio");
    var random = new SplittableRandom(seed);
    int acknowledged = 0;
    int others = 0;
    int under = 0; // rounds in which fio was at it
    for (int number = 0; number < ROUNDS; number++) {
      Path round = folder.resolve("kill" + number);
      var fio = new FioWrites(round);
      try (var server = serve(round, number, List.of())) {
        Process client = fio.start(server.uri(), seed + number, "--do_verify=0");
        boolean isDone = client.waitFor(random.nextInt(300, 2500), TimeUnit.MILLISECONDS);
        server.kill();
        assertTrue(client.waitFor(60, TimeUnit.SECONDS), "fio hangs");
        if (!isDone) under++;
      }
      BitSet heard = fio.acknowledged();
      acknowledged += heard.cardinality();
      others += FioWrites.check(round.resolve("disk"), heard);
      Files.delete(round.resolve("disk"));
    }
    assertTrue(acknowledged > 0, "nothing was written");
    Results.add(
        "serve-kill.txt",
        "%d servers killed, %d of them while fio wrote, from seed %d on: all %d acknowledged writes are there, and %d others"
            .formatted(ROUNDS, under, seed, acknowledged, others));
  }

  @Test
  void whatFailsIsNotThereAndAllElseIs() throws Exception {
    Tool.need("fio");
    int rounds = Math.max(1, ROUNDS / 4);
    long failed = 0;
    long written = 0;
    for (int number = 0; number < rounds; number++) {
      Path round = folder.resolve("faulty" + number);
      var fio = new FioWrites(round);
      String faulty = "faulty:write=0.03,read=0.03,seed=" + (seed + number);
      try (var server = serve(round, number, List.of("--with", faulty))) {
        Process client = fio.start(server.uri(), seed + number, "--continue_on_error=io");
        assertTrue(client.waitFor(120, TimeUnit.SECONDS), "fio hangs");
        server.terminate();
        String line = server.process().inputReader().readLine();
        assertNotNull(line, server::errors);
        assertEquals(0, server.process().waitFor(), server::errors);
        String said = Files.readString(round.resolve("fio"));
        assertFalse(said.contains("verify:"), said);

        BitSet heard = fio.acknowledged();
        assertEquals(0, FioWrites.check(round.resolve("disk"), heard), "blocks that failed");
        assertEquals(sum(line, "write_bytes") / FioWrites.BLOCK, heard.cardinality());
        assertTrue(sum(line, "errors") > 0, line);
        failed += sum(line, "errors");
        written += heard.cardinality();
      }
      Files.delete(round.resolve("disk"));
    }
    Results.add(
        "serve-faulty.txt",
        "%d disks that fail, from seed %d on: %d requests failed, and all %d writes that did not are there"
            .formatted(rounds, seed, failed, written));
  }

  private static long sum(String json, String figure) {
    return JsonObject.of(json).list("queues").stream()
        .mapToLong(queue -> ((JsonObject) queue).number(figure))
        .sum();
  }
}
