package dev.ringshot.cli.serve;

import dev.ringshot.ublk.ServerOptions;
import dev.ringshot.ublk.target.TargetSpec;
import java.util.List;
import java.util.Objects;
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
      required = true,
      paramLabel = "TYPE",
      description = "null, mem, loop (or file), or a specification as of serve --target.")
  private String type = "";

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
      description = "Stay in the foreground; it does in any case.")
  void stay(boolean isForeground) {}

  CommandLine line() {
    return Objects.requireNonNull(spec).commandLine();
  }

  private void warn(String what) {
    line().getErr().println("ringshot: warning: " + what);
  }

  ParameterException wrong(String what) {
    return new ParameterException(line(), what);
  }

  /// Serves until a signal comes, or somebody stops the device.
  ///
  /// @return the exit status
  int serve(ServerOptions options, boolean isTakingOver) {
    ImageFile.@Nullable Wish wish = wish();
    var files = ServeCommand.hostFiles();
    try (ImageFile image = wish == null ? null : ImageFile.open(wish, files);
        var _ = wish == null ? lock() : null) {
      DiskChoice.Base base =
          image == null || wish == null ? base() : new DiskChoice.Image(image, wish);
      var loader = DeviceOptions.class.getClassLoader();
      var choice = new DiskChoice(base, List.of(), isReadOnly, loader, line().getErr()::println);
      Output output =
          json
              ? new Output.ForPrograms(line().getOut(), "")
              : new Output.ForPeople(line().getOut(), "", false);
      return new Serving(
              () -> LinuxDriver.open(this::warn),
              choice,
              options,
              isTakingOver,
              null,
              output,
              line().getErr())
          .run();
    } catch (IllegalArgumentException e) {
      throw wrong(String.valueOf(e.getMessage()));
    } catch (UnsupportedOperationException e) {
      throw new ServeFailed(String.valueOf(e.getMessage()), e);
    }
  }

  private boolean isFile() {
    return type.equals("loop") || type.equals("file");
  }

  private ImageFile.@Nullable Wish wish() {
    if (!isFile()) {
      if (file != null || isDirect) throw wrong("--file and --direct are of -t loop");
      return null;
    }
    if (file == null) throw wrong("-t loop takes -f FILE");
    return new ImageFile.Wish(file, false, size, 0, isDirect, isReadOnly);
  }

  private @Nullable ImageLock lock() {
    return isSpecification() ? ImageLock.of(TargetSpec.parse(type), isReadOnly) : null;
  }

  private boolean isSpecification() {
    return !type.equals("null") && !type.equals("mem");
  }

  private DiskChoice.Base base() {
    long bytes = size == null ? SIZE : size;
    if (type.equals("null")) return new DiskChoice.Null(bytes);
    if (type.equals("mem")) return new DiskChoice.Memory(bytes);
    if (size != null) throw wrong("a specification says its size itself: " + type + ":size=1G");
    return new DiskChoice.Other(TargetSpec.parse(type));
  }
}
