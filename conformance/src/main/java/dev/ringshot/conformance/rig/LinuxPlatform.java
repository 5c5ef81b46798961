package dev.ringshot.conformance.rig;

import dev.ringshot.abi.Kernel;
import dev.ringshot.abi.RingParams;
import dev.ringshot.conformance.device.Ref;
import dev.ringshot.conformance.watch.GuardedKernel;
import dev.ringshot.linux.LinuxKernel;
import dev.ringshot.model.Release;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The running Linux kernel, which captures every errno and, before 7.0, is guarded.
public final class LinuxPlatform implements Platform {
  private static final Pattern VERSION = Pattern.compile("(\\d+)\\.(\\d+).*", Pattern.DOTALL);

  private final Release release;
  private final Kernel kernel;
  private final Host host = new LinuxHost();

  /// The kernel of this machine.
  ///
  /// @throws dev.ringshot.abi.ErrnoException if it refuses io_uring; the message says what to do
  public LinuxPlatform() {
    if (Usable.ERRNO != 0) throw LinuxKernel.setupFailure(Usable.ERRNO);
    this.release = releaseOf(runningRelease());
    Kernel linux = LinuxKernel.capturing();
    this.kernel = release == Release.LINUX_7_3 ? linux : new GuardedKernel(linux);
  }

  /// Whether this machine is Linux and lets this process make rings.
  public static boolean isUsable() {
    boolean linux = System.getProperty("os.name", "").toLowerCase(Locale.ROOT).equals("linux");
    return linux && Usable.ERRNO == 0;
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

  /// What uname(2) calls the release.
  private static String runningRelease() {
    try {
      return Files.readString(Path.of("/proc/sys/kernel/osrelease")).strip();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Whose behaviour a Linux of that version shows: 6.17 stands for all before the feature, 6.18
  /// for all of 6, 7.3 for all since.
  static Release releaseOf(String osRelease) {
    Matcher matcher = VERSION.matcher(osRelease);
    if (!matcher.matches()) throw new IllegalArgumentException("kernel release " + osRelease);
    int major = Integer.parseInt(matcher.group(1));
    int minor = Integer.parseInt(matcher.group(2));
    if (major >= 7) return Release.LINUX_7_3;
    return major == 6 && minor >= 18 ? Release.LINUX_6_18 : Release.LINUX_6_17;
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
  public @Nullable String lacks(Need need) {
    return switch (need) {
      case LINUX_7 -> release == Release.LINUX_7_3 ? null : need.what();
      case MULTISHOT_COMMANDS -> release == Release.LINUX_6_17 ? need.what() : null;
      case REFUSAL -> need.what();
      case DEVICE -> Files.exists(Path.of(Ref.REF_PATH)) ? null : need.what();
      case LINUX,
          HOST_FILES,
          PIPES,
          SOCKETS,
          LINKS,
          READ_MULTISHOT,
          CQE_MIXED,
          SQE_MIXED,
          NO_MMAP,
          FILE_SLOTS,
          THREADS,
          IOPOLL,
          LONG_MAPPINGS,
          REGISTERED_BUFFERS,
          CREDENTIALS ->
          null;
    };
  }

  @Override
  public void close() {}
}
