package dev.ringshot.model;

import static dev.ringshot.abi.Errno.EINVAL;
import static dev.ringshot.abi.Socket.SOCK_CLOEXEC;
import static dev.ringshot.abi.Socket.SOCK_NONBLOCK;

/// IORING_OP_SOCKET: to a descriptor, or to a slot of the registered files.
final class SocketOp implements Operation {
  /// Of `type`, the type (`SOCK_TYPE_MASK`); the rest are flags.
  static final int TYPE_MASK = 0xf;

  @Override
  public int prep(Request request) {
    if (request.addr() != 0 || request.opFlags() != 0 || request.bufIndex() != 0) return -EINVAL;
    int flags = flags(request);
    if (request.fileIndex() != 0 && (flags & SOCK_CLOEXEC) != 0) return -EINVAL;
    return (flags & ~(SOCK_CLOEXEC | SOCK_NONBLOCK)) != 0 ? -EINVAL : 0;
  }

  private static int flags(Request request) {
    return (int) request.off() & ~TYPE_MASK;
  }

  @Override
  public int issue(Request request, boolean mayBlock) {
    var ring = request.ring();
    int type = (int) request.off() & TYPE_MASK;
    var made = ring.kernel().network().socket(request.fd(), type, request.len());
    var socket = made.socket();
    if (socket == null) return request.complete(made.error());
    var file = SocketCalls.fileOf(socket, flags(request));
    if (request.fileIndex() != 0)
      return request.complete(OpenatOp.toSlot(ring, request.fileIndex(), file));
    int fd = ring.kernel().files().install(file);
    if (fd < 0) ring.dropLater(file);
    return request.complete(fd);
  }
}
