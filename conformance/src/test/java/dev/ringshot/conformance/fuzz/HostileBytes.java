package dev.ringshot.conformance.fuzz;

/// What a coverage-guided fuzzer calls: a program by its bytes.
public final class HostileBytes {
  private HostileBytes() {}

  /// Runs one. The name is Jazzer's.
  public static void fuzzerTestOneInput(byte[] bytes) {
    HostileProgram.run(bytes, 1, null, new Tally());
  }
}
