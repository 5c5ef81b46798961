package dev.ringshot.ring;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;

/// Whether an event of an [EventSource] arrived as it was sent.
final class EventCheck {
  private EventCheck() {}

  /// @throws AssertionError if not
  static void check(int queue, long number, MemorySegment buffer, long offset, int length) {
    boolean reachesTheEnd = offset + length == buffer.byteSize();
    int sent = EventSource.length(queue, number);
    if (length != sent && !(length < sent && reachesTheEnd)) {
      throw failure(queue, number, "has " + length + " of " + sent + " bytes");
    }
    for (int i = 0; i < length; i++) {
      if (buffer.get(JAVA_BYTE, offset + i) != EventSource.value(queue, number)) {
        throw failure(queue, number, "is another at byte " + i + " from " + offset);
      }
    }
  }

  private static AssertionError failure(int queue, long number, String what) {
    return new AssertionError("event " + number + " of queue " + queue + " " + what);
  }
}
