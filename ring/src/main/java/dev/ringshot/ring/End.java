package dev.ringshot.ring;

import static dev.ringshot.abi.Errno.ECANCELED;
import static dev.ringshot.abi.Errno.ENOBUFS;

/// How a multishot request ended: what the completion without `IORING_CQE_F_MORE` said.
public sealed interface End {
  /// By itself, with a result that is no error. What it means is the operation's to say: 0 is the
  /// end of a stream, a driver may return anything.
  record Finished(int result) implements End {}

  /// `-ECANCELED`: by [Ring#cancel(long)] or because what it waited on went away.
  record Cancelled() implements End {}

  /// `-ENOBUFS`: the group had no buffer for the next event or, with some drivers, the completion
  /// queue had no room for it. The event is not lost where the source keeps it; re-arm for it.
  record OutOfBuffers() implements End {}

  /// Another error.
  record Failed(int errno) implements End {}

  /// The kernel could not cancel the request, so the ring has let go of it: it may still be armed,
  /// and is until its driver or [Ring#close] ends it. Its late events are dropped, and their
  /// buffers given back. See [Ring#detach].
  record Detached() implements End {}

  /// The end that a last result tells.
  static End of(int res) {
    if (res >= 0) return new Finished(res);
    if (res == -ECANCELED) return new Cancelled();
    if (res == -ENOBUFS) return new OutOfBuffers();
    return new Failed(-res);
  }
}
