package dev.ringshot.model;

import dev.ringshot.abi.HostFiles;

/// What a [ModelKernel] is like.
///
/// @param release whose behaviour it shows
/// @param files the host's files, for paths that are no device of the model's
/// @param faults which of Linux's unhappy answers it gives without need
/// @param policy what a security module says to commands
/// @param commands whether `IORING_OP_URING_CMD` is compiled in; without, it answers `-EOPNOTSUPP`,
///   and so does every attempt of a driver to select a buffer
/// @param privileged whether programs have `CAP_SYS_ADMIN`
public record ModelOptions(
    Release release,
    HostFiles files,
    Faults faults,
    CommandPolicy policy,
    boolean commands,
    boolean privileged) {
  /// Linux 7.3, files by `java.nio`, no faults, every command allowed, to root.
  public static final ModelOptions DEFAULT =
      new ModelOptions(
          Release.LINUX_7_3, new PortableFiles(), Faults.NONE, CommandPolicy.ALLOW, true, true);

  /// The same with another release.
  public ModelOptions withRelease(Release other) {
    return new ModelOptions(other, files, faults, policy, commands, privileged);
  }

  /// The same with other host files.
  public ModelOptions withFiles(HostFiles other) {
    return new ModelOptions(release, other, faults, policy, commands, privileged);
  }

  /// The same with other faults.
  public ModelOptions withFaults(Faults other) {
    return new ModelOptions(release, files, other, policy, commands, privileged);
  }

  /// The same with another security module.
  public ModelOptions withPolicy(CommandPolicy other) {
    return new ModelOptions(release, files, faults, other, commands, privileged);
  }

  /// The same with commands compiled in or not.
  public ModelOptions withCommands(boolean other) {
    return new ModelOptions(release, files, faults, policy, other, privileged);
  }

  /// The same of programs that have `CAP_SYS_ADMIN` or not.
  public ModelOptions withPrivileged(boolean other) {
    return new ModelOptions(release, files, faults, policy, commands, other);
  }
}
