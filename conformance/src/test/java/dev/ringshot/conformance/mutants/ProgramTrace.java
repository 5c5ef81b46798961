package dev.ringshot.conformance.mutants;

import dev.ringshot.conformance.differ.Differ;
import dev.ringshot.conformance.differ.Program;
import java.util.function.BiFunction;

/// What a generated program sees; lives in [MutatedModel]'s class loader, where the model is
/// another.
public final class ProgramTrace implements BiFunction<Long, String, String> {
  /// The trace of the program of that seed on that kernel, or how the kernel died of it.
  @Override
  public String apply(Long seed, String kernel) {
    try (var differ = new Differ(kernel, kernel)) {
      Program program = differ.program(seed);
      return program.sqes() + " " + differ.expected(program);
    } catch (RuntimeException | AssertionError e) {
      return e.toString();
    }
  }
}
