package dev.ringshot.cli.serve;

import dev.ringshot.abi.HostFiles;
import dev.ringshot.linux.LinuxFiles;
import dev.ringshot.model.PortableFiles;
import dev.ringshot.nbd.NbdOptions;
import dev.ringshot.ublk.DataMode;
import dev.ringshot.ublk.FetchMode;
import dev.ringshot.ublk.ServerOptions;
import dev.ringshot.ublk.target.TargetSpec;
import java.io.Console;
import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.net.MalformedURLException;
import java.net.SocketAddress;
import java.net.URL;
import java.net.URLClassLoader;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `ringshot serve`: a disk in `/dev`, or for whoever speaks NBD.
@Command(
    name = "serve",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description =
        "Serves a file, memory or a disk of your own as a block device: a ublk server on Linux's driver, as /dev/ublkbN; or, where that is not to be had, on the model's, for NBD clients.",
    footer = {
      "",
      "Sizes are bytes, or 512K, 256M, 1G, 2T, where K is 1024.",
      "",
      "Decorators, nearest to the disk first:",
      "  --with faulty:write=0.01,errno=EIO,seed=7   fails some requests",
      "  --with delay:read=5ms                       keeps them for a while",
      "  --with readonly                             keeps writes away",
      "  --with trace                                tells each on stderr",
      "",
      "JSON: one object when it serves, {\"kernel\", \"device\", \"uri\" of the model's, \"size\", …}; one when it has ended, {\"queues\": […]}.",
      "",
      "SIGTERM and SIGINT end it in order: what is under way is answered, and flushed.",
      "Exit status: 0 done, 1 it failed, 2 wrong use; with --run that of the command, 128 + n if signal n ended it."
    })
