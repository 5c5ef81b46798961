package dev.ringshot.ublk;

import static dev.ringshot.abi.Errno.ENODEV;
import static dev.ringshot.abi.Errno.ENOENT;

import java.util.ArrayList;
import java.util.List;

/// The devices that there are, found by asking for each number; see [UblkControl#list].
public final class DeviceListing {
  private static final int AT_A_TIME = 8;

  private final UblkControl control;
  private final int idsMax;
  private final List<ControlCommand<DeviceInfo>> underWay = new ArrayList<>();
  private final List<DeviceInfo> found = new ArrayList<>();
  private int next;

  DeviceListing(UblkControl control, int idsMax) {
    this.control = control;
    this.idsMax = idsMax;
    advance();
  }

  private void advance() {
    for (ControlCommand<DeviceInfo> command : underWay) if (!command.isDone()) return;
    for (ControlCommand<DeviceInfo> command : underWay) {
      int result = command.result();
      if (result != -ENODEV && result != -ENOENT) found.add(command.get());
    }
    underWay.clear();
    while (next < idsMax && underWay.size() < AT_A_TIME) underWay.add(control.info(next++));
  }

  /// Whether all have been asked for; goes on if not.
  ///
  /// @throws dev.ringshot.abi.ErrnoException if one refuses to tell
  public boolean isDone() {
    advance();
    return underWay.isEmpty();
  }

  /// Those found so far, by number.
  public List<DeviceInfo> devices() {
    return List.copyOf(found);
  }
}
