package dev.ringshot.conformance.mutants;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/// Generated programs notice when the model is wrong: each mutant of `program-mutants.txt` shows in
/// one of the first two thousand.
class ProgramMutantsTest {
  private static final int PROGRAMS_MAX = 2_000;
  private static final int MUTANTS = 10;

  @TempDir static Path folder;

  private static List<Mutant> mutants() throws IOException {
    try (InputStream in = ProgramMutantsTest.class.getResourceAsStream("program-mutants.txt")) {
      return Mutant.parse(
          new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8));
    }
  }

  @Test
  void areTen() throws IOException {
    assertEquals(MUTANTS, mutants().size());
  }

  @TestFactory
  Stream<DynamicTest> everyMutantShowsInAProgram() throws IOException {
    return mutants().stream()
        .map(mutant ->
            DynamicTest.dynamicTest(mutant.name() + ": " + mutant.says(), () -> find(mutant)));
  }

  private static void find(Mutant mutant) throws Exception {
    Path own = Files.createDirectory(folder.resolve(mutant.name()));
    BiFunction<Long, String, String> mutated = MutatedModel.of(mutant, own).programs();
    BiFunction<Long, String, String> unharmed = new ProgramTrace();
    long seed = 1;
    while (seed <= PROGRAMS_MAX
        && unharmed.apply(seed, mutant.kernel()).equals(mutated.apply(seed, mutant.kernel())))
      seed++;
    assertTrue(seed <= PROGRAMS_MAX, () -> "no program notices that " + mutant.says());
    System.out.println("mutant " + mutant.name() + " shows in the program of seed " + seed);
  }
}
