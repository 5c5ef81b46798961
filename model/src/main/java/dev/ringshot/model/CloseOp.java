package dev.ringshot.model;

import static dev.ringshot.abi.Errno.EBADF;
import static dev.ringshot.abi.Errno.EINVAL;

/// IORING_OP_CLOSE: of a descriptor, or of a slot of the registered files.
final class CloseOp implements Operation {
  @Override
  public int prep(Request request) {
    if (request.off() != 0 || request.addr() != 0 || request.len() != 0) return -EINVAL;
    if (request.opFlags() != 0 || request.bufIndex() != 0) return -EINVAL;
    if (request.isFixedFile()) return -EBADF;
    return request.fileIndex() != 0 && request.fd() != 0 ? -EINVAL : 0;
  }

  @Override
  public int issue(Request request, boolean mayBlock) {
    var ring = request.ring();
    if (request.fileIndex() != 0)
      return request.complete(ring.fixedFiles.remove(ring, request.fileIndex() - 1));
    var kernel = ring.kernel();
    var file = kernel.files().hold(request.fd());
    if (file == null) return request.complete(-EBADF);
    boolean isRing = file.operations() instanceof RingContext;
    ring.dropLater(file);
    if (isRing) return request.complete(-EBADF);
    var removed = kernel.files().remove(request.fd());
    if (removed == null) return request.complete(-EBADF);
    ring.dropLater(removed);
    return request.complete(0);
  }
}
