package dev.ringshot.cli.serve;

import dev.ringshot.ublk.ServerOptions;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `ringshot ublk recover`: serves a device of Linux's own driver whose server has died.
@Command(
    name = "recover",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description =
        "Serves a device whose server has died, or was quiesced, as ublk add does; it keeps its queues, depth and flags. Without -t the disk is what it was.")
public final class RecoverCommand implements Callable<Integer> {
  @Mixin private DeviceOptions device = new DeviceOptions();

  @Option(
      names = {"-n", "--number"},
      required = true,
      paramLabel = "ID",
      description = "The device's number.")
  private int id;

  /// The command line has not been read yet.
  public RecoverCommand() {}

  @Override
  public Integer call() {
    if (id < 0) throw device.wrong("there is no device " + id);
    var options =
        ServerOptions.of(ProcessHandle.current().pid())
            .withDeviceId(id)
            .withNanoTime(System::nanoTime);
    return device.serve(device.disk(id), options, true);
  }
}
