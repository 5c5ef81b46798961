package dev.ringshot.model;

import static dev.ringshot.abi.Errno.EIO;

import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/// A ring's commands in drivers' hands, and the one that owes a buffer. Guarded by the ring's lock.
final class Commands {
  private static final int DESCRIBED_MAX = 3;

  private final RingContext ring;
  private @Nullable UringCmd parked;
  private @Nullable UringCmd owing;
  private int owed;

  Commands(RingContext ring) {
    this.ring = ring;
  }

  void selected(UringCmd cmd) {
    owing = cmd;
    owed++;
  }

  void settled(UringCmd cmd) {
    if (!cmd.selection().isHeld()) return;
    if (--owed == 0) owing = null;
  }

  /// Throws if a driver's code ends while a buffer is still owed.
  void requireSettled() {
    var debtor = owing;
    if (debtor == null) return;
    owing = null;
    owed = 0;
    debtor.selection().recycle();
    throw debtor.bug(
        "returned with a selected buffer that it neither posted nor gave back; call postMultishotCqe(buffer, n) in the same call");
  }

  /// A driver keeps `cmd`, unless it has ended it already.
  void park(UringCmd cmd) {
    ring.lock(); // a worker does not have it
    try {
      if (cmd.isDone()) return;
      var first = parked;
      cmd.nextParked = first;
      if (first != null) first.previousParked = cmd;
      parked = cmd;
      cmd.isParked = true;
    } finally {
      ring.unlock();
    }
  }

  /// Before its request can be used again.
  void ended(UringCmd cmd) {
    if (!cmd.isParked) return;
    var previous = cmd.previousParked;
    var next = cmd.nextParked;
    if (previous == null) parked = next;
    else previous.nextParked = next;
    if (next != null) next.previousParked = previous;
    cmd.previousParked = null;
    cmd.nextParked = null;
    cmd.isParked = false;
  }

  /// Some of those in drivers' hands, for a message; empty if there are none.
  String describeParked() {
    var names = new StringJoiner(", ");
    int count = 0;
    for (var cmd = parked; cmd != null && count < DESCRIBED_MAX; cmd = cmd.nextParked) {
      names.add(cmd.toString());
      count++;
    }
    return names.toString();
  }

  /// A driver has said how `cmd` ends.
  void end(UringCmd cmd, Request request) {
    if (!ring.isLockedHere()) {
      ring.addTaskWork(request);
      return;
    }
    ring.complete(request);
  }

  /// Tells every cancelable command's driver that the ring goes away.
  void cancelAll() {
    for (var cmd = parked; cmd != null; ) {
      var next = cmd.nextParked;
      try {
        cmd.cancel();
      } catch (DriverContractException e) {
        ring.fail(e);
      }
      cmd = next;
    }
  }

  /// The answer for a command whose driver broke its contract while issuing it.
  int afterBug(DriverContractException bug) {
    ring.fail(bug);
    return -EIO;
  }
}
