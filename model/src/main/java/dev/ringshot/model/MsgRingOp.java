package dev.ringshot.model;

import static dev.ringshot.abi.Errno.EAGAIN;
import static dev.ringshot.abi.Errno.EBADF;
import static dev.ringshot.abi.Errno.EBADFD;
import static dev.ringshot.abi.Errno.EINVAL;
import static dev.ringshot.abi.IoUring.IORING_MSG_DATA;
import static dev.ringshot.abi.IoUring.IORING_MSG_RING_CQE_SKIP;
import static dev.ringshot.abi.IoUring.IORING_MSG_SEND_FD;

/// IORING_OP_MSG_RING: a completion, or a registered file, for another ring.
final class MsgRingOp implements Operation {
  @Override
  public int prep(Request request) {
    return RingMessage.of(request).check();
  }

  @Override
  public int issue(Request request, boolean mayBlock) {
    if (!(request.openFile().operations() instanceof RingContext target)) return -EBADFD;
    var message = RingMessage.of(request);
    int result;
    if (message.command() == IORING_MSG_DATA) result = message.deliver(target, mayBlock);
    else if (message.command() == IORING_MSG_SEND_FD)
      result = sendFile(request, message, target, mayBlock);
    else result = -EINVAL;
    return result == -EAGAIN ? result : request.complete(result);
  }

  private static int sendFile(
      Request request, RingMessage message, RingContext target, boolean mayBlock) {
    var ring = request.ring();
    if (message.length() != 0 || target == ring) return -EINVAL;
    if (target.isDisabled()) return -EBADFD;
    OpenFile file;
    ring.lock();
    try {
      file = ring.fixedFiles.hold((int) message.source());
    } finally {
      ring.unlock();
    }
    if (file == null) return -EBADF;
    if (mayBlock) target.lock();
    else if (!target.tryLock()) {
      ring.dropLater(file);
      return -EAGAIN;
    }
    try {
      int result = target.fixedFiles.install(target, message.destination(), file);
      if (result >= 0 && (message.flags() & IORING_MSG_RING_CQE_SKIP) == 0) {
        target.postForeign(message.userData(), result, 0);
        target.publish();
      }
      return result;
    } finally {
      target.unlock();
    }
  }
}
