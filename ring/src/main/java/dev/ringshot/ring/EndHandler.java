package dev.ringshot.ring;

/// What to do when a multishot request has ended.
@FunctionalInterface
public interface EndHandler {
  /// Called once for each [Ring#prepare(Subscription)] that was submitted, after its last event;
  /// not for an end that was answered by re-arming, and not by [Ring#close]. To have more events,
  /// call [Subscription#rearm] here.
  void onEnd(End end);
}
