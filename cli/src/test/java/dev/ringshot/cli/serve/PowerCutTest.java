package dev.ringshot.cli.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringshot.abi.Fcntl;
import dev.ringshot.conformance.files.PowerCutFiles;
import dev.ringshot.model.block.Bio;
import dev.ringshot.model.block.BlockDevice;
import dev.ringshot.nbd.ExtentSource;
import dev.ringshot.ring.Ring;
import dev.ringshot.ublk.BlockLimits;
import dev.ringshot.ublk.BlockOp;
import dev.ringshot.ublk.BlockRequest;
import dev.ringshot.ublk.BlockTarget;
import dev.ringshot.ublk.ServerOptions;
import dev.ringshot.ublk.Troubles;
import dev.ringshot.ublk.target.FileOptions;
import dev.ringshot.ublk.target.FileTarget;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What was acknowledged after a flush, or with FUA, is in the file after a power cut; and this
/// test would see it if it were not.
@Timeout(120)
final class PowerCutTest {
  private static final String PATH = "disk";
  private static final int SECTOR = 512;
  private static final int SECTORS = 64;
  private static final int STEPS = 60;
  private static final int SEEDS = 25;
  private static final int SOAK_SEEDS = Integer.getInteger("ringshot.seeds", 5000);

  @Test
  void whatWasPromisedIsThereAfterAPowerCut() {
    for (long seed = 0; seed < SEEDS; seed++) assertEquals(List.of(), broken(seed, t -> t));
  }

  @Tag("soak")
  @Timeout(1800)
  @Test
  void whatWasPromisedIsThereAfterManyPowerCuts() throws Exception {
    long seed = Long.getLong("ringshot.seed", new SplittableRandom().nextLong() >>> 1);
    for (int i = 0; i < SOAK_SEEDS; i++) {
      long of = seed + i;
      assertEquals(List.of(), broken(of, t -> t), () -> "seed " + of);
    }
    Results.add(
        "power-cuts.txt",
        "%d power cuts, each after %d requests, from seed %d on: all promises kept"
            .formatted(SOAK_SEEDS, STEPS, seed));
  }

  @Test
  void flushThatDoesNothingIsFound() {
    assertTrue(isFound(target -> new Without(target, BlockOp.FLUSH)));
  }

  @Test
  void fuaThatDoesNothingIsFound() {
    assertTrue(isFound(target -> new Without(target, BlockOp.WRITE)));
  }

  private static boolean isFound(UnaryOperator<BlockTarget> before) {
    for (long seed = 0; seed < SEEDS; seed++) if (!broken(seed, before).isEmpty()) return true;
    return false;
  }

  /// One life of a disk, up to a power cut.
  ///
  /// @return the sectors that have lost what was promised
  private static List<String> broken(long seed, UnaryOperator<BlockTarget> before) {
    var random = new SplittableRandom(seed);
    var files = new PowerCutFiles(1 << 20);
    int file = files.open(PATH, Fcntl.O_RDWR | Fcntl.O_CREAT, 0600);
    files.ftruncate(file, SECTORS * SECTOR);
    files.fsync(file);
    var options = ServerOptions.of(ProcessHandle.current().pid()).withQueues(1, 16);
    var promises = new Promises();
    try (var driver = new ModelDriver(files, null);
        var disk =
            new ServedDisk(
                driver,
                kernel -> {
                  var target = FileTarget.open(kernel, PATH, FileOptions.DEFAULT);
                  return new DiskChoice.Disk(before.apply(target), ExtentSource.ALL_DATA);
                },
                options,
                false,
                Troubles.SILENT,
                new CompletableFuture<>())) {
      for (int step = 0; step < STEPS; step++) promises.step(driver.device(disk), random);
      files.powerCut(seed);
    }
    return promises.broken(files.bytes(PATH));
  }

  /// What each sector may be: what was promised last, or what was written since.
  private static final class Promises {
    private final List<List<Byte>> allowed = new ArrayList<>();
    private byte next;

    Promises() {
      for (int i = 0; i < SECTORS; i++) allowed.add(new ArrayList<>(List.of((byte) 0)));
    }

    void step(BlockDevice disk, SplittableRandom random) {
      if (random.nextInt(8) == 0) {
        assertEquals(0, run(disk, Bio::flush));
        for (var values : allowed) values.subList(0, values.size() - 1).clear();
        return;
      }
      int first = random.nextInt(SECTORS);
      int count = 1 + random.nextInt(Math.min(4, SECTORS - first));
      boolean isFua = random.nextInt(6) == 0;
      byte value = ++next;
      var data = Arena.ofAuto().allocate((long) count * SECTOR).fill(value);
      long offset = (long) first * SECTOR;
      assertEquals(0, run(disk, end -> Bio.write(offset, data, isFua ? Bio.FUA : 0, end)));
      for (int i = first; i < first + count; i++) {
        if (isFua) allowed.get(i).clear();
        allowed.get(i).add(value);
      }
    }

    private interface Request {
      Bio of(Bio.End end);
    }

    private static int run(BlockDevice disk, Request request) {
      var end = new CompletableFuture<Integer>();
      disk.submit(request.of((_, errno) -> end.complete(errno)));
      return end.join();
    }

    List<String> broken(byte[] bytes) {
      List<String> broken = new ArrayList<>();
      for (int i = 0; i < SECTORS; i++) {
        byte first = bytes[i * SECTOR];
        if (!allowed.get(i).contains(first))
          broken.add("sector " + i + " has " + first + ", not one of " + allowed.get(i));
      }
      return broken;
    }
  }

  /// A target that leaves something out: flushes, or FUA of writes.
  private record Without(BlockTarget target, BlockOp op) implements BlockTarget {
    @Override
    public long size() {
      return target.size();
    }

    @Override
    public BlockLimits limits() {
      return target.limits();
    }

    @Override
    public void open(int queues, int depth) {
      target.open(queues, depth);
    }

    @Override
    public void submit(BlockRequest request, Ring ring) {
      if (request.op() == op && op == BlockOp.FLUSH) {
        request.complete();
      } else if (request.op() == op && request.isFua()) {
        long bytes = request.length();
        var plain = new BlockRequest((_, result) -> request.complete(result), 0, request.tag());
        plain.begin(op, 0, request.offset(), (int) bytes, request.buffer(), request.bufferOffset());
        target.submit(plain, ring);
      } else {
        target.submit(request, ring);
      }
    }

    @Override
    public void close() {
      target.close();
    }
  }
}
