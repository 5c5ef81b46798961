package dev.ringshot.cli;

import dev.ringshot.conformance.differ.Differ;
import dev.ringshot.conformance.differ.Difference;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Map;
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
    description =
        "Runs generated programs on two kernels and compares what they see. Each difference is printed in the smallest program that shows one, and as a conformance case.",
    footer = {"", "Exit status: 0 no difference, 1 there was one, 2 wrong use."})
final class DifferCommand implements Callable<Integer> {
  /// More are only counted.
  private static final int SHOWN_MAX = 10;

  /// After how many the memory of the models is freed: user-mode Linux has few pages.
  private static final int PART = 1_000;

  @Spec private CommandSpec spec;

  @Option(
      names = "--kernel",
      paramLabel = "KERNEL",
      defaultValue = "linux",
      description = "As of conformance; ${DEFAULT-VALUE} by default.")
  private String kernel;

  @Option(
      names = "--against",
      paramLabel = "KERNEL",
      description = "What it is compared with; the model of its release by default.")
  private @Nullable String against;

  @Option(
      names = "--seeds",
      paramLabel = "N",
      defaultValue = "1000",
      description = "How many programs; ${DEFAULT-VALUE} by default.")
  private int seeds;

  @Option(
      names = "--seed",
      paramLabel = "S",
      defaultValue = "1",
      description = "The first one's; ${DEFAULT-VALUE} by default.")
  private long seed;

  @Option(
      names = "--json",
      description = "Print the summary as one JSON object, and differences before it.")
  private boolean json;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    try (var differ = new Differ(kernel, against == null ? Differ.twin(kernel) : against)) {
      int differences = 0;
      for (long at = seed; at < seed + seeds; at++) {
        if ((at - seed) % PART == PART - 1) System.gc();
        Difference difference = differ.run(at);
        if (difference == null) continue;
        if (++differences <= SHOWN_MAX) show(differ.shrink(difference), out);
      }
      if (json) out.println(Json.of(summary(differ, differences)));
      else out.print(differences + " differences; " + differ.tally().text());
      out.flush();
      return differences == 0 ? 0 : 1;
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), "--kernel: " + e.getMessage(), e);
    }
  }

  private void show(Difference difference, PrintWriter out) {
    if (json) {
      Map<String, Object> line = new LinkedHashMap<>();
      line.put("seed", difference.program().seed());
      line.put("difference", difference.toString());
      line.put("case", difference.caseText());
      out.println(Json.of(line));
      return;
    }
    out.println(difference);
    out.println();
    out.println(difference.caseText());
    out.flush();
  }

  private Map<String, Object> summary(Differ differ, int differences) {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("kernel", kernel);
    all.put("seed", seed);
    all.put("differences", differences);
    all.putAll(differ.tally().summary());
    return all;
  }
}
