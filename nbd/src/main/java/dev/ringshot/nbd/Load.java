package dev.ringshot.nbd;

import java.nio.channels.ClosedChannelException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/// What one connection has under way: requests and bytes of data, each up to a limit. Its reader
/// waits here, so that a client that sends more than it takes is slowed down and costs no more;
/// everybody else only counts down.
///
/// Reader and writer hold it as a request does. When nobody holds it any more, the device has given
/// back all memory and the connection's place is free.
final class Load {
  private final BufferPool pool;
  private final int holdsMax;
  private final int bytesMax;
  private final Runnable beforeWait;
  private final Runnable over;
  private final AtomicInteger holds = new AtomicInteger(1); // the reader
  private final AtomicInteger bytes = new AtomicInteger();
  private final AtomicBoolean isWaiting = new AtomicBoolean();
  private final Thread reader;
  private volatile boolean isClosed;

  /// Held by one thread, the reader.
  ///
  /// @param beforeWait called by the reader before it waits
  /// @param over called once nobody holds it any more, on any thread
  Load(BufferPool pool, NbdOptions options, Thread reader, Runnable beforeWait, Runnable over) {
    this.pool = pool;
    this.holdsMax = options.requestsMax() + 2;
    this.bytesMax = options.bytesMax();
    this.reader = reader;
    this.beforeWait = beforeWait;
    this.over = over;
  }

  /// Holds it for one more thread.
  void hold() {
    holds.incrementAndGet();
  }

  /// Begins a request; waits while there are too many.
  void begin() throws ClosedChannelException {
    if (holds.get() >= holdsMax) await(() -> holds.get() < holdsMax);
    holds.incrementAndGet();
  }

  /// Ends a request, or lets go.
  void end() {
    int left = holds.decrementAndGet();
    wakeReader();
    if (left == 0) over.run();
  }

  /// Whether one thread alone holds it.
  boolean isHeldOnce() {
    return holds.get() == 1;
  }

  /// Waits until the request just begun is the only one.
  void awaitOnly() throws ClosedChannelException {
    await(() -> holds.get() == 3);
  }

  /// A buffer of so many bytes; waits while too many are held.
  Buffer take(int length) throws ClosedChannelException {
    int size = BufferPool.sizeFor(length);
    if (bytes.get() + size > bytesMax) await(() -> bytes.get() + size <= bytesMax);
    bytes.addAndGet(size);
    return pool.take(length);
  }

  void give(Buffer buffer) {
    int size = buffer.size();
    pool.give(buffer);
    bytes.addAndGet(-size);
    wakeReader();
  }

  /// Waits, on the reader's thread, for what ends with a [#wakeReader].
  void await(BooleanSupplier condition) throws ClosedChannelException {
    //   reader                      others
    //   isWaiting = true            change what it waits for
    //   looks, and parks            isWaiting? unpark
    beforeWait.run();
    isWaiting.set(true);
    try {
      while (!condition.getAsBoolean()) {
        if (isClosed) throw new ClosedChannelException();
        LockSupport.park(this);
      }
    } finally {
      isWaiting.set(false);
    }
  }

  void wakeReader() {
    if (isWaiting.get()) LockSupport.unpark(reader);
  }

  /// Whoever waits does so in vain.
  void close() {
    isClosed = true;
    wakeReader();
  }
}
