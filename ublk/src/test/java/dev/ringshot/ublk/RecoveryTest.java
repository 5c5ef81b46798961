package dev.ringshot.ublk;

import static dev.ringshot.abi.Errno.EIO;
import static dev.ringshot.abi.Errno.EREMOTEIO;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringshot.abi.ErrnoException;
import dev.ringshot.abi.ublk.Ublk;
import dev.ringshot.ublk.target.MemTarget;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/// Servers that die with requests under way, and those that take over.
final class RecoveryTest {
  private static final long MIB = 1 << 20;

  static Stream<Arguments> everyMode() {
    return Stream.of(Mode.values())
        .flatMap(mode ->
            Stream.of(Recovery.WAIT, Recovery.REISSUE, Recovery.FAIL_IO)
                .map(recovery -> Arguments.of(mode, recovery)));
  }

  /// Keeps the requests that it gets, until it is told to serve.
  private static final class Keeper {
    final List<BlockRequest> kept = new ArrayList<>();
    boolean keeps;
    final MemTarget disk = new MemTarget(MIB);
    final Scripted target =
        new Scripted((request, ring) -> {
          if (keeps) kept.add(request);
          else disk.submit(request, ring);
        });
  }

  @ParameterizedTest
  @MethodSource("everyMode")
  void aNewServerTakesOverWithRequestsUnderWay(Mode mode, Recovery recovery) {
    try (var rig = new Rig(21)) {
      var options = mode.of(rig.options()).withRecovery(recovery);
      var keeper = new Keeper();
      rig.serve(keeper.target, options);
      assertEquals(0, rig.write(0, Rig.bytes(8192, 1)));
      keeper.keeps = true;
      List<Rig.Io> underWay = rig.writeMany(5, 4096);
      rig.runUntil(() -> keeper.kept.size() == 5);

      rig.kill();
      rig.run(200);
      Rig.Io meanwhile = rig.beginWrite(65536, Rig.bytes(4096, 9));
      rig.run(200);
      assertEquals(recovery == Recovery.FAIL_IO, meanwhile.hasEnded());
      keeper.keeps = false;
      rig.recover(keeper.target, options.withDeviceId(0));

      for (Rig.Io io : underWay) {
        assertEquals(recovery == Recovery.REISSUE ? 0 : EIO, rig.errno(io));
      }
      assertEquals(recovery == Recovery.FAIL_IO ? EREMOTEIO : 0, rig.errno(meanwhile));
      assertEquals(0, rig.write(0, Rig.bytes(8192, 7)));
      rig.assertReads(0, Rig.bytes(8192, 7));
      rig.stop();
      assertNull(rig.server().failure());
      assertTrue(rig.driver.disks().isEmpty());
    }
  }

  @ParameterizedTest
  @EnumSource
  void aDeviceWithoutRecoveryGoesWithItsServer(Mode mode) {
    try (var rig = new Rig(22)) {
      var keeper = new Keeper();
      rig.serve(keeper.target, mode.of(rig.options()));
      keeper.keeps = true;
      List<Rig.Io> underWay = rig.writeMany(3, 4096);
      rig.runUntil(() -> keeper.kept.size() == 3);
      rig.kill();
      for (Rig.Io io : underWay) assertEquals(EIO, rig.errno(io));
      rig.runUntil(() -> rig.driver.disks().isEmpty());
    }
  }

  @ParameterizedTest
  @EnumSource
  void aQuiescedDeviceWaitsForAnotherServer(Mode mode) {
    try (var rig = new Rig(23)) {
      var options = mode.of(rig.options()).withRecovery(Recovery.WAIT);
      var disk = new MemTarget(MIB);
      var first = rig.serve(disk, options);
      assertEquals(0, rig.write(0, Rig.bytes(4096, 1)));
      first.quiesce(1000);
      rig.runUntil(() -> first.state() == UblkServer.State.ENDED);
      assertNull(first.failure());
      rig.kill();
      rig.run(200); // the driver notices
      Rig.Io waits = rig.beginRead(0, Rig.bytes(4096, 0));
      var second = UblkServer.recover(rig.kernel, disk, options.withDeviceId(0), Troubles.SILENT);
      rig.drives(second);
      rig.runUntil(() -> second.state() == UblkServer.State.LIVE);
      boolean isBatch = first.info().has(Ublk.UBLK_F_BATCH_IO); // whose requests Linux 7.3 fails
      assertEquals(isBatch ? EIO : 0, rig.errno(waits));
      rig.assertReads(0, Rig.bytes(4096, 1));
      rig.stop();
    }
  }

  /// Killed with a batch on its way, a server would take Linux 7.3 with it.
  @ParameterizedTest
  @EnumSource
  void serverThatMayDieFetchesPerTagUnlessToldOtherwise(Recovery recovery) {
    for (FetchMode fetch : FetchMode.values()) {
      try (var rig = new Rig(27)) {
        var options = rig.options().withRecovery(recovery).withFetch(fetch);
        var server = rig.serve(new MemTarget(MIB), options);
        boolean isSafe = fetch == FetchMode.PER_TAG;
        if (fetch == FetchMode.AUTO) isSafe = recovery != Recovery.NONE;
        assertEquals(isSafe, !server.info().has(Ublk.UBLK_F_BATCH_IO), fetch.toString());
        rig.stop();
      }
    }
  }

  @Test
  void whatCannotBeRecoveredSaysWhy() {
    try (var rig = new Rig(24)) {
      var first = rig.serve(new MemTarget(MIB), rig.options());
      var second =
          UblkServer.recover(
              rig.kernel, new MemTarget(MIB), rig.options().withDeviceId(0), Troubles.SILENT);
      for (int i = 0; i < 1000 && second.step(); i++) {
        first.stepAll();
        rig.time.step();
      }
      RuntimeException failure = second.failure();
      assertNotNull(failure);
      assertEquals(
          "START_USER_RECOVERY: EINVAL: device 0 was added without USER_RECOVERY",
          failure.getMessage());
      second.close();
      rig.stop();
    }
  }

  @Test
  void aTargetThatIsTooSmallDoesNotTakeOver() {
    try (var rig = new Rig(25)) {
      var options = rig.options().withRecovery(Recovery.WAIT);
      rig.serve(new MemTarget(MIB), options);
      rig.kill();
      rig.run(100);
      var e =
          assertThrows(
              IllegalArgumentException.class,
              () -> rig.recover(new MemTarget(MIB / 2), options.withDeviceId(0)));
      assertEquals("device 0 has 1048576 bytes, and the target only 524288", e.getMessage());
    }
  }

  @Test
  void deviceKeepsItsStateUntilItIsRecovered() {
    try (var rig = new Rig(26);
        var control = UblkControl.open(rig.kernel)) {
      rig.serve(new MemTarget(MIB), rig.options().withRecovery(Recovery.WAIT));
      rig.kill();
      rig.run(100);
      var info = control.info(0);
      control.await();
      assertEquals(Ublk.UBLK_S_DEV_QUIESCED, info.get().state());
      assertEquals("QUIESCED", info.get().stateName());
      assertThrows(
          ErrnoException.class,
          () -> {
            var recovery = control.startRecovery(7);
            control.await();
            recovery.get();
          });
    }
  }
}
