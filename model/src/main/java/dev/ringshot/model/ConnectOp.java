package dev.ringshot.model;

import static dev.ringshot.abi.Errno.EAGAIN;
import static dev.ringshot.abi.Errno.EINPROGRESS;
import static dev.ringshot.abi.Errno.EINVAL;
import static dev.ringshot.abi.Errno.ENOTSOCK;

/// IORING_OP_CONNECT.
final class ConnectOp implements Operation {
  @Override
  public int prep(Request request) {
    return prepName(request);
  }

  /// What CONNECT and BIND have in common: an address of `off` bytes and nothing else.
  static int prepName(Request request) {
    if (request.len() != 0 || request.bufIndex() != 0) return -EINVAL;
    if (request.opFlags() != 0 || request.fileIndex() != 0) return -EINVAL;
    var exchange = request.exchange();
    exchange.begin(0);
    var memory = request.ring().kernel().memory();
    return exchange.message.keepName(memory, request.addr(), (int) request.off());
  }

  @Override
  public int issue(Request request, boolean mayBlock) {
    var socket = SocketFile.of(request.openFile());
    if (socket == null) return request.complete(-ENOTSOCK);
    var message = request.exchange().message;
    int result = socket.connect(message.name, message.nameLength);
    return result == -EAGAIN || result == -EINPROGRESS ? -EAGAIN : request.complete(result);
  }
}
