package dev.ringshot.ring;

/// A [CqeHandler] for requests whose completions are 32 bytes long, as those of
/// `SOCKET_URING_OP_TX_TIMESTAMP`. Needs a ring with `IORING_SETUP_CQE32` or
/// `IORING_SETUP_CQE_MIXED`.
@FunctionalInterface
public interface Cqe32Handler extends CqeHandler {
  @Override
  void onCqe32(int res, int flags, long extra1, long extra2);

  /// A short completion, as requests that fail early have: the upper half is told as zeros.
  @Override
  default void onCqe(int res, int flags) {
    onCqe32(res, flags, 0, 0);
  }
}
