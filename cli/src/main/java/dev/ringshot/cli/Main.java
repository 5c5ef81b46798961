package dev.ringshot.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/// The `ringshot` command.
@Command(
    name = "ringshot",
    description = "Multishot io_uring commands, on Linux and on a model of it.")
public final class Main implements Runnable {
  private Main() {}

  @Override
  public void run() {
    CommandLine.usage(this, System.out);
  }

  public static void main(String[] args) {
    System.exit(new CommandLine(new Main()).execute(args));
  }
}
