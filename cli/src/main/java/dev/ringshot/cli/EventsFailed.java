package dev.ringshot.cli;

import dev.ringshot.ring.End;

/// The command could not be armed, or ended before it should. The message says what to do.
final class EventsFailed extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final transient End end;

  EventsFailed(End end, String message) {
    super(message);
    this.end = end;
  }

  End end() {
    return end;
  }
}
