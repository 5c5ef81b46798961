package dev.ringshot.ublk;

import static dev.ringshot.abi.Errno.EIO;
import static dev.ringshot.abi.Errno.ENODEV;
import static dev.ringshot.abi.Errno.ENOSPC;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringshot.abi.ErrnoException;
import dev.ringshot.abi.ublk.Ublk;
import dev.ringshot.model.block.BioOp;
import dev.ringshot.ublk.target.MemTarget;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// A device's life, on one thread in virtual time.
final class UblkServerTest {
  private static final long MIB = 1 << 20;

  @ParameterizedTest
  @EnumSource
  void whatIsWrittenIsRead(Mode mode) {
    try (var rig = new Rig(1)) {
      rig.serve(new MemTarget(MIB), mode.of(rig.options()));
      assertEquals(0, rig.write(4096, Rig.bytes(200_704, 3)));
      rig.assertReads(4096, Rig.bytes(200_704, 3));
      rig.stop();
      assertNull(rig.server().failure());
      assertTrue(rig.driver.disks().isEmpty());
    }
  }

  @ParameterizedTest
  @EnumSource
  void manyRequestsAtATimeAllEnd(Mode mode) {
    try (var rig = new Rig(2)) {
      rig.serve(new MemTarget(MIB), mode.of(rig.options()).withQueues(2, 4));
      for (Rig.Io io : rig.writeMany(64, 4096)) assertEquals(0, rig.errno(io));
      for (int i = 0; i < 64; i++) rig.assertReads(i * 4096L, Rig.bytes(4096, i));
      rig.stop();
    }
  }

  @ParameterizedTest
  @EnumSource
  void flushDiscardAndZeroesReachTheTarget(Mode mode) {
    List<BlockOp> seen = new ArrayList<>();
    var limits = BlockLimits.DEFAULT.withWriteCache(true, true).withDiscard(4096, 1 << 20, 1 << 20);
    var target =
        new Scripted(
            limits,
            (request, ring) -> {
              seen.add(request.op());
              request.complete();
            });
    try (var rig = new Rig(3)) {
      rig.serve(target, mode.of(rig.options()));
      seen.clear();
      assertEquals(0, rig.range(BioOp.FLUSH, 0, 0));
      assertEquals(0, rig.range(BioOp.DISCARD, 8192, 8192));
      assertEquals(0, rig.range(BioOp.WRITE_ZEROES, 4096, 4096));
      assertEquals(List.of(BlockOp.FLUSH, BlockOp.DISCARD, BlockOp.WRITE_ZEROES), seen);
      rig.stop();
    }
  }

  @ParameterizedTest
  @EnumSource
  void aFullDiskIsEnospcToTheClient(Mode mode) {
    try (var rig = new Rig(4)) {
      rig.serve(new Scripted((request, ring) -> request.complete(-ENOSPC)), mode.of(rig.options()));
      assertEquals(ENOSPC, rig.write(0, Rig.bytes(4096, 1)));
      rig.stop();
    }
  }

  @ParameterizedTest
  @EnumSource
  void aTargetThatThrowsFailsOneRequest(Mode mode) {
    var good = new MemTarget(MIB);
    var target =
        new Scripted((request, ring) -> {
          if (request.op() == BlockOp.WRITE && request.offset() == 0) {
            throw new IllegalStateException("bad");
          }
          good.submit(request, ring);
        });
    try (var rig = new Rig(5)) {
      rig.serve(target, mode.of(rig.options()));
      assertEquals(EIO, rig.write(0, Rig.bytes(4096, 1)));
      assertEquals(0, rig.write(4096, Rig.bytes(4096, 1)));
      rig.assertReads(4096, Rig.bytes(4096, 1));
      assertEquals(1, rig.statistics(0).misbehaved());
      rig.stop();
    }
  }

  @ParameterizedTest
  @EnumSource
  void aTargetThatReportsTooMuchFailsOneRequest(Mode mode) {
    var target = new Scripted((request, ring) -> request.complete(request.length() + 1));
    try (var rig = new Rig(6)) {
      rig.serve(target, mode.of(rig.options()));
      assertEquals(EIO, rig.read(0, Arena.ofAuto().allocate(4096)));
      assertTrue(rig.statistics(0).misbehaved() > 0);
      rig.stop();
    }
  }

