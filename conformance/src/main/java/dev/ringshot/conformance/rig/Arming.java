package dev.ringshot.conformance.rig;

import static dev.ringshot.conformance.device.Ref.REF_ARM_COOKIE;
import static dev.ringshot.conformance.device.Ref.REF_ARM_FLAGS;
import static dev.ringshot.conformance.device.Ref.REF_ARM_QUEUE;
import static dev.ringshot.conformance.device.Ref.REF_ARM_RESULT;
import static dev.ringshot.conformance.device.Ref.REF_A_CANCELABLE;
import static dev.ringshot.conformance.device.Ref.REF_A_RETURN;

import dev.ringshot.abi.Sqe;
import dev.ringshot.conformance.device.EventList;
import java.lang.foreign.MemorySegment;

/// A `REF_ARM` in the making; good until its ring's next SQE is taken.
public final class Arming {
  private final RefDevice device;
  private final Sqe sqe;

  Arming(RefDevice device, Sqe sqe) {
    this.device = device;
    this.sqe = sqe;
  }

  /// What the log calls it.
  public Arming cookie(int cookie) {
    sqe.cmdShort(REF_ARM_COOKIE, cookie);
    return this;
  }

  /// 0, 1 or `REF_BOTH`.
  public Arming queue(int queue) {
    sqe.cmdByte(REF_ARM_QUEUE, queue);
    return this;
  }

  /// Adds `REF_A_*`.
  public Arming flags(int flags) {
    sqe.cmdInt(REF_ARM_FLAGS, sqe.cmdInt(REF_ARM_FLAGS) | flags);
    return this;
  }

  /// Marks it cancelable.
  public Arming cancelable() {
    return flags(REF_A_CANCELABLE);
  }

  /// Has the driver return that value.
  public Arming returning(int result) {
    sqe.cmdInt(REF_ARM_RESULT, result);
    return flags(REF_A_RETURN);
  }

  /// What it does at once.
  public Arming list(EventList events) {
    MemorySegment list = device.listed(events);
    sqe.addr(list.address()).len(events.byteSize());
    return this;
  }

  /// The SQE, for flags of its own.
  public Sqe sqe() {
    return sqe;
  }
}
