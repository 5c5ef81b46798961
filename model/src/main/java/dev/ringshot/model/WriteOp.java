package dev.ringshot.model;

import static dev.ringshot.abi.Errno.EAGAIN;

/// IORING_OP_WRITE.
final class WriteOp implements Operation {
  @Override
  public int prep(Request request) {
    return ReadOp.checkRange(request);
  }

  @Override
  public int issue(Request request, boolean mayBlock) {
    var file = request.openFile();
    int result = ReadOp.start(request, file.isWritable());
    if (result == 0) {
      var transfer =
          request
              .transfer()
              .start(request.addr(), ReadOp.length(request), request.off(), !mayBlock);
      result = file.operations().write(file, transfer);
    }
    return result == -EAGAIN || result < 0 ? result : request.complete(result);
  }
}
