package dev.ringshot.ring;

import java.lang.foreign.MemorySegment;

/// What to do with one event of a multishot request: bytes that the kernel put into a buffer of its
/// own choice, or into several.
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

  /// One part of an event of a request with `IORING_RECVSEND_BUNDLE`: what of it lies in one
  /// buffer. Called for each of them in the order of the bytes. Each is borrowed for its own call,
  /// as in [#onEvent], and may be kept for itself; when a call throws, the buffers after it go back
  /// unheard.
  ///
  /// @param buffer the whole buffer, as large as it was provided
  /// @param offset where the part begins, in bytes: 0, or of the first in an incremental buffer
  ///   where the event before it ended
  /// @param length bytes of the part, positive
  /// @param left bytes of the event in the buffers after this one, 0 with the last
  default void onPart(MemorySegment buffer, long offset, int length, int left) {
    onEvent(buffer, offset, length);
  }
}
