package dev.ringshot.conformance.rig;

import dev.ringshot.model.Release;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A version of Linux, and what the cases know of it: they were measured on 6.18 and 7.3.
///
/// @param name as uname(2) has it
record LinuxVersion(String name, int major, int minor) {
  private static final Pattern VERSION = Pattern.compile("(\\d+)\\.(\\d+).*", Pattern.DOTALL);

  /// The one that a name of uname(2)'s says.
  static LinuxVersion of(String name) {
    Matcher matcher = VERSION.matcher(name);
    if (!matcher.matches()) throw new IllegalArgumentException("kernel release " + name);
    int major = Integer.parseInt(matcher.group(1));
    return new LinuxVersion(name, major, Integer.parseInt(matcher.group(2)));
  }

  /// The running one.
  static LinuxVersion running() {
    try {
      return of(Files.readString(Path.of("/proc/sys/kernel/osrelease")).strip());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Whether it is user-mode Linux, as it is built here: with the kernel's checks on.
  static boolean isUserMode() {
    try {
      return Files.readString(Path.of("/proc/cpuinfo")).contains("User Mode Linux");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private boolean isAtLeast(int otherMajor, int otherMinor) {
    return major > otherMajor || (major == otherMajor && minor >= otherMinor);
  }

  /// Whose behaviour it should show: 6.17 stands for all before the feature, 6.18 for all of 6
  /// since, 7.3 for all of 7.
  Release release() {
    if (major >= 7) return Release.LINUX_7_3;
    return isAtLeast(6, 18) ? Release.LINUX_6_18 : Release.LINUX_6_17;
  }

  /// Whether the cases are about it at all.
  boolean isKnown() {
    return isAtLeast(6, 18);
  }

  /// Whether every case should hold: for versions in between the expectations are a guess.
  boolean isMeasured() {
    return (major == 6 && minor == 18) || isAtLeast(7, 3);
  }
}
