package dev.ringshot.model;

import org.jspecify.annotations.Nullable;

/// A request that waits where cancellation can find it: for a file, for a timer, for a worker. Made
/// anew each time one parks, so that a late wake-up finds its own state and not another request's.
/// Guarded by the ring's lock.
abstract class Parked extends TaskWork {
  final Request request;
  @Nullable Parked previousInBucket;
  @Nullable Parked nextInBucket;
  boolean listed;

  /// The key it is listed under; the request may be another's by the time it is taken out.
  long userData;

  Parked(Request request) {
    this.request = request;
    request.parked = this;
  }

  /// Ends the request with `-ECANCELED`, by task work.
  ///
  /// @return 0, or `-EALREADY` if it has gone too far
  abstract int cancel();

  @Override
  RingContext ring() {
    return request.ring();
  }
}
