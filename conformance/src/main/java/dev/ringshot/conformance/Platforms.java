package dev.ringshot.conformance;

import dev.ringshot.conformance.rig.LinuxPlatform;
import dev.ringshot.conformance.rig.Platform;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// The kernels that cases run on.
final class Platforms {
  private static final List<String> MODELS = List.of();

  private Platforms() {}

  /// Those of this machine: Linux, where it is one, and the model in each release.
  static List<String> names() {
    List<String> names = new ArrayList<>();
    if (isLinux()) names.add("linux");
    names.addAll(MODELS);
    return names;
  }

  private static boolean isLinux() {
    return System.getProperty("os.name", "").toLowerCase(Locale.ROOT).equals("linux");
  }

  /// The model that shows the behaviour of the kernel of that name.
  static String modelLike(String name) {
    try (Platform platform = open(name)) {
      return switch (platform.release()) {
        case LINUX_6_17 -> "model:6.17";
        case PATCH_V4 -> "model:patch-v4";
        case LINUX_6_18 -> "model:6.18";
        case LINUX_7_3 -> "model:7.3";
      };
    }
  }

  /// A kernel by its name; `model` is the newest.
  ///
  /// @throws IllegalArgumentException if there is none
  static Platform open(String name) {
    return switch (name) {
      case "linux" -> new LinuxPlatform();
      default -> throw new IllegalArgumentException("no kernel " + name + "; there are " + names());
    };
  }
}
