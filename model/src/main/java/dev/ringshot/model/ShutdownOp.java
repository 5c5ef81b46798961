package dev.ringshot.model;

import static dev.ringshot.abi.Errno.EINVAL;
import static dev.ringshot.abi.Errno.ENOTSOCK;

/// IORING_OP_SHUTDOWN.
final class ShutdownOp implements Operation {
  @Override
  public int prep(Request request) {
    if (request.off() != 0 || request.addr() != 0 || request.opFlags() != 0) return -EINVAL;
    return request.bufIndex() != 0 || request.fileIndex() != 0 ? -EINVAL : 0;
  }

  @Override
  public int issue(Request request, boolean mayBlock) {
    var socket = SocketFile.of(request.openFile());
    return socket == null ? -ENOTSOCK : request.answer(socket.shutdown(request.len()));
  }
}
