package dev.ringshot.conformance.fuzz;

/// The model did what it may not do.
final class Failure extends AssertionError {
  private static final long serialVersionUID = 1;

  Failure(String message) {
    super(message);
  }

  static void unless(boolean holds, String what) {
    if (!holds) throw new Failure(what);
  }
}
