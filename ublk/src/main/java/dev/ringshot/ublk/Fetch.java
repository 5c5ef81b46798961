package dev.ringshot.ublk;

/// How a queue's tags come and go: the commands to `/dev/ublkcN`.
sealed interface Fetch permits BatchFetch, TagFetch {
  /// Makes all tags ready, and fetches.
  void arm();

  /// Takes a tag's result, which is submitted with [#flush] at the latest.
  void commit(int tag, int result);

  /// Prepares what was taken.
  void flush();

  /// Tags that are ready, or were.
  int prepared();

  /// Commands that fetch and give no result, as often as they were submitted.
  long submitted();

  /// Whether no tag will come any more, and everything taken was given to the driver.
  boolean hasEnded();
}
