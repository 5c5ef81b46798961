package dev.ringshot.conformance.rig;

import dev.ringshot.abi.Kernel;
import dev.ringshot.abi.RingParams;
import dev.ringshot.conformance.device.Ref;
import dev.ringshot.conformance.watch.GuardedKernel;
import dev.ringshot.linux.LinuxKernel;
import dev.ringshot.model.Release;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// The running Linux kernel, which captures every errno and, before 7.0, is guarded.
public final class LinuxPlatform implements Platform {
  private final LinuxVersion version = LinuxVersion.running();
  private final Release release;
  private final Kernel kernel;
  private final Host host = new LinuxHost();

  /// The kernel of this machine.
  ///
  /// @throws dev.ringshot.abi.ErrnoException if it refuses io_uring; the message says what to do
  public LinuxPlatform() {
    if (Usable.ERRNO != 0) throw LinuxKernel.setupFailure(Usable.ERRNO);
    this.release = version.release();
    Kernel linux = LinuxKernel.capturing();
    this.kernel = release == Release.LINUX_7_3 ? linux : new GuardedKernel(linux);
  }

  /// Why the cases would say nothing here, in words; null if each of them should hold.
  public static @Nullable String absence() {
    String system = System.getProperty("os.name", "");
    if (!system.equals("Linux")) return "Linux; this is " + system;
    LinuxVersion version = LinuxVersion.running();
    if (!version.isMeasured())
      return "Linux 6.18, or 7.3 and later; this is " + version.name() + ", which was not measured";
    return Usable.ERRNO == 0
        ? null
        : String.valueOf(LinuxKernel.setupFailure(Usable.ERRNO).getMessage());
  }

  /// Asked for once.
  private static final class Usable {
    static final int ERRNO = setupErrno();

    /// 0, or why a ring of one entry cannot be made.
    private static int setupErrno() {
      Kernel kernel = new LinuxKernel();
      int prot = Kernel.PROT_READ | Kernel.PROT_WRITE;
      MemorySegment params = kernel.map(-1, 0, RingParams.SIZE, prot);
      int fd = kernel.setup(1, params.address());
      if (fd >= 0) kernel.close(fd);
      kernel.unmap(params);
      return Math.max(0, -fd);
    }
  }

  @Override
  public String name() {
    return "linux";
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
  public @Nullable String ignorance() {
    return version.isKnown()
        ? null
        : "Linux 6.18 or newer; this is " + version.name() + ", which was not measured";
  }

  @Override
  public @Nullable String lacks(Need need) {
    return switch (need) {
      case LINUX_7, SQE_MIXED -> release == Release.LINUX_7_3 ? null : need.what();
      case MULTISHOT_COMMANDS -> release == Release.LINUX_6_17 ? need.what() : null;
      case REFUSAL -> need.what();
      case USUAL_SIZES -> LinuxVersion.isUserMode() ? need.what() : null;
      case DEVICE -> Files.exists(Path.of(Ref.REF_PATH)) ? null : need.what();
      case LINUX, HOST_FILES, ALLOCATION, CQE_MIXED, NO_MMAP, THREADS, IOPOLL, LONG_MAPPINGS ->
          null;
    };
  }

  @Override
  public void close() {}
}
