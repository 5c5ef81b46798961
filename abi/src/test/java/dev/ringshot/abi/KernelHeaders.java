package dev.ringshot.abi;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;

/// Asks C what names and expressions mean: compiles a program with gcc against given headers and
/// runs it.
///
/// @param name for people
/// @param options of gcc: where headers are
/// @param includes what the program includes
record KernelHeaders(String name, List<String> options, List<String> includes) {
  private static final Pattern UNKNOWN = Pattern.compile("^[^:]*:(\\d+):\\d+: error: (.*)$");
  private static final int MINUTES_MAX = 5;
  private static @Nullable Output fetched;

  /// The headers of Linux 7.3 or newer for an architecture, fetched the first time.
  ///
  /// @param triplet Debian's name of the architecture: `x86_64-linux-gnu`
  static KernelHeaders of(String triplet) {
    Path include = fetch();
    String version;
    try {
      version = Files.readString(include.resolve("../../../version").normalize()).strip();
    } catch (IOException e) {
      throw new AssertionError("no version beside " + include, e);
    }
    return new KernelHeaders(
        "linux-libc-dev " + version + " " + triplet,
        // errqueue.h expects the C library's timespec; any will do
        List.of(
            "-nostdinc",
            "-Dtimespec=__kernel_timespec",
            "-I",
            include.toString(),
            "-I",
            include.resolve(triplet).toString()),
        List.of(
            "linux/time_types.h",
            "linux/io_uring.h",
            "linux/io_uring/query.h",
            "linux/ioctl.h",
            "linux/ublk_cmd.h",
            "linux/errno.h",
            "linux/fcntl.h",
            "linux/falloc.h",
            "linux/fs.h",
            "linux/mman.h",
            "linux/poll.h",
            "linux/eventpoll.h",
            "linux/stat.h",
            "linux/net_tstamp.h",
            "linux/errqueue.h",
            "linux/socket.h",
            "asm/socket.h",
            "linux/in.h",
            "linux/in6.h",
            "linux/un.h",
            "linux/uio.h"));
  }

  /// The include directory, asked for once: where there is no network, that takes a while.
  private static synchronized Path fetch() {
    if (fetched == null) {
      Path script = Path.of(System.getProperty("ringshot.root", ".."), "abi", "headers");
      fetched = run(List.of("bash", script.toString()));
    }
    if (fetched.status != 0) missing(fetched.error.strip());
    return Path.of(fetched.text.strip());
  }

  /// Whether these are of a release after the one that this module is written to, 7.3.
  boolean isNewer() {
    return !name.contains(" 7.3");
  }

  /// The text of a header.
  String read(String header) throws IOException {
    return Files.readString(Path.of(options.get(options.indexOf("-I") + 1), header));
  }

  /// The installed headers of the C library, for what Linux leaves to it.
  static KernelHeaders ofLibc() {
    return new KernelHeaders(
        "the C library's headers",
        List.of("-D_GNU_SOURCE"),
        List.of("sys/socket.h", "netinet/in.h", "sys/un.h", "sys/epoll.h", "poll.h"));
  }

  /// Evaluates C expressions.
  ///
  /// @param expressions by a key of the caller's
  /// @return values of those that compile, by the same keys
  Map<String, Long> evaluate(Map<String, String> expressions) {
    Map<String, String> left = new LinkedHashMap<>(expressions);
    while (!left.isEmpty()) {
      List<String> keys = List.copyOf(left.keySet());
      Output compiled = compile(left);
      if (compiled.status == 0) return values(keys, compiled.text);
      SortedSet<Integer> bad = linesWithErrors(compiled.error);
      if (bad.isEmpty()) throw new AssertionError(name + ": gcc failed:\n" + compiled.error);
      for (int line : bad) left.remove(keys.get(line));
    }
    return Map.of();
  }

  /// Each expression stands on a line of its own and defines a variable, so that a bad one is one
  /// error on that line.
  private Output compile(Map<String, String> expressions) {
    StringBuilder source = new StringBuilder();
    for (String include : includes) source.append("#include <").append(include).append(">\n");
    source.append("int printf(const char *, ...);\nint main(void) {\n#line 1000 \"expressions\"\n");
    for (String expression : expressions.values()) {
      source.append("printf(\"%lld\\n\", (long long) (").append(expression).append("));\n");
    }
    source.append("return 0;\n}\n");
    try {
      Path folder = Files.createTempDirectory("ringshot-headers");
      try {
        Path file = folder.resolve("ask.c");
        Path program = folder.resolve("ask");
        Files.writeString(file, source);
        List<String> gcc = new ArrayList<>(List.of("gcc", "-w", "-fmax-errors=0"));
        gcc.addAll(options);
        gcc.addAll(List.of("-o", program.toString(), file.toString()));
        Output compiled = run(gcc);
        return compiled.status == 0 ? run(List.of(program.toString())) : compiled;
      } finally {
        try (var files = Files.list(folder)) {
          for (Path file : files.toList()) Files.delete(file);
        }
        Files.delete(folder);
      }
    } catch (IOException e) {
      throw new AssertionError("no C program could be written", e);
    }
  }

  private static SortedSet<Integer> linesWithErrors(String messages) {
    SortedSet<Integer> lines = new TreeSet<>();
    for (String message : messages.lines().toList()) {
      Matcher matcher = UNKNOWN.matcher(message);
      if (matcher.matches() && message.startsWith("expressions:")) {
        lines.add(Integer.parseInt(matcher.group(1)) - 1000);
      }
    }
    return lines;
  }

  private static Map<String, Long> values(List<String> keys, String text) {
    Map<String, Long> values = new LinkedHashMap<>();
    List<String> lines = text.lines().toList();
    Assertions.assertEquals(keys.size(), lines.size(), text);
    for (int i = 0; i < keys.size(); i++) values.put(keys.get(i), Long.parseLong(lines.get(i)));
    return values;
  }

  private record Output(int status, String text, String error) {}

  private static Output run(List<String> command) {
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("LC_ALL", "C");
    try {
      Path error = Files.createTempFile("ringshot-headers", ".err");
      try {
        Process process = builder.redirectError(error.toFile()).start();
        process.getOutputStream().close();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!process.waitFor(MINUTES_MAX, TimeUnit.MINUTES)) {
          process.destroyForcibly();
          missing(command.get(0) + " took more than " + MINUTES_MAX + " minutes");
        }
        return new Output(process.exitValue(), text, Files.readString(error));
      } finally {
        Files.delete(error);
      }
    } catch (IOException e) {
      return missing(command.get(0) + " cannot be run: " + e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted while running " + command, e);
    }
  }

  /// Ends the test: skipped, or failed where everything must be there.
  private static Output missing(String what) {
    boolean mustBeThere =
        "true".equals(System.getenv("CI")) || "true".equals(System.getenv("RINGSHOT_CI"));
    if (mustBeThere) Assertions.fail("cannot compare with C headers: " + what);
    return Assumptions.abort("cannot compare with C headers: " + what);
  }
}
