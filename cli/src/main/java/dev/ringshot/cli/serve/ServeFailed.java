package dev.ringshot.cli.serve;

/// Why something is not, or is no longer, served: one line for a person.
public final class ServeFailed extends RuntimeException {
  private static final long serialVersionUID = 1;

  ServeFailed(String message) {
    super(message);
  }

  ServeFailed(String message, Throwable cause) {
    super(message, cause);
  }
}
