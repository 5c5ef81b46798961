package dev.ringshot.model;

/// An event that a [Scheduler] will run.
public interface Timer {
  /// Takes the event back.
  ///
  /// @return whether it had not started yet, and now never will
  boolean cancel();
}
