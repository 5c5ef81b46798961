package dev.ringshot.model;

import static dev.ringshot.abi.Errno.EINVAL;
import static dev.ringshot.abi.Errno.EIO;
import static dev.ringshot.abi.Errno.EOPNOTSUPP;
import static dev.ringshot.abi.Errno.EPERM;
import static dev.ringshot.abi.ublk.Ublk.*;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.ringshot.model.UblkTestServer.Asked;
import dev.ringshot.model.block.Bio;
import dev.ringshot.model.ublk.UblkDisk;
import dev.ringshot.model.ublk.UblkDriver;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A ublk disk and a server of it, on one thread and on several.
class UblkDiskTest {
  private static final int PAGE = 4096;
  private static final long MILLI = 1_000_000;

  private final List<Integer> errnos = new ArrayList<>();

  private void ended(Bio bio, int errno) {
    errnos.add(errno);
  }

  private static MemorySegment memory(long bytes) {
    return Arena.ofAuto().allocate(bytes);
  }

  private static UblkDisk disk(UblkDriver driver, UblkTestServer server) {
    return Objects.requireNonNull(driver.disk(server.id));
  }

  private static void serveAll(UblkTestServer server) {
    while (server.serve(MILLI) > 0) {}
  }

  @ParameterizedTest
  @ValueSource(longs = {0, UBLK_F_BATCH_IO})
  void longRequestsAreSplitAndTagsUsedAgain(long flags) {
    try (var time = Scheduler.virtual(1);
        var kernel = new ModelKernel(time)) {
      var driver = UblkDriver.addTo(kernel);
      try (var server = new UblkTestServer(kernel, flags, 2, 0)) {
        var disk = disk(driver, server);
        var data = memory(5L * UblkTestServer.IO_BYTES);
        for (long i = 0; i < data.byteSize(); i++) data.set(JAVA_BYTE, i, (byte) ((i * 7) >> 5));
        disk.submit(Bio.write(PAGE, data, 0, this::ended));
        serveAll(server);
        var back = memory(data.byteSize());
        disk.submit(Bio.read(PAGE, back, this::ended));
        serveAll(server);
        assertEquals(List.of(0, 0), errnos);
        assertEquals(-1, data.mismatch(back));
        assertEquals(10, server.asked.size());
        assertEquals(new Asked(UBLK_IO_OP_WRITE, 0, 8, 32), server.asked.getFirst());
      }
    }
  }

  @Test
  void whatADiskCannotDoIsRefused() {
    try (var time = Scheduler.virtual(1);
        var kernel = new ModelKernel(time)) {
      var driver = UblkDriver.addTo(kernel);
      try (var server = new UblkTestServer(kernel, 0, 2, UBLK_ATTR_READ_ONLY)) {
        var disk = disk(driver, server);
        disk.submit(Bio.write(0, memory(PAGE), 0, this::ended));
        disk.submit(Bio.read(1, memory(PAGE), this::ended));
        disk.submit(Bio.read(UblkTestServer.SIZE, memory(PAGE), this::ended));
        disk.submit(Bio.flush(this::ended));
        assertEquals(List.of(EPERM, EINVAL, EIO, 0), errnos);
      }
      errnos.clear();
      try (var server = new UblkTestServer(kernel, 0, 2, 0)) {
        disk(driver, server).submit(Bio.writeZeroes(0, PAGE, 0, this::ended));
        assertEquals(List.of(EOPNOTSUPP), errnos);
      }
    }
  }

  @Test
  void discardsAreSplitInWholeUnits() {
    try (var time = Scheduler.virtual(1);
        var kernel = new ModelKernel(time)) {
      var driver = UblkDriver.addTo(kernel);
      try (var server = new UblkTestServer(kernel, 0, 4, 0)) {
        disk(driver, server).submit(Bio.discard(0, 5 * PAGE, this::ended));
        serveAll(server);
        assertEquals(
            List.of(
                new Asked(UBLK_IO_OP_DISCARD, 0, 0, 16),
                new Asked(UBLK_IO_OP_DISCARD, 0, 16, 16),
                new Asked(UBLK_IO_OP_DISCARD, 0, 32, 8)),
            server.asked);
        assertEquals(List.of(0), errnos);
      }
    }
  }

