package dev.ringshot.model;

import static dev.ringshot.abi.Errno.*;
import static dev.ringshot.abi.Poll.*;
import static dev.ringshot.model.SocketAddress.LOOPBACK;

import org.jspecify.annotations.Nullable;

/// A socket of datagrams: UDP, and `AF_UNIX`'s. It may have a peer: by UDP an address, by `AF_UNIX`
/// a socket.
final class DatagramSocket extends SocketFile {
  private static final int UDP_MAX = 65507;

  /// `net.unix.max_dgram_qlen`: so many more than one wait for an `AF_UNIX` socket that is not the
  /// sender's own peer.
  private static final int QUEUE_MAX = 10;

  /// Those that were refused a place in the queue.
  private final WaitQueue queueing = new WaitQueue();

  private final Timestamps timestamps = new Timestamps(this);
  private @Nullable SocketAddress remote;
  private @Nullable DatagramSocket peer; // AF_UNIX
  private int queued; // bytes, as the kernel counts them, of UDP

  DatagramSocket(Network network, SocketOptions options) {
    super(network, options);
  }

  /// Makes two sockets each other's peers.
  static void join(DatagramSocket one, DatagramSocket other) {
    one.connected(other, other.name());
    other.connected(one, one.name());
  }

  private synchronized void connected(@Nullable DatagramSocket other, SocketAddress name) {
    peer = other;
    remote = name;
  }

  Timestamps timestamps() {
    return timestamps;
  }

  @Override
  synchronized @Nullable SocketAddress remote() {
    return remote;
  }

  @Override
  synchronized int bind(byte[] name, int length) {
    return network.bind(this, name, length);
  }

  @Override
  int listen(int backlog) {
    return -EOPNOTSUPP;
  }

  @Override
  int connect(byte[] name, int length) {
    if (Network.isUnspecified(name, length)) {
      synchronized (this) {
        peer = null;
        remote = null;
      }
      return 0;
    }
    var found = network.resolve(this, name, length);
    var address = found.address();
    if (address == null) return found.error();
    if (found.socket() != null && !found.socket().mayHearFrom(this)) return -EPERM;
    synchronized (this) {
      int error = local != null || isUnix() ? 0 : network.bindAnyPort(this, LOOPBACK);
      if (error != 0) return error;
    }
    connected(found.socket(), address);
    return 0;
  }

  private synchronized boolean mayHearFrom(DatagramSocket sender) {
    return peer == null || peer == sender;
  }

  // ---- sending

  @Override
  int send(Message message) {
    if (message.isUrgent()) return -EOPNOTSUPP;
    return isUnix() ? sendUnix(message) : sendUdp(message);
  }

  private int sendUnix(Message message) {
    int error = message.nameLength > 0 ? Network.checkUnix(message.name, message.nameLength) : 0;
    if (error != 0) return error;
    int length = message.remaining();
    if (length > options.sendBuffer() - 32) return -EMSGSIZE;
    int refusal = refusesToSend();
    if (refusal != 0) return refusal;
    int result = sendUnix(message, length);
    if (result < 0 && result != -EAGAIN) waiting.wake(WRITABLE); // what was prepared is freed
    return result;
  }

  private int sendUnix(Message message, int length) {
    DatagramSocket to = peerNow();
    if (message.nameLength > 0) {
      var found = network.resolve(this, message.name, message.nameLength);
      if (found.socket() == null) return found.error();
      to = found.socket();
    }
    if (to == null) return -ENOTCONN;
    int result = to.deliver(message, length, TrueSize.ofMessage(length), this);
    if (result == -ECONNREFUSED) forget(to);
    return result;
  }

  private synchronized int refusesToSend() {
    int pending = takeError();
    if (pending != 0) return pending;
    if ((shut & SENDING) != 0) return -EPIPE;
    return isUnix() && !hasRoom() ? -EAGAIN : 0;
  }

  private synchronized void forget(DatagramSocket gone) {
    if (peer != gone) return;
    peer = null;
    remote = null;
    inbox.clear(); // what came from it as well
  }

  private int sendUdp(Message message) {
    int length = message.remaining();
    if (length > 0xffff) return -EMSGSIZE;
    SocketAddress to;
    boolean isConnected;
    synchronized (this) {
      int error = local != null ? 0 : network.bindAnyPort(this, 0);
      if (error != 0) return error;
      to = remote;
      isConnected = message.nameLength == 0;
    }
    if (message.nameLength > 0) {
      var found = network.resolve(this, message.name, message.nameLength);
      to = found.address();
      if (to == null) return found.error();
      if (to.port() == 0) return -EINVAL;
    }
    if (to == null) return -EDESTADDRREQ;
    if (length > UDP_MAX) return -EMSGSIZE;
    int refusal = refusesToSend();
    if (refusal != 0) return refusal;
    var receiver = network.receiver(this, to);
    if (receiver == null) {
      message.skip(length);
      timestamps.sent();
      if (isConnected) refused();
    } else if (receiver.deliver(message, length, TrueSize.ofDatagram(length), this) < 0) {
      return -EFAULT;
    }
    return length;
  }

