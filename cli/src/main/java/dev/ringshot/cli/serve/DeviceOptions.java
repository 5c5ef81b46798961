package dev.ringshot.cli.serve;

import dev.ringshot.abi.ErrnoException;
import dev.ringshot.linux.LinuxProcess;
import dev.ringshot.ublk.ServerOptions;
import dev.ringshot.ublk.target.TargetSpec;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// What `ublk add` and `ublk recover` share: what the disk is, and how its server is told of.
final class DeviceOptions {
  private static final long SIZE = 1L << 30;

  @Spec(Spec.Target.MIXEE)
  private @Nullable CommandSpec spec;

  @Option(
      names = {"-t", "--type"},
      paramLabel = "TYPE",
      description = "null, mem, loop (or file), or a specification as of serve --target.")
  private @Nullable String type;

  @Option(
      names = {"-f", "--file"},
      paramLabel = "FILE",
      description = "The disk's bytes; of loop.")
  private @Nullable String file;

  @Option(
      names = {"-s", "--size"},
      paramLabel = "SIZE",
      converter = ByteSize.class,
      description = "The disk's size; by default the file's, and 1G of null and mem.")
  private @Nullable Long size;

  @Option(names = "--direct", description = "Past the page cache (O_DIRECT); of loop.")
  private boolean isDirect;

  @Option(
      names = {"-o", "--read-only"},
      description = "Write nothing.")
  private boolean isReadOnly;

  @Option(names = "--json", description = "Print JSON instead of text.")
  private boolean json;

  @Option(
      names = {"-F", "--foreground"},
      description = "Serve in this process, and not as a daemon.")
  private boolean isForeground;

  private final Optional<Daemon> daemon = Daemon.ofThisProcess();

  CommandLine line() {
    return Objects.requireNonNull(spec).commandLine();
  }

  private void warn(String what) {
    line().getErr().println("ringshot: warning: " + what);
  }

  ParameterException wrong(String what) {
    return new ParameterException(line(), what);
  }

  // ---- What

  /// The disk that the command line names, or the one that the device's server had, if it names
  /// none.
  DiskArguments disk(int id) {
    if (type != null) return disk();
    ServerState state = RunFolder.ofThisUser().map(folder -> folder.state(id)).orElse(null);
    if (state == null || !state.isOf(id, 0))
      throw new ServeFailed(
          "ublk%d has left no word of what its disk is: give -t, as of ublk add".formatted(id));
    DiskArguments before = state.disk();
    if (before.type().equals(DiskArguments.MEMORY))
      throw new ServeFailed(
          "the disk of ublk%d was in the memory of its server, and is lost: -t mem gives it an empty one"
              .formatted(id));
    var disk =
        new DiskArguments(
            before.type(),
            file == null ? before.file() : absolute(file),
            size == null ? before.size() : size,
            isDirect || before.isDirect(),
            isReadOnly || before.isReadOnly());
    check(disk);
    return disk;
  }

  /// The disk that the command line names.
  DiskArguments disk() {
    if (type == null) throw wrong("Missing required option: '--type=TYPE'");
    var named = new DiskArguments(type, absolute(file), size, isDirect, isReadOnly);
    check(named);
    if (!named.isSpecification()) return named;
    try {
      String text = TargetSpec.parse(type).in(Path.of("").toAbsolutePath()).text();
      return new DiskArguments(text, null, null, false, isReadOnly);
    } catch (IllegalArgumentException e) {
      throw wrong(String.valueOf(e.getMessage()));
    }
  }

  private void check(DiskArguments disk) {
    if (disk.isFile()) {
      if (disk.file() == null) throw wrong("-t loop takes -f FILE");
      return;
    }
    if (disk.file() != null || disk.isDirect()) throw wrong("--file and --direct are of -t loop");
    if (disk.isSpecification() && disk.size() != null)
      throw wrong("a specification says its size itself: " + disk.type() + ":size=1G");
  }

  private static @Nullable String absolute(@Nullable String path) {
    return path == null ? null : Path.of(path).toAbsolutePath().toString();
  }

  // ---- Serving it

  /// Serves until a signal comes, or somebody stops the device.
  ///
  /// @return the exit status
  int serve(DiskArguments disk, ServerOptions options, boolean isTakingOver) {
    if (isForeground && daemon.isPresent())
      throw wrong("-F has to be a word of its own: the launcher looks for it before Java starts");
    ImageFile.@Nullable Wish wish = wish(disk);
    var files = ServeCommand.hostFiles();
    daemon.ifPresent(Daemon::leaveFolder);
    try (ImageFile image = wish == null ? null : ImageFile.open(wish, files);
        var _ = wish == null ? lock(disk) : null) {
      DiskChoice.Base base =
          image == null || wish == null ? base(disk) : new DiskChoice.Image(image, wish);
      var loader = DeviceOptions.class.getClassLoader();
      var choice =
          new DiskChoice(base, List.of(), disk.isReadOnly(), loader, line().getErr()::println);
      return new Serving(
              this::driver, choice, options, isTakingOver, null, output(disk), line().getErr())
          .run();
    } catch (IllegalArgumentException e) {
      throw wrong(String.valueOf(e.getMessage()));
    } catch (UnsupportedOperationException e) {
      throw new ServeFailed(String.valueOf(e.getMessage()), e);
    }
  }

  /// Memory that is not there would have to be read, or made room for by writing to a disk, maybe
  /// this one.
  private Driver driver() {
    LinuxDriver driver = LinuxDriver.open(this::warn);
    try {
      LinuxProcess.lockMemory();
    } catch (ErrnoException e) {
      warn("memory is not locked, and may wait for a disk: " + e.getMessage());
    }
    return driver;
  }

  private Output output(DiskArguments disk) {
    return new DeviceOutput(
        disk,
        daemon,
        RunFolder.ofThisUser(),
        output(line().getOut()),
        output(daemon.isPresent() ? line().getErr() : line().getOut()),
        line().getErr());
  }

  private Output output(PrintWriter to) {
    return json
        ? new Output.ForPrograms(to, "")
        : new Output.ForPeople(to, "", false, daemon.isPresent());
  }

  private static ImageFile.@Nullable Wish wish(DiskArguments disk) {
    String path = disk.file();
    return path == null
        ? null
        : new ImageFile.Wish(path, false, disk.size(), 0, disk.isDirect(), disk.isReadOnly());
  }

  private static @Nullable ImageLock lock(DiskArguments disk) {
    return disk.isSpecification()
        ? ImageLock.of(TargetSpec.parse(disk.type()), disk.isReadOnly())
        : null;
  }

  private static DiskChoice.Base base(DiskArguments disk) {
    Long wanted = disk.size();
    long bytes = wanted == null ? SIZE : wanted;
    return switch (disk.type()) {
      case DiskArguments.NULL -> new DiskChoice.Null(bytes);
      case DiskArguments.MEMORY -> new DiskChoice.Memory(bytes);
      default -> new DiskChoice.Other(TargetSpec.parse(disk.type()));
    };
  }
}
