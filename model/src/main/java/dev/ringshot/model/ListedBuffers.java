package dev.ringshot.model;

import java.util.ArrayDeque;

/// Legacy buffers (`IORING_OP_PROVIDE_BUFFERS`): a list from which each is taken once.
final class ListedBuffers extends BufferGroup {
  /// `MAX_BIDS_PER_BGID`.
  static final int BUFFERS_MAX = 1 << 16;

  private record Buffer(long address, int length, int id) {}

  private final ArrayDeque<Buffer> buffers = new ArrayDeque<>();

  ListedBuffers(int id) {
    super(id);
  }

  int size() {
    return buffers.size();
  }

  void add(long address, int length, int bufferId) {
    buffers.addLast(new Buffer(address, length, bufferId));
  }

  /// Back to the front: it is the next one taken.
  void putBack(long address, int length, int bufferId) {
    buffers.addFirst(new Buffer(address, length, bufferId));
  }

  /// @return how many of `count` there were
  int remove(int count) {
    int removed = 0;
    while (removed < count && buffers.pollFirst() != null) removed++;
    return removed;
  }

  @Override
  boolean select(Selection selection, int lengthMax) {
    var buffer = buffers.pollFirst();
    if (buffer == null) return false;
    boolean all = lengthMax == 0 || Integer.compareUnsigned(lengthMax, buffer.length) >= 0;
    int length = all ? buffer.length : lengthMax;
    if (length < 0) length = Integer.MAX_VALUE; // 2 GiB and more: nothing moves so much at once
    selection.offList(this, buffer.address, length, buffer.length, buffer.id);
    return true;
  }
}
