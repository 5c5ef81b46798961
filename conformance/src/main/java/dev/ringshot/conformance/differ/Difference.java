package dev.ringshot.conformance.differ;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Where two kernels part in a program.
///
/// @param step index of the step, or how many there are if they part at the end
/// @param expected what the one saw
/// @param seen what the other saw
public record Difference(Program program, int step, String expected, String seen) {
  /// The first one, or null.
  static @Nullable Difference between(Program program, Trace expected, Trace seen) {
    return between(program, expected, seen, Freedom.lateFlags(program, expected));
  }

  /// @param lateFlags in which steps the flag of pending task work may differ
  static @Nullable Difference between(
      Program program, Trace expected, Trace seen, boolean[] lateFlags) {
    Set<Long> free = Freedom.unordered(program, expected);
    for (int i = 0; i < program.steps().size(); i++) {
      Moment one = expected.moments().get(i);
      Moment other = seen.moments().get(i);
      if (!one.agreesBesidesOrder(other, lateFlags[i])
          || !Freedom.allows(one.cqes(), other.cqes(), free))
        return new Difference(program, i, one.toString(), other.toString());
    }
    if (expected.end().equals(seen.end())) return null;
    return new Difference(
        program, program.steps().size(), expected.end().toString(), seen.end().toString());
  }

  /// A conformance case that shows it, but for its name and what it expects.
  public String caseText() {
    return CaseText.of(this);
  }

  @Override
  public String toString() {
    var text = new StringBuilder("seed ").append(program.seed());
    text.append(", setup flags 0x").append(Integer.toHexString(program.setupFlags()));
    text.append(", SQ ").append(program.sqEntries()).append(", CQ ").append(program.cqEntries());
    text.append(", files ").append(program.files()).append('\n');
    for (int i = 0; i < Math.min(step + 1, program.steps().size()); i++)
      text.append("  ").append(i).append(' ').append(program.steps().get(i)).append('\n');
    text.append("  expected ").append(expected).append("\n  seen     ").append(seen);
    return text.toString();
  }
}