  @ParameterizedTest
  @EnumSource
  void aSecondCompletionIsRefusedEvenOfAnotherRequest(Mode mode) {
    List<BlockRequest> kept = new ArrayList<>();
    var good = new MemTarget(MIB);
    var target =
        new Scripted((request, ring) -> {
          kept.forEach(BlockRequest::complete); // some are of the request before of the tag
          kept.clear();
          good.submit(request, ring);
          request.complete(-EIO);
          kept.add(request);
        });
    try (var rig = new Rig(7)) {
      rig.serve(target, mode.of(rig.options()));
      for (int i = 0; i < 20; i++) {
        assertEquals(0, rig.write(4096L * i, Rig.bytes(4096, i)));
        rig.assertReads(4096L * i, Rig.bytes(4096, i));
      }
      assertTrue(rig.statistics(0).refused() >= 40, () -> "" + rig.statistics(0).refused());
      rig.stop();
    }
  }

  @ParameterizedTest
  @EnumSource
  void aStopEndsThoughATargetNeverCompletes(Mode mode) {
    var good = new MemTarget(MIB);
    var target =
        new Scripted((request, ring) -> {
          if (request.offset() != 8192) good.submit(request, ring);
        });
    try (var rig = new Rig(8)) {
      rig.serve(target, mode.of(rig.options()));
      Rig.Io lost = rig.beginWrite(8192, Rig.bytes(4096, 1));
      assertEquals(0, rig.write(0, Rig.bytes(4096, 1)));
      rig.stop();
      assertEquals(EIO, rig.errno(lost));
      assertEquals(1, rig.statistics(0).abandoned());
      assertTrue(rig.driver.disks().isEmpty());
    }
  }

  @ParameterizedTest
  @EnumSource
  void aShortResultIsFollowedByTheRest(Mode mode) {
    var good = new MemTarget(MIB);
    var target =
        new Scripted((request, ring) -> {
          if (request.length() <= 512) {
            good.submit(request, ring);
            return;
          }
          var half = new BlockRequest((part, result) -> request.complete(result + 100));
          int length = request.length() / 2 & -512;
          good.submit(
              half.begin(request.op(), 0, request.offset(), length, request.buffer(), 0), ring);
        });
    try (var rig = new Rig(9)) {
      rig.serve(target, mode.of(rig.options()));
      assertEquals(0, rig.write(0, Rig.bytes(32768, 5)));
      rig.assertReads(0, Rig.bytes(32768, 5));
      rig.stop();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 4, 6, 16})
  void fetchCommandsThatRunOutOfBuffersAreRearmed(int bufferSize) {
    try (var rig = new Rig(10)) {
      var options = Mode.BATCH_COPY.of(rig.options()).withFetchBuffers(1, bufferSize);
      rig.serve(new MemTarget(MIB), options);
      for (int round = 0; round < 10; round++) {
        for (Rig.Io io : rig.writeMany(20, 4096)) assertEquals(0, rig.errno(io));
      }
      rig.assertReads(4096, Rig.bytes(4096, 1));
      assertTrue(rig.statistics(0).fetchCommands() > 2);
      rig.stop();
    }
  }

  @Test
  void twoFetchCommandsAreEnoughForEver() {
    try (var rig = new Rig(11)) {
      rig.serve(new MemTarget(MIB), Mode.BATCH_COPY.of(rig.options()));
      for (int i = 0; i < 3000; i++) assertEquals(0, rig.write(0, Rig.bytes(512, i)));
      assertEquals(2, rig.statistics(0).fetchCommands());
      assertTrue(rig.statistics(0).tagsFetched() >= 3000);
      rig.stop();
    }
  }

  @Test
  void theDiskIsAsLargeAsResizeSays() throws Exception {
    try (var rig = new Rig(12)) {
      var server = rig.serve(new MemTarget(2 * MIB), rig.options());
      var resize = server.resize(MIB);
      rig.runUntil(resize::isDone);
      assertEquals(0, resize.result());
      assertEquals(MIB, rig.disk().capacity());
      rig.stop();
    }
  }

  @Test
  void theDriversLimitsAreTheTargets() {
    try (var rig = new Rig(13)) {
      var limits =
          BlockLimits.DEFAULT
              .withBlockSize(4096, 8192)
              .withWriteCache(true, true)
              .withDiscard(8192, 1 << 20, 1 << 19);
      rig.serve(new Scripted(limits, (request, ring) -> request.complete()), rig.options());
      var seen = rig.disk().limits();
      assertEquals(4096, seen.logicalBlockSize());
      assertEquals(8192, seen.physicalBlockSize());
      assertEquals(64 << 10, seen.maxTransfer());
      assertEquals(8192, seen.discardGranularity());
      assertEquals(1 << 20, seen.maxDiscard());
      assertEquals(1 << 19, seen.maxWriteZeroes());
      assertTrue(seen.hasVolatileCache() && seen.hasFua());
      rig.stop();
    }
  }

