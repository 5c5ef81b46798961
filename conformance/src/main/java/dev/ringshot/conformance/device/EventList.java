package dev.ringshot.conformance.device;

import static dev.ringshot.conformance.device.Ref.REF_END;
import static dev.ringshot.conformance.device.Ref.REF_EVENT_SIZE;
import static dev.ringshot.conformance.device.Ref.REF_POST;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/// Events in the making: what a program has the reference device do.
public final class EventList {
  private final List<RefEvent> events = new ArrayList<>();
  private int queue;

  /// Nothing yet, for queue 0.
  public EventList() {}

  /// One post for each value, on queue 0.
  public static EventList posts(int... values) {
    var list = new EventList();
    for (int value : values) list.post(value);
    return list;
  }

  /// One end, on queue 0.
  public static EventList end(int result) {
    return new EventList().endWith(result, 0);
  }

  /// What follows is for that queue.
  public EventList on(int otherQueue) {
    queue = otherQueue;
    return this;
  }

  /// A whole buffer, and that value.
  public EventList post(int value) {
    return post(value, 0);
  }

  /// The same with `REF_F_*`.
  public EventList post(int value, int flags) {
    return add(new RefEvent(REF_POST, queue, 0, flags, 0, value));
  }

  /// Asks for so many bytes, then posts that value.
  public EventList postAsking(int length, int value) {
    return add(new RefEvent(REF_POST, queue, 0, 0, length, value));
  }

  /// Takes the buffer from that group.
  public EventList postFrom(int group, int value) {
    return add(new RefEvent(REF_POST, queue, group, Ref.REF_F_GROUP, 0, value));
  }

  /// Ends the command.
  public EventList endWith(int result, int flags) {
    return add(new RefEvent(REF_END, queue, 0, flags, 0, result));
  }

  /// Ends the command with two results.
  public EventList endWithBoth(int result, int second) {
    return add(new RefEvent(REF_END, queue, 0, Ref.REF_F_RES2, second, result));
  }

  /// Any event.
  public EventList add(RefEvent event) {
    events.add(event);
    return this;
  }

  /// Bytes it takes.
  public int byteSize() {
    return events.size() * REF_EVENT_SIZE;
  }

  /// Writes it.
  public void writeTo(MemorySegment list) {
    for (int i = 0; i < events.size(); i++) {
      events.get(i).writeTo(list, (long) i * REF_EVENT_SIZE);
    }
  }
}
