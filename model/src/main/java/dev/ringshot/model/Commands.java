package dev.ringshot.model;

import static dev.ringshot.abi.Errno.EIO;

import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/// A ring's commands in drivers' hands, and those that owe a buffer. Guarded by the ring's lock.
final class Commands {
  static final String UNSETTLED =
      "returned with a selected buffer that it neither posted nor gave back; call postMultishotCqe(buffer, n) in the same call";

  private static final int DESCRIBED_MAX = 3;

  private final RingContext ring;
  private @Nullable UringCmd parked;
  private @Nullable UringCmd owing; // a list, as a rule of one

  Commands(RingContext ring) {
    this.ring = ring;
  }

  void selected(UringCmd cmd) {
    if (cmd.owes) return;
    cmd.nextOwing = owing;
    cmd.owes = true;
    owing = cmd;
  }

  void settled(UringCmd cmd) {
    if (!cmd.owes) return;
    cmd.owes = false;
    if (owing == cmd) owing = cmd.nextOwing;
    else
      for (var each = owing; each != null; each = each.nextOwing)
        if (each.nextOwing == cmd) each.nextOwing = cmd.nextOwing;
    cmd.nextOwing = null;
  }

  /// Throws if a driver's code ends while a buffer is still owed.
  void requireSettled() {
    var debtor = owing;
    if (debtor == null) return;
    takeBackOwed();
    throw debtor.bug(UNSETTLED);
  }

  /// Gives back what a driver's code owes that ended with another bug.
  void takeBackOwed() {
    for (var debtor = owing; debtor != null; debtor = owing) {
      debtor.selection().recycle();
      settled(debtor);
    }
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
      if (ring.isDead()) cmd.inTask(cmd::cancel); // it was on a worker when the others were told
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
      cancel(cmd);
      cmd = next;
    }
  }

  private void cancel(UringCmd cmd) {
    try {
      cmd.cancel();
    } catch (DriverContractException e) {
      ring.fail(e);
    }
  }

  /// The answer for a command whose driver broke its contract while issuing it.
  int afterBug(DriverContractException bug, boolean onWorker) {
    if (!onWorker) takeBackOwed(); // what others owe is none of a worker's business
    ring.fail(bug);
    return -EIO;
  }
}