  /// The port that it sent to is nobody's, as ICMP says.
  private void refused() {
    synchronized (this) {
      if (remote == null) return;
      error = ECONNREFUSED;
    }
    waiting.wake(POLLERR);
  }

  /// Whom its datagrams are from.
  synchronized SocketAddress source() {
    var name = name();
    if (isUnix() || name.ip() != 0) return name;
    return SocketAddress.inet(LOOPBACK, name.port());
  }

  /// The same; of `AF_UNIX` null if it has no name, which is told as no address at all.
  private synchronized @Nullable SocketAddress sourceOrNone() {
    return isUnix() ? local : source();
  }

  /// Whether a datagram from `sender` is for it, if its port is.
  synchronized boolean takes(SocketAddress sender) {
    return remote == null || remote.equals(sender);
  }

  // ---- receiving

  private int deliver(Message message, int length, int charge, DatagramSocket sender) {
    var from = sender.sourceOrNone();
    synchronized (this) {
      if (isUnix()) {
        if (isClosed) return -ECONNREFUSED;
        if (peer != null && peer != sender) return -EPERM;
        if ((shut & RECEIVING) != 0) return -EPIPE;
        if (peer != sender && inbox.messages() > QUEUE_MAX) return -EAGAIN;
        sender.charge(charge);
      } else if (queued + charge > options.receiveBuffer()) {
        message.skip(length);
        sender.timestamps.sent();
        return length; // lost, as datagrams are
      }
      int result =
          inbox.put(message, length, isUnix() ? charge : 0, isUnix() ? sender : null, from);
      if (result < 0) {
        if (isUnix()) sender.charge(-charge);
        return result;
      }
      if (!isUnix()) queued += charge;
    }
    if (!isUnix()) sender.timestamps.sent(); // as it goes out, before it arrives
    waiting.wake(READABLE);
    return length;
  }

  @Override
  int receive(Message message, boolean mayWait) {
    if (isUnix() && message.isUrgent()) return -EOPNOTSUPP;
    int result;
    synchronized (this) {
      int pending = takeError();
      if (pending != 0) return pending;
      if (inbox.isEmpty()) return mayWait && (shut & RECEIVING) != 0 ? 0 : -EAGAIN;
      int length = inbox.firstLength();
      result = inbox.readMessage(message);
      if (!message.peeks() && !isUnix()) queued -= TrueSize.ofDatagram(length);
    }
    if (isUnix() && !message.peeks()) queueing.wake(WRITABLE);
    return result;
  }

  @Override
  synchronized int unread() {
    return inbox.firstLength();
  }

  // ---- the end

  @Override
  int shutdown(int how) {
    if (how < 0 || how > 2) return -EINVAL;
    boolean isConnected;
    synchronized (this) {
      shut |= how + 1;
      isConnected = isUnix() || remote != null;
    }
    waiting.wake(0);
    return isConnected ? 0 : -ENOTCONN;
  }

  @Override
  void close() {
    network.unbind(this);
    synchronized (this) {
      isClosed = true;
      peer = null;
      inbox.clear();
    }
    queueing.wake(WRITABLE);
  }

  @Override
  public int poll(OpenFile file, PollTable table) {
    var to = isUnix() ? peerNow() : null;
    if (to != null && to.isFullFor(this)) table.add(to.queueing);
    boolean isBlocked = to != null && to.isFullFor(this);
    int mask = super.poll(file, table);
    return isBlocked ? mask & ~WRITABLE : mask;
  }

  private synchronized @Nullable DatagramSocket peerNow() {
    return peer;
  }

  private synchronized boolean isFullFor(DatagramSocket sender) {
    return peer != sender && inbox.messages() > QUEUE_MAX;
  }

  @Override
  int readiness() {
    int mask = isWritable() ? WRITABLE : 0;
    if (timestamps.isPending()) mask |= POLLERR;
    if ((shut & RECEIVING) != 0) mask |= POLLRDHUP | POLLIN | POLLRDNORM;
    if (shut == (RECEIVING | SENDING)) mask |= POLLHUP;
    if (!inbox.isEmpty()) mask |= POLLIN | POLLRDNORM;
    return mask;
  }
}
