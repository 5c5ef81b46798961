package dev.ringshot.cli.serve;

import dev.ringshot.abi.ErrnoException;
import dev.ringshot.abi.HostFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.net.SocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Which driver makes the disk, and why.
///
/// @param isLinux whether Linux's own
/// @param reason why it is the model's though nobody asked for that, in a line; empty otherwise
record DriverChoice(boolean isLinux, String reason) {
  private static final Path STATUS = Path.of("/proc/self/status");
  private static final String CAPABILITIES = "CapEff:";
  private static final int CAP_SYS_ADMIN = 21;

  /// @param name `linux` or `model`; or `auto`: Linux's if it is there and permitted
  /// @throws IllegalArgumentException if the name is another
  /// @throws ErrnoException if Linux's is wanted, and not there or not permitted
  static DriverChoice of(String name) {
    return switch (name) {
      case LinuxDriver.NAME -> {
        LinuxDriver.open(line -> {}).close();
        yield new DriverChoice(true, "");
      }
      case ModelDriver.NAME -> new DriverChoice(false, "");
      case "auto" -> best();
      default ->
          throw new IllegalArgumentException(
              "--kernel takes auto, linux or model, not '" + name + "'");
    };
  }

  private static DriverChoice best() {
    if (!mayAdd()) return new DriverChoice(false, "adding devices needs CAP_SYS_ADMIN");
    try {
      LinuxDriver.open(line -> {}).close();
      return new DriverChoice(true, "");
    } catch (ErrnoException | UnsupportedOperationException e) {
      return new DriverChoice(false, String.valueOf(e.getMessage()));
    }
  }

  /// Whether the driver would let this process add a device, as far as that can be known.
  private static boolean mayAdd() {
    try (var lines = Files.lines(STATUS)) {
      return lines
          .filter(line -> line.startsWith(CAPABILITIES))
          .map(line -> new BigInteger(line.substring(CAPABILITIES.length()).strip(), 16))
          .allMatch(mask -> mask.testBit(CAP_SYS_ADMIN));
    } catch (IOException | UncheckedIOException e) {
      return true; // then it says so itself
    }
  }

  /// @param files and
  /// @param address as of [ModelDriver]
  /// @param warnings as of [LinuxDriver]
  Driver open(HostFiles files, @Nullable SocketAddress address, Consumer<String> warnings) {
    return isLinux ? LinuxDriver.open(warnings) : new ModelDriver(files, address);
  }
}
