package dev.ringshot.model;

import static dev.ringshot.abi.Errno.EAGAIN;
import static dev.ringshot.abi.Errno.EINVAL;
import static dev.ringshot.abi.Errno.ENOBUFS;
import static dev.ringshot.abi.Errno.ENOTCONN;
import static dev.ringshot.abi.Errno.EOPNOTSUPP;
import static dev.ringshot.abi.IoUring.*;
import static dev.ringshot.abi.Poll.POLLERR;
import static dev.ringshot.abi.Socket.SOL_SOCKET;
import static dev.ringshot.abi.Socket.SO_ERROR;
import static dev.ringshot.abi.Socket.SO_TIMESTAMPING;

import java.lang.foreign.MemorySegment;

/// Commands to sockets (`io_uring_cmd_sock`).
final class SocketCommand {
  private static final long NANOS = 1_000_000_000L;
  private static final int SO_ACCEPTCONN = 30;
  private static final int TIMESTAMPING_BYTES = 8; // struct so_timestamping

  private SocketCommand() {}

  static int run(SocketFile socket, UringCmd cmd) {
    var release = cmd.ring().kernel().options().release();
    boolean hasIoctl = !socket.isUnix();
    return switch (cmd.op()) {
      case SOCKET_URING_OP_SIOCINQ -> hasIoctl ? socket.unread() : -EOPNOTSUPP;
      case SOCKET_URING_OP_SIOCOUTQ -> hasIoctl ? unsent(socket) : -EOPNOTSUPP;
      case SOCKET_URING_OP_GETSOCKOPT -> getOption(socket, cmd);
      case SOCKET_URING_OP_SETSOCKOPT -> setOption(socket, cmd);
      case SOCKET_URING_OP_TX_TIMESTAMP -> timestamps(socket, cmd);
      case SOCKET_URING_OP_GETSOCKNAME ->
          release.hasSocketNameCommand() ? name(socket, cmd) : -EOPNOTSUPP;
      default -> -EOPNOTSUPP;
    };
  }

  /// On loopback everything that was sent has arrived.
  private static int unsent(SocketFile socket) {
    return socket.unread() < 0 ? socket.unread() : 0;
  }

  private static int level(UringCmd cmd) {
    return (int) cmd.addr();
  }

  private static int option(UringCmd cmd) {
    return (int) (cmd.addr() >>> Integer.SIZE);
  }

  private static int setOption(SocketFile socket, UringCmd cmd) {
    var memory = cmd.ring().kernel().memory();
    long value = cmd.payloadLong(0);
    return socket.options.set(memory, level(cmd), option(cmd), value, cmd.fileIndex());
  }

  private static int getOption(SocketFile socket, UringCmd cmd) {
    if (level(cmd) != SOL_SOCKET) return -EOPNOTSUPP;
    if (cmd.fileIndex() < 0) return -EINVAL;
    int value =
        switch (option(cmd)) {
          case SO_ERROR -> error(socket);
          case SO_ACCEPTCONN ->
              socket instanceof ConnectionSocket one && one.listener() != null ? 1 : 0;
          default -> socket.options.get(option(cmd));
        };
    if (value < 0) return value;
    int size = option(cmd) == SO_TIMESTAMPING ? TIMESTAMPING_BYTES : Integer.BYTES;
    int length = Math.min(cmd.fileIndex(), size);
    var bytes = MemorySegment.ofArray(new int[] {value, 0});
    int error = cmd.ring().kernel().memory().copyTo(cmd.payloadLong(0), bytes, 0, length);
    return error != 0 ? error : length;
  }

  private static int error(SocketFile socket) {
    synchronized (socket) {
      return -socket.takeError();
    }
  }

  private static int name(SocketFile socket, UringCmd cmd) {
    int peer = cmd.fileIndex();
    if (cmd.len() != 0 || cmd.flags() != 0 || peer < 0 || peer > 1) return -EINVAL;
    var name = peer == 1 ? socket.remote() : socket.name();
    if (name == null) return -ENOTCONN;
    return Message.tellName(cmd.ring().kernel().memory(), name, cmd.addr(), cmd.payloadLong(0));
  }

  /// Posts what is in the error queue, now and whenever something comes.
  private static int timestamps(SocketFile socket, UringCmd cmd) {
    if (!cmd.isCqe32()) return -EINVAL;
    int result = cmd.pollMultishot(POLLERR);
    if (result != 0) return result;
    if (!(socket instanceof DatagramSocket sender)) return -EAGAIN;
    var stamps = sender.timestamps();
    for (var stamp = stamps.peek(); stamp != null; stamp = stamps.peek()) {
      int flags = stamp.type() << IORING_TIMESTAMP_TYPE_SHIFT;
      if (!cmd.postMore(stamp.key(), flags, stamp.nanos() / NANOS, stamp.nanos() % NANOS))
        return cmd.ring().kernel().options().release().endsTimestampsOnFullQueue()
            ? -ENOBUFS
            : -EAGAIN;
      stamps.remove();
    }
    return -EAGAIN;
  }
}