  @Test
  void stableWritesAreFlaggedOrFlushedAsTheDiskCan() {
    try (var time = Scheduler.virtual(1);
        var kernel = new ModelKernel(time)) {
      var driver = UblkDriver.addTo(kernel);
      int cache = UBLK_ATTR_VOLATILE_CACHE;
      int[] attributes = {0, cache, cache | UBLK_ATTR_FUA};
      List<List<Asked>> expected =
          List.of(
              List.of(new Asked(UBLK_IO_OP_WRITE, 0, 0, 8)),
              List.of(new Asked(UBLK_IO_OP_WRITE, 0, 0, 8), new Asked(UBLK_IO_OP_FLUSH, 0, 0, 0)),
              List.of(new Asked(UBLK_IO_OP_WRITE, UBLK_IO_F_FUA, 0, 8)));
      for (int i = 0; i < attributes.length; i++) {
        try (var server = new UblkTestServer(kernel, UBLK_F_BATCH_IO, 4, attributes[i])) {
          disk(driver, server).submit(Bio.write(0, memory(PAGE), Bio.FUA, this::ended));
          serveAll(server);
          assertEquals(expected.get(i), server.asked);
        }
      }
      assertEquals(List.of(0, 0, 0), errnos);
    }
  }

  @Test
  void disksAreAnnouncedAndGoWithTheirServers() {
    try (var time = Scheduler.virtual(1);
        var kernel = new ModelKernel(time)) {
      var driver = UblkDriver.addTo(kernel);
      List<String> heard = new ArrayList<>();
      driver.whenAdded(disk -> heard.add("+" + disk.name()));
      driver.whenRemoved(disk -> heard.add("-" + disk.name()));
      try (var server = new UblkTestServer(kernel, UBLK_F_BATCH_IO, 4, 0)) {
        var disk = disk(driver, server);
        assertEquals(List.of("+ublkb0"), heard);
        disk.submit(Bio.read(0, memory(PAGE), this::ended));
        server.goAway();
        while (time.step()) {}
        assertEquals(List.of(EIO), errnos);
        assertNull(driver.disk(server.id));
        assertEquals(List.of("+ublkb0", "-ublkb0"), heard);
        server.open();
      }
    }
  }

  @Test
  void release618HasNoBatches() {
    try (var time = Scheduler.virtual(1);
        var kernel = new ModelKernel(time, ModelOptions.DEFAULT.withRelease(Release.LINUX_6_18))) {
      var driver = UblkDriver.addTo(kernel);
      try (var server = new UblkTestServer(kernel, 0, 2, 0)) {
        assertNotNull(driver.disk(server.id));
        assertEquals(0, server.command(UBLK_U_CMD_GET_FEATURES, server.id, 8, 0));
        assertEquals(0x7eff, server.features());
      }
    }
  }

  /// Several threads write and read pages of their own while one serves them.
  @ParameterizedTest
  @ValueSource(longs = {0, UBLK_F_BATCH_IO})
  void threadsUseADiskThatAnotherServes(long flags) throws InterruptedException {
    try (var time = Scheduler.real();
        var kernel = new ModelKernel(time)) {
      var driver = UblkDriver.addTo(kernel);
      var stop = new AtomicBoolean();
      var failure = new AtomicReference<@Nullable Throwable>();
      var started = new AtomicReference<@Nullable UblkDisk>();
      var isStarted = new CountDownLatch(1);
      var serving =
          Thread.ofPlatform()
              .start(() -> {
                try (var server = new UblkTestServer(kernel, flags, 4, 0)) {
                  started.set(driver.disk(server.id));
                  isStarted.countDown();
                  while (!stop.get()) {
                    int _ = server.serve(MILLI);
                  }
                } catch (Throwable e) {
                  failure.set(e);
                  isStarted.countDown();
                }
              });
      isStarted.await();
      assertNull(failure.get());
      var disk = Objects.requireNonNull(started.get());
      var users = new ArrayList<Thread>();
      for (int user = 0; user < 4; user++) {
        int number = user;
        users.add(
            Thread.ofPlatform()
                .start(() -> {
                  try {
                    use(disk, number);
                  } catch (Throwable e) {
                    failure.set(e);
                  }
                }));
      }
      for (var user : users) user.join();
      stop.set(true);
      serving.join();
      assertNull(failure.get());
    }
  }

  private static void use(UblkDisk disk, int number) throws InterruptedException {
    var random = new SplittableRandom(number);
    for (int i = 0; i < 200; i++) {
      long offset = (number * 32L + random.nextInt(32)) * PAGE;
      byte value = (byte) random.nextInt();
      var data = memory(PAGE).fill(value);
      assertEquals(0, perform(disk, end -> Bio.write(offset, data, 0, end)));
      var back = memory(PAGE);
      assertEquals(0, perform(disk, end -> Bio.read(offset, back, end)));
      assertEquals(-1, data.mismatch(back));
    }
  }

  private static int perform(UblkDisk disk, java.util.function.Function<Bio.End, Bio> request)
      throws InterruptedException {
    var done = new CountDownLatch(1);
    var result = new AtomicReference<>(-1);
    disk.submit(
        request.apply((bio, errno) -> {
          result.set(errno);
          done.countDown();
        }));
    if (!done.await(20, TimeUnit.SECONDS)) throw new AssertionError("no end");
    return result.get();
  }
}
