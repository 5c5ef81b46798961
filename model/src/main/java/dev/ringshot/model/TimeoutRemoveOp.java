package dev.ringshot.model;

import static dev.ringshot.abi.Errno.EINVAL;
import static dev.ringshot.abi.Errno.ENOENT;
import static dev.ringshot.abi.IoUring.*;

/// IORING_OP_TIMEOUT_REMOVE: ends a timeout, or gives it another time.
final class TimeoutRemoveOp implements Operation {
  @Override
  public int prep(Request request) {
    if (request.addr3() != 0 || request.attributes() != 0) return -EINVAL;
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
    var timeouts = request.ring().timeouts;
    boolean updates = (flags & IORING_TIMEOUT_UPDATE) != 0;
    if (updates && (flags & IORING_LINK_TIMEOUT_UPDATE) != 0) {
      var limit = timeouts.findLimit(request.addr());
      return request.complete(limit == null ? -ENOENT : limit.restart(request.nanos, flags));
    }
    var timeout = timeouts.find(CancelKey.ofUserData(request.addr()));
    if (timeout == null) return request.complete(-ENOENT);
    return request.complete(updates ? timeout.restart(request.nanos, flags) : timeout.cancel());
  }
}
