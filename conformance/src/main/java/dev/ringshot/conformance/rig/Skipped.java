package dev.ringshot.conformance.rig;

/// Ends a case that cannot be run on this kernel. The message names what is missing.
public final class Skipped extends RuntimeException {
  private static final long serialVersionUID = 1;

  /// @param missing what the kernel or the machine lacks
  public Skipped(String missing) {
    super(missing, null, false, false);
  }
}
