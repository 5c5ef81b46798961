package dev.ringshot.ring;

/// When a count of a group's buffers can be trusted.
///
/// The kernel's head says which buffers were taken. One that no completion has named is lost only
/// if no request can still name it, so a count is *open* until all requests have ended that were in
/// flight when it was taken and may hold a buffer: an epoch tells them from later ones.
final class Census {
  private int epoch;
  private int holders;
  private int missing;
  private int head;
  private boolean isWanted;
  private boolean isOpen;

  /// A request begins.
  ///
  /// @return the epoch it belongs to
  int begin(boolean holds) {
    if (holds) holders++;
    return epoch;
  }

  /// A request has ended: something may have been lost.
  void end(boolean held, int begunIn) {
    isWanted = true;
    if (!held) return;
    holders--;
    if (isOpen && begunIn - epoch < 0) missing--;
  }

  boolean hasHolders() {
    return holders > 0;
  }

  /// Whether a request has ended since the last count.
  boolean isWanted() {
    return isWanted && !isOpen;
  }

  /// Begins a count with the kernel's head of now.
  void open(int head) {
    this.head = head;
    isWanted = false;
    isOpen = true;
    missing = holders;
    epoch++;
  }

  /// Whether nobody can name a buffer of the count any more.
  boolean isComplete() {
    return isOpen && missing == 0;
  }

  /// Ends the count.
  ///
  /// @return the head it began with
  int close() {
    isOpen = false;
    return head;
  }
}
