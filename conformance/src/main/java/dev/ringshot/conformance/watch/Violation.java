package dev.ringshot.conformance.watch;

/// A kernel did what no kernel may do.
public final class Violation extends AssertionError {
  private static final long serialVersionUID = 1;

  /// @param what the invariant, with the values that break it
  public Violation(String what) {
    super(what);
  }
}
