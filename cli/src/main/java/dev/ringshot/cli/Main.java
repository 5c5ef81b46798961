package dev.ringshot.cli;

import dev.ringshot.abi.ErrnoException;
import dev.ringshot.cli.serve.ServeCommand;
import dev.ringshot.cli.serve.ServeFailed;
import dev.ringshot.cli.ublk.UblkCommand;
import java.io.PrintStream;
import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// The `ringshot` command. Exit status: 0 done, 1 it failed, 2 wrong use; every error is one line
/// on stderr.
@Command(
    name = "ringshot",
    mixinStandardHelpOptions = true,
    version = "ringshot 0.1.0",
    description =
        "Multishot io_uring commands: one submission, many completions; on Linux and on a model of it.",
    subcommands = {
      ServeCommand.class,
      UblkCommand.class,
      EventsCommand.class,
      ProbeCommand.class,
      ConformanceCommand.class,
      DifferCommand.class
    },
    synopsisSubcommandLabel = "COMMAND",
    footer = {
      "",
      "./ringshot also has vm, which runs a command on Linux 7 in a virtual machine; see ./ringshot vm --help.",
      "",
      "Exit status: 0 done, 1 it failed, 2 wrong use."
    })
public final class Main implements Runnable {
  @Spec private CommandSpec spec;

  private Main() {}

  public static void main(String[] args) {
    System.exit(run(System.out, System.err, args));
  }

  /// Runs the command as a process would, with its output and its errors where the caller wants
  /// them.
  ///
  /// @return the exit status
  static int run(PrintStream out, PrintStream err, String... args) {
    var line =
        new CommandLine(new Main())
            .setOut(new PrintWriter(out, true, out.charset()))
            .setErr(new PrintWriter(err, true, err.charset()))
            .setParameterExceptionHandler(Main::wrongUse)
            .setExecutionExceptionHandler(Main::failure);
    return line.execute(args);
  }

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "Missing command: serve, ublk, events, probe or conformance");
  }

  private static int wrongUse(ParameterException e, String[] args) {
    CommandLine line = e.getCommandLine();
    complain(line, e.getMessage() + "; see " + line.getCommandSpec().qualifiedName() + " --help");
    return ExitCode.USAGE;
  }

  private static int failure(Exception e, CommandLine line, CommandLine.ParseResult parsed) {
    boolean isExpected =
        e instanceof ErrnoException || e instanceof EventsFailed || e instanceof ServeFailed;
    complain(line, isExpected ? String.valueOf(e.getMessage()) : e.toString());
    return ExitCode.SOFTWARE;
  }

  private static void complain(CommandLine line, String what) {
    line.getErr().println("ringshot: " + what.lines().findFirst().orElse(what));
  }
}
