package dev.ringshot.ring;

import java.lang.foreign.MemorySegment;

/// An [EventHandler] that wants to know where an event of several buffers ends. To whom the bytes
/// are one stream an [EventHandler] is enough.
@FunctionalInterface
public interface BundleHandler extends EventHandler {
  @Override
  void onPart(MemorySegment buffer, long offset, int length, int left);

  /// An event in one buffer, of a request that does not bundle: its only part.
  @Override
  default void onEvent(MemorySegment buffer, long offset, int length) {
    onPart(buffer, offset, length, 0);
  }
}
