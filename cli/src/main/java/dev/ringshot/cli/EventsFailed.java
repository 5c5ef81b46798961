package dev.ringshot.cli;

/// The command could not be armed, or ended before it should. The message says what to do.
final class EventsFailed extends RuntimeException {
  private static final long serialVersionUID = 1;

  EventsFailed(String message) {
    super(message);
  }
}
