package dev.ringshot.ublk;

import static dev.ringshot.abi.Errno.EIO;
import static dev.ringshot.abi.Errno.EREMOTEIO;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringshot.model.Faults;
import dev.ringshot.model.ModelOptions;
import dev.ringshot.ublk.target.DelayTarget;
import dev.ringshot.ublk.target.MemTarget;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Servers that die again and again, at moments that a seed draws, in every mode and with every
/// kind of recovery, with Linux's unhappy answers in between. `-Dringshot.seed` is that seed,
/// `-Dringshot.devices` how many devices there are.
@Tag("soak")
@Timeout(1800)
final class RecoverySoakTest {
  private static final int DEVICES = Integer.getInteger("ringshot.devices", 3000);
  private static final int DEATHS = 4;
  private static final int BLOCK = 4096;
  private static final int BLOCKS = 24;
  private static final int NEVER = -1; // written

  private static final List<Recovery> RECOVERIES =
      List.of(Recovery.REISSUE, Recovery.WAIT, Recovery.FAIL_IO);

  /// Of requests that a server took with it, and of those that came while there was none.
  private static Set<Integer> ends(Recovery recovery) {
    return switch (recovery) {
      case NONE, REISSUE -> Set.of(0);
      case WAIT -> Set.of(0, EIO);
      case FAIL_IO -> Set.of(0, EIO, EREMOTEIO);
    };
  }

  @Test
  void whatWasAcknowledgedOutlivesEveryServer() throws IOException {
    long seed = Long.getLong("ringshot.seed", new SplittableRandom().nextLong() >>> 1);
    var ends = new TreeMap<String, Integer>();
    for (int i = 0; i < DEVICES; i++) {
      try {
        new Life(seed + i).run(ends);
      } catch (RuntimeException | AssertionError e) {
        throw new AssertionError("seed " + (seed + i) + ": " + e, e);
      }
    }
    report(
        "%d devices, each with %d servers that died, from seed %d on; requests under way: %s"
            .formatted(DEVICES, DEATHS, seed, ends));
  }

  /// One device, from its first server to the stop of its last.
  private static final class Life {
    private final SplittableRandom random;
    private final long seed;
    private final Recovery recovery;
    private final Mode mode;

    /// What each block may hold: the seed of its last acknowledged write, and of those since.
    private final Map<Integer, Set<Integer>> allowed = new TreeMap<>();

    private int writes;

    Life(long seed) {
      this.seed = seed;
      random = new SplittableRandom(seed);
      recovery = RECOVERIES.get(random.nextInt(RECOVERIES.size()));
      mode = List.of(Mode.values()).get(random.nextInt(Mode.values().length));
    }

    private Faults faults() {
      double rate = random.nextInt(3) * 0.05;
      return Faults.seeded(seed)
          .with(Faults.Point.CQ_FULL, rate)
          .with(Faults.Point.NO_BUFFER, rate)
          .with(Faults.Point.WORKER, rate)
          .with(Faults.Point.WAIT_INTERRUPTED, rate);
    }

    void run(Map<String, Integer> ends) {
      try (var rig = new Rig(seed, ModelOptions.DEFAULT.withFaults(faults()))) {
        var late = Map.of(BlockOp.WRITE, Duration.ofNanos(random.nextInt(1, 5000)));
        var disk = new DelayTarget(new MemTarget(1 << 20), late);
        var options = mode.of(rig.options()).withRecovery(recovery).withFetchBuffers(1, 8);
        rig.serve(disk, options);
        for (int death = 0; death < DEATHS; death++) {
          Map<Rig.Io, Integer> under = begin(rig, random.nextInt(1, 20));
          rig.run(random.nextInt(60));
          rig.kill();
          rig.run(random.nextInt(100));
          if (random.nextBoolean()) under.putAll(begin(rig, random.nextInt(1, 4)));
          rig.recover(disk, options.withDeviceId(0));
          under.forEach((io, write) -> end(rig, io, write, ends));
          allowed.forEach((block, values) -> assertHolds(rig, block, values));
        }
        rig.stop();
        assertTrue(rig.driver.disks().isEmpty());
      }
    }

    /// Writes to blocks that differ, so that no two are under way to one.
    private Map<Rig.Io, Integer> begin(Rig rig, int count) {
      Map<Rig.Io, Integer> begun = new LinkedHashMap<>();
      for (int i = 0; i < count; i++) {
        int write = writes++;
        int block = write % BLOCKS;
        allowed.computeIfAbsent(block, _ -> new HashSet<>(Set.of(NEVER))).add(write);
        begun.put(rig.beginWrite((long) block * BLOCK, Rig.bytes(BLOCK, write)), write);
      }
      return begun;
    }

    private void end(Rig rig, Rig.Io io, int write, Map<String, Integer> ends) {
      int errno = rig.errno(io);
      assertTrue(ends(recovery).contains(errno), () -> recovery + " ends with " + errno);
      ends.merge(recovery + " " + errno, 1, Integer::sum);
      if (errno == 0) allowed.put(write % BLOCKS, new HashSet<>(Set.of(write)));
    }

    private void assertHolds(Rig rig, int block, Set<Integer> values) {
      var read = Arena.ofAuto().allocate(BLOCK);
      assertEquals(0, rig.read((long) block * BLOCK, read));
      boolean isAllowed = values.stream().anyMatch(value -> read.mismatch(content(value)) < 0);
      assertTrue(isAllowed, () -> "block " + block + " holds none of the writes " + values);
    }
  }

  private static MemorySegment content(int write) {
    return write == NEVER ? Arena.ofAuto().allocate(BLOCK) : Rig.bytes(BLOCK, write);
  }

  private static void report(String line) throws IOException {
    System.out.println(line);
    Path directory = Path.of(System.getProperty("ringshot.results", "target"));
    Files.createDirectories(directory);
    Files.writeString(
        directory.resolve("recovery.txt"),
        line + "\n",
        StandardOpenOption.CREATE,
        StandardOpenOption.APPEND);
  }
}
