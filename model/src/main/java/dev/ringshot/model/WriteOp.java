package dev.ringshot.model;

import static dev.ringshot.abi.Errno.EAGAIN;

/// IORING_OP_WRITE, WRITEV, WRITE_FIXED.
final class WriteOp implements Operation {
  private final Span span;

  WriteOp(Span span) {
    this.span = span;
  }

  @Override
  public int prep(Request request) {
    int error = ReadOp.prepCommon(request);
    return error != 0 ? error : span.prep(request);
  }

  @Override
  public int issue(Request request, boolean mayBlock) {
    var transfer = request.transfer();
    int result = span.open(request, false);
    if (result != 0) return result;
    int length = transfer.remaining();
    var file = request.openFile();
    result = ReadOp.start(request, file.isWritable());
    if (result != 0) return result;
    result =
        file.operations()
            .write(file, transfer.at(request.off(), !mayBlock).with(request.opFlags()));
    if (result >= 0) {
      if (result != length) request.markFailed();
      return request.complete(result);
    }
    if (mayBlock || (result == -EAGAIN && !request.noWait)) return result;
    request.failIssue(result);
    request.ring().addTaskWork(request); // kiocb_done() leaves a file's error to the completion
    return Request.QUEUED;
  }
}