public final class ServeCommand implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;

  @ArgGroup(exclusive = true, multiplicity = "1")
  private Source source = new Source();

  /// What is served.
  static final class Source {
    @Parameters(paramLabel = "IMAGE", description = "A file with the disk's bytes.")
    private @Nullable String image;

    @Option(
        names = "--mem",
        paramLabel = "SIZE",
        converter = ByteSize.class,
        description = "A disk in memory, which takes what is written.")
    private @Nullable Long memory;

    @Option(
        names = "--null",
        paramLabel = "SIZE",
        converter = ByteSize.class,
        description = "A disk that forgets, to measure with.")
    private @Nullable Long nothing;

    @Option(
        names = "--target",
        paramLabel = "CLASS|SPEC",
        description =
            "Your own class (a dev.ringshot.ublk.BlockTarget; see --class-path), or stripe:A.img,B.img,chunk=64K.")
    private @Nullable String target;
  }

  @Option(
      names = "--class-path",
      paramLabel = "PATH",
      description = "Where your class is: folders and jars, separated as for java.")
  private @Nullable String classPath;

  @Option(names = "--create", description = "Make the file, sparse; with --size.")
  private boolean create;

  @Option(
      names = "--size",
      paramLabel = "SIZE",
      converter = ByteSize.class,
      description = "The disk's size; by default the file's.")
  private @Nullable Long size;

  @Option(
      names = "--offset",
      paramLabel = "SIZE",
      converter = ByteSize.class,
      defaultValue = "0",
      description = "Where in the file the disk begins.")
  private long offset;

  @Option(names = "--direct", description = "Past the page cache (O_DIRECT), blocks of 4096.")
  private boolean isDirect;

  @Option(
      names = {"-r", "--read-only"},
      description = "Write nothing.")
  private boolean isReadOnly;

  @Option(
      names = "--with",
      paramLabel = "DECORATOR",
      description = "Put something before the disk; see below. Can be repeated.")
  private List<String> decorators = new ArrayList<>();

  @Option(
      names = "--queues",
      paramLabel = "N",
      defaultValue = "1",
      description = "Queues, a thread each; ${DEFAULT-VALUE} by default.")
  private int queues;

  @Option(
      names = "--depth",
      paramLabel = "N",
      defaultValue = "128",
      description = "Requests of a queue at a time; ${DEFAULT-VALUE} by default.")
  private int depth;

  @Option(
      names = "--fetch",
      paramLabel = "HOW",
      defaultValue = "auto",
      description = "batch: multishot commands; per-tag: a command each; auto by default.")
  private String fetch = "auto";

  @Option(
      names = "--data",
      paramLabel = "HOW",
      defaultValue = "copy",
      description =
          "copy: by the driver; user-copy: by the server; zero-copy: nobody does, for files. ${DEFAULT-VALUE} by default.")
  private String data = "copy";

  @Option(
      names = "--kernel",
      paramLabel = "KERNEL",
      defaultValue = "auto",
      description =
          "Whose ublk driver: linux or model; by default linux, if /dev/ublk-control is there and permitted, and no place for NBD clients is named.")
  private String kernel = "auto";

  @ArgGroup(exclusive = true)
  private Where where = new Where();

  /// Where clients of the model's disk connect.
  static final class Where {
    @Option(
        names = "--socket",
        paramLabel = "PATH",
        description = "Listen at a Unix socket; with the model.")
    private @Nullable String socket;

    @Option(
        names = "--listen",
        paramLabel = "HOST:PORT",
        converter = Address.class,
        description = "Listen here; 127.0.0.1:10809 by default, port 0 for any; with the model.")
    private @Nullable InetSocketAddress address;
  }

  @Option(
      names = "--run",
      paramLabel = "CMD",
      description =
          "Run a shell command, and end with it. It has $device, the disk's path; or, of the model's disk, $uri, over a private Unix socket unless you name one.")
  private @Nullable String command;

  @Option(names = "--json", description = "Print JSON instead of text.")
  private boolean json;

  /// The command line has not been read yet.
  public ServeCommand() {}

  @Override
  public Integer call() {
    HostFiles files = hostFiles();
    ImageFile.@Nullable Wish wish = imageWish();
    DriverChoice driver = driverChoice();
    try (var classes = new URLClassLoader(classPath(), ServeCommand.class.getClassLoader());
        ImageFile image = wish == null ? null : ImageFile.open(wish, files);
        var _ = wish == null ? lock() : null) {
      DiskChoice.Base base =
          image == null || wish == null ? base() : new DiskChoice.Image(image, wish);
      var choice =
          new DiskChoice(
              base, decorators(), isReadOnly, classes, line -> line().getErr().println(line));
      return new Serving(
              () -> driver.open(files, address(), this::warn),
              choice,
              options(),
              false,
              command,
              output(driver.reason()),
              line().getErr())
          .run();
    } catch (IOException e) {
      throw new ServeFailed("--class-path: " + e.getMessage(), e);
    } catch (IllegalArgumentException e) {
      throw wrong(String.valueOf(e.getMessage()));
    }
  }

  private CommandLine line() {
    return Objects.requireNonNull(spec).commandLine();
  }

  private void warn(String what) {
    line().getErr().println("ringshot: warning: " + what);
  }

  private ParameterException wrong(String what) {
    return new ParameterException(line(), what);
  }

  static HostFiles hostFiles() {
    try {
      return new LinuxFiles();
    } catch (UnsupportedOperationException e) {
      return new PortableFiles();
    }
  }

  // ---- What

  private ImageFile.@Nullable Wish imageWish() {
    String path = source.image;
    if (path != null) return new ImageFile.Wish(path, create, size, offset, isDirect, isReadOnly);
    if (create || size != null || offset != 0 || isDirect)
      throw wrong("--create, --size, --offset and --direct are of an IMAGE");
    return null;
  }

  private DiskChoice.Base base() {
    if (source.memory != null) return new DiskChoice.Memory(source.memory);
    if (source.nothing != null) return new DiskChoice.Null(source.nothing);
    return new DiskChoice.Other(TargetSpec.parse(String.valueOf(source.target)));
  }

  /// On the files of a target, if it has any.
  private @Nullable ImageLock lock() {
    String target = source.target;
    return target == null ? null : ImageLock.of(TargetSpec.parse(target), isReadOnly);
  }

  private List<TargetSpec> decorators() {
    return decorators.stream().map(TargetSpec::parse).toList();
  }

  private URL[] classPath() {
    List<URL> urls = new ArrayList<>();
    String path = classPath == null ? "" : classPath;
    for (String part : path.split(Pattern.quote(File.pathSeparator), -1)) {
      if (part.isEmpty()) continue;
      try {
        Path entry = Path.of(part);
        if (!Files.exists(entry)) throw wrong("--class-path: there is no " + part);
        urls.add(entry.toUri().toURL());
      } catch (MalformedURLException | InvalidPathException e) {
        throw wrong("--class-path: " + e.getMessage());
      }
    }
    return urls.toArray(URL[]::new);
  }

  // ---- How

  private ServerOptions options() {
    return ServerOptions.of(ProcessHandle.current().pid())
        .withQueues(queues, depth)
        .withFetch(fetchMode())
        .withData(dataMode())
        .withNanoTime(System::nanoTime);
  }

  private FetchMode fetchMode() {
    return switch (fetch) {
      case "auto" -> FetchMode.AUTO;
      case "batch" -> FetchMode.BATCH;
      case "per-tag" -> FetchMode.PER_TAG;
      default -> throw wrong("--fetch takes auto, batch or per-tag, not '" + fetch + "'");
    };
  }

  private DataMode dataMode() {
    return switch (data) {
      case "copy" -> DataMode.COPY;
      case "user-copy" -> DataMode.USER_COPY;
      case "zero-copy" -> DataMode.ZERO_COPY;
      default -> throw wrong("--data takes copy, user-copy or zero-copy, not '" + data + "'");
    };
  }

  // ---- Where

  private DriverChoice driverChoice() {
    try {
      boolean isForNbd = where.socket != null || where.address != null;
      boolean isModels = isForNbd && kernel.equals("auto");
      DriverChoice choice = DriverChoice.of(isModels ? ModelDriver.NAME : kernel);
      if (choice.isLinux() && isForNbd)
        throw wrong(
            "--socket and --listen are for NBD clients of the model's disk, and this one is in /dev:"
                + " leave them away, or --kernel linux");
      return choice;
    } catch (IllegalArgumentException e) {
      throw wrong(String.valueOf(e.getMessage()));
    } catch (UnsupportedOperationException e) {
      throw new ServeFailed("--kernel linux: " + e.getMessage(), e);
    }
  }

  private @Nullable SocketAddress address() {
    if (where.socket != null) return UnixDomainSocketAddress.of(where.socket);
    if (where.address != null) return where.address;
    return command == null ? NbdOptions.DEFAULT.address() : null;
  }

  @SuppressWarnings("SystemConsoleNull") // it does again in JDK 25
  private Output output(String reason) {
    PrintWriter out = line().getOut();
    if (json) return new Output.ForPrograms(out, reason);
    if (command != null)
      return new Output.ForPeople(line().getErr(), reason, false, false); // stdout is the command's
    Console console = System.console();
    return new Output.ForPeople(out, reason, console != null && console.isTerminal(), false);
  }
}
