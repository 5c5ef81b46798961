package dev.ringshot.ublk;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ringshot.abi.Errno;
import dev.ringshot.abi.Kernel;
import dev.ringshot.abi.ublk.Ublk;
import dev.ringshot.ublk.target.FileOptions;
import dev.ringshot.ublk.target.FileTarget;
import dev.ringshot.ublk.target.MemTarget;
import dev.ringshot.ublk.target.NullTarget;
import dev.ringshot.ublk.target.ReadOnlyTarget;
import dev.ringshot.ublk.target.StripeTarget;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The server on Linux's own driver: disks in `/dev`, and what their users find there.
@Tag("linux")
@Tag("load")
@EnabledOnOs(OS.LINUX)
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class LinuxServerTest {
  private static final int MIB = 1 << 20;

  private final Kernel kernel = RealDisk.kernel();

  @TempDir private Path folder;

  private static byte[] bytes(int length, int seed) {
    byte[] bytes = new byte[length];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  /// Opened anew, for a disk's pages are forgotten with its last user: it is the server that
  /// answers.
  private static byte[] read(RealDisk disk, long offset, int length) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(length);
    try (var channel = FileChannel.open(disk.path(), StandardOpenOption.READ)) {
      while (buffer.hasRemaining()) {
        if (channel.read(buffer, offset + buffer.position()) <= 0) break;
      }
    }
    return Arrays.copyOf(buffer.array(), buffer.position());
  }

  private static void write(RealDisk disk, long offset, byte[] bytes) throws IOException {
    try (FileChannel channel = disk.open()) {
      assertEquals(bytes.length, channel.write(ByteBuffer.wrap(bytes), offset));
      channel.force(true);
    }
  }

  private FileTarget file(String name, int size) {
    return FileTarget.open(
        kernel, folder.resolve(name).toString(), new FileOptions(0, size, false, false, true));
  }

  // ---- What is written is read

  @ParameterizedTest
  @EnumSource
  void memoryKeepsWhatIsWritten(Mode mode) throws Exception {
    byte[] written = bytes(300_000, 1);
    try (var disk = RealDisk.serve(kernel, new MemTarget(MIB), mode.of(RealDisk.options()))) {
      write(disk, 8192, written);
      assertArrayEquals(written, read(disk, 8192, written.length));
      assertEquals(0, disk.statistics().errors());
      boolean isBatch = (disk.server().info().flags() & Ublk.UBLK_F_BATCH_IO) != 0;
      assertEquals(mode == Mode.BATCH_COPY || mode == Mode.BATCH_USER_COPY, isBatch);
    }
  }

  @ParameterizedTest
  @EnumSource
  void fileHasWhatIsWrittenAndSynced(Mode mode) throws Exception {
    byte[] written = bytes(200_000, 2);
    try (var target = file("disk", MIB);
        var disk = RealDisk.serve(kernel, target, mode.of(RealDisk.options()))) {
      write(disk, 4096, written);
      byte[] image = Files.readAllBytes(folder.resolve("disk"));
      assertArrayEquals(written, Arrays.copyOfRange(image, 4096, 4096 + written.length));
      assertTrue(disk.statistics().requests(BlockOp.FLUSH) > 0);
    }
  }

  @ParameterizedTest
  @EnumSource
  void nobodyCopies(FetchMode fetch) throws Exception {
    byte[] written = bytes(500_000 & -4096, 8);
    var options = RealDisk.options().withFetch(fetch).withData(DataMode.ZERO_COPY);
    var stripe = new StripeTarget(List.of(file("a", MIB), file("b", MIB)), 65536);
    try (var disk = RealDisk.serve(kernel, stripe, options)) {
      write(disk, 4096, written);
      assertArrayEquals(written, read(disk, 4096, written.length));
      assertEquals(0, disk.statistics().errors());
    }
    byte[] image = Files.readAllBytes(folder.resolve("a"));
    byte[] first = Arrays.copyOf(written, 65536 - 4096);
    assertArrayEquals(first, Arrays.copyOfRange(image, 4096, 65536));
    stripe.close();
  }

  @ParameterizedTest
  @EnumSource
  void stripeIsOneDisk(Mode mode) throws Exception {
    byte[] written = bytes(500_000, 3);
    var stripe = new StripeTarget(List.of(file("a", MIB), file("b", MIB)), 65536);
    try (var disk = RealDisk.serve(kernel, stripe, mode.of(RealDisk.options()))) {
      write(disk, 0, written);
      assertArrayEquals(written, read(disk, 0, written.length));
    }
    stripe.close();
  }

  @ParameterizedTest
  @EnumSource
  void nullForgets(Mode mode) throws Exception {
    try (var disk = RealDisk.serve(kernel, new NullTarget(MIB), mode.of(RealDisk.options()))) {
      write(disk, 0, bytes(65536, 4));
      assertEquals(65536, read(disk, 0, 65536).length);
      assertTrue(disk.statistics().bytes(BlockOp.WRITE) >= 65536);
    }
  }

  @Test
  void discardedBytesAreZeros() throws Exception {
    assumeTrue(Files.isExecutable(Path.of("/usr/sbin/blkdiscard")), "needs blkdiscard");
    try (var disk = RealDisk.serve(kernel, new MemTarget(MIB), RealDisk.options())) {
      write(disk, 0, bytes(MIB, 5));
      run("blkdiscard", "-o", "65536", "-l", "131072", disk.path().toString());
      run("blkdiscard", "--zeroout", "-o", "524288", "-l", "65536", disk.path().toString());
      byte[] expected = bytes(MIB, 5);
      Arrays.fill(expected, 65536, 65536 + 131072, (byte) 0);
      Arrays.fill(expected, 524288, 524288 + 65536, (byte) 0);
      assertArrayEquals(expected, read(disk, 0, MIB));
      assertTrue(disk.statistics().requests(BlockOp.DISCARD) > 0);
      assertTrue(disk.statistics().requests(BlockOp.WRITE_ZEROES) > 0);
    }
  }

  private static void run(String... command) throws Exception {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = String.join("\n", process.inputReader().readAllLines());
    assertEquals(0, process.waitFor(), said);
  }

  // ---- What a disk is

  @Test
  void diskIsWhatTheTargetSays() throws Exception {
    var limits =
        BlockLimits.DEFAULT
            .withBlockSize(4096, 4096)
            .withWriteCache(true, true)
            .withDiscard(8192, MIB, MIB);
    var target = new Scripted(limits, (request, ring) -> request.complete());
    try (var disk = RealDisk.serve(kernel, target, RealDisk.options())) {
      Path block = Path.of("/sys/block/ublkb" + disk.server().info().id());
      Path queue = block.resolve("queue");
      assertEquals("4096", setting(queue, "logical_block_size"));
      assertEquals("8192", setting(queue, "discard_granularity"));
      assertEquals("64", setting(queue, "max_hw_sectors_kb"));
      assertEquals("write back", setting(queue, "write_cache"));
      assertEquals("1", setting(queue, "fua"));
      assertEquals(String.valueOf(Scripted.SIZE / 512), setting(block, "size"));
    }
  }

  private static String setting(Path folder, String name) throws IOException {
    return Files.readString(folder.resolve(name)).strip();
  }

  @Test
  void readOnlyDiskRefusesWriters() throws Exception {
    var target = new ReadOnlyTarget(new MemTarget(MIB));
    try (var disk = RealDisk.serve(kernel, target, RealDisk.options())) {
      assertEquals(4096, read(disk, 0, 4096).length);
      assertThrows(IOException.class, () -> write(disk, 0, new byte[4096]));
    }
  }

  @Test
  void partitionsAreLookedForIfWanted() throws Exception {
    var options = RealDisk.options().withPartitionScan(true);
    try (var disk = RealDisk.serve(kernel, new MemTarget(MIB), options)) {
      for (int i = 0; i < 10_000 && disk.statistics().requests(BlockOp.READ) == 0; i++) {
        TimeUnit.MILLISECONDS.sleep(1);
      }
      assertTrue(disk.statistics().requests(BlockOp.READ) > 0);
    }
  }

  @Test
  void sizeChangesWhileItIsUsed() throws Exception {
    try (var disk = RealDisk.serve(kernel, new MemTarget(2 * MIB), RealDisk.options());
        var control = UblkControl.open(kernel)) {
      assertEquals(0, ended(control, control.resize(disk.server().info().id(), MIB)).result());
      try (FileChannel channel = disk.open()) {
        assertEquals(MIB, channel.size());
      }
    }
  }

  private static <T> ControlCommand<T> ended(UblkControl control, ControlCommand<T> command) {
    while (!command.isDone()) control.await();
    return command;
  }

  // ---- The end of it

  @Tag("load")
  @ParameterizedTest
  @EnumSource
  void devicesComeAndGo(Mode mode) throws Exception {
    for (int round = 0; round < 10; round++) {
      List<RealDisk> disks = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        disks.add(RealDisk.serve(kernel, new MemTarget(MIB), mode.of(RealDisk.options())));
      }
      for (RealDisk disk : disks) write(disk, 0, bytes(4096, round));
      for (RealDisk disk : disks) disk.close();
    }
  }

  @Test
  void diskThatIsOpenCanBeStoppedAndGoesWithItsLastUser() throws Exception {
    var options = RealDisk.options().withGrace(Duration.ofMillis(100));
    var disk = RealDisk.serve(kernel, new MemTarget(MIB), options);
    Path file = Path.of(disk.server().info().charPath());
    try (FileChannel channel = disk.open()) {
      assertEquals(4096, channel.write(ByteBuffer.allocate(4096), 0));
      disk.close();
      assertTrue(disk.server().hasUsers());
      assertEquals(-1, channel.read(ByteBuffer.allocate(4096), 8192)); // it has no bytes any more
    }
    try (var control = UblkControl.open(kernel)) {
      int id = disk.server().info().id();
      while (ended(control, control.info(id)).result() != -Errno.ENODEV) Thread.onSpinWait();
    }
    assertTrue(Files.notExists(file));
  }

  @Test
  void anotherOnesStopEndsTheServerToo() throws Exception {
    var disk = RealDisk.serve(kernel, new MemTarget(MIB), RealDisk.options());
    int id = disk.server().info().id();
    try (var control = UblkControl.open(kernel)) {
      assertEquals(0, ended(control, control.stop(id)).result());
      disk.join();
      assertEquals(Ublk.UBLK_S_DEV_DEAD, ended(control, control.info(id)).get().state());
      assertEquals(0, ended(control, control.delete(id)).result());
      assertEquals(-Errno.ENODEV, ended(control, control.info(id)).result());
    }
  }

  // ---- Death

  @ParameterizedTest
  @EnumSource
  void aNewServerTakesOver(Mode mode) throws Exception {
    for (Recovery recovery : List.of(Recovery.WAIT, Recovery.REISSUE, Recovery.FAIL_IO)) {
      var memory = new MemTarget(MIB);
      var options = mode.of(RealDisk.options()).withRecovery(recovery);
      var dying = RealDisk.serve(kernel, memory, options);
      write(dying, 0, bytes(65536, 6));
      dying.abandon();
      int id = dying.server().info().id();
      try (var disk = RealDisk.recover(kernel, memory, options.withDeviceId(id))) {
        assertArrayEquals(bytes(65536, 6), read(disk, 0, 65536));
        write(disk, 65536, bytes(4096, 7));
        assertArrayEquals(bytes(4096, 7), read(disk, 65536, 4096));
      }
    }
  }

  @Test
  void withoutRecoveryTheDiskGoesWithItsServer() throws Exception {
    var disk = RealDisk.serve(kernel, new MemTarget(MIB), RealDisk.options());
    disk.abandon();
    try (var control = UblkControl.open(kernel)) {
      int id = disk.server().info().id();
      while (ended(control, control.info(id)).get().state() != Ublk.UBLK_S_DEV_DEAD) {
        Thread.onSpinWait(); // its rings go after they were closed
      }
      assertEquals(0, ended(control, control.delete(id)).result());
    }
    assertTrue(Files.notExists(disk.path()));
  }
}
