package dev.ringshot.model;

import static dev.ringshot.abi.Errno.EINVAL;
import static dev.ringshot.abi.IoUring.IORING_FSYNC_DATASYNC;

/// IORING_OP_FSYNC.
final class FsyncOp implements Operation {
  @Override
  public int prep(Request request) {
    if (request.addr() != 0 || request.bufIndex() != 0 || request.fileIndex() != 0) return -EINVAL;
    return (request.opFlags() & ~IORING_FSYNC_DATASYNC) != 0 ? -EINVAL : 0;
  }

  @Override
  public int issue(Request request, boolean mayBlock) {
    var file = request.openFile();
    boolean dataOnly = (request.opFlags() & IORING_FSYNC_DATASYNC) != 0;
    return request.answer(file.operations().fsync(file, dataOnly));
  }
}
