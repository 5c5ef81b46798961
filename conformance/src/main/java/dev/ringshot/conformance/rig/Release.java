package dev.ringshot.conformance.rig;

/// Whose behaviour a kernel shows, as far as cases must tell them apart.
public enum Release {
  /// The last release without multishot commands.
  LINUX_6_17,
  /// The proposal: multishot commands, as first posted.
  PATCH_V4,
  /// The first release with them, as measured on 6.18.44.
  LINUX_6_18,
  /// As measured on 7.3.4.
  LINUX_7_3
}
