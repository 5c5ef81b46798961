package dev.ringshot.conformance;

import dev.ringshot.conformance.rig.Platform;

/// Kernels for the tests of what surrounds them.
public final class TestKernels {
  private TestKernels() {}

  /// Any that is right: the model where there is one.
  public static Platform any() {
    return Platforms.open(Platforms.names().getLast());
  }

  /// Whether Linux is at hand.
  public static boolean hasLinux() {
    return Platforms.hasLinux();
  }
}
