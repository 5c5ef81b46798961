package dev.ringshot.model;

import static dev.ringshot.abi.Errno.EBADF;
import static dev.ringshot.abi.Errno.EFAULT;
import static dev.ringshot.abi.Errno.EINVAL;
import static dev.ringshot.abi.IoUring.*;

/// IORING_OP_NOP, with what it can be told to answer.
final class NopOp implements Operation {
  private static final int FLAGS =
      IORING_NOP_INJECT_RESULT
          | IORING_NOP_FILE
          | IORING_NOP_FIXED_FILE
          | IORING_NOP_FIXED_BUFFER
          | IORING_NOP_TW
          | IORING_NOP_CQE32;

  @Override
  public int prep(Request request) {
    int flags = request.opFlags();
    if ((flags & ~FLAGS) != 0) return -EINVAL;
    var layout = request.ring().layout();
    boolean hasRoom = layout.isCqe32() || layout.isCqeMixed();
    return (flags & IORING_NOP_CQE32) != 0 && !hasRoom ? -EINVAL : 0;
  }

  @Override
  public int issue(Request request, boolean mayBlock) {
    int flags = request.opFlags();
    int result = (flags & IORING_NOP_INJECT_RESULT) != 0 ? request.len() : 0;
    if ((flags & IORING_NOP_FILE) != 0 && !hasFile(request, flags)) result = -EBADF;
    boolean looks = (flags & IORING_NOP_FIXED_BUFFER) != 0;
    if (result >= 0 && looks && request.registeredBuffer() == null) result = -EFAULT;
    if ((flags & IORING_NOP_CQE32) != 0) {
      request.extra1 = request.off();
      request.extra2 = request.addr();
    }
    int done = request.complete(result);
    if ((flags & IORING_NOP_CQE32) != 0) request.markBig();
    if ((flags & IORING_NOP_TW) == 0) return done;
    request.ring().addTaskWork(request);
    return Request.QUEUED;
  }

  private static boolean hasFile(Request request, int flags) {
    var ring = request.ring();
    boolean fixed = (flags & IORING_NOP_FIXED_FILE) != 0;
    request.file = AsyncCancelOp.file(ring, request.fd(), fixed);
    return request.file != null;
  }
}
