package dev.ringshot.model;

import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/// A listener's connections that wait to be accepted, and clients for whom there is no room among
/// them yet. Guarded by its listener.
final class AcceptQueue {
  private static final int SOMAXCONN = 4096;

  private final ArrayDeque<ConnectionSocket> accepted = new ArrayDeque<>();
  private final ArrayDeque<ConnectionSocket> waiting = new ArrayDeque<>();
  private int limit;

  void limit(int backlog) {
    limit = Integer.compareUnsigned(backlog, SOMAXCONN) > 0 ? SOMAXCONN : backlog;
  }

  boolean isEmpty() {
    return accepted.isEmpty();
  }

  /// One more than was asked for fits in, as on Linux.
  boolean isFull() {
    return accepted.size() > limit;
  }

  void add(ConnectionSocket server) {
    accepted.add(server);
  }

  @Nullable ConnectionSocket take() {
    return accepted.poll();
  }

  void addWaiting(ConnectionSocket client) {
    waiting.add(client);
  }

  @Nullable ConnectionSocket takeWaiting() {
    return waiting.poll();
  }
}
