package dev.ringshot.model;

import static dev.ringshot.abi.Errno.ESPIPE;
import static dev.ringshot.abi.Poll.*;
import static dev.ringshot.abi.Socket.AF_UNIX;
import static dev.ringshot.abi.Socket.MSG_DONTWAIT;
import static dev.ringshot.abi.Socket.SOCK_STREAM;

import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// An open socket (`struct socket` and `struct sock`). Its monitor guards it; no code holds those
/// of two sockets at a time, so each end of a connection tells the other of a change.
abstract class SocketFile implements FileOperations {
  /// One direction that was shut down: nothing more is received,
  static final int RECEIVING = 1;

  /// or sent.
  static final int SENDING = 2;

  static final int READABLE = POLLIN | POLLPRI | POLLRDNORM | POLLRDBAND;
  static final int WRITABLE = POLLOUT | POLLWRNORM | POLLWRBAND;

  final Network network;
  final SocketOptions options;
  final WaitQueue waiting = new WaitQueue();
  final Inbox inbox = new Inbox();

  /// Bytes on their way to those who will read them, as the kernel counts them.
  private final AtomicInteger outstanding = new AtomicInteger();

  @Nullable SocketAddress local;
  int shut;
  int error;
  volatile boolean isClosed;

  SocketFile(Network network, SocketOptions options) {
    this.network = network;
    this.options = options;
  }

  /// The socket of `file`, or null if it is none.
  static @Nullable SocketFile of(OpenFile file) {
    return file.operations() instanceof SocketFile socket ? socket : null;
  }

  boolean isUnix() {
    return options.domain() == AF_UNIX;
  }

  // ---- what each kind does its own way; results are the system calls' own

  abstract int bind(byte[] name, int length);

  abstract int listen(int backlog);

  /// @return 0, `-errno`; `-EINPROGRESS` or `-EAGAIN` if it takes longer
  abstract int connect(byte[] name, int length);

  /// Never waits.
  abstract int send(Message message);

  /// Never waits, unless `mayWait` says that 0 may stand for the end of a wait.
  abstract int receive(Message message, boolean mayWait);

  abstract int shutdown(int how);

  /// @return null without one: `-ENOTCONN`
  abstract @Nullable SocketAddress remote();

  /// The last reference is gone.
  abstract void close();

  /// What is ready, but for errors; its monitor is held.
  abstract int readiness();

  /// SIOCINQ, for `AF_INET`.
  abstract int unread();

  /// Whether it moves bytes, and no messages.
  boolean isStream() {
    return options.type() == SOCK_STREAM;
  }

  /// The address it has; before it is bound, the empty one of its family.
  synchronized SocketAddress name() {
    var name = local;
    if (name != null) return name;
    return isUnix() ? SocketAddress.UNNAMED : SocketAddress.inet(0, 0);
  }

  // ---- its send buffer

  boolean hasRoom() {
    return outstanding.get() < options.sendBuffer();
  }

  /// Whether poll(2) calls it writable: only when there is room for more than a little.
  boolean isWritable() {
    return Integer.toUnsignedLong(outstanding.get()) * 4 <= options.sendBuffer();
  }

  int outstanding() {
    return outstanding.get();
  }

  void charge(int bytes) {
    outstanding.addAndGet(bytes);
  }

  /// What it has sent was read, or thrown away. Any thread.
  void released(int bytes) {
    outstanding.addAndGet(-bytes);
    if (bytes > 0 && isWritable()) waiting.wake(WRITABLE);
  }

  // ---- errors that come by themselves

  /// The error that is pending, which then is not (`sock_error`); its monitor is held.
  ///
  /// @return 0 or `-errno`
  int takeError() {
    int pending = error;
    error = 0;
    return -pending;
  }

  // ---- as a file

  @Override
  public boolean canPoll() {
    return true;
  }

  @Override
  public int poll(OpenFile file, PollTable table) {
    table.add(waiting);
    synchronized (this) {
      return readiness() | (error != 0 ? POLLERR : 0);
    }
  }

  @Override
  public int read(OpenFile file, Transfer transfer) {
    if (transfer.position() > 0) return -ESPIPE;
    if (transfer.remaining() == 0) return 0;
    return receive(transfer.message().begin(flags(file, transfer)), !transfer.nonBlocking());
  }

  @Override
  public int write(OpenFile file, Transfer transfer) {
    if (transfer.position() > 0) return -ESPIPE;
    return send(transfer.message().begin(flags(file, transfer)));
  }

  private static int flags(OpenFile file, Transfer transfer) {
    return transfer.nonBlocking() || file.isNonBlocking() ? MSG_DONTWAIT : 0;
  }

  @Override
  public int uringCmd(UringCmd cmd) {
    return SocketCommand.run(this, cmd);
  }

  @Override
  public void release(OpenFile file) {
    close();
  }
}
