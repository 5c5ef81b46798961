package dev.ringshot.cli.serve;

import dev.ringshot.abi.Errno;
import dev.ringshot.abi.ErrnoException;
import dev.ringshot.abi.Kernel;
import dev.ringshot.linux.LinuxKernel;
import dev.ringshot.linux.LinuxProcess;
import dev.ringshot.ublk.DeviceInfo;
import dev.ringshot.ublk.UblkControl;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.function.Consumer;

/// Linux's own driver: the disk is `/dev/ublkbN`.
///
/// @param kernel the running one
/// @param warnings hears, in a line, what could not be had and is not necessary
record LinuxDriver(Kernel kernel, Consumer<String> warnings) implements Driver {
  static final String NAME = "linux";

  /// Looks whether it is there, and for this user.
  ///
  /// @throws dev.ringshot.abi.ErrnoException if not, or if there is no io_uring
  /// @throws UnsupportedOperationException if this is no Linux
  static LinuxDriver open(Consumer<String> warnings) {
    var kernel = new LinuxKernel();
    UblkControl.open(kernel).close();
    return new LinuxDriver(kernel, warnings);
  }

  @Override
  public String name() {
    return NAME;
  }

  /// Memory that it allocates must not wait for its own disk.
  @Override
  public void enterServer() {
    try {
      LinuxProcess.setIoFlusher();
    } catch (ErrnoException e) {
      if (e.errno() != Errno.EPERM) throw e;
      warnings.accept(
          "without CAP_SYS_RESOURCE the server may wait for its own disk when memory is short: do"
              + " not swap to that disk, or mount it here for much writing");
    }
  }

  /// Where the requests of its queue come from.
  @Override
  public void enterQueue(DeviceInfo device, int queue) {
    if (device.queues() == 1) return; // of all processors
    try (var control = UblkControl.open(kernel)) {
      var _ = control.await(control.info(device.id()));
      BitSet cpus = control.await(control.affinity(device.id(), queue)).get();
      cpus.and(LinuxProcess.affinity()); // what the user allows
      if (!cpus.isEmpty()) LinuxProcess.setAffinity(cpus);
    } catch (ErrnoException e) {
      warnings.accept("queue " + queue + " runs where it may: " + e.getMessage());
    }
  }

  @Override
  public Access open(ServedDisk disk, boolean isReadOnly) {
    return new DeviceNode(disk, Path.of(disk.info().blockPath()));
  }

  @Override
  public void close() {}
}
