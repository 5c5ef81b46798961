package dev.ringshot.ring;

/// The buffers of the completion that is handled now, in the order of its bytes, and how many of
/// them lie in each.
final class Bundle {
  private final int[] bids;
  private final int[] lengths;
  private int size;

  Bundle(int buffersMax) {
    bids = new int[buffersMax];
    lengths = new int[buffersMax];
  }

  void clear() {
    size = 0;
  }

  void add(int bid, int length) {
    bids[size] = bid;
    lengths[size++] = length;
  }

  int size() {
    return size;
  }

  int bid(int part) {
    return bids[part];
  }

  int length(int part) {
    return lengths[part];
  }
}
