package dev.ringshot.model;

/// Where [FileOperations#poll] names the queues whose waking may change its answer (`poll_table`).
public interface PollTable {
  /// A table that takes no one: for asking what is ready now.
  PollTable NONE = queue -> {};

  /// Names one queue.
  void add(WaitQueue queue);
}
