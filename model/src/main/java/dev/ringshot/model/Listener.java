package dev.ringshot.model;

import static dev.ringshot.abi.Errno.EAGAIN;
import static dev.ringshot.abi.Errno.ECONNREFUSED;
import static dev.ringshot.abi.Errno.EINPROGRESS;
import static dev.ringshot.model.SocketFile.READABLE;

import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/// What a socket that listens has: connections that wait to be accepted, and clients for whom there
/// is no room among them yet. Its monitor is its own.
final class Listener {
  private static final int SOMAXCONN = 4096;

  private final ConnectionSocket socket;
  private final ArrayDeque<ConnectionSocket> connections = new ArrayDeque<>();
  private final ArrayDeque<ConnectionSocket> waiting = new ArrayDeque<>();
  private int limit;
  private boolean isOver;

  Listener(ConnectionSocket socket) {
    this.socket = socket;
  }

  synchronized void limit(int backlog) {
    limit = Integer.compareUnsigned(backlog, SOMAXCONN) > 0 ? SOMAXCONN : backlog;
  }

  synchronized boolean hasConnections() {
    return !connections.isEmpty();
  }

  /// One more than was asked for fits in, as on Linux.
  synchronized boolean isFull() {
    return connections.size() > limit;
  }

  /// A client wants to be connected.
  ///
  /// @return 0; `-ECONNREFUSED`; without room `-EAGAIN` of `AF_UNIX`, `-EINPROGRESS` of TCP, which
  ///   waits for some
  int enter(ConnectionSocket client) {
    synchronized (this) {
      if (isOver) return -ECONNREFUSED;
      if (isFull() && socket.isUnix()) return -EAGAIN;
      if (isFull()) {
        waiting.add(client);
        return -EINPROGRESS;
      }
    }
    admit(client);
    return 0;
  }

  /// Makes the server's end and has it wait to be accepted.
  private void admit(ConnectionSocket client) {
    var server = socket.serverEnd();
    ConnectionSocket.join(client, server);
    boolean isLate;
    synchronized (this) {
      isLate = isOver;
      if (!isLate) connections.add(server);
    }
    if (isLate) server.abort();
    client.waiting.wake(SocketFile.WRITABLE);
    socket.waiting.wake(READABLE);
  }

  /// accept(2), never waiting.
  ///
  /// @return null if there is none
  @Nullable ConnectionSocket accept() {
    ConnectionSocket accepted;
    ConnectionSocket next;
    synchronized (this) {
      accepted = connections.poll();
      next = isFull() ? null : nextWaiting();
    }
    if (next != null) admit(next);
    return accepted;
  }

  /// The next client that is still there.
  private @Nullable ConnectionSocket nextWaiting() {
    ConnectionSocket client;
    do client = waiting.poll();
    while (client != null && client.isClosed);
    return client;
  }

  /// Nobody listens any more.
  void end() {
    ArrayDeque<ConnectionSocket> servers;
    ArrayDeque<ConnectionSocket> clients;
    synchronized (this) {
      isOver = true;
      servers = new ArrayDeque<>(connections);
      clients = new ArrayDeque<>(waiting);
      connections.clear();
      waiting.clear();
    }
    for (var server : servers) server.abort();
    for (var client : clients) client.broken(ECONNREFUSED);
  }
}
