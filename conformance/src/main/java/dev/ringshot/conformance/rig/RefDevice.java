package dev.ringshot.conformance.rig;

import static dev.ringshot.conformance.device.Ref.*;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import dev.ringshot.abi.Fcntl;
import dev.ringshot.conformance.device.EventList;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// The reference device as a case uses it: one open file, its commands, its log.
public final class RefDevice {
  private static final long STATUS_USER_DATA = 0x57a705;
  private static final long STEP_NANOS = 1_000_000;
  private static final int CALL_BYTES =
      4096; // as much as the longest list, and any part of the log

  private final Rig rig;
  private final int fd;
  private final MemorySegment bytes; // of the call under way
  private MemorySegment lists = MemorySegment.NULL; // what is left for them
  private @Nullable RawRing statusRing;
  private int armings;

  private RefDevice(Rig rig, int fd) {
    this.rig = rig;
    this.fd = fd;
    this.bytes = rig.memory((long) CALL_BYTES);
    rig.ownDevice(this::close);
  }

  /// The device that cannot be polled.
  public static RefDevice open(Rig rig) {
    return new RefDevice(rig, rig.open(REF_PATH, Fcntl.O_RDWR));
  }

  /// The device that can.
  public static RefDevice openPollable(Rig rig) {
    return new RefDevice(rig, rig.open(REF_PATH_POLL, Fcntl.O_RDWR));
  }

  /// Its descriptor.
  public int fd() {
    return fd;
  }

  // ---- commands

  /// A multishot `REF_ARM` in the ring's next SQE: queue 0, the cookie as the user_data, no list.
  public Arming arm(RawRing ring, long userData, int group) {
    armings++;
    var sqe = ring.sqe(userData).uringCmdMultishot(fd, REF_ARM, group);
    return new Arming(this, sqe).cookie((int) userData);
  }

  /// The same as a single shot.
  public Arming armOnce(RawRing ring, long userData) {
    armings++;
    return new Arming(this, ring.sqe(userData).uringCmd(fd, REF_ARM)).cookie((int) userData);
  }

  /// A `REF_TRIGGER` in the ring's next SQE.
  public void trigger(RawRing ring, long userData, EventList events) {
    trigger(ring, userData, events, REF_VIA_CALL, 1, 0);
  }

  /// The same from elsewhere.
  ///
  /// @param via `REF_VIA_*`
  public void trigger(
      RawRing ring, long userData, EventList events, int via, int repeat, int periodMicros) {
    MemorySegment list = listed(events);
    ring.sqe(userData)
        .uringCmd(fd, REF_TRIGGER)
        .addr(list.address())
        .len(events.byteSize())
        .cmdByte(REF_TRIGGER_VIA, via)
        .cmdInt(REF_TRIGGER_REPEAT, repeat)
        .cmdInt(REF_TRIGGER_PERIOD, periodMicros);
  }

  /// Memory that holds a list, for as long as the rig lasts.
  MemorySegment listed(EventList events) {
    if (lists.byteSize() < events.byteSize()) lists = rig.memory(4L * REF_LIST_MAX);
    MemorySegment list = lists.asSlice(0, events.byteSize());
    lists = lists.asSlice(events.byteSize());
    events.writeTo(list);
    return list;
  }

  /// Raises events by write(2).
  public void write(EventList events) {
    events.writeTo(bytes);
    rig.write(fd, bytes.asSlice(0, events.byteSize()));
  }

  /// Raises one post for each value on queue 0, by write(2).
  public void write(int... values) {
    write(EventList.posts(values));
  }

  // ---- what it knows

  /// Its counters, asked for through a ring of their own.
  public Status status() {
    var ring = statusRing;
    if (ring == null) ring = rig.openRing(2, _ -> {});
    statusRing = ring;
    ring.sqe(STATUS_USER_DATA).uringCmd(fd, REF_STATUS).addr(bytes.address()).len(REF_STATUS_SIZE);
    Claim.equal("REF_STATUS", List.of(Completion.cqe(STATUS_USER_DATA, 0)), ring.take(1));
    return new Status(
        bytes.get(JAVA_INT, REF_STATUS_ARMED),
        bytes.get(JAVA_INT, REF_STATUS_KEPT),
        bytes.get(JAVA_LONG, REF_STATUS_RAISED),
        bytes.get(JAVA_LONG, REF_STATUS_POSTED),
        bytes.get(JAVA_LONG, REF_STATUS_LOST),
        bytes.get(JAVA_LONG, REF_STATUS_TASKS),
        bytes.get(JAVA_LONG, REF_STATUS_CANCELS),
        bytes.get(JAVA_LONG, REF_STATUS_ENDED));
  }

