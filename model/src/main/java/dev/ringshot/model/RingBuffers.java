package dev.ringshot.model;

import static dev.ringshot.abi.BufferRingLayout.BUF_ADDR;
import static dev.ringshot.abi.BufferRingLayout.BUF_BID;
import static dev.ringshot.abi.BufferRingLayout.BUF_LEN;
import static dev.ringshot.abi.BufferRingLayout.BUF_SIZE;
import static dev.ringshot.abi.BufferRingLayout.TAIL;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;

/// A buffer ring (`io_uring_buf_ring`): entries that the program writes and a tail that it
/// publishes; the head is the kernel's own. Both run free, modulo 65536.
final class RingBuffers extends BufferGroup {
  private static final int BUNDLE_MAX = 256; // PEEK_MAX_IMPORT

  private static final VarHandle SHORT = JAVA_SHORT.varHandle().withInvokeExactBehavior();

  /// The entries' memory; held here, so that it stays even when the program unmaps it, as pinned
  /// pages do.
  final MemorySegment entries;

  /// Whether the kernel allocated it (`IOU_PBUF_RING_MMAP`) and the program may map it.
  final boolean mappable;

  private final int mask;
  private final boolean incremental;
  private final int keepUpTo; // an incremental buffer with no more than this left is done
  private final boolean checksRange;
  private final boolean passesLast;
  private int head;

  RingBuffers(
      int id,
      MemorySegment entries,
      int count,
      boolean mappable,
      boolean incremental,
      int minLeft,
      Release release) {
    super(id);
    this.entries = entries;
    this.mappable = mappable;
    this.mask = count - 1;
    this.incremental = incremental;
    this.keepUpTo = Math.max(minLeft - 1, 0);
    this.checksRange = release.checksBufferRangeAtSelect();
    this.passesLast = release.bundlePassesItsLastBuffer() && !incremental;
  }

  boolean isIncremental() {
    return incremental;
  }

  /// The head as IORING_REGISTER_PBUF_STATUS tells it.
  int head() {
    return head;
  }

  @Override
  boolean select(Selection selection, int lengthMax) {
    if (tail() == head) return false;
    long entry = entry();
    int length = entries.get(JAVA_INT, entry + BUF_LEN);
    if (lengthMax != 0 && Integer.compareUnsigned(lengthMax, length) < 0) length = lengthMax;
    long address = entries.get(JAVA_LONG, entry + BUF_ADDR);
    if (address == 0) return false;
    if (checksRange && !UserMemory.isUserRange(address, Integer.toUnsignedLong(length)))
      return false;
    if (length < 0) length = Integer.MAX_VALUE; // 2 GiB and more: nothing moves so much at once
    selection.atHead(this, address, length, entries.get(JAVA_SHORT, entry + BUF_BID) & 0xffff);
    return true;
  }

  /// Picks as many buffers as `bytesMax` bytes may need, but no more than `exchange` may have
  /// (`io_ring_buffers_peek`). The first is selected, and all are ranges of its message.
  ///
  /// @param bytesMax 0 if nobody knows
  /// @return whether there was one
  boolean selectBundle(Selection selection, Exchange exchange, int bytesMax) {
    exchange.isCut = false;
    exchange.usesLast = false;
    if (!select(selection, 0) || selection.length() == 0) {
      selection.forget();
      return false;
    }
    int available = tail() - head & 0xffff;
    int wanted = exchange.bundleMax;
    if (bytesMax > 0) {
      long needed = ((long) bytesMax + selection.length() - 1) / selection.length();
      available = (int) Math.min(available, Math.min(needed, BUNDLE_MAX));
      wanted = Math.max(wanted, available);
      exchange.bundleMax = wanted;
    }
    offer(exchange, Math.min(available, wanted), bytesMax == 0 ? Integer.MAX_VALUE : bytesMax);
    return true;
  }

  private void offer(Exchange exchange, int buffers, int bytesMax) {
    var message = exchange.message;
    message.clear();
    int left = bytesMax;
    int at = head;
    for (int i = 0; i < buffers && left > 0; i++) {
      long entry = (long) (at & mask) * BUF_SIZE;
      int length = entries.get(JAVA_INT, entry + BUF_LEN);
      if (Integer.compareUnsigned(length, left) > 0) {
        if (!incremental) {
          exchange.isCut = true;
          if (i > 0) break;
        }
        length = left;
      }
      message.add(entries.get(JAVA_LONG, entry + BUF_ADDR), length);
      left -= length;
      if (left > 0 || passesLast) at = (at + 1) & 0xffff;
    }
    exchange.usesLast = at == tail();
  }

  private int tail() {
    return (short) SHORT.getAcquire(entries, (long) TAIL) & 0xffff;
  }

  /// Consumes `count` bytes from the head on, which lie in `buffers` buffers.
  ///
  /// @return false if bytes are left of an incremental buffer and the head stays on it
  boolean commit(int count, int buffers) {
    if (!incremental) {
      pass(buffers);
      return true;
    }
    if (count == 0) return false; // nothing is consumed
    int left = count;
    while (left > 0) {
      long entry = entry();
      int length = entries.get(JAVA_INT, entry + BUF_LEN);
      int used = (int) Math.min(Integer.toUnsignedLong(left), Integer.toUnsignedLong(length));
      int remaining = length - used;
      if (used == 0 || Integer.compareUnsigned(remaining, keepUpTo) > 0) {
        entries.set(JAVA_LONG, entry + BUF_ADDR, entries.get(JAVA_LONG, entry + BUF_ADDR) + used);
        entries.set(JAVA_INT, entry + BUF_LEN, remaining);
        return false;
      }
      entries.set(JAVA_INT, entry + BUF_LEN, 0);
      pass(1);
      left -= used;
    }
    return true;
  }

  private long entry() {
    return (long) (head & mask) * BUF_SIZE;
  }

  private void pass(int buffers) {
    head = (head + buffers) & 0xffff;
  }
}
