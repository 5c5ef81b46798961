package dev.ringshot.cli;

import dev.ringshot.conformance.ConformanceRun;
import dev.ringshot.conformance.Report;
import dev.ringshot.linux.LinuxKernel;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `ringshot conformance`: runs every case on one kernel.
@Command(
    name = "conformance",
    mixinStandardHelpOptions = true,
    description = "Runs every conformance case on a kernel and prints a table by topic.",
    footer = {
      "",
      "Exit status: 0 all passed or were skipped, 1 one failed or none passed, 2 wrong use."
    })
final class ConformanceCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = "--kernel",
      paramLabel = "KERNEL",
      defaultValue = "model",
      description =
          "linux, model (its latest release), model:7.3, model:6.18 or model:patch-v4; ${DEFAULT-VALUE} by default.")
  private String kernel;

  @Option(
      names = "--json",
      description = "Print the summary as one JSON object instead of a table.")
  private boolean json;

  @Override
  public Integer call() {
    Report report;
    try {
      String missing = kernel.equals("linux") ? missingOnLinux() : null;
      report =
          missing == null ? ConformanceRun.run(kernel) : ConformanceRun.skipAll(kernel, missing);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), "--kernel: " + e.getMessage(), e);
    }
    spec.commandLine().getOut().println(json ? report.json() : report.text().stripTrailing());
    return report.exitCode();
  }

  /// Why no case can run on Linux here, or null.
  private static @Nullable String missingOnLinux() {
    try {
      int errno = KernelProbe.of(new LinuxKernel()).setupErrno();
      return errno == 0 ? null : "io_uring, but " + LinuxKernel.setupFailure(errno).getMessage();
    } catch (UnsupportedOperationException e) {
      return "Linux, but " + e.getMessage();
    }
  }
}
