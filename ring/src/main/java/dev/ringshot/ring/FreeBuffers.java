package dev.ringshot.ring;

/// Ids of buffers that nobody uses.
final class FreeBuffers {
  private final int[] bids;
  private int size;

  FreeBuffers(int buffersMax) {
    bids = new int[buffersMax];
  }

  void add(int bid) {
    bids[size++] = bid;
  }

  /// @return -1 if there is none
  int take() {
    return size == 0 ? -1 : bids[--size];
  }
}
