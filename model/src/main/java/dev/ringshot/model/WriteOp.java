package dev.ringshot.model;

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
    int length = ReadOp.length(request);
    if (result == 0) {
      var transfer = request.transfer().start(request.addr(), length, request.off(), !mayBlock);
      result = file.operations().write(file, transfer);
    }
    if (result < 0) return result;
    if (result != length) request.markFailed();
    return request.complete(result);
  }
}
