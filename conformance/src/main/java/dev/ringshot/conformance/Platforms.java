package dev.ringshot.conformance;

import dev.ringshot.conformance.rig.LinuxPlatform;
import dev.ringshot.conformance.rig.ModelPlatform;
import dev.ringshot.conformance.rig.Platform;
import dev.ringshot.model.Faults;
import dev.ringshot.model.Release;
import java.util.ArrayList;
import java.util.List;

/// The kernels that cases run on.
public final class Platforms {
  private static final List<String> MODELS =
      List.of("model:6.17", "model:patch-v4", "model:6.18", "model:7.3");

  private Platforms() {}

  /// Those of this machine: Linux, if every case should hold on it, and the model in each release.
  public static List<String> names() {
    List<String> names = new ArrayList<>();
    if (hasLinux()) names.add("linux");
    names.addAll(MODELS);
    return names;
  }

  /// The model in each release.
  public static List<String> models() {
    return MODELS;
  }

  /// Whether this is a Linux that every case should hold on.
  public static boolean hasLinux() {
    return LinuxPlatform.absence() == null;
  }

  /// The model that shows the behaviour of the kernel of that name.
  public static String modelLike(String name) {
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
  /// @param threads whether several threads will call it
  /// @throws IllegalArgumentException if there is none
  public static Platform open(String name, boolean threads) {
    return name.equals("linux") ? new LinuxPlatform() : model(name, threads, Faults.NONE);
  }

  /// A model by its name, for one thread, that shows `faults`.
  ///
  /// @throws IllegalArgumentException if it is none
  public static Platform model(String name, Faults faults) {
    return model(name, false, faults);
  }

  private static Platform model(String name, boolean threads, Faults faults) {
    return switch (name) {
      case "model", "model:7.3" ->
          new ModelPlatform("model:7.3", Release.LINUX_7_3, threads, faults);
      case "model:6.18" -> new ModelPlatform(name, Release.LINUX_6_18, threads, faults);
      case "model:6.17" -> new ModelPlatform(name, Release.LINUX_6_17, threads, faults);
      case "model:patch-v4" -> new ModelPlatform(name, Release.PATCH_V4, threads, faults);
      default -> throw new IllegalArgumentException("no kernel " + name + "; there are " + names());
    };
  }

  /// A kernel by its name, for one thread.
  public static Platform open(String name) {
    return open(name, false);
  }
}
