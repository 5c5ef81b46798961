package dev.ringshot.model;

import static dev.ringshot.abi.Errno.ENOTSOCK;

/// IORING_OP_BIND.
final class BindOp implements Operation {
  @Override
  public int prep(Request request) {
    return ConnectOp.prepName(request);
  }

  @Override
  public int issue(Request request, boolean mayBlock) {
    var socket = SocketFile.of(request.openFile());
    if (socket == null) return -ENOTSOCK;
    var message = request.exchange().message;
    return request.complete(socket.bind(message.name, message.nameLength));
  }
}
