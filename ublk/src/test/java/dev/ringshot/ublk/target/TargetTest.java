package dev.ringshot.ublk.target;

import static dev.ringshot.abi.Errno.EIO;
import static dev.ringshot.abi.Errno.EOPNOTSUPP;
import static dev.ringshot.abi.Errno.EROFS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringshot.abi.ErrnoException;
import dev.ringshot.model.ModelKernel;
import dev.ringshot.model.Scheduler;
import dev.ringshot.ublk.BlockOp;
import dev.ringshot.ublk.BlockRequest;
import dev.ringshot.ublk.BlockTarget;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Targets on the model, without ublk.
final class TargetTest {
  private static final int MIB = 1 << 20;

  private final Scheduler time = Scheduler.virtual(5);
  private final ModelKernel kernel = new ModelKernel(time);

  private TargetBench bench(String target, String... before) {
    BlockTarget all = TargetSpec.parse(target).open(kernel, TargetTest.class.getClassLoader());
    for (String spec : before) all = TargetSpec.parse(spec).before(all, line -> {});
    return new TargetBench(kernel, all);
  }

  @Test
  void memIsSparseAndZeroWhereNothingWasWritten() {
    var mem = new MemTarget(8 * MIB);
    try (var bench = new TargetBench(kernel, mem)) {
      bench.assertReads(MIB - 512, 4096, 0);
      assertEquals(0, mem.allocated());
      bench.write((64 << 10) - 512, 1024, 7);
      bench.assertReads((64 << 10) - 512, 1024, 7);
      assertEquals(128 << 10, mem.allocated());
      assertEquals(0, bench.run(BlockOp.DISCARD, 0, 128 << 10));
      bench.assertReads((64 << 10) - 512, 1024, 0);
      assertEquals(0, mem.allocated());
    }
  }

  @Test
  void zeroesThatKeepTheirSpaceDoSo() {
    var mem = new MemTarget(MIB);
    try (var bench = new TargetBench(kernel, mem)) {
      assertEquals(0, bench.run(BlockOp.WRITE_ZEROES, BlockRequest.NO_UNMAP, 0, 64 << 10));
      assertEquals(64 << 10, mem.allocated());
    }
  }

  @Test
  void nothingReachesBehindTheEnd() {
    try (var bench = bench("mem:size=1M")) {
      assertEquals(-EIO, bench.run(BlockOp.READ, MIB - 512, 1024));
    }
  }

  @Test
  void fileKeepsWhatWasWrittenAtItsOffset(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("disk.img");
    try (var bench = bench("file:" + file + ",create,size=1M,offset=8K")) {
      bench.write(4096, 4096, 9);
      assertEquals(0, bench.run(BlockOp.FLUSH, 0, 0));
      bench.assertReads(4096, 4096, 9);
      bench.assertReads(0, 4096, 0);
      assertEquals(MIB, bench.target.size());
      assertTrue(bench.target.limits().hasWriteCache() && bench.target.limits().hasFua());
    }
    assertEquals(MIB + 8192, Files.size(file));
    assertEquals(9, Files.readAllBytes(file)[8192 + 4096]);
  }

  @Test
  void fileWithoutHolesHasNoDiscard(@TempDir Path folder) throws Exception {
    Path file = Files.write(folder.resolve("disk.img"), new byte[65536]);
    try (var bench = bench("file:" + file)) { // the model's files are Java's, which has none
      assertEquals(65536, bench.target.size());
      int result = bench.run(BlockOp.DISCARD, 0, 4096);
      assertEquals(bench.target.limits().maxDiscardSize() == 0 ? -EOPNOTSUPP : 0, result);
    }
  }

  @Test
  void fileThatIsReadOnlySaysSo(@TempDir Path folder) throws Exception {
    Path file = Files.write(folder.resolve("disk.img"), new byte[65536]);
    try (var bench = bench("file:" + file + ",readonly")) {
      assertTrue(bench.target.limits().isReadOnly());
      assertFalse(bench.target.limits().hasWriteCache());
      bench.assertReads(0, 4096, 0);
      assertTrue(bench.run(BlockOp.WRITE, 0, 4096) < 0);
    }
  }

