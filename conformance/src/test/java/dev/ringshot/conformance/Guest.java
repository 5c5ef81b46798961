package dev.ringshot.conformance;

import dev.ringshot.conformance.rig.LinuxPlatform;
import dev.ringshot.conformance.rig.Need;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;

/// What the tests of the running kernel need. Where a machine that lacks it skips them, a guest,
/// which was made for them, fails: `-Dringshot.guest=true`.
final class Guest {
  private static final boolean IS_GUEST = Boolean.getBoolean("ringshot.guest");

  private Guest() {}

  static boolean isHere() {
    return IS_GUEST;
  }

  /// Ends the test unless this is a Linux that every case should hold on.
  static void needLinux() {
    String absence = LinuxPlatform.absence();
    if (absence != null) lacks(absence);
  }

  /// The same, and with the reference device.
  static void needDevice() {
    needLinux();
    try (var linux = new LinuxPlatform()) {
      String lacking = linux.lacks(Need.DEVICE);
      if (lacking != null) lacks(lacking);
    }
  }

  /// The least that makes sense of this machine.
  static void needAll() {
    if (!IS_GUEST) {
      needLinux();
      return;
    }
    needDevice();
    try (var linux = new LinuxPlatform()) {
      String lacking = linux.lacks(Need.UBLK);
      if (lacking != null) lacks(lacking);
    }
  }

  private static void lacks(String what) {
    if (IS_GUEST) Assertions.fail("this guest was to have " + what);
    Assumptions.abort("needs " + what);
  }
}
