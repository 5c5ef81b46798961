package dev.ringshot.cli.ublk;

import picocli.CommandLine.Option;

/// What each command about one device takes: which, and how to tell of it.
final class OneDevice {
  @Option(
      names = {"-n", "--number"},
      required = true,
      paramLabel = "ID",
      description = UblkCommand.NUMBER)
  int id;

  @Option(names = "--json", description = UblkCommand.JSON)
  boolean json;
}
