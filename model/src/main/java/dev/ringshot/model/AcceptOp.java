package dev.ringshot.model;

import static dev.ringshot.abi.Errno.EAGAIN;
import static dev.ringshot.abi.Errno.EINVAL;
import static dev.ringshot.abi.Errno.ENOTSOCK;
import static dev.ringshot.abi.Errno.EOPNOTSUPP;
import static dev.ringshot.abi.IoUring.IORING_ACCEPT_DONTWAIT;
import static dev.ringshot.abi.IoUring.IORING_ACCEPT_MULTISHOT;
import static dev.ringshot.abi.IoUring.IORING_ACCEPT_POLL_FIRST;
import static dev.ringshot.abi.IoUring.IORING_CQE_F_SOCK_NONEMPTY;
import static dev.ringshot.abi.IoUring.IORING_FILE_INDEX_ALLOC;
import static dev.ringshot.abi.Socket.SOCK_CLOEXEC;
import static dev.ringshot.abi.Socket.SOCK_NONBLOCK;

/// IORING_OP_ACCEPT, once or multishot, to a descriptor or to a slot of the registered files.
final class AcceptOp implements Operation {
  private static final int FLAGS =
      IORING_ACCEPT_MULTISHOT | IORING_ACCEPT_DONTWAIT | IORING_ACCEPT_POLL_FIRST;

  @Override
  public int prep(Request request) {
    if (request.len() != 0 || request.bufIndex() != 0) return -EINVAL;
    int how = request.ioprio();
    if ((how & ~FLAGS) != 0) return -EINVAL;
    request.multishot = (how & IORING_ACCEPT_MULTISHOT) != 0;
    int slot = request.fileIndex();
    if (slot != 0) {
      if ((request.opFlags() & SOCK_CLOEXEC) != 0) return -EINVAL;
      if (request.multishot && slot != IORING_FILE_INDEX_ALLOC) return -EINVAL;
    }
    if ((request.opFlags() & ~(SOCK_CLOEXEC | SOCK_NONBLOCK)) != 0) return -EINVAL;
    request.noWait = (how & IORING_ACCEPT_DONTWAIT) != 0;
    return 0;
  }

  @Override
  public int issue(Request request, boolean mayBlock) {
    boolean pollsFirst = (request.ioprio() & IORING_ACCEPT_POLL_FIRST) != 0;
    if (pollsFirst && request.waits == 0) return -EAGAIN;
    var socket = SocketFile.of(request.openFile());
    if (socket == null) return request.complete(-ENOTSOCK);
    if (!(socket instanceof ConnectionSocket server)) return request.complete(-EOPNOTSUPP);
    int result;
    do result = accept(request, server);
    while (result == Request.QUEUED);
    return result;
  }

  /// One attempt.
  ///
  /// @return [Request#QUEUED] for the next at once
  private static int accept(Request request, ConnectionSocket server) {
    var listener = server.listener();
    if (listener == null) return request.complete(-EINVAL);
    var socket = listener.accept();
    if (socket == null) return request.noWait ? request.complete(-EAGAIN) : -EAGAIN;
    boolean more = !server.isUnix() && listener.hasConnections();
    int cqeFlags = more ? IORING_CQE_F_SOCK_NONEMPTY : 0;
    int result = install(request, socket);
    if (result >= 0
        && request.multishot
        && request.ring().postMore(request, result, cqeFlags, 0, 0))
      return more || server.isUnix() ? Request.QUEUED : -EAGAIN;
    var _ = request.complete(result);
    request.cqeFlags = cqeFlags;
    return Request.COMPLETE;
  }

  private static int install(Request request, ConnectionSocket socket) {
    var ring = request.ring();
    var file = SocketCalls.fileOf(socket, request.opFlags());
    var remote = socket.remote();
    if (request.addr() != 0 && remote != null) {
      var memory = ring.kernel().memory();
      int error = Message.tellName(memory, remote, request.addr(), request.off());
      if (error != 0) {
        ring.dropLater(file);
        return error;
      }
    }
    if (request.fileIndex() != 0) return OpenatOp.toSlot(ring, request.fileIndex(), file);
    int fd = ring.kernel().files().install(file);
    if (fd < 0) ring.dropLater(file);
    return fd;
  }
}
