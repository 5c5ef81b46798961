package dev.ringshot.conformance.differ;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/// Makes a program smaller for as long as it still shows a difference: fewer steps, fewer SQEs, no
/// flags that are not needed, a plain ring.
final class Shrinker {
  private final Predicate<Program> differs;
  private int left;
  private Program program;

  private Shrinker(Program program, Predicate<Program> differs, int attempts) {
    this.program = program;
    this.differs = differs;
    this.left = attempts;
  }

  /// The smallest program it finds.
  ///
  /// @param differs whether a candidate still does
  /// @param attempts how many candidates it tries at most
  static Program shrink(Program program, Predicate<Program> differs, int attempts) {
    var shrinker = new Shrinker(program, differs, attempts);
    int before;
    do {
      before = shrinker.size();
      shrinker.dropSteps();
      shrinker.dropEntries();
      shrinker.simplifyEntries();
      shrinker.dropSetupFlags();
    } while (shrinker.size() < before);
    return shrinker.program;
  }

  private int size() {
    int size = Integer.bitCount(program.setupFlags()) + program.steps().size();
    for (Entry entry : program.entries())
      size += 1 + Integer.bitCount(entry.flags()) + Integer.bitCount(entry.opFlags());
    return size;
  }

  private boolean accept(Program candidate) {
    if (left-- <= 0 || !differs.test(candidate)) return false;
    program = candidate;
    return true;
  }

  private void dropSteps() {
    for (int width = Math.max(1, program.steps().size() / 2); width >= 1; width /= 2) {
      for (int at = program.steps().size() - width; at >= 0; at -= width) {
        List<Step> steps = new ArrayList<>(program.steps());
        steps.subList(at, Math.min(at + width, steps.size())).clear();
        accept(program.withSteps(steps));
        if (at > program.steps().size()) at = program.steps().size();
      }
    }
  }

  private void dropEntries() {
    for (int at = program.steps().size() - 1; at >= 0; at--) {
      for (int i = entries(at).size() - 1; i >= 0 && entries(at).size() > 1; i--) {
        if (i >= entries(at).size()) continue;
        List<Entry> fewer = new ArrayList<>(entries(at));
        fewer.remove(i);
        replace(at, fewer);
      }
    }
  }

  private void simplifyEntries() {
    for (int at = program.steps().size() - 1; at >= 0; at--) {
      for (int i = entries(at).size() - 1; i >= 0; i--) {
        for (int bit = 0; bit < 8; bit++) {
          Entry entry = entries(at).get(i);
          if (entry.has(1 << bit)) replace(at, i, entry.withFlags(entry.flags() & ~(1 << bit)));
        }
        if (entries(at).get(i).opFlags() != 0) replace(at, i, entries(at).get(i).withOpFlags(0));
        if (entries(at).get(i).ioprio() != 0) replace(at, i, entries(at).get(i).withIoprio(0));
        if (entries(at).get(i).fileIndex() != 0)
          replace(at, i, entries(at).get(i).withFileIndex(0));
      }
      if (program.steps().get(at) instanceof Step.Submit submit && submit.flags() != 0)
        replace(at, new Step.Submit(submit.entries(), 0));
    }
  }

  private void dropSetupFlags() {
    for (int bit = 0; bit < 32; bit++) {
      int flags = program.setupFlags();
      if ((flags & 1 << bit) == 0) continue;
      int fewer = flags & ~(1 << bit);
      accept(program.withSetup(fewer, program.sqEntries(), program.cqEntries()));
    }
  }

  private List<Entry> entries(int at) {
    if (at >= program.steps().size()) return List.of();
    return program.steps().get(at) instanceof Step.Submit submit ? submit.entries() : List.of();
  }

  private void replace(int at, int index, Entry entry) {
    List<Entry> entries = new ArrayList<>(entries(at));
    entries.set(index, entry);
    replace(at, entries);
  }

  private void replace(int at, List<Entry> entries) {
    if (program.steps().get(at) instanceof Step.Submit submit)
      replace(at, new Step.Submit(List.copyOf(entries), submit.flags()));
  }

  private void replace(int at, Step step) {
    List<Step> steps = new ArrayList<>(program.steps());
    steps.set(at, step);
    accept(program.withSteps(steps));
  }
}
