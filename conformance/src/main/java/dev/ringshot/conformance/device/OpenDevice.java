package dev.ringshot.conformance.device;

import static dev.ringshot.conformance.device.Ref.*;

import dev.ringshot.conformance.device.RefEvent.Raised;
import dev.ringshot.model.Shot;
import dev.ringshot.model.Transfer;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The device behind one open file: its queues, counters and log, guarded by its monitor. Calls
/// into the kernel that may take a ring's lock are made outside it, for commands arrive with that
/// lock held.
final class OpenDevice {
  private final List<ArmedCommand> armed = new ArrayList<>();
  private final List<Deque<Raised>> kept = List.of(new ArrayDeque<>(), new ArrayDeque<>());
  private final long[] numbers = new long[2];
  private final DeviceLog log = new DeviceLog();
  private long raised;
  private long posted;
  private long lost;
  private long tasks;
  private long cancels;
  private long ended;

  // ---- events

  /// Raises one event.
  ///
  /// @return false if it is lost
  synchronized boolean raise(RefEvent event) {
    var one = number(event, event.queue());
    var taker = oldestFor(one.queue());
    boolean retry = event.has(REF_F_RETRY);
    if (taker == null) {
      if (retry) kept.get(one.queue()).addLast(one);
      else lose(one);
      return retry;
    }
    handOver(one.queue(), taker);
    if (event.has(REF_F_NOW) && event.op() == REF_END && !taker.taskUnderWay) {
      taker.finish(event);
      return true;
    }
    taker.waiting.addLast(one);
    send(taker);
    return true;
  }

  /// Raises an event of a command's own list.
  synchronized Raised number(RefEvent event, int queue) {
    raised++;
    return new Raised(event, queue, numbers[queue]++);
  }

  private @Nullable ArmedCommand oldestFor(int queue) {
    for (var each : armed) if (each.takes(queue)) return each;
    return null;
  }

  private void handOver(int queue, ArmedCommand taker) {
    var events = kept.get(queue);
    if (events.isEmpty()) return;
    taker.waiting.addAll(events);
    events.clear();
    send(taker);
  }

  private static void send(ArmedCommand taker) {
    if (taker.taskUnderWay) return;
    taker.taskUnderWay = true;
    taker.sendTask();
  }

  private void lose(Raised one) {
    lost++;
    log.add(REF_L_LOST, one.queue(), 0, (int) one.number());
  }

  // ---- commands

  /// Arms a command, unless it was cancelled meanwhile.
  ///
  /// @param own what its list still has to do
  synchronized void arm(ArmedCommand command, List<Raised> own) {
    if (command.ended) {
      own.forEach(this::lose);
      return;
    }
    armed.add(command);
    command.waiting.addAll(own);
    if (!own.isEmpty()) send(command);
    for (int queue = 0; queue < kept.size(); queue++) {
      var taker = oldestFor(queue);
      if (command.takes(queue) && taker != null) handOver(queue, taker);
    }
  }

  /// What `command`'s task does next; null if that was all, and then the task is over.
  synchronized @Nullable Raised nextFor(ArmedCommand command) {
    var next = command.waiting.pollFirst();
    if (next == null) command.taskUnderWay = false;
    return next;
  }

  /// `command` ends with `result`: what waits for it is lost or kept.
  synchronized void ended(ArmedCommand command, int result, @Nullable Raised undelivered) {
    command.ended = true;
    ended++;
    armed.remove(command);
    log.add(REF_L_END, command.queue, command.cookie, result);
    if (undelivered != null) command.waiting.addFirst(undelivered);
    for (var each : command.waiting) if (!each.event().has(REF_F_RETRY)) lose(each);
    for (var each = command.waiting.pollLast(); each != null; each = command.waiting.pollLast()) {
      if (each.event().has(REF_F_RETRY)) kept.get(each.queue()).addFirst(each);
    }
  }

  /// The kernel asks `command` to go.
  ///
  /// @return whether it can be ended here and now
  synchronized boolean cancelled(ArmedCommand command) {
    cancels++;
    log.add(REF_L_CANCEL, command.queue, command.cookie, 0);
    return !command.ended && !command.taskUnderWay;
  }

  synchronized void posted(ArmedCommand command, Shot shot) {
    if (shot == Shot.POSTED) posted++;
    log.add(REF_L_POST, command.queue, command.cookie, shot == Shot.POSTED ? 0 : 1);
  }

  synchronized void countTask() {
    tasks++;
  }

  // ---- what is known of it

  synchronized void log(int what, ArmedCommand command, int value) {
    log.add(what, command.queue, command.cookie, value);
  }

  synchronized int readLog(Transfer transfer) {
    return log.read(transfer);
  }

  synchronized MemorySegment status() {
    var status = MemorySegment.ofArray(new long[REF_STATUS_SIZE / Long.BYTES]);
    status.set(ValueLayout.JAVA_INT, REF_STATUS_ARMED, armed.size());
    status.set(ValueLayout.JAVA_INT, REF_STATUS_KEPT, kept.get(0).size() + kept.get(1).size());
    status.set(ValueLayout.JAVA_LONG, REF_STATUS_RAISED, raised);
    status.set(ValueLayout.JAVA_LONG, REF_STATUS_POSTED, posted);
    status.set(ValueLayout.JAVA_LONG, REF_STATUS_LOST, lost);
    status.set(ValueLayout.JAVA_LONG, REF_STATUS_TASKS, tasks);
    status.set(ValueLayout.JAVA_LONG, REF_STATUS_CANCELS, cancels);
    status.set(ValueLayout.JAVA_LONG, REF_STATUS_ENDED, ended);
    status.set(ValueLayout.JAVA_LONG, REF_STATUS_LOG_LOST, log.lost());
    return status;
  }
}
