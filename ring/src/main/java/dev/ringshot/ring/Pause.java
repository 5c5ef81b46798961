package dev.ringshot.ring;

/// Why [Ring#run()] came back.
public enum Pause {
  /// Nothing is in flight.
  IDLE,

  /// The time is up.
  TIME_UP,

  /// [Ring#wake] was called.
  WOKEN
}