  /// A `struct ref_status`.
  public record Status(
      int armed,
      int kept,
      long raised,
      long posted,
      long lost,
      long tasks,
      long cancels,
      long ended) {}

  /// Waits, as long as patience lasts, until so many commands are armed: a ring's end takes its
  /// time.
  public Status awaitArmed(int count) {
    return await(count + " armed", status -> status.armed() == count);
  }

  /// The same until so many events are lost.
  public Status awaitLost(long count) {
    return await(count + " lost", status -> status.lost() == count);
  }

  private Status await(String what, Predicate<Status> reached) {
    var now = status();
    for (long waited = 0; !reached.test(now); waited += STEP_NANOS) {
      Claim.that(what + ", now " + now, waited < RawRing.PATIENCE_NANOS);
      if (statusRing != null) statusRing.enterTimed(0, 1, STEP_NANOS);
      now = status();
    }
    return now;
  }

  /// Ends the commands that outlived their rings, which otherwise would never be gone: on Linux
  /// sixty-four such rings keep all others from ending.
  void close() {
    if (armings > 0) endAll();
    if (statusRing != null) statusRing.close();
  }

  private void endAll() {
    var now = status();
    for (long waited = 0; now.armed > 0; waited += STEP_NANOS) {
      Claim.that("commands end: " + now, waited < RawRing.PATIENCE_NANOS);
      if (waited > 0 && statusRing != null) statusRing.enterTimed(0, 1, STEP_NANOS);
      var ends = new EventList();
      for (int i = 0; i < Math.min(now.armed, REF_LIST_MAX / REF_EVENT_SIZE / 2); i++)
        ends.on(0).endWith(0, REF_F_NOW).on(1).endWith(0, REF_F_NOW);
      write(ends);
      now = status();
    }
  }

  /// The log since the last look, an entry a line: `cookie what value`.
  public List<String> log() {
    List<String> lines = new ArrayList<>();
    int count;
    do {
      count = Claim.success("read", rig.read(fd, bytes));
      for (int at = 0; at < count; at += REF_LOG_SIZE) lines.add(line(bytes, at));
    } while (count == CALL_BYTES); // there may be more
    return lines;
  }

  private static String line(MemorySegment entry, int at) {
    int cookie = Short.toUnsignedInt(entry.get(JAVA_SHORT, at + 2));
    int value = entry.get(JAVA_INT, at + 4);
    return cookie
        + switch (entry.get(JAVA_BYTE, at)) {
          case REF_L_ISSUE -> " issued" + issue(value);
          case REF_L_SELECT -> " selected " + Completion.result(value);
          case REF_L_POST -> value == 0 ? " posted" : " finished";
          case REF_L_END -> " ended " + Completion.result(value);
          case REF_L_CANCEL -> " cancelled";
          case REF_L_LOST -> " lost " + entry.get(JAVA_BYTE, at + 1) + ":" + value;
          case REF_L_CLOSING -> " closing";
          default -> " ? " + value;
        };
  }

  private static String issue(int flags) {
    return ((flags & REF_ISSUE_NONBLOCK) != 0 ? " nonblock" : "")
        + ((flags & REF_ISSUE_WORKER) != 0 ? " worker" : "")
        + ((flags & REF_ISSUE_SQE128) != 0 ? " sqe128" : "")
        + ((flags & REF_ISSUE_CQE32) != 0 ? " cqe32" : "");
  }

  /// Claims what was logged since the last look, issues aside.
  public void expectLog(String... lines) {
    List<String> logged = log();
    logged.removeIf(line -> line.contains(" issued"));
    Claim.equal("the device's log", List.of(lines), logged);
  }
}
