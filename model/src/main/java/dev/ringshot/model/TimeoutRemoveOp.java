package dev.ringshot.model;

import static dev.ringshot.abi.Errno.EALREADY;
import static dev.ringshot.abi.Errno.EINVAL;
import static dev.ringshot.abi.Errno.ENOENT;
import static dev.ringshot.abi.IoUring.*;

/// IORING_OP_TIMEOUT_REMOVE: ends a timeout, or gives it another time.
final class TimeoutRemoveOp implements Operation {
  @Override
  public int prep(Request request) {
    if (request.isFixedFile() || request.selectsBuffer()) return -EINVAL;
    if (request.bufIndex() != 0 || request.len() != 0 || request.fileIndex() != 0) return -EINVAL;
    int flags = request.opFlags();
    if ((flags & IORING_TIMEOUT_UPDATE_MASK) == 0) return flags != 0 ? -EINVAL : 0;
    if ((flags & IORING_TIMEOUT_CLOCK_MASK) == IORING_TIMEOUT_CLOCK_MASK) return -EINVAL;
    boolean immediate = request.ring().kernel().options().release().hasTimeoutImmediateArg();
    int known =
        IORING_TIMEOUT_UPDATE_MASK
            | IORING_TIMEOUT_ABS
            | (immediate ? IORING_TIMEOUT_IMMEDIATE_ARG : 0);
    if ((flags & ~known) != 0) return -EINVAL;
    return TimeoutOp.readTime(request, request.off(), flags);
  }

  @Override
  public int issue(Request request, boolean mayBlock) {
    int flags = request.opFlags();
    var timeout = request.ring().timeouts.find(CancelKey.ofUserData(request.addr()));
    if (timeout == null || (flags & IORING_LINK_TIMEOUT_UPDATE) != 0)
      return request.complete(-ENOENT);
    if ((flags & IORING_TIMEOUT_UPDATE) == 0) return request.complete(timeout.cancel());
    int result = timeout.restart(request.nanos, flags);
    return request.complete(result == -EALREADY ? -EALREADY : 0);
  }
}
