package dev.ringshot.model;

import static dev.ringshot.abi.Errno.EINVAL;

/// IORING_OP_FTRUNCATE.
final class FtruncateOp implements Operation {
  @Override
  public int prep(Request request) {
    boolean extra = request.opFlags() != 0 || request.addr() != 0 || request.len() != 0;
    boolean more = request.bufIndex() != 0 || request.fileIndex() != 0 || request.addr3() != 0;
    return extra || more ? -EINVAL : 0;
  }

  @Override
  public int issue(Request request, boolean mayBlock) {
    if (request.off() < 0) return request.answer(-EINVAL);
    var file = request.openFile();
    return request.answer(file.operations().truncate(file, request.off()));
  }
}
