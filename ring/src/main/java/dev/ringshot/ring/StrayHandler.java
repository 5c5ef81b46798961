package dev.ringshot.ring;

/// What to do with a completion for no request in flight: a message from another ring
/// (`IORING_OP_MSG_RING`), or a bug.
@FunctionalInterface
public interface StrayHandler {
  /// One such completion, from [Ring#dispatch].
  void onStray(long userData, int res, int flags);
}
