package dev.ringshot.model;

import static dev.ringshot.abi.Errno.EBADF;
import static dev.ringshot.abi.Errno.EINVAL;
import static dev.ringshot.abi.IoUring.*;

import org.jspecify.annotations.Nullable;

/// IORING_OP_ASYNC_CANCEL.
final class AsyncCancelOp implements Operation {
  static final int FLAGS =
      IORING_ASYNC_CANCEL_ALL
          | IORING_ASYNC_CANCEL_FD
          | IORING_ASYNC_CANCEL_ANY
          | IORING_ASYNC_CANCEL_FD_FIXED
          | IORING_ASYNC_CANCEL_USERDATA
          | IORING_ASYNC_CANCEL_OP;

  @Override
  public int prep(Request request) {
    if (request.off() != 0 || request.fileIndex() != 0) return -EINVAL;
    int flags = request.opFlags();
    if ((flags & ~FLAGS) != 0) return -EINVAL;
    boolean any = (flags & IORING_ASYNC_CANCEL_ANY) != 0;
    if ((flags & IORING_ASYNC_CANCEL_FD) != 0 && any) return -EINVAL;
    if ((flags & IORING_ASYNC_CANCEL_OP) == 0) return 0;
    return any || !isOpcode(request) ? -EINVAL : 0;
  }

  private static boolean isOpcode(Request request) {
    var kernel = request.ring().kernel();
    return !kernel.options().release().checksCancelOpcode()
        || Integer.compareUnsigned(request.len(), kernel.operations().count()) < 0;
  }

  @Override
  public int issue(Request request, boolean mayBlock) {
    var ring = request.ring();
    int flags = request.opFlags();
    OpenFile file = null;
    if ((flags & IORING_ASYNC_CANCEL_FD) != 0) {
      boolean fixed = request.isFixedFile() || (flags & IORING_ASYNC_CANCEL_FD_FIXED) != 0;
      file = file(ring, request.fd(), fixed);
      if (file == null) return -EBADF;
    }
    int opcode = request.len() & 0xff;
    int result =
        Cancellation.cancel(ring, new CancelKey(request.addr(), flags, file, opcode, request));
    if (file != null) ring.dropLater(file);
    return request.complete(result);
  }

  /// The file that a cancellation names, with a reference taken, or null.
  static @Nullable OpenFile file(RingContext ring, int fd, boolean fixed) {
    return fixed ? ring.fixedFiles.hold(fd) : ring.kernel().files().hold(fd);
  }
}
