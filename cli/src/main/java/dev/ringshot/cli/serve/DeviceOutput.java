package dev.ringshot.cli.serve;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What a device of `ublk add` prints, and what it leaves in the run folder: its state, as long as
/// there is the device, and of a daemon its log.
final class DeviceOutput implements Output {
  private final DiskArguments arguments;
  private final Optional<Daemon> daemon;
  private final Optional<RunFolder> folder;
  private final Output first;
  private final Output last;
  private final PrintWriter errors;
  private int id = -1;

  /// @param first prints that it is there
  /// @param last that it is over
  DeviceOutput(
      DiskArguments arguments,
      Optional<Daemon> daemon,
      Optional<RunFolder> folder,
      Output first,
      Output last,
      PrintWriter errors) {
    this.arguments = arguments;
    this.daemon = daemon;
    this.folder = folder;
    this.first = first;
    this.last = last;
    this.errors = errors;
  }

  @Override
  public void serving(String what, ServedDisk disk, Driver driver, Access access) {
    id = disk.info().id();
    folder.ifPresent(this::keep);
    first.serving(what, disk, driver, access);
    daemon.ifPresent(Daemon::letLauncherGo);
  }

  private void keep(RunFolder folder) {
    try {
      Path log = daemon.isPresent() ? folder.keepLog(id, daemon.get().log()) : null;
      folder.keep(id, state(log));
    } catch (IOException e) {
      errors.println("no state of ublk" + id + " in " + folder.path() + ": " + reason(e));
      errors.flush();
    }
  }

  private ServerState state(@Nullable Path log) {
    return new ServerState(
        ProcessHandle.current().pid(),
        ServerState.instanceOf(id),
        arguments,
        log == null ? null : log.toString());
  }

  private static String reason(IOException e) {
    return ImageFile.reason(e);
  }

  @Override
  public void ended(ServedDisk disk) {
    last.ended(disk);
  }

  /// A device that waits for another server keeps its state.
  @Override
  public void close() {
    if (id >= 0 && ServerState.instanceOf(id) == 0) folder.ifPresent(f -> f.forget(id));
  }
}
