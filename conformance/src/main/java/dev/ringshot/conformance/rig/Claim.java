package dev.ringshot.conformance.rig;

import java.util.Objects;

/// What a case says of a value; a claim that does not hold ends the case.
public final class Claim {
  private Claim() {}

  /// The result of a call, shown with errno's name.
  public static void result(String call, int expected, int actual) {
    if (expected == actual) return;
    throw new AssertionError(
        call + ": expected " + Completion.result(expected) + ", got " + Completion.result(actual));
  }

  /// A call's result that is a value, not an error.
  ///
  /// @return `actual`
  public static int success(String call, int actual) {
    if (actual >= 0) return actual;
    throw new AssertionError(call + ": " + Completion.result(actual));
  }

  /// Any value.
  public static void equal(String what, Object expected, Object actual) {
    if (Objects.equals(expected, actual)) return;
    throw new AssertionError(what + ": expected " + expected + ", got " + actual);
  }

  /// Anything else that must hold.
  public static void that(String what, boolean holds) {
    if (!holds) throw new AssertionError("not so: " + what);
  }
}
