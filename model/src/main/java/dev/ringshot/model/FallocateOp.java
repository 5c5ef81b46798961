package dev.ringshot.model;

import static dev.ringshot.abi.Errno.EINVAL;

/// IORING_OP_FALLOCATE.
final class FallocateOp implements Operation {
  @Override
  public int prep(Request request) {
    boolean stray = request.bufIndex() != 0 || request.opFlags() != 0 || request.fileIndex() != 0;
    return stray ? -EINVAL : 0;
  }

  @Override
  public int issue(Request request, boolean mayBlock) {
    var file = request.openFile();
    long offset = request.off();
    long length = request.addr();
    boolean isRange = offset >= 0 && length > 0;
    return request.answer(
        isRange ? file.operations().allocate(file, request.len(), offset, length) : -EINVAL);
  }
}
