package dev.ringshot.cli.serve;

import dev.ringshot.abi.Kernel;
import dev.ringshot.ublk.DeviceInfo;

/// The ublk driver that makes the disk: Linux's own, or the model's.
sealed interface Driver extends AutoCloseable permits LinuxDriver, ModelDriver {
  /// The kernel it is in.
  Kernel kernel();

  /// The kernel's name, as `--kernel` takes it.
  String name();

  /// Begins the thread of a device's life, which starts those of its queues.
  void enterServer();

  /// Begins the thread of a queue.
  void enterQueue(DeviceInfo device, int queue);

  /// Lets users in to the disk of a device that is live.
  ///
  /// @throws ServeFailed if that cannot be
  Access open(ServedDisk disk, boolean isReadOnly);

  @Override
  void close();
}