  @Test
  void latenciesAreOfTheClockThatWasGiven() {
    var target =
        new Scripted((request, ring) -> {
          var memory = ring.allocate(16);
          dev.ringshot.abi.Timespec.set(memory, 0, 5_000_000);
          ring.prepare((res, flags) -> request.complete()).timeout(memory.address(), 0, 0);
        });
    try (var rig = new Rig(14)) {
      rig.serve(target, rig.options());
      for (int i = 0; i < 10; i++) assertEquals(0, rig.write(0, Rig.bytes(4096, i)));
      long p50 = rig.statistics(0).latency().percentileNanos(50);
      assertTrue(p50 >= 5_000_000 && p50 < 6_500_000, () -> p50 + " ns");
      assertEquals(10 * 4096, rig.statistics(0).bytes(BlockOp.WRITE));
      rig.stop();
    }
  }

  @Test
  void anotherOnesStopEndsTheServerToo() {
    try (var rig = new Rig(15);
        var control = UblkControl.open(rig.kernel)) {
      var server = rig.serve(new MemTarget(MIB), rig.options());
      var stop = control.stop(0);
      rig.runUntil(() -> {
        control.step();
        return stop.isDone() && server.state() == UblkServer.State.ENDED;
      });
      assertNull(server.failure());
      var info = control.info(0);
      control.await();
      assertEquals(Ublk.UBLK_S_DEV_DEAD, info.get().state()); // left for whoever stopped it
    }
  }

  @Test
  void theDeviceIsGoneAfterAStop() {
    try (var rig = new Rig(16);
        var control = UblkControl.open(rig.kernel)) {
      rig.serve(new MemTarget(MIB), rig.options());
      rig.stop();
      var info = control.info(0);
      control.await();
      assertEquals(-ENODEV, info.result());
      var e = assertThrows(ErrnoException.class, info::get);
      assertEquals(
          "GET_DEV_INFO2: ENODEV: there is no device 0; see the list of devices", e.getMessage());
    }
  }

  @ParameterizedTest
  @EnumSource(UblkServer.State.class)
  void aStopAtAnyTimeEnds(UblkServer.State when) {
    try (var rig = new Rig(17)) {
      var server = new UblkServer(rig.kernel, new MemTarget(MIB), rig.options());
      rig.drives(server);
      for (int i = 0;
          i < 1000 && server.state() != when && server.state() != UblkServer.State.LIVE;
          i++) {
        rig.run(1);
      }
      rig.stop();
      assertNull(server.failure());
      assertTrue(rig.driver.disks().isEmpty());
    }
  }

  /// A step that takes an answer also acts on it: else this waits for ever, which throws.
  @Test
  void awaitMissesNoAnswer() {
    try (var rig = new Rig(20)) {
      var kernel = new PromptKernel(rig.kernel, rig.time);
      var server = new UblkServer(kernel, new MemTarget(MIB), rig.options());
      while (server.step() && server.queues().isEmpty()) server.await();
      rig.drives(server);
      rig.stop();
      assertNull(server.failure());
    }
  }

  /// `START_DEV` ends only when its caller has had the queues made ready.
  @Test
  void awaitComesBackWhenThereAreQueues() {
    try (var rig = new Rig(21)) {
      var server =
          new UblkServer(new PromptKernel(rig.kernel, rig.time), new MemTarget(MIB), rig.options());
      while (server.queues().isEmpty()) server.await();
      rig.drives(server);
      rig.stop();
      assertNull(server.failure());
    }
  }

  @Test
  void aStartThatWaitsSaysForWhat() {
    try (var rig = new Rig(18)) {
      var server = new UblkServer(rig.kernel, new MemTarget(MIB), rig.options().withQueues(2, 4));
      for (int i = 0; i < 100; i++) {
        server.step(); // but no queue
        rig.time.step();
      }
      assertEquals("START_DEV waits: queue 0 has 0 of 4 tags ready", server.describe());
      rig.drives(server);
      rig.stop();
      assertNull(server.failure());
    }
  }

  @Test
  void aQueueThatCannotAttachFailsTheServerAndDeletesTheDevice() {
    var target =
        new BlockTarget() {
          @Override
          public long size() {
            return MIB;
          }

          @Override
          public void submit(BlockRequest request, dev.ringshot.ring.Ring ring) {}

          @Override
          public void attach(int queue, dev.ringshot.ring.Ring ring) {
            throw new IllegalStateException("no disk today");
          }
        };
    try (var rig = new Rig(19)) {
      var server = new UblkServer(rig.kernel, target, rig.options());
      for (int i = 0; i < 10_000 && server.stepAll(); i++) rig.time.step();
      assertEquals(UblkServer.State.ENDED, server.state());
      assertEquals(
          "java.lang.IllegalStateException: no disk today", String.valueOf(server.failure()));
      assertTrue(rig.driver.disks().isEmpty());
      server.close();
    }
  }
}
