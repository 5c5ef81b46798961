package dev.ringshot.ring;

import java.lang.foreign.MemorySegment;

/// What to do with one event of a multishot request: bytes that the kernel put into a buffer of its
/// own choice.
@FunctionalInterface
public interface EventHandler {
  /// One event. An operation may post one that has no buffer: then `buffer` is
  /// [MemorySegment#NULL], and `length` what was posted. The buffer is borrowed for the call: it
  /// goes back to the kernel on return, also when this throws; [BufferRing#keep] keeps it longer.
  ///
  /// @param buffer the whole buffer, as large as it was provided
  /// @param offset where the event begins, in bytes: 0, or in an incremental buffer where the event
  ///   before it ended
  /// @param length bytes of the event, positive
  void onEvent(MemorySegment buffer, long offset, int length);
}
