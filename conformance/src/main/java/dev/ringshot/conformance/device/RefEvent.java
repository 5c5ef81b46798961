package dev.ringshot.conformance.device;

import static dev.ringshot.conformance.device.Ref.REF_BOTH;
import static dev.ringshot.conformance.device.Ref.REF_END;
import static dev.ringshot.conformance.device.Ref.REF_EVENT_FLAGS;
import static dev.ringshot.conformance.device.Ref.REF_EVENT_GROUP;
import static dev.ringshot.conformance.device.Ref.REF_EVENT_LENGTH;
import static dev.ringshot.conformance.device.Ref.REF_EVENT_OP;
import static dev.ringshot.conformance.device.Ref.REF_EVENT_QUEUE;
import static dev.ringshot.conformance.device.Ref.REF_EVENT_SIZE;
import static dev.ringshot.conformance.device.Ref.REF_EVENT_VALUE;
import static dev.ringshot.conformance.device.Ref.REF_F_ALL;
import static dev.ringshot.conformance.device.Ref.REF_F_NOW;
import static dev.ringshot.conformance.device.Ref.REF_LIST_MAX;
import static dev.ringshot.conformance.device.Ref.REF_POST;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A `struct ref_event`.
///
/// @param op `REF_POST` or `REF_END`
/// @param queue 0 or 1
/// @param group to select from, with `REF_F_GROUP`
/// @param flags `REF_F_*`
/// @param length asked of the selection; with `REF_F_RES2` the second result
/// @param value posted, or the command's result
public record RefEvent(int op, int queue, int group, int flags, int length, int value) {
  /// Whether it carries that flag.
  boolean has(int flag) {
    return (flags & flag) != 0;
  }

  /// Writes it at `offset`.
  public void writeTo(MemorySegment list, long offset) {
    list.set(JAVA_BYTE, offset + REF_EVENT_OP, (byte) op);
    list.set(JAVA_BYTE, offset + REF_EVENT_QUEUE, (byte) queue);
    list.set(JAVA_SHORT, offset + REF_EVENT_GROUP, (short) group);
    list.set(JAVA_INT, offset + REF_EVENT_FLAGS, flags);
    list.set(JAVA_INT, offset + REF_EVENT_LENGTH, length);
    list.set(JAVA_INT, offset + REF_EVENT_VALUE, value);
  }

  static boolean isListLength(int bytes) {
    return bytes >= 0 && bytes <= REF_LIST_MAX && bytes % REF_EVENT_SIZE == 0;
  }

  /// The list in the first `bytes` bytes, or null if one of it is not an event.
  ///
  /// @param mayBeNow whether `REF_F_NOW` is allowed
  static @Nullable List<RefEvent> readList(MemorySegment list, int bytes, boolean mayBeNow) {
    List<RefEvent> events = new ArrayList<>();
    for (int offset = 0; offset < bytes; offset += REF_EVENT_SIZE) {
      var event =
          new RefEvent(
              list.get(JAVA_BYTE, offset + REF_EVENT_OP) & 0xff,
              list.get(JAVA_BYTE, offset + REF_EVENT_QUEUE) & 0xff,
              list.get(JAVA_SHORT, offset + REF_EVENT_GROUP) & 0xffff,
              list.get(JAVA_INT, offset + REF_EVENT_FLAGS),
              list.get(JAVA_INT, offset + REF_EVENT_LENGTH),
              list.get(JAVA_INT, offset + REF_EVENT_VALUE));
      if (!event.isValid(mayBeNow)) return null;
      events.add(event);
    }
    return events;
  }

  private boolean isValid(boolean mayBeNow) {
    if (op != REF_POST && op != REF_END) return false;
    if (queue > 1 || (flags & ~REF_F_ALL) != 0) return false;
    return mayBeNow || !has(REF_F_NOW);
  }

  /// One event as it was raised.
  ///
  /// @param number of its queue's events before it
  record Raised(RefEvent event, int queue, long number) {
    /// What a buffer is filled with.
    long word() {
      return (long) queue << 56 | number;
    }
  }

  /// The queue on which a command's own list is raised.
  static int ownQueue(int armedFor) {
    return armedFor == REF_BOTH ? 0 : armedFor;
  }
}
