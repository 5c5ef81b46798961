package dev.ringshot.ring;

/// Hears what became of a [Ring#cancel(long, CancelHandler)].
@FunctionalInterface
public interface CancelHandler {
  /// Called once, from [Ring#dispatch].
  void onOutcome(CancelOutcome outcome);
}
