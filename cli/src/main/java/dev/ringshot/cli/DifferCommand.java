package dev.ringshot.cli;

import dev.ringshot.conformance.differ.Differ;
import dev.ringshot.conformance.differ.Difference;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `ringshot differ`: runs generated programs on a kernel and on the model, and compares.
@Command(
    name = "differ",
    mixinStandardHelpOptions = true,
    description = "Runs generated programs on two kernels and compares what they see.")
final class DifferCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(names = "--kernel", defaultValue = "linux")
  private String kernel;

  @Option(names = "--against")
  private @Nullable String against;

  @Option(names = "--seeds", defaultValue = "1000")
  private int seeds;

  @Option(names = "--seed", defaultValue = "1")
  private long seed;

  @Override
  public Integer call() {
    int differences = 0;
    long sqes = 0;
    long start = System.nanoTime();
    String twin = against == null ? Differ.twin(kernel) : against;
    try (var differ = new Differ(kernel, twin)) {
      for (long at = seed; at < seed + seeds; at++) {
        try {
          var program = differ.program(at);
          sqes += program.sqes();
          Difference difference = differ.compare(program, differ.expected(program));
          if (difference == null) continue;
          if (++differences > 12) break;
          spec.commandLine().getOut().println(differ.shrink(difference));
        } catch (RuntimeException | AssertionError e) {
          spec.commandLine().getOut().println("seed " + at + ": " + e);
          e.printStackTrace(spec.commandLine().getOut());
          if (++differences > 12) break;
        }
      }
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), "--kernel: " + e.getMessage(), e);
    }
    spec.commandLine()
        .getOut()
        .printf(
            "%d programs, %d sqes, %d differences, %d ms%n",
            seeds, sqes, differences, (System.nanoTime() - start) / 1_000_000);
    return differences == 0 ? 0 : 1;
  }
}
