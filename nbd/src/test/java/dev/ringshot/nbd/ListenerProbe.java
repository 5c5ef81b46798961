package dev.ringshot.nbd;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.BindException;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// A program of its own that listens at a Unix socket, and stops, whenever it is told to.
final class ListenerProbe {
  private ListenerProbe() {}

  static void main(String[] args) throws IOException {
    var address = UnixDomainSocketAddress.of(args[0]);
    Listener listener = null;
    for (String word = IO.readln(); word != null; word = IO.readln()) {
      if (word.equals("listen")) {
        listener = open(address);
        IO.println(listener == null ? "taken" : "listening");
      } else {
        if (listener != null) listener.close();
        IO.println("closed");
      }
    }
  }

  private static @Nullable Listener open(UnixDomainSocketAddress address) throws IOException {
    try {
      return Listener.open(address);
    } catch (BindException e) {
      return null;
    }
  }

  /// One that was started.
  record Started(Process process, BufferedReader answers) {
    void tell(String word) throws IOException {
      var commands = process.outputWriter();
      commands.write(word + "\n");
      commands.flush();
    }

    @Nullable String hear() throws IOException {
      return answers.readLine();
    }

    void close() throws IOException {
      process.outputWriter().close();
      process.destroy();
    }
  }

  static Started start(UnixDomainSocketAddress address) throws IOException {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    Process process =
        new ProcessBuilder(
                java,
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                classPath(),
                ListenerProbe.class.getName(),
                address.getPath().toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    return new Started(process, process.inputReader());
  }

  private static String classPath() {
    return location(ListenerProbe.class) + ":" + location(Listener.class);
  }

  private static Path location(Class<?> type) {
    return Path.of(type.getProtectionDomain().getCodeSource().getLocation().getPath());
  }
}
