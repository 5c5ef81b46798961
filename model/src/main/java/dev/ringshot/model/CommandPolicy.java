package dev.ringshot.model;

/// A security module's say on a command (`security_uring_cmd`): asked after the file is known to
/// take commands, before its driver is.
@FunctionalInterface
public interface CommandPolicy {
  /// Lets every command through.
  CommandPolicy ALLOW = cmd -> 0;

  /// @return 0 to let it through, or the `-errno` that the program shall see
  int check(UringCmd cmd);
}
