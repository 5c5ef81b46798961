package dev.ringshot.conformance.rig;

import dev.ringshot.abi.Errno;
import dev.ringshot.abi.Kernel;
import dev.ringshot.conformance.device.ReferenceDevice;
import dev.ringshot.model.Faults;
import dev.ringshot.model.ModelKernel;
import dev.ringshot.model.ModelOptions;
import dev.ringshot.model.Release;
import dev.ringshot.model.Scheduler;
import dev.ringshot.model.UringCmd;
import dev.ringshot.model.ublk.UblkDriver;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// A fresh model of one release, with the reference device: on virtual time, or, for cases with
/// several threads, on real time.
public final class ModelPlatform implements Platform {
  private static final long SEED = 1;

  private final String name;
  private final Release release;
  private final Scheduler time;
  private final ModelKernel kernel;
  private final Host host;
  private final UblkDriver ublk;

  /// @param name as the command line names it
  /// @param threads whether several threads will call it
  public ModelPlatform(String name, Release release, boolean threads, Faults faults) {
    this.name = name;
    this.release = release;
    this.time = threads ? Scheduler.real() : Scheduler.virtual(SEED);
    var options =
        ModelOptions.DEFAULT
            .withRelease(release)
            .withPolicy(ModelPlatform::judge)
            .withFaults(faults);
    this.kernel = ReferenceDevice.addTo(new ModelKernel(time, options));
    this.host = new ModelHost(kernel);
    this.ublk = UblkDriver.addTo(kernel);
  }

  private static int judge(UringCmd cmd) {
    return cmd.op() == REFUSED_COMMAND ? -Errno.EACCES : 0;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Release release() {
    return release;
  }

  @Override
  public Kernel kernel() {
    return kernel;
  }

  @Override
  public Host host() {
    return host;
  }

  @Override
  public Disk disk(Rig rig, String name) {
    for (var disk : ublk.disks()) if (disk.name().equals(name)) return new ModelDisk(disk, time);
    throw new AssertionError("there is no disk " + name);
  }

  @Override
  public @Nullable String lacks(Need need) {
    return switch (need) {
      case HOST_FILES, THREADS, DEVICE, UBLK, NO_MMAP, REFUSAL, ACCOUNTED_MEMORY -> null;
      case LINUX_7 -> release == Release.LINUX_7_3 ? null : need.what();
      case MULTISHOT_COMMANDS -> release == Release.LINUX_6_17 ? need.what() : null;
      case LINUX -> need.what();
      case CQE_MIXED, QUERIES ->
          release == Release.LINUX_6_18 || release == Release.LINUX_7_3 ? null : need.what();
      case SQE_MIXED -> release == Release.LINUX_7_3 ? null : need.what();
      case ALLOCATION -> need.what() + ", which Java's files do not have";
      case IOPOLL, SQPOLL, LONG_MAPPINGS -> need.what() + ", which the model does not have yet";
    };
  }

  @Override
  public void rest(Duration duration) {
    time.advance(duration);
  }

  @Override
  public void close() {
    kernel.close();
    time.close();
  }
}
