package dev.ringshot.cli.serve;

import dev.ringshot.linux.LinuxProcess;
import java.nio.file.Path;
import java.util.Optional;

/// This process in the background, as `scripts/daemon.bash` starts it: the launcher reads stdout
/// until that is closed; stderr is the log.
///
/// @param log its path, until there is a device to name it by
record Daemon(Path log) {
  /// Whether this process is one.
  static Optional<Daemon> ofThisProcess() {
    return Optional.ofNullable(System.getProperty("ringshot.log"))
        .map(log -> new Daemon(Path.of(log)));
  }

  /// Leaves the folder in which it was started, so that it does not keep that in use. Relative
  /// paths mean nothing from then on.
  void leaveFolder() {
    LinuxProcess.changeFolder("/");
  }

  /// Has the launcher print what stdout was told, and exit with 0.
  void letLauncherGo() {
    System.out.close(); // of descriptor 1 Java makes one of /dev/null
  }
}
