package dev.ringshot.model;

import java.util.ArrayDeque;

/// Legacy buffers (`IORING_OP_PROVIDE_BUFFERS`): a list from which each is taken once. Those that
/// were provided together lie together.
final class ListedBuffers extends BufferGroup {
  /// `MAX_BIDS_PER_BGID`.
  static final int BUFFERS_MAX = 1 << 16;

  private static final class Run {
    final int length;
    long address;
    int id;
    int count;

    Run(long address, int length, int id, int count) {
      this.address = address;
      this.length = length;
      this.id = id;
      this.count = count;
    }

    void skip(int buffers) {
      address += buffers * Integer.toUnsignedLong(length);
      id += buffers;
      count -= buffers;
    }
  }

  private final ArrayDeque<Run> runs = new ArrayDeque<>();
  private final KernelMemory memory;
  private int size;

  ListedBuffers(int id, KernelMemory memory) {
    super(id);
    this.memory = memory;
  }

  int size() {
    return size;
  }

  /// Adds `count` buffers of `length` bytes each from `address` on.
  ///
  /// @return false if there is no memory to keep them
  boolean add(long address, int length, int bufferId, int count) {
    if (!memory.tryCharge(KernelMemory.BUFFERS)) return false;
    runs.addLast(new Run(address, length, bufferId, count));
    size += count;
    return true;
  }

  /// Back to the front: it is the next one taken.
  void putBack(long address, int length, int bufferId) {
    memory.charge(KernelMemory.BUFFERS);
    runs.addFirst(new Run(address, length, bufferId, 1));
    size++;
  }

  /// @return how many of `count` there were
  int remove(int count) {
    int removed = 0;
    for (var run = runs.peekFirst(); run != null && removed < count; run = runs.peekFirst()) {
      int part = Math.min(run.count, count - removed);
      take(run, part);
      removed += part;
    }
    return removed;
  }

  private void take(Run first, int buffers) {
    first.skip(buffers);
    size -= buffers;
    if (first.count > 0) return;
    runs.removeFirst();
    memory.uncharge(KernelMemory.BUFFERS);
  }

  @Override
  boolean select(Selection selection, int lengthMax) {
    var run = runs.peekFirst();
    if (run == null) return false;
    boolean all = lengthMax == 0 || Integer.compareUnsigned(lengthMax, run.length) >= 0;
    int length = all ? run.length : lengthMax;
    if (length < 0) length = Integer.MAX_VALUE; // 2 GiB and more: nothing moves so much at once
    selection.offList(this, run.address, length, run.length, run.id);
    take(run, 1);
    return true;
  }
}
