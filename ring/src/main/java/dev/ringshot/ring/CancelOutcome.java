package dev.ringshot.ring;

/// What [Ring#cancel(long, CancelHandler)] could do. Whatever it is, a request's memory is its own
/// until its last completion.
public enum CancelOutcome {
  /// The kernel found it and cancels it: its last completion follows, mostly with `-ECANCELED`; one
  /// that was faster keeps its own result.
  CANCELLED,

  /// A worker of the kernel's is at it (`-EALREADY`): it may be interrupted, or complete as if
  /// nothing had happened. Its last completion follows.
  ALREADY_RUNNING,

  /// Its last completion has been handled: there was nothing to cancel.
  ALREADY_ENDED,

  /// It is in flight where the kernel does not look (`-ENOENT`): a command parked in its driver, or
  /// an operation that is just completing. It stays in flight; its driver may have a command that
  /// ends it, and [Ring#detach] stops waiting for it.
  NOT_REACHED,

  /// As [#NOT_REACHED], and it was a multishot command: the ring has let go of it, and its
  /// [Subscription] has got [End.Detached].
  DETACHED
}
