package dev.ringshot.cli.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Programs of the machine's that tests run.
public final class Tool {
  private static final String NATIVE = "--enable-native-access=";
  private static final List<String> FOLDERS =
      List.of("/usr/bin", "/usr/sbin", "/usr/local/bin", "/sbin", "/bin");

  private Tool() {}

  /// Skips the test, or fails it on a machine that must have everything, unless all are there.
  public static void need(String... names) {
    for (String name : names)
      if (FOLDERS.stream().noneMatch(folder -> Files.isExecutable(Path.of(folder, name))))
        miss("there is no " + name + "; scripts/install-debian installs it");
  }

  /// Skips the test, or fails it on a machine that must have everything.
  static void miss(String reason) {
    if ("true".equals(System.getenv("CI")) || "true".equals(System.getenv("RINGSHOT_CI")))
      fail(reason);
    abort(reason);
  }

  /// Skips the test for want of what the kernel was built without.
  static void lack(String what) {
    abort("this kernel has no " + what);
  }

  /// Runs a program and claims that it succeeds.
  ///
  /// @return what it wrote, errors included
  public static String run(String... command) throws IOException, InterruptedException {
    Process process = start(command);
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), () -> String.join(" ", command) + "\n" + output);
    return output;
  }

  /// Compiles a program's own target, as its user would.
  static void compile(Path source, Path to) throws IOException, InterruptedException {
    String javac = Path.of(System.getProperty("java.home"), "bin", "javac").toString();
    List<String> command = new ArrayList<>(List.of(javac, "-d", to.toString()));
    String modules = System.getProperty("jdk.module.path");
    command.addAll(
        modules == null
            ? List.of("-cp", System.getProperty("java.class.path"))
            : List.of("-p", modules, "--add-modules", "dev.ringshot.ublk"));
    command.add(source.toString());
    run(command.toArray(String[]::new));
  }

  static Process start(String... command) throws IOException {
    var builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("LC_ALL", "C");
    return builder.start();
  }

  /// The command as this test has it: the launcher would wait for the build that runs the test.
  public static List<String> ringshot() {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    String modules = System.getProperty("jdk.module.path");
    if (modules == null) {
      String classes = System.getProperty("java.class.path");
      return List.of(java, NATIVE + "ALL-UNNAMED", "-cp", classes, "dev.ringshot.cli.Main");
    }
    return List.of(
        java,
        NATIVE + "dev.ringshot.linux",
        "-p",
        modules,
        "-m",
        "dev.ringshot.cli/dev.ringshot.cli.Main");
  }
}
