package dev.ringshot.conformance.differ;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// A program for io_uring as a plain value: what it opens, how its ring is set up, what it does.
///
/// @param seed of the generator
/// @param features what the generator might use
/// @param setupFlags `IORING_SETUP_*`; with CQSIZE, as `cqEntries` says
/// @param cqEntries asked for; 0 without CQSIZE
/// @param files what it opens
/// @param takesAll whether it takes every CQE at once, and so never meets a full CQ
public record Program(
    long seed,
    Set<Feature> features,
    int setupFlags,
    int sqEntries,
    int cqEntries,
    List<FileKind> files,
    boolean takesAll,
    List<Step> steps) {
  /// How many SQEs it has.
  public int sqes() {
    int count = 0;
    for (Step step : steps)
      if (step instanceof Step.Submit submit) count += submit.entries().size();
    return count;
  }

  /// Its SQEs, in order.
  public List<Entry> entries() {
    List<Entry> all = new ArrayList<>();
    for (Step step : steps) if (step instanceof Step.Submit submit) all.addAll(submit.entries());
    return all;
  }

  /// The same with other steps.
  public Program withSteps(List<Step> other) {
    return new Program(
        seed, features, setupFlags, sqEntries, cqEntries, files, takesAll, List.copyOf(other));
  }

  /// The same with another setup.
  public Program withSetup(int flags, int sq, int cq) {
    return new Program(seed, features, flags, sq, cq, files, takesAll, steps);
  }
}
