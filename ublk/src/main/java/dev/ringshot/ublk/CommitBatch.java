package dev.ringshot.ublk;

import static dev.ringshot.abi.ublk.Ublk.UBLK_BATCH_F_HAS_BUF_ADDR;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import dev.ringshot.abi.ublk.ElemHeader;
import dev.ringshot.ring.CqeHandler;
import dev.ringshot.ring.Ring;
import java.lang.foreign.MemorySegment;

/// One command for many tags, and the memory of its elements, which is the driver's until it has
/// ended.
final class CommitBatch implements CqeHandler {
  /// Hears what became of a batch. What is left in it then may be sent again.
  @FunctionalInterface
  interface Done {
    void onDone(CommitBatch batch, int result);
  }

  private final QueueFile file;
  private final TagMemory tags;
  private final int op;
  private final Done done;
  private final int elementSize;
  private final MemorySegment elements;
  private int first;
  private int count;

  CommitBatch(QueueFile file, TagMemory tags, int op, Ring ring, Done done) {
    this.file = file;
    this.tags = tags;
    this.op = op;
    this.done = done;
    elementSize = ElemHeader.SIZE + (tags.isDrivers() ? Long.BYTES : 0);
    elements = ring.allocate((long) tags.depth() * elementSize);
  }

  /// Only of one that is free, or from [Done].
  void add(int tag, int result) {
    long at = (long) (first + count++) * elementSize;
    elements.set(JAVA_SHORT, at + ElemHeader.TAG, (short) tag);
    elements.set(JAVA_INT, at + ElemHeader.RESULT, result);
    if (tags.isRegistered()) elements.set(JAVA_SHORT, at + ElemHeader.BUF_INDEX, (short) tag);
    if (tags.isDrivers()) elements.set(JAVA_LONG, at + ElemHeader.SIZE, tags.address(tag));
  }

  void send() {
    int flags = tags.isDrivers() ? UBLK_BATCH_F_HAS_BUF_ADDR : 0;
    long address = elements.address() + (long) first * elementSize;
    file.batchCommand(this, op, address, count, elementSize, flags);
  }

  @Override
  public void onCqe(int res, int flags) {
    done.onDone(this, res);
  }

  /// Forgets what was taken.
  ///
  /// @param bytes of elements
  /// @return elements
  int drop(int bytes) {
    int taken = Math.min(bytes / elementSize, count);
    first += taken;
    count -= taken;
    if (count == 0) first = 0;
    return taken;
  }

  void dropFirst() {
    drop(elementSize);
  }

  /// Whether it is neither filled nor under way: what is in it stays until the driver has taken it.
  boolean isEmpty() {
    return count == 0;
  }
}
