package dev.ringshot.model;

import static dev.ringshot.abi.Errno.EBADF;
import static dev.ringshot.abi.Errno.EINVAL;
import static dev.ringshot.abi.Errno.ENOTSOCK;
import static dev.ringshot.abi.Socket.AF_UNIX;
import static dev.ringshot.abi.Socket.SOCK_CLOEXEC;
import static dev.ringshot.abi.Socket.SOCK_NONBLOCK;

import dev.ringshot.abi.Fcntl;
import java.util.function.ToIntFunction;

/// System calls on sockets, for programs and tests that make them beside a ring. Addresses are
/// those of the program's memory, results a value or `-errno`; no call waits.
public final class SocketCalls {
  private final ModelKernel kernel;

  SocketCalls(ModelKernel kernel) {
    this.kernel = kernel;
  }

  /// An open file that is `socket`.
  ///
  /// @param flags `SOCK_NONBLOCK`, `SOCK_CLOEXEC`
  static OpenFile fileOf(SocketFile socket, int flags) {
    return new OpenFile(socket, "[socket]", (flags & SOCK_NONBLOCK) | Fcntl.O_RDWR);
  }

  /// socketpair(2) of `AF_UNIX`; see [ModelKernel#socketPair].
  int pair(int type, long fds) {
    int flags = type & ~SocketOp.TYPE_MASK;
    if ((flags & ~(SOCK_CLOEXEC | SOCK_NONBLOCK)) != 0) return -EINVAL;
    var made = kernel.network().socket(AF_UNIX, type & SocketOp.TYPE_MASK, 0);
    var other = kernel.network().socket(AF_UNIX, type & SocketOp.TYPE_MASK, 0);
    if (made.socket() == null || other.socket() == null) return made.error();
    if (made.socket() instanceof ConnectionSocket one
        && other.socket() instanceof ConnectionSocket two) ConnectionSocket.join(one, two);
    if (made.socket() instanceof DatagramSocket one && other.socket() instanceof DatagramSocket two)
      DatagramSocket.join(one, two);
    return kernel
        .files()
        .installBoth(
            fileOf(made.socket(), flags), fileOf(other.socket(), flags), kernel.memory(), fds);
  }

  /// socket(2).
  public int socket(int domain, int type, int protocol) {
    int flags = type & ~SocketOp.TYPE_MASK;
    if ((flags & ~(SOCK_CLOEXEC | SOCK_NONBLOCK)) != 0) return -EINVAL;
    var made = kernel.network().socket(domain, type & SocketOp.TYPE_MASK, protocol);
    var socket = made.socket();
    if (socket == null) return made.error();
    var file = fileOf(socket, flags);
    int fd = kernel.files().install(file);
    if (fd < 0) file.drop();
    return fd;
  }

  /// bind(2).
  public int bind(int fd, long address, int length) {
    return withName(fd, address, length, SocketFile::bind);
  }

  /// listen(2).
  public int listen(int fd, int backlog) {
    return with(fd, socket -> socket.listen(backlog));
  }

  /// connect(2), which may answer `-EINPROGRESS` or `-EAGAIN`.
  public int connect(int fd, long address, int length) {
    return withName(fd, address, length, SocketFile::connect);
  }

  /// getsockname(2).
  ///
  /// @param lengthAt address of the length (4 bytes, read and written)
  public int getsockname(int fd, long address, long lengthAt) {
    return with(fd, socket -> Message.tellName(kernel.memory(), socket.name(), address, lengthAt));
  }

  /// setsockopt(2).
  public int setsockopt(int fd, int level, int option, long value, int length) {
    return with(fd, socket -> socket.options.set(kernel.memory(), level, option, value, length));
  }

  /// shutdown(2).
  public int shutdown(int fd, int how) {
    return with(fd, socket -> socket.shutdown(how));
  }

  private interface NameCall {
    int apply(SocketFile socket, byte[] name, int length);
  }

  private int withName(int fd, long address, int length, NameCall call) {
    var name = new Message(new Transfer(kernel.memory()));
    int error = name.keepName(kernel.memory(), address, length);
    return error != 0 ? error : with(fd, socket -> call.apply(socket, name.name, length));
  }

  private int with(int fd, ToIntFunction<SocketFile> call) {
    var task = kernel.currentTask();
    task.enterKernel();
    var file = kernel.files().hold(fd);
    try {
      if (file == null) return -EBADF;
      var socket = SocketFile.of(file);
      return socket == null ? -ENOTSOCK : call.applyAsInt(socket);
    } finally {
      if (file != null) file.drop();
      task.leaveKernel();
    }
  }
}
