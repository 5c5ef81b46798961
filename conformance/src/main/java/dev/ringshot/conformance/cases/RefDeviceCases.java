package dev.ringshot.conformance.cases;

import static dev.ringshot.abi.Errno.EFAULT;
import static dev.ringshot.abi.Errno.EINVAL;
import static dev.ringshot.conformance.device.Ref.*;
import static dev.ringshot.conformance.rig.Completion.cqe;
import static dev.ringshot.conformance.rig.Completion.shot;

import dev.ringshot.abi.Sqe;
import dev.ringshot.conformance.Case;
import dev.ringshot.conformance.Needs;
import dev.ringshot.conformance.Spec;
import dev.ringshot.conformance.device.EventList;
import dev.ringshot.conformance.device.RefEvent;
import dev.ringshot.conformance.rig.Claim;
import dev.ringshot.conformance.rig.Need;
import dev.ringshot.conformance.rig.RawRing;
import dev.ringshot.conformance.rig.RefDevice;
import dev.ringshot.conformance.rig.Rig;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.function.Consumer;

/// The reference device itself: what it refuses, and that every open is a device of its own.
@Needs({Need.DEVICE, Need.MULTISHOT_COMMANDS})
public final class RefDeviceCases {
  private static final int GROUP = 7;

  /// Topics are made by reflection.
  public RefDeviceCases() {}

  private static void refused(Rig t, int op, int error, Consumer<Sqe> change) {
    RawRing ring = t.ring(2);
    Sqe sqe = ring.sqe(1).uringCmd(RefDevice.open(t).fd(), op);
    change.accept(sqe);
    ring.expect(cqe(1, error));
  }

  private static MemorySegment listOf(Rig t, RefEvent event) {
    MemorySegment list = t.memory((long) REF_EVENT_SIZE);
    event.writeTo(list, 0);
    return list;
  }

  @Case
  @Spec({"7m-30", "1.4-12"})
  public void badParametersAreRefused(Rig t) {
    refused(t, REF_ARM, -EINVAL, sqe -> sqe.cmdByte(REF_ARM_QUEUE, 2));
    refused(t, REF_ARM, -EINVAL, sqe -> sqe.cmdByte(3, 1));
    refused(t, REF_ARM, -EINVAL, sqe -> sqe.cmdInt(REF_ARM_FLAGS, 16));
    refused(t, REF_ARM, -EINVAL, sqe -> sqe.cmdInt(12, 1));
    refused(t, REF_ARM, -EINVAL, sqe -> sqe.len(15));
    refused(t, REF_ARM, -EINVAL, sqe -> sqe.len(4112));
    refused(t, REF_ARM, -EINVAL, sqe -> sqe.len(-16));
    refused(t, REF_ARM, -EFAULT, sqe -> sqe.addr(Rig.UNMAPPED).len(16));
    refused(t, REF_TRIGGER, -EINVAL, sqe -> sqe.cmdByte(REF_TRIGGER_VIA, 3));
    refused(t, REF_TRIGGER, -EINVAL, sqe -> sqe.cmdByte(1, 1));
    refused(t, REF_TRIGGER, -EINVAL, sqe -> sqe.cmdInt(12, 1));
    refused(t, REF_TRIGGER, -EINVAL, sqe -> sqe.len(16).cmdInt(REF_TRIGGER_REPEAT, 65537));
    refused(t, REF_TRIGGER, -EFAULT, sqe -> sqe.addr(Rig.UNMAPPED).len(16));
    refused(t, REF_TRIGGER, 0, sqe -> sqe.len(0));
    refused(t, REF_STATUS, -EINVAL, sqe -> sqe.len(REF_STATUS_SIZE - 1));
    refused(t, REF_STATUS, -EFAULT, sqe -> sqe.addr(Rig.UNMAPPED).len(REF_STATUS_SIZE));
    refused(t, REF_DESCRIBE, -EFAULT, sqe -> sqe.addr(Rig.UNMAPPED));
  }

  @Case
  @Spec("7m-30")
  public void badEventsAreRefused(Rig t) {
    for (RefEvent bad :
        List.of(
            new RefEvent(0, 0, 0, 0, 0, 0),
            new RefEvent(3, 0, 0, 0, 0, 0),
            new RefEvent(REF_POST, 2, 0, 0, 0, 0),
            new RefEvent(REF_POST, 0, 0, 256, 0, 0))) {
      long list = listOf(t, bad).address();
      refused(t, REF_ARM, -EINVAL, sqe -> sqe.addr(list).len(16));
      refused(t, REF_TRIGGER, -EINVAL, sqe -> sqe.addr(list).len(16));
      int fd = RefDevice.open(t).fd();
      Claim.result("write", -EINVAL, t.host().write(fd, listOf(t, bad).asSlice(0, 16)));
    }
    long now = listOf(t, new RefEvent(REF_END, 0, 0, REF_F_NOW, 0, 0)).address();
    refused(t, REF_ARM, -EINVAL, sqe -> sqe.addr(now).len(16));
    refused(t, REF_TRIGGER, -EINVAL, sqe -> sqe.addr(now).len(16));
  }

  @Case
  @Spec("7m-30")
  public void everyOpenIsADeviceOfItsOwn(Rig t) {
    RawRing ring = t.ring(8);
    t.group(ring, GROUP, 4).provide(0, 3, 64);
    RefDevice one = RefDevice.open(t);
    RefDevice two = RefDevice.openPollable(t);
    one.arm(ring, 1, GROUP);
    two.arm(ring, 2, GROUP);
    ring.submitAll();
    two.write(16);
    ring.expect(cqe(2, 16, shot(0)));
    Claim.equal("raised", 0L, one.status().raised());
    Claim.equal("raised", 1L, two.status().raised());
    two.expectLog("2 selected 64", "2 posted");
    one.expectLog();
  }

  @Case
  @Spec("7m-30")
  public void eventsWithoutACommandAreCountedAsLost(Rig t) {
    RefDevice device = RefDevice.open(t);
    device.write(new EventList().post(1).on(1).post(2).post(3));
    device.expectLog("0 lost 0:0", "0 lost 1:0", "0 lost 1:1");
    RefDevice.Status status = device.status();
    Claim.equal("lost", 3L, status.lost());
    Claim.equal("raised", 3L, status.raised());
  }

  @Case
  @Spec("7m-30")
  public void logIsReadInWholeEntries(Rig t) {
    RefDevice device = RefDevice.open(t);
    device.write(1, 2, 3);
    Claim.result("read", -EINVAL, t.read(device.fd(), t.memory(8L).asSlice(0, 7)));
    Claim.result("read", 16, t.read(device.fd(), t.memory(24L).asSlice(0, 23)));
    device.expectLog("0 lost 0:2");
    Claim.result("read", 0, t.read(device.fd(), t.memory(8L).asSlice(0, 8)));
  }
}
