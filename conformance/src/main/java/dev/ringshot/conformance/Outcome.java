package dev.ringshot.conformance;

import dev.ringshot.conformance.rig.Completion;
import java.util.List;

/// How one case ended on one kernel.
public sealed interface Outcome {
  /// The claim held.
  ///
  /// @param transcript the CQEs it compared
  record Passed(List<Completion> transcript) implements Outcome {}

  /// It did not, or the kernel did something no kernel may.
  record Failed(Throwable cause) implements Outcome {}

  /// Not run.
  ///
  /// @param missing what this kernel lacks
  record Skipped(String missing) implements Outcome {}
}
