package dev.ringshot.model;

import static dev.ringshot.abi.Errno.EBADF;
import static dev.ringshot.abi.Errno.EINVAL;

import dev.ringshot.abi.Fcntl;

/// IORING_OP_OPENAT: to a descriptor, or to a slot of the registered files.
final class OpenatOp implements Operation {
  @Override
  public int prep(Request request) {
    if (request.bufIndex() != 0) return -EINVAL;
    if (request.isFixedFile()) return -EBADF;
    int error = request.keepPath(request.addr());
    if (error != 0) return error;
    boolean toSlot = request.fileIndex() != 0;
    return toSlot && (request.opFlags() & Fcntl.O_CLOEXEC) != 0 ? -EINVAL : 0;
  }

  @Override
  public int issue(Request request, boolean mayBlock) {
    var kernel = request.ring().kernel();
    var opened = kernel.openFile(request.fd(), request.path(), request.opFlags(), request.len());
    if (opened.file() == null) return request.complete(opened.error());
    if (request.fileIndex() == 0) return request.complete(kernel.install(opened));
    return request.complete(toSlot(request.ring(), request.fileIndex(), opened.file()));
  }

  /// Puts an open file into a slot, as `file_index` says.
  ///
  /// @return the slot if the kernel chose it, else 0; or `-errno`
  static int toSlot(RingContext ring, int fileIndex, OpenFile file) {
    ring.lock();
    try {
      return ring.fixedFiles.install(ring, fileIndex, file);
    } finally {
      ring.unlock();
    }
  }
}
