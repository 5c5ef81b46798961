package dev.ringshot.cli.serve;

import dev.ringshot.abi.Errno;
import dev.ringshot.abi.ErrnoException;
import dev.ringshot.abi.Kernel;
import dev.ringshot.linux.LinuxKernel;
import dev.ringshot.linux.LinuxProcess;
import dev.ringshot.ublk.UblkControl;
import java.nio.file.Path;

/// Linux's own driver: the disk is `/dev/ublkbN`.
///
/// @param kernel the running one
record LinuxDriver(Kernel kernel) implements Driver {
  static final String NAME = "linux";

  /// Looks whether it is there, and for this user.
  ///
  /// @throws dev.ringshot.abi.ErrnoException if not, or if there is no io_uring
  /// @throws UnsupportedOperationException if this is no Linux
  static LinuxDriver open() {
    var kernel = new LinuxKernel();
    UblkControl.open(kernel).close();
    return new LinuxDriver(kernel);
  }

  @Override
  public String name() {
    return NAME;
  }

  /// Memory that it allocates must not wait for its own disk. The threads of a user without
  /// privileges cannot say that.
  @Override
  public void enterThread() {
    try {
      LinuxProcess.setIoFlusher();
    } catch (ErrnoException e) {
      if (e.errno() != Errno.EPERM) throw e;
    }
  }

  @Override
  public Access open(ServedDisk disk, boolean isReadOnly) {
    return new DeviceNode(disk, Path.of(disk.info().blockPath()));
  }

  @Override
  public void close() {}
}
