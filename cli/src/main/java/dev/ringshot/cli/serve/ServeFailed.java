package dev.ringshot.cli.serve;

/// Why something is not, or is no longer, served: one line for a person.
public sealed class ServeFailed extends RuntimeException permits ServedDisk.StoppedEarly {
  private static final long serialVersionUID = 1;

  /// @param message the line
  public ServeFailed(String message) {
    super(message);
  }

  /// @param message the line
  public ServeFailed(String message, Throwable cause) {
    super(message, cause);
  }
}
