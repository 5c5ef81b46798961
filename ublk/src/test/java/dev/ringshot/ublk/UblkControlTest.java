package dev.ringshot.ublk;

import static dev.ringshot.abi.Errno.EINVAL;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringshot.abi.ErrnoException;
import dev.ringshot.abi.ublk.Ublk;
import dev.ringshot.model.ModelKernel;
import dev.ringshot.model.Scheduler;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Control commands, and what their errors say.
final class UblkControlTest {
  private static final long RECOVERY = Ublk.UBLK_F_USER_RECOVERY;

  private final Rig rig = new Rig(31);
  private final UblkControl control = UblkControl.open(rig.kernel);

  private <T> ControlCommand<T> ended(ControlCommand<T> command) {
    while (!command.isDone()) control.await();
    return command;
  }

  private String error(ControlCommand<?> command) {
    return String.valueOf(assertThrows(ErrnoException.class, ended(command)::get).getMessage());
  }

  private static DeviceInfo wanted(int depth, long flags) {
    return DeviceInfo.wanted(-1, 1, depth, 65536, flags);
  }

  @Test
  void featuresHaveNames() {
    List<String> names = Features.names(ended(control.features()).get());
    assertTrue(
        names.containsAll(List.of("BATCH_IO", "USER_COPY", "USER_RECOVERY")), names::toString);
  }

  @Test
  void parametersAreReadAsTheyWereSet() {
    int id = ended(control.add(wanted(8, 0))).get().id();
    var limits =
        BlockLimits.DEFAULT
            .withBlockSize(512, 4096)
            .withIo(0, 65536, 8192)
            .withWriteCache(true, false)
            .withDiscard(4096, 1 << 20, 1 << 19);
    var parameters = new DeviceParameters(1 << 20, limits);
    assertEquals(0, ended(control.setParameters(id, parameters)).result());
    assertEquals(parameters, ended(control.parameters(id)).get());
  }

  @Test
  void devicesAreListed() {
    ended(control.add(wanted(8, 0)));
    ended(control.add(wanted(16, RECOVERY)));
    var listing = control.list(20);
    while (!listing.isDone()) control.await();
    assertEquals(List.of(8, 16), listing.devices().stream().map(DeviceInfo::depth).toList());
    assertEquals(Recovery.WAIT, Recovery.of(listing.devices().get(1).flags()));
  }

  @Test
  void addNamesTheRuleThatWasBroken() {
    assertEquals(
        "ADD_DEV: EINVAL: depth 5000 is not in 1 … 4096", error(control.add(wanted(5000, 0))));
    assertEquals(
        "ADD_DEV: EINVAL: no kind of recovery has the flags [USER_RECOVERY_REISSUE]",
        error(control.add(wanted(8, Ublk.UBLK_F_USER_RECOVERY_REISSUE))));
    ended(control.add(wanted(8, 0)));
    assertEquals(
        "ADD_DEV: EEXIST: there is a device 0; take another number, or -1",
        error(control.add(DeviceInfo.wanted(0, 1, 8, 65536, 0))));
  }

  @Test
  void startWithoutParametersSaysSo() {
    int id = ended(control.add(wanted(8, 0))).get().id();
    var start = ended(control.start(id, 1));
    assertEquals(-EINVAL, start.result());
    assertTrue(error(start).startsWith("START_DEV: EINVAL: parameters of device 0 are not set"));
  }

  @Test
  void aMachineWithoutTheDriverIsToldWhatToDo() {
    var kernel = new ModelKernel(Scheduler.virtual(1));
    var e = assertThrows(ErrnoException.class, () -> UblkControl.open(kernel));
    assertEquals(
        "open: ENOENT: /dev/ublk-control is not there: modprobe ublk_drv (CONFIG_BLK_DEV_UBLK)",
        e.getMessage());
  }
}
