package dev.ringshot.ring;

/// What to do with the completions of one request.
///
/// Called on the thread that runs the ring, from [Ring#dispatch], once for each completion, up to
/// and including the one without `IORING_CQE_F_MORE`; then the ring has forgotten the request. The
/// completion has already left the completion queue, so a handler may prepare, submit and throw:
/// what it throws comes out of [Ring#dispatch], and the completions after this one are still there
/// for the next call. A handler must not dispatch or close the ring.
@FunctionalInterface
public interface CqeHandler {
  /// One completion.
  ///
  /// @param res the result, or `-errno`
  /// @param flags `IORING_CQE_F_*`, to be read with [dev.ringshot.abi.Cqe]
  void onCqe(int res, int flags);

  /// One completion of 32 bytes, with what its upper half holds. Called instead of [#onCqe] on a
  /// ring with `IORING_SETUP_CQE32`, and for the long ones with `IORING_SETUP_CQE_MIXED`.
  ///
  /// @param extra1 `big_cqe[0]`
  /// @param extra2 `big_cqe[1]`
  default void onCqe32(int res, int flags, long extra1, long extra2) {
    onCqe(res, flags);
  }
}
