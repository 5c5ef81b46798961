package dev.ringshot.cli.serve;

import dev.ringshot.abi.Kernel;

/// The ublk driver that makes the disk: Linux's own, or the model's.
sealed interface Driver extends AutoCloseable permits LinuxDriver, ModelDriver {
  /// The kernel it is in.
  Kernel kernel();

  /// The kernel's name, as `--kernel` takes it.
  String name();

  /// Begins a thread that serves.
  void enterThread();

  /// Lets users in to the disk of a device that is live.
  ///
  /// @throws ServeFailed if that cannot be
  Access open(ServedDisk disk, boolean isReadOnly);

  @Override
  void close();
}
