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
    int error = ReadOp.start(request, file.isWritable());
    if (error != 0) return error;
    var transfer =
        request.transfer().start(request.addr(), ReadOp.length(request), request.off(), !mayBlock);
    int result = file.operations().write(file, transfer);
    if (result >= 0) return request.complete(result);
    if (mayBlock || (result == -EAGAIN && !request.noWait)) return result;
    request.failIssue(result);
    request.ring().addTaskWork(request); // kiocb_done() leaves a file's error to the completion
    return Request.QUEUED;
  }
}
