package dev.ringshot.ublk;

/// How long a server waits for one thing, in its control ring's time.
final class Patience {
  private final UblkControl control;
  private int begun;
  private boolean isUp;

  Patience(UblkControl control) {
    this.control = control;
  }

  /// Begins to wait; what was waited for before counts no more.
  void begin(long nanos) {
    int number = ++begun;
    isUp = false;
    control.after(nanos, (res, flags) -> isUp |= number == begun);
  }

  /// Whether the time is up; once.
  boolean takeUp() {
    boolean wasUp = isUp;
    isUp = false;
    return wasUp;
  }
}
