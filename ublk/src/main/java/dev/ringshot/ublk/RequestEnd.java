package dev.ringshot.ublk;

/// Who hears that a request is over: its queue, or a target that has put requests of its own before
/// another target.
@FunctionalInterface
public interface RequestEnd {
  /// On the thread that completed it, once.
  ///
  /// @param result bytes read or written, 0 of other operations, or `-errno`
  void onEnd(BlockRequest request, int result);
}