  @Test
  void fileThatIsNotThereIsNamed() {
    var e = assertThrows(ErrnoException.class, () -> bench("file:/no/such/disk"));
    assertTrue(String.valueOf(e.getMessage()).contains("/no/such/disk"), e::toString);
  }

  @Test
  void stripeSpreadsChunksAndJoinsRanges() {
    List<MemTarget> disks = List.of(new MemTarget(MIB), new MemTarget(MIB), new MemTarget(MIB));
    try (var bench = new TargetBench(kernel, new StripeTarget(disks, 4096))) {
      assertEquals(3 * MIB, bench.target.size());
      for (int chunk = 0; chunk < 9; chunk++) bench.write(chunk * 4096L, 4096, chunk + 1);
      for (int chunk = 0; chunk < 9; chunk++) bench.assertReads(chunk * 4096L, 4096, chunk + 1);
      assertEquals(2048, bench.run(BlockOp.READ, 2048, 4096)); // short, at the chunk's end
      assertEquals(0, bench.run(BlockOp.FLUSH, 0, 0));
      assertEquals(0, bench.run(BlockOp.WRITE_ZEROES, 2048, 7 * 4096));
      bench.assertReads(0, 2048, 1);
      bench.assertReads(2048, 2048, 0);
      for (int chunk = 1; chunk < 7; chunk++) bench.assertReads(chunk * 4096L, 4096, 0);
      bench.assertReads(7 * 4096, 2048, 0);
      bench.assertReads(7 * 4096 + 2048, 2048, 8);
      bench.assertReads(8 * 4096, 4096, 9);
    }
  }

  @Test
  void faultyFailsTheSameRequestsForASeed() {
    List<Integer> first = failures("faulty:write=0.3,seed=7");
    assertEquals(first, failures("faulty:write=0.3,seed=7"));
    assertTrue(first.size() > 15 && first.size() < 45, () -> first.size() + " of 100");
    assertFalse(first.equals(failures("faulty:write=0.3,seed=8")));
    assertEquals(List.of(), failures("faulty:read=1"));
    assertEquals(List.of(3), failures("faulty:all=1,from=12K,to=16K,errno=ENOSPC"));
  }

  private List<Integer> failures(String spec) {
    List<Integer> failed = new ArrayList<>();
    try (var bench = bench("mem:size=1M", spec)) {
      for (int i = 0; i < 100; i++) {
        if (bench.run(BlockOp.WRITE, i * 4096L, 4096) < 0) failed.add(i);
      }
    }
    return failed;
  }

  @Test
  void delayTakesItsTime() {
    try (var bench = bench("mem:size=1M", "delay:read=5ms")) {
      long start = time.nanoTime();
      bench.write(0, 4096, 1);
      assertTrue(time.nanoTime() - start < 1_000_000);
      bench.assertReads(0, 4096, 1);
      assertTrue(time.nanoTime() - start >= 5_000_000);
    }
  }

  @Test
  void readOnlyKeepsWritesAway() {
    try (var bench = bench("mem:size=1M", "readonly")) {
      assertTrue(bench.target.limits().isReadOnly());
      assertEquals(0, bench.target.limits().maxDiscardSize());
      assertEquals(-EROFS, bench.run(BlockOp.WRITE, 0, 4096));
      assertEquals(0, bench.run(BlockOp.FLUSH, 0, 0));
    }
  }

  @Test
  void traceTellsRequestsAndResults() {
    List<String> lines = new ArrayList<>();
    var traced = new TraceTarget(new MemTarget(MIB), lines::add);
    try (var bench = new TargetBench(kernel, traced)) {
      bench.write(8192, 4096, 1);
      bench.run(BlockOp.READ, MIB, 512);
      bench.run(BlockOp.FLUSH, 0, 0);
    }
    assertEquals(
        List.of(
            "0.0 WRITE 4096 bytes at 8192 = 4096",
            "0.0 READ 512 bytes at 1048576 = -EIO",
            "0.0 FLUSH = 0"),
        lines);
  }
}
