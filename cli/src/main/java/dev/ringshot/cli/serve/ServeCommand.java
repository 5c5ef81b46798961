package dev.ringshot.cli.serve;

import dev.ringshot.abi.HostFiles;
import dev.ringshot.abi.ublk.Ublk;
import dev.ringshot.cli.Json;
import dev.ringshot.linux.LinuxFiles;
import dev.ringshot.model.PortableFiles;
import dev.ringshot.nbd.NbdOptions;
import dev.ringshot.ublk.DataMode;
import dev.ringshot.ublk.FetchMode;
import dev.ringshot.ublk.ServerOptions;
import dev.ringshot.ublk.target.TargetSpec;
import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.net.MalformedURLException;
import java.net.SocketAddress;
import java.net.URL;
import java.net.URLClassLoader;
import java.net.UnixDomainSocketAddress;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `ringshot serve`: a disk for whoever speaks NBD.
@Command(
    name = "serve",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description =
        "Serves a file, memory or a disk of your own as a block device: a ublk server on the model's driver, for NBD clients.",
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
      "JSON: one object when it serves, {\"uri\", \"size\", …}; one when it has ended, {\"queues\": […]}.",
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
      description = "copy: by the driver; user-copy: by the server. ${DEFAULT-VALUE} by default.")
  private String data = "copy";

  @ArgGroup(exclusive = true)
  private Where where = new Where();

  /// Where clients connect.
  static final class Where {
    @Option(names = "--socket", paramLabel = "PATH", description = "Listen at a Unix socket.")
    private @Nullable String socket;

    @Option(
        names = "--listen",
        paramLabel = "HOST:PORT",
        converter = Address.class,
        description = "Listen here; 127.0.0.1:10809 by default, port 0 for any.")
    private @Nullable InetSocketAddress address;
  }

  @Option(
      names = "--run",
      paramLabel = "CMD",
      description =
          "Run a shell command with $uri set, over a private Unix socket unless you name one, and end with it.")
  private @Nullable String command;

  @Option(names = "--json", description = "Print JSON instead of text.")
  private boolean json;

  /// The command line has not been read yet.
  public ServeCommand() {}

  @Override
  public Integer call() {
    HostFiles files = hostFiles();
    try (ClassLoader2 loader = loader()) {
      ImageFile.@Nullable Wish wish = imageWish();
      if (wish == null) return serve(files, choice(null, null, loader.loader));
      try (ImageFile image = ImageFile.open(wish, files)) {
        return serve(files, choice(image, wish, loader.loader));
      }
    } catch (IllegalArgumentException e) {
      throw wrong(String.valueOf(e.getMessage()));
    }
  }

  private static HostFiles hostFiles() {
    try {
      return new LinuxFiles();
    } catch (UnsupportedOperationException e) {
      return new PortableFiles();
    }
  }

  private ParameterException wrong(String what) {
    return new ParameterException(Objects.requireNonNull(spec).commandLine(), what);
  }
}
