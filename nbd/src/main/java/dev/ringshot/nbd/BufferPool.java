package dev.ringshot.nbd;

import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;

/// Memory for data on its way, in sizes that are powers of two. Never waits; keeps some of what is
/// given back, the garbage collector frees the rest. How much is out at a time its users bound.
final class BufferPool {
  /// The longest buffer; longer requests travel in pieces.
  static final int BYTES_MAX = 1 << 20;

  private static final int SHIFT_MIN = 12;
  private static final int SHIFT_MAX = 20;
  private static final long KEPT_MAX = 64 << 20;

  private final ConcurrentLinkedQueue<Buffer>[] free = queues();
  private final AtomicLong keptBytes = new AtomicLong();

  @SuppressWarnings({"unchecked", "rawtypes"})
  private static ConcurrentLinkedQueue<Buffer>[] queues() {
    var queues = new ConcurrentLinkedQueue[SHIFT_MAX - SHIFT_MIN + 1];
    for (int i = 0; i < queues.length; i++) queues[i] = new ConcurrentLinkedQueue<Buffer>();
    return queues;
  }

  /// How long the buffer is that [#take] gives for so many bytes.
  static int sizeFor(int bytes) {
    return 1 << shiftFor(bytes);
  }

  private static int shiftFor(int bytes) {
    if (bytes <= 0 || bytes > BYTES_MAX) throw new IllegalArgumentException(bytes + " bytes");
    return Math.max(SHIFT_MIN, Integer.SIZE - Integer.numberOfLeadingZeros(bytes - 1));
  }

  /// A buffer of at least so many bytes, ready to be filled up to them.
  Buffer take(int bytes) {
    int shift = shiftFor(bytes);
    Buffer buffer = free[shift - SHIFT_MIN].poll();
    if (buffer == null) buffer = new Buffer(1 << shift);
    else keptBytes.addAndGet(-buffer.size());
    buffer.bytes().clear().limit(bytes);
    return buffer;
  }

  /// Takes a buffer back, once, from whoever is the last to use it.
  void give(Buffer buffer) {
    if (buffer.isLost()) return; // somebody may still write to it
    if (keptBytes.addAndGet(buffer.size()) > KEPT_MAX) keptBytes.addAndGet(-buffer.size());
    else free[shiftFor(buffer.size()) - SHIFT_MIN].add(buffer);
  }
}
