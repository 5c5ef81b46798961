package dev.ringshot.nbd;

import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import org.jspecify.annotations.Nullable;

/// A request under way. It has parts, the first of which is its reader's; when the last has ended,
/// on whatever thread, it is answered.
final class Transaction {
  // one object a request, not three
  private static final AtomicIntegerFieldUpdater<Transaction> PARTS =
      AtomicIntegerFieldUpdater.newUpdater(Transaction.class, "parts");
  private static final AtomicIntegerFieldUpdater<Transaction> ERRNO =
      AtomicIntegerFieldUpdater.newUpdater(Transaction.class, "errno");

  private final Connection connection;
  private final long cookie;
  private final boolean isStructured;

  @SuppressWarnings("UnusedVariable") // PARTS has it
  private volatile int parts = 1;

  private volatile int errno;
  private volatile @Nullable Reply answer;

  Transaction(Connection connection, long cookie, boolean isStructured) {
    this.connection = connection;
    this.cookie = cookie;
    this.isStructured = isStructured;
  }

  Connection connection() {
    return connection;
  }

  long cookie() {
    return cookie;
  }

  boolean isStructured() {
    return isStructured;
  }

  /// Says how it is answered if no part fails. Without this a simple reply says that all is well.
  void answerWith(Reply reply) {
    answer = reply;
  }

  /// Begins another part.
  void begin() {
    PARTS.incrementAndGet(this);
  }

  /// Ends a part; the first error counts.
  ///
  /// @param wireErrno `NBD_E*`, or 0
  void end(int wireErrno) {
    fail(wireErrno);
    if (PARTS.decrementAndGet(this) == 0) connection.send(reply());
  }

  /// Says that it failed; 0 says nothing.
  void fail(int wireErrno) {
    if (wireErrno != 0) ERRNO.compareAndSet(this, 0, wireErrno);
  }

  int errno() {
    return errno;
  }

  private Reply reply() {
    int failure = errno;
    Reply good = answer;
    if (failure == 0) return good == null ? Reply.simple(cookie, 0) : good;
    Buffer unsent = good == null ? null : good.buffer();
    if (unsent != null) connection.load().give(unsent);
    return isStructured ? Reply.error(cookie, failure) : Reply.simple(cookie, failure);
  }
}
