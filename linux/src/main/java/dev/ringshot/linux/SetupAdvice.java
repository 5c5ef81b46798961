package dev.ringshot.linux;

import static dev.ringshot.abi.Errno.EINVAL;
import static dev.ringshot.abi.Errno.EMFILE;
import static dev.ringshot.abi.Errno.ENFILE;
import static dev.ringshot.abi.Errno.ENOMEM;
import static dev.ringshot.abi.Errno.ENOSYS;
import static dev.ringshot.abi.Errno.EPERM;

import dev.ringshot.abi.Errno;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// What to do about a failed io_uring_setup(2), from what this machine says about itself.
///
/// @param proc where procfs is mounted
record SetupAdvice(Path proc) {
  private static final String SECCOMP =
      "a seccomp filter keeps io_uring from this process; in Docker's default profile that is so:"
          + " run with --security-opt seccomp=unconfined, or a profile that allows io_uring_setup,"
          + " io_uring_enter and io_uring_register";

  String of(int errno) {
    return switch (errno) {
      case ENOSYS ->
          isFiltered()
              ? SECCOMP
              : "kernel "
                  + release()
                  + " has no io_uring; use 6.1 or"
                  + " later, built with CONFIG_IO_URING";
      case EPERM -> refused();
      case ENOMEM ->
          "no memory for the ring; locked memory is limited to "
              + limit("Max locked memory")
              + " (ulimit -l), a container may have a limit of its own; use fewer entries or raise it";
      case EMFILE ->
          "this process may open "
              + limit("Max open files")
              + " (ulimit -n); close rings or raise it";
      case ENFILE -> "the system has no free descriptor; see sysctl fs.file-max";
      case EINVAL ->
          "kernel "
              + release()
              + " does not know a flag that was asked for, or the"
              + " entries or the combination of flags are invalid; see io_uring_setup(2)";
      default -> Errno.describe(errno);
    };
  }

  private String refused() {
    var disabled = first("sys/kernel/io_uring_disabled").orElse("0");
    return switch (disabled) {
      case "2" -> "io_uring is switched off here; as root: sysctl kernel.io_uring_disabled=0";
      case "1" ->
          "io_uring is for privileged processes here: run with CAP_SYS_ADMIN, join group "
              + first("sys/kernel/io_uring_group").orElse("-1")
              + " (sysctl kernel.io_uring_group, -1 is none), or as root: sysctl"
              + " kernel.io_uring_disabled=0";
      default ->
          isFiltered()
              ? SECCOMP
              : "a security module (SELinux, AppArmor) or a missing privilege keeps"
                  + " io_uring from this process; see the audit log";
    };
  }

  private boolean isFiltered() {
    return line("self/status", "Seccomp:").filter(mode -> mode.equals("2")).isPresent();
  }

  private String release() {
    return first("sys/kernel/osrelease").orElse("(unknown)");
  }

  /// The soft limit, and its unit if it has one: `8388608 bytes`, `1024 files`, `unlimited`.
  private String limit(String name) {
    return line("self/limits", name).map(SetupAdvice::softWithUnit).orElse("(unknown)");
  }

  private static String softWithUnit(String columns) {
    var column = columns.split(" +", -1);
    return column.length == 3 && !column[0].equals("unlimited")
        ? column[0] + " " + column[2]
        : column[0];
  }

  private Optional<String> first(String file) {
    return line(file, "");
  }

  /// What follows `prefix` on the first line of `file` that begins with it.
  private Optional<String> line(String file, String prefix) {
    try (var lines = Files.lines(proc.resolve(file))) {
      return lines
          .filter(line -> line.startsWith(prefix))
          .findFirst()
          .map(line -> line.substring(prefix.length()).strip());
    } catch (IOException | RuntimeException unreadable) {
      return Optional.empty(); // procfs may be hidden; the advice is then less precise
    }
  }
}
