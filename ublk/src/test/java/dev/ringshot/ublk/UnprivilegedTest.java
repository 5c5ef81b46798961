package dev.ringshot.ublk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringshot.abi.ErrnoException;
import dev.ringshot.abi.ublk.Ublk;
import dev.ringshot.model.ModelOptions;
import dev.ringshot.ublk.target.MemTarget;
import dev.ringshot.ublk.target.NullTarget;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/// Devices of a user without privileges.
final class UnprivilegedTest {
  private static final long MIB = 1 << 20;

  private static Rig rig(boolean isPrivileged) {
    return new Rig(1, ModelOptions.DEFAULT.withPrivileged(isPrivileged));
  }

  @Test
  void lifeOfADeviceNeedsNoPrivileges() {
    try (var rig = rig(false);
        var control = UblkControl.open(rig.kernel)) {
      rig.serve(new MemTarget(MIB), rig.options().withUnprivileged(true));
      assertTrue(rig.server().info().has(Ublk.UBLK_F_UNPRIVILEGED_DEV | Ublk.UBLK_F_BATCH_IO));
      assertEquals(0, rig.write(4096, Rig.bytes(8192, 1)));
      rig.assertReads(4096, Rig.bytes(8192, 1));
      var info = control.info(0);
      control.await();
      assertEquals(Ublk.UBLK_S_DEV_LIVE, info.get().state());
      var parameters = control.parameters(0);
      while (!parameters.isDone()) control.await();
      assertEquals(MIB, parameters.get().size());
      rig.stop();
      assertTrue(rig.driver.disks().isEmpty());
    }
  }

  @Test
  void devicesOfRootNeedThem() {
    try (var rig = rig(false)) {
      var e =
          assertThrows(ErrnoException.class, () -> rig.serve(new MemTarget(MIB), rig.options()));
      assertTrue(
          e.toString().contains("ADD_DEV: EPERM: ") && e.toString().contains("UNPRIVILEGED_DEV"),
          e::toString);
    }
  }

  @Test
  void whatRootAddsIsRoots() {
    assertRefused(true, options -> options, "without UNPRIVILEGED_DEV (Linux 6.3): what root adds");
  }

  @Test
  void recoveryAndBuffersOfTheServersAreRefused() {
    assertRefused(false, options -> options.withRecovery(Recovery.WAIT), "and no recovery");
    assertRefused(false, options -> options.withData(DataMode.ZERO_COPY), "copied by the driver");
    assertRefused(false, options -> options.withData(DataMode.USER_COPY), "copied by the driver");
  }

  private static void assertRefused(
      boolean isPrivileged, UnaryOperator<ServerOptions> change, String reason) {
    try (var rig = rig(isPrivileged)) {
      var options = change.apply(rig.options().withUnprivileged(true));
      var e =
          assertThrows(
              IllegalArgumentException.class, () -> rig.serve(new NullTarget(MIB), options));
      assertTrue(e.toString().contains(reason), e::toString);
      while (rig.server().stepAll()) rig.time.step();
      assertTrue(rig.driver.disks().isEmpty());
    }
  }
}
