package dev.ringshot.cli.serve;

import dev.ringshot.abi.HostFiles;
import dev.ringshot.abi.Kernel;
import dev.ringshot.model.ModelKernel;
import dev.ringshot.model.ModelOptions;
import dev.ringshot.model.Scheduler;
import dev.ringshot.model.block.BlockDevice;
import dev.ringshot.model.ublk.UblkDriver;
import dev.ringshot.ublk.DeviceInfo;
import java.net.SocketAddress;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The model's driver, in real time: the disk is in this process, and has its users by NBD.
final class ModelDriver implements Driver {
  static final String NAME = "model";

  private final Scheduler time = Scheduler.real();
  private final @Nullable SocketAddress address;
  private final ModelKernel kernel;
  private final UblkDriver driver;

  /// @param files the machine's, which disks may be in
  /// @param address where NBD clients connect; null for a private socket
  ModelDriver(HostFiles files, @Nullable SocketAddress address) {
    this.address = address;
    kernel = new ModelKernel(time, ModelOptions.DEFAULT.withFiles(files));
    driver = UblkDriver.addTo(kernel);
  }

  @Override
  public Kernel kernel() {
    return kernel;
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public void enterServer() {}

  @Override
  public void enterQueue(DeviceInfo device, int queue) {}

  @Override
  public Access open(ServedDisk disk, boolean isReadOnly) {
    return Export.open(address, device(disk), disk.extents(), isReadOnly);
  }

  /// The disk of a live device.
  BlockDevice device(ServedDisk disk) {
    return Objects.requireNonNull(driver.disk(disk.info().id()), "the disk of a live device");
  }

  @Override
  public void close() {
    kernel.close();
    time.close();
  }
}
