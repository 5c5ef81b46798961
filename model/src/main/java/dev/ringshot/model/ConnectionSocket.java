package dev.ringshot.model;

import static dev.ringshot.abi.Errno.*;
import static dev.ringshot.abi.Poll.*;
import static dev.ringshot.abi.Socket.MSG_WAITALL;
import static dev.ringshot.model.SocketAddress.LOOPBACK;

import org.jspecify.annotations.Nullable;

/// A socket of connections: TCP, and `AF_UNIX`'s streams and sequences of packets. Either it
/// listens, or it has a peer, or neither.
final class ConnectionSocket extends SocketFile {
  private enum State {
    NEW,
    LISTENING,
    /// Waits for a place in a listener's queue.
    CONNECTING,
    CONNECTED,
    /// A connection that was torn down.
    BROKEN
  }

  private State state = State.NEW;
  private @Nullable ConnectionSocket peer;
  private @Nullable SocketAddress remote;
  private volatile @Nullable Listener listener;
  private boolean ended; // TCP: the peer has said that nothing more comes
  private boolean wasRefused; // TCP
  private boolean wasConnecting; // TCP: the next connect(2) tells how it went

  ConnectionSocket(Network network, SocketOptions options) {
    super(network, options);
  }

  /// Makes two sockets each other's peers.
  static void join(ConnectionSocket one, ConnectionSocket other) {
    one.connected(other, other.name());
    other.connected(one, one.name());
  }

  private synchronized void connected(ConnectionSocket other, SocketAddress name) {
    peer = other;
    remote = name;
    state = State.CONNECTED;
  }

  @Override
  synchronized @Nullable SocketAddress remote() {
    return state == State.CONNECTED ? remote : null;
  }

  // ---- connections

  @Override
  synchronized int bind(byte[] name, int length) {
    if (!isUnix() && state != State.NEW) return -EINVAL;
    return network.bind(this, name, length);
  }

  @Override
  synchronized int listen(int backlog) {
    if (state != State.NEW && state != State.LISTENING) return -EINVAL;
    if (local == null) {
      if (isUnix()) return -EINVAL;
      int error = network.bindAnyPort(this, 0);
      if (error != 0) return error;
    }
    var known = listener;
    if (known == null) {
      known = new Listener(this);
      listener = known;
    }
    known.limit(backlog);
    state = State.LISTENING;
    return 0;
  }

  @Override
  int connect(byte[] name, int length) {
    synchronized (this) {
      if (wasConnecting && state != State.CONNECTING) return outcome();
      int refusal = refusesToConnect();
      if (refusal != 0 && !isUnix()) return refusal;
      if (wasRefused) shut = 0;
      wasRefused = false;
    }
    var found = network.findListener(this, name, length);
    if (found.socket() == null) return found.error() == -ECONNREFUSED ? refused() : found.error();
    var server = found.socket().listener();
    if (server == null) return refused();
    if (isUnix() && server.isFull()) return -EAGAIN; // before all that the client may lack
    synchronized (this) {
      int refusal = refusesToConnect();
      if (refusal != 0) return refusal;
      int error = local != null || isUnix() ? 0 : network.bindAnyPort(this, LOOPBACK);
      if (error != 0) return error;
      state = State.CONNECTING;
    }
    int result = server.enter(this);
    synchronized (this) {
      if (result == -EINPROGRESS) wasConnecting = true;
      else if (result != 0) state = State.NEW;
    }
    return result;
  }

  /// TCP was answered by a reset.
  private synchronized int refused() {
    if (isUnix()) return -ECONNREFUSED;
    wasRefused = true;
    shut = RECEIVING | SENDING;
    return -ECONNREFUSED;
  }

  private int refusesToConnect() {
    return switch (state) {
      case NEW, BROKEN -> 0;
      case LISTENING -> isUnix() ? -EINVAL : -EISCONN;
      case CONNECTING -> -EALREADY;
      case CONNECTED -> -EISCONN;
    };
  }

  /// How a connection that took longer went: told once.
  private int outcome() {
    wasConnecting = false;
    if (state == State.CONNECTED) return 0;
    int pending = takeError();
    return pending != 0 ? pending : -ECONNABORTED;
  }

