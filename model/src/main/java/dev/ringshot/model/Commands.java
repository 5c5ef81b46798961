package dev.ringshot.model;

import static dev.ringshot.abi.Errno.EIO;

import org.jspecify.annotations.Nullable;

/// A ring's commands in drivers' hands: which can be cancelled, and which owes a buffer. Guarded by
/// the ring's lock.
final class Commands {
  private final RingContext ring;
  private @Nullable UringCmd cancelable;
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

  void addCancelable(UringCmd cmd) {
    var first = cancelable;
    cmd.nextCancelable = first;
    if (first != null) first.previousCancelable = cmd;
    cancelable = cmd;
  }

  private void removeCancelable(UringCmd cmd) {
    if (!cmd.isCancelable()) return;
    var previous = cmd.previousCancelable;
    var next = cmd.nextCancelable;
    if (previous != null) previous.nextCancelable = next;
    else if (cancelable == cmd) cancelable = next;
    if (next != null) next.previousCancelable = previous;
    cmd.previousCancelable = null;
    cmd.nextCancelable = null;
  }

  /// A driver has said how `cmd` ends.
  void end(UringCmd cmd, Request request) {
    if (!ring.isLockedHere()) {
      ring.addTaskWork(request);
      return;
    }
    ring.complete(request);
  }

  /// Before its request can be used again.
  void ended(UringCmd cmd) {
    removeCancelable(cmd);
  }

  /// Tells every cancelable command's driver that the ring goes away.
  void cancelAll() {
    for (var cmd = cancelable; cmd != null; ) {
      var next = cmd.nextCancelable;
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
