package dev.ringshot.cli.serve;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Where servers of ublk devices leave what others want to know: `ublkN.state`, see [ServerState],
/// and of daemons `ublkN.log`, and `ublkN.log.old` of the server before.
///
/// @param path of the folder, absolute; it need not be there
public record RunFolder(Path path) {
  private static final Pattern STATE = Pattern.compile("ublk(\\d{1,9})\\.state");

  /// This user's, `$RINGSHOT_RUN_DIR`; by default root's is `/run/ringshot` and that of others
  /// `$XDG_RUNTIME_DIR/ringshot`. `scripts/daemon.bash` has the same rule.
  public static Optional<RunFolder> ofThisUser() {
    return of(System.getenv(), System.getProperty("user.name", ""));
  }

  static Optional<RunFolder> of(Map<String, String> environment, String user) {
    String wanted = environment.getOrDefault("RINGSHOT_RUN_DIR", "");
    if (!wanted.isEmpty()) return Optional.of(new RunFolder(Path.of(wanted).toAbsolutePath()));
    if (user.equals("root")) return Optional.of(new RunFolder(Path.of("/run/ringshot")));
    String runtime = environment.getOrDefault("XDG_RUNTIME_DIR", "");
    if (runtime.isEmpty()) return Optional.empty();
    return Optional.of(new RunFolder(Path.of(runtime, "ringshot")));
  }

  /// The state of a device's server.
  ///
  /// @return null if there is none
  /// @throws ServeFailed if it cannot be read, or is none
  public @Nullable ServerState state(int id) {
    Path file = stateFile(id);
    try {
      return Files.exists(file) ? ServerState.read(file) : null;
    } catch (IOException e) {
      throw new ServeFailed(file + ": " + ImageFile.reason(e), e);
    }
  }

  /// Keeps it, in place of an older one: whoever reads finds either, whole.
  void keep(int id, ServerState state) throws IOException {
    Files.createDirectories(path);
    Path draft = path.resolve("ublk" + id + ".state." + state.pid());
    state.write(draft);
    Files.move(draft, stateFile(id), StandardCopyOption.ATOMIC_MOVE);
  }

  /// Gives a log its device's name.
  ///
  /// @return its path now
  Path keepLog(int id, Path log) throws IOException {
    Path kept = path.resolve("ublk" + id + ".log");
    if (Files.exists(kept))
      Files.move(kept, path.resolve("ublk" + id + ".log.old"), StandardCopyOption.REPLACE_EXISTING);
    return Files.move(log, kept, StandardCopyOption.ATOMIC_MOVE);
  }

  /// Forgets the state of a device that is no more.
  public void forget(int id) {
    try {
      Files.deleteIfExists(stateFile(id));
    } catch (IOException e) {
      // it misleads nobody: it names a device that is no more
    }
  }

  /// Forgets the states of all other devices.
  public void forgetAllBut(Set<Integer> ids) {
    if (!Files.isDirectory(path)) return;
    try (var files = Files.list(path)) {
      files
          .map(file -> STATE.matcher(String.valueOf(file.getFileName())))
          .filter(Matcher::matches)
          .map(name -> Integer.valueOf(name.group(1)))
          .filter(id -> !ids.contains(id))
          .forEach(this::forget);
    } catch (IOException e) {
      // as above
    }
  }

  private Path stateFile(int id) {
    return path.resolve("ublk" + id + ".state");
  }
}