  /// What it has as long as it listens, or null.
  @Nullable Listener listener() {
    return listener;
  }

  /// The socket that a client will be connected to.
  synchronized ConnectionSocket serverEnd() {
    var server = new ConnectionSocket(network, options.inherited());
    server.local = local;
    return server;
  }

  /// Nobody will accept it: its peer hears of a reset.
  void abort() {
    var other = leave();
    if (other != null) other.broken(ECONNRESET);
  }

  // ---- messages

  @Override
  int send(Message message) {
    ConnectionSocket to;
    if (message.isUrgent()) return -EOPNOTSUPP;
    synchronized (this) {
      int refusal = refusesToSend(message);
      if (refusal != 0) return refusal;
      to = peer;
    }
    if (to == null) return -ENOTCONN;
    int result = isStream() ? sendStream(message, to) : sendPacket(message, to);
    return message.moved() > 0 ? message.moved() : result;
  }

  private int refusesToSend(Message message) {
    boolean isConnected = state == State.CONNECTED;
    if (!isUnix()) {
      if (isConnected && (shut & SENDING) == 0 && error == 0) return 0;
      int pending = takeError();
      if (state == State.CONNECTING && pending == 0) return -EAGAIN;
      return pending != 0 ? pending : -EPIPE;
    }
    if (isStream() && message.nameLength > 0) return isConnected ? -EISCONN : -EOPNOTSUPP;
    if (!isStream()) {
      int pending = takeError();
      if (pending != 0) return pending;
    }
    if (!isConnected) return -ENOTCONN;
    return (shut & SENDING) != 0 ? -EPIPE : 0;
  }

  private int sendStream(Message message, ConnectionSocket to) {
    while (message.remaining() > 0) {
      if (!hasRoom()) return -EAGAIN;
      int length = Math.min(message.remaining(), chunkMax());
      int result = to.deliver(message, length, isUnix() ? TrueSize.ofStream(length) : length, this);
      if (result < 0) return result;
    }
    return 0;
  }

  private int chunkMax() {
    if (!isUnix()) return options.sendBuffer() - outstanding();
    return Math.min(TrueSize.STREAM_MAX, options.sendBuffer() / 2 - 64);
  }

  private int sendPacket(Message message, ConnectionSocket to) {
    int length = message.remaining();
    if (length > options.sendBuffer() - 32) return -EMSGSIZE;
    if (!hasRoom()) return -EAGAIN;
    return to.deliver(message, length, TrueSize.ofMessage(length), this);
  }

  /// Takes in what `sender` sends; by TCP, also what nobody will read.
  private int deliver(Message message, int length, int charge, ConnectionSocket sender) {
    synchronized (this) {
      if (isUnix() && (isClosed || (shut & RECEIVING) != 0)) return -EPIPE;
      if (!isClosed) {
        sender.charge(charge);
        int result = inbox.put(message, length, charge, sender, null);
        if (result < 0) sender.charge(-charge);
        else waiting.wake(READABLE);
        return result;
      }
    }
    message.skip(length);
    sender.reset();
    return length;
  }

  @Override
  synchronized int receive(Message message, boolean mayWait) {
    if (isUnix() && state != State.CONNECTED) return isStream() ? -EINVAL : -ENOTCONN;
    if (state == State.LISTENING) return -ENOTCONN;
    if (message.isUrgent()) return isStream() ? -EINVAL : -EOPNOTSUPP;
    int pending = isStream() ? 0 : takeError(); // of packets before what came, of a stream after it
    if (pending != 0) return pending;
    if (inbox.isEmpty()) return receiveNothing(message);
    if (!isStream()) return inbox.readMessage(message);
    int result = inbox.readStream(message, !isUnix() && message.tellsLength());
    if (result < 0) return result;
    boolean looksOn = isUnix() && (message.flags & MSG_WAITALL) != 0 && message.remaining() > 0;
    if (looksOn) error = 0; // which unix_stream_read_generic() takes, and cannot tell
    message.unread = inbox.byteCount();
    if (!isUnix() && ended) message.unread = Math.max(message.unread, 1);
    return result;
  }

