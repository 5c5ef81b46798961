package dev.ringshot.model;

import static dev.ringshot.abi.Errno.EINVAL;
import static dev.ringshot.abi.Errno.ENOTSOCK;

/// IORING_OP_LISTEN.
final class ListenOp implements Operation {
  @Override
  public int prep(Request request) {
    if (request.addr() != 0 || request.off() != 0 || request.bufIndex() != 0) return -EINVAL;
    return request.opFlags() != 0 || request.fileIndex() != 0 ? -EINVAL : 0;
  }

  @Override
  public int issue(Request request, boolean mayBlock) {
    var socket = SocketFile.of(request.openFile());
    return socket == null ? -ENOTSOCK : request.complete(socket.listen(request.len()));
  }
}
