package dev.ringshot.conformance.mutants;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/// The cases notice when the model is wrong: each mutant of `mutants.txt` fails one.
class MutantsTest {
  private static final int MUTANTS_MIN = 75;
  private static final int HUNT_SECONDS_MAX = 45;

  @TempDir static Path folder;

  private static List<Mutant> mutants() throws IOException {
    try (InputStream in = MutantsTest.class.getResourceAsStream("mutants.txt")) {
      return Mutant.parse(
          new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8));
    }
  }

  @Test
  void areEnoughAndHaveNamesOfTheirOwn() throws IOException {
    Set<String> names = new HashSet<>();
    for (Mutant mutant : mutants()) assertTrue(names.add(mutant.name()), mutant.name());
    assertTrue(names.size() >= MUTANTS_MIN, names.size() + " mutants");
  }

  @TestFactory
  Stream<DynamicTest> unharmedModelsPassEveryCase() throws IOException {
    return mutants().stream()
        .map(Mutant::kernel)
        .distinct()
        .map(kernel ->
            DynamicTest.dynamicTest(
                kernel, () -> assertEquals("", hunt(MutatedModel.unharmed(folder), "", kernel))));
  }

  @TestFactory
  Stream<DynamicTest> everyMutantFailsACase() throws IOException {
    return mutants().stream()
        .map(mutant ->
            DynamicTest.dynamicTest(mutant.name() + ": " + mutant.says(), () -> kill(mutant)));
  }

  private static void kill(Mutant mutant) throws Exception {
    Path own = java.nio.file.Files.createDirectory(folder.resolve(mutant.name()));
    String killer = hunt(MutatedModel.of(mutant, own), mutant.topic(), mutant.kernel());
    assertNotEquals("", killer, () -> "no case notices that " + mutant.says());
    System.out.println("mutant " + mutant.name() + " fails " + killer);
  }

  /// On a thread of its own, as a mutant may well run for ever; that is no kill.
  private static String hunt(MutatedModel model, String topic, String kernel) throws Exception {
    var hunt = new FutureTask<String>(() -> model.hunt(topic, kernel));
    Thread thread = Thread.ofPlatform().daemon().start(hunt);
    try {
      return hunt.get(HUNT_SECONDS_MAX, SECONDS);
    } catch (TimeoutException e) {
      throw new AssertionError(
          "it runs for ever in case " + thread.getName() + "; make it a mistake that ends", e);
    } catch (ExecutionException e) {
      throw new AssertionError(e.getCause());
    }
  }
}
