package dev.ringshot.conformance.rig;

import java.lang.foreign.MemorySegment;

/// A block device from its user's side, without a cache in between: what is begun waits for its
/// server, nobody else. Every request has a number.
public interface Disk {
  /// Begins to read as many bytes as `into` has.
  ///
  /// @return the request's number
  int read(long offset, MemorySegment into);

  /// Begins to write `from`.
  int write(long offset, MemorySegment from);

  /// Begins to put on stable storage what was written.
  int flush();

  /// Begins to give a range up.
  int discard(long offset, long length);

  /// Whether a request has ended.
  boolean isDone(int request);

  /// Waits for the end of a request, but not long.
  ///
  /// @return 0 for what is done, or `-errno`
  int await(int request);

  /// Bytes of the disk.
  long size();

  /// Gives the disk up.
  void close();
}