  private int receiveNothing(Message message) {
    if (ended) {
      message.unread = 1; // so that a program reads on and hears of the end
      return 0;
    }
    int pending = takeError();
    if (pending != 0) return pending;
    if ((shut & RECEIVING) != 0) return 0;
    return state == State.CONNECTED || state == State.CONNECTING ? -EAGAIN : -ENOTCONN;
  }

  @Override
  synchronized int unread() {
    if (state == State.LISTENING) return -EINVAL;
    return inbox.byteCount();
  }

  // ---- the end

  @Override
  int shutdown(int how) {
    if (how < 0 || how > 2) return -EINVAL;
    int directions = how + 1;
    ConnectionSocket other = null;
    Listener over = null;
    int result = 0;
    synchronized (this) {
      if (!isUnix() && state == State.LISTENING) {
        if ((directions & RECEIVING) != 0) over = stopListening();
      } else {
        if (!isUnix() && state != State.CONNECTED) result = -ENOTCONN;
        other = state == State.CONNECTED ? peer : null;
        shut |= directions;
        breakIfOver();
      }
    }
    if (over != null) over.end();
    if (isUnix()) waiting.wake(0); // who waits here hears before the peer does
    if (other != null) other.peerShut(directions);
    if (!isUnix()) waiting.wake(0);
    return result;
  }

  /// TCP: both sides have said that they are done.
  private void breakIfOver() {
    if (ended && (shut & SENDING) != 0) state = State.BROKEN;
  }

  private @Nullable Listener stopListening() {
    var over = listener;
    listener = null;
    state = State.NEW;
    return over;
  }

  private void peerShut(int directions) {
    synchronized (this) {
      if ((directions & SENDING) != 0) {
        shut |= RECEIVING;
        ended |= !isUnix();
        breakIfOver();
      }
      if (isUnix() && (directions & RECEIVING) != 0) shut |= SENDING;
    }
    waiting.wake(0);
  }

  @Override
  void close() {
    Listener over;
    boolean wasConnected;
    boolean leavesUnread;
    synchronized (this) {
      over = listener;
      listener = null;
      wasConnected = state == State.CONNECTED;
      leavesUnread = isUnix() ? inbox.isUnread() : !inbox.isEmpty();
    }
    if (over != null) over.end();
    var other = leave();
    network.unbind(this);
    if (other != null && wasConnected) other.peerClosed(leavesUnread);
    if (isUnix()) discardUnread(); // which wakes who sent it, behind all others
  }

  private synchronized @Nullable ConnectionSocket leave() {
    isClosed = true;
    state = State.BROKEN;
    if (!isUnix()) inbox.clear();
    return peer;
  }

  private synchronized void discardUnread() {
    inbox.clear();
  }

  private void peerClosed(boolean leftUnread) {
    if (!isUnix() && leftUnread) {
      reset();
      return;
    }
    synchronized (this) {
      if (isUnix()) {
        shut = RECEIVING | SENDING;
        if (leftUnread) error = ECONNRESET;
      } else {
        shut |= RECEIVING;
        ended = true;
        breakIfOver();
      }
    }
    waiting.wake(0);
  }

  /// TCP: the peer does not want what was sent.
  private void reset() {
    broken(ended ? EPIPE : ECONNRESET);
  }

  /// The connection is gone, or never came to be.
  void broken(int errno) {
    synchronized (this) {
      error = errno;
      shut = RECEIVING | SENDING;
      if (!isUnix()) state = State.BROKEN;
    }
    waiting.wake(0);
  }

  @Override
  int readiness() {
    var server = listener;
    if (server != null) return server.hasConnections() ? POLLIN | POLLRDNORM : 0;
    if (state == State.CONNECTING) return 0;
    int mask = 0;
    if ((shut & RECEIVING) != 0) mask |= POLLIN | POLLRDNORM | POLLRDHUP;
    if (!inbox.isEmpty()) mask |= POLLIN | POLLRDNORM;
    if (shut == (RECEIVING | SENDING) || state != State.CONNECTED) mask |= POLLHUP;
    if (isUnix()) return isWritable() ? mask | WRITABLE : mask;
    boolean writable = (shut & SENDING) != 0 || isWritable();
    return writable ? mask | POLLOUT | POLLWRNORM : mask;
  }
}
