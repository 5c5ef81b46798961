package dev.ringshot.model;

import static dev.ringshot.abi.IoUring.IORING_ASYNC_CANCEL_ALL;
import static dev.ringshot.abi.IoUring.IORING_ASYNC_CANCEL_ANY;
import static dev.ringshot.abi.IoUring.IORING_ASYNC_CANCEL_FD;
import static dev.ringshot.abi.IoUring.IORING_ASYNC_CANCEL_OP;
import static dev.ringshot.abi.IoUring.IORING_ASYNC_CANCEL_USERDATA;

import org.jspecify.annotations.Nullable;

/// Which requests a cancellation means (`io_cancel_data`).
///
/// @param file the file with `IORING_ASYNC_CANCEL_FD`, else null
/// @param opcode with `IORING_ASYNC_CANCEL_OP`
/// @param canceller what cancels, and never means itself
record CancelKey(
    long userData, int flags, @Nullable OpenFile file, int opcode, @Nullable Request canceller) {
  /// Every request there is.
  static final CancelKey ANY = new CancelKey(0, IORING_ASYNC_CANCEL_ANY, null, 0, null);

  static CancelKey ofUserData(long userData) {
    return new CancelKey(userData, 0, null, 0, null);
  }

  boolean has(int flag) {
    return (flags & flag) != 0;
  }

  /// Whether it means all that match, and the answer is their number.
  boolean isForAll() {
    return has(IORING_ASYNC_CANCEL_ALL | IORING_ASYNC_CANCEL_ANY);
  }

  boolean isByUserDataAlone() {
    return !has(IORING_ASYNC_CANCEL_ANY | IORING_ASYNC_CANCEL_FD | IORING_ASYNC_CANCEL_OP);
  }

  boolean matches(Request request) {
    if (request == canceller) return false;
    if (has(IORING_ASYNC_CANCEL_ANY)) return true;
    if (has(IORING_ASYNC_CANCEL_FD) && request.file != file) return false;
    if (has(IORING_ASYNC_CANCEL_OP) && request.opcode() != opcode) return false;
    boolean byUserData =
        has(IORING_ASYNC_CANCEL_USERDATA) || !has(IORING_ASYNC_CANCEL_FD | IORING_ASYNC_CANCEL_OP);
    return !byUserData || request.userData() == userData;
  }
}
