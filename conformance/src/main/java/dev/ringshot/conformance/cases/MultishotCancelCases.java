package dev.ringshot.conformance.cases;

import static dev.ringshot.abi.Errno.ENOENT;
import static dev.ringshot.abi.IoUring.IORING_ASYNC_CANCEL_ALL;
import static dev.ringshot.abi.IoUring.IORING_ASYNC_CANCEL_ANY;
import static dev.ringshot.abi.IoUring.IORING_ASYNC_CANCEL_FD;
import static dev.ringshot.abi.IoUring.IORING_REGISTER_SYNC_CANCEL;
import static dev.ringshot.conformance.rig.Completion.cqe;
import static dev.ringshot.conformance.rig.Completion.shot;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.ringshot.abi.SyncCancelReg;
import dev.ringshot.conformance.Case;
import dev.ringshot.conformance.Needs;
import dev.ringshot.conformance.Spec;
import dev.ringshot.conformance.device.EventList;
import dev.ringshot.conformance.rig.BufferGroup;
import dev.ringshot.conformance.rig.Claim;
import dev.ringshot.conformance.rig.Need;
import dev.ringshot.conformance.rig.RawRing;
import dev.ringshot.conformance.rig.RefDevice;
import dev.ringshot.conformance.rig.Rig;
import dev.ringshot.conformance.rig.RingMode;
import java.lang.foreign.MemorySegment;

/// Parked commands: what cannot reach them, and what the end of their ring does.
@Needs({Need.DEVICE, Need.MULTISHOT_COMMANDS})
public final class MultishotCancelCases {
  private static final int GROUP = 7;

  /// Topics are made by reflection.
  public MultishotCancelCases() {}

  @Case
  @Spec({"7m-14", "4.5-11", "2.4-3", "4.5-8"})
  public void cancelDoesNotFindAParkedCommand(Rig t) {
    RingMode.each(mode -> {
      RawRing ring = t.ring(8, mode.flags());
      BufferGroup group = t.group(ring, GROUP, 4).provide(0, 3, 64);
      RefDevice device = RefDevice.open(t);
      device.arm(ring, 1, GROUP);
      device.arm(ring, 2, GROUP).cancelable();
      device.armOnce(ring, 3);
      ring.submitAll();
      for (long armed = 1; armed <= 3; armed++) {
        ring.sqe(9).asyncCancel(armed, 0);
        ring.expect(cqe(9, -ENOENT));
      }
      ring.sqe(9).asyncCancelFd(device.fd(), IORING_ASYNC_CANCEL_FD | IORING_ASYNC_CANCEL_ALL);
      ring.expect(cqe(9, 0));
      ring.sqe(9).asyncCancel(0, IORING_ASYNC_CANCEL_ANY);
      ring.expect(cqe(9, 0));
      Claim.result("SYNC_CANCEL", -ENOENT, syncCancel(t, ring, 1));
      device.write(16);
      ring.expect(cqe(1, 16, shot(0)));
      RefDevice.Status status = device.status();
      Claim.equal("armed", 3, status.armed());
      Claim.equal("cancels", 0L, status.cancels());
      group.expectHead(1);
    });
  }

  private static int syncCancel(Rig t, RawRing ring, long userData) {
    MemorySegment key = t.memory((long) SyncCancelReg.SIZE);
    key.set(JAVA_LONG, SyncCancelReg.ADDR, userData);
    key.set(JAVA_INT, SyncCancelReg.FD, -1);
    key.set(JAVA_LONG, SyncCancelReg.TIMEOUT, -1);
    key.set(JAVA_LONG, SyncCancelReg.TIMEOUT + 8, -1);
    return ring.register(IORING_REGISTER_SYNC_CANCEL, key.address(), 1);
  }

  @Case
  @Spec({"7m-15", "4.5-14", "4.1-31", "1.4-6"})
  public void endOfTheRingCancelsWhatIsCancelable(Rig t) {
    RingMode.each(mode -> {
      RawRing ring = t.ring(8, mode.flags());
      t.group(ring, GROUP, 4).provide(0, 3, 64);
      RefDevice device = RefDevice.open(t);
      device.arm(ring, 1, GROUP).cancelable();
      device.arm(ring, 2, GROUP).queue(1).cancelable();
      ring.submitAll();
      device.write(16);
      ring.expect(cqe(1, 16, shot(0)));
      device.log();
      ring.close();
      RefDevice.Status status = device.awaitArmed(0);
      Claim.equal("cancels", 2L, status.cancels());
      Claim.equal("ended", 2L, status.ended());
      Claim.that("both were told", device.log().size() == 4);
      device.write(new EventList().post(16).on(1).post(16));
      Claim.equal("lost", 2L, device.status().lost());
    });
  }

  @Case
  @Spec({"4.5-14: single shots too", "7m-15"})
  public void endOfTheRingCancelsSingleShots(Rig t) {
    RingMode.each(mode -> {
      RawRing ring = t.ring(8, mode.flags());
      RefDevice device = RefDevice.open(t);
      device.armOnce(ring, 1).cancelable();
      ring.submitAll();
      ring.close();
      device.awaitArmed(0);
      Claim.that("it was told", device.log().contains("1 ended -ECANCELED"));
    });
  }

  @Case
  @Spec({"7m-16", "4.5-14: not those"})
  public void commandThatIsNotCancelableOutlivesItsRing(Rig t) {
    RingMode.each(mode -> {
      RawRing ring = t.ring(8, mode.flags());
      BufferGroup group = t.group(ring, GROUP, 4).provide(0, 3, 64);
      RefDevice device = RefDevice.open(t);
      device.arm(ring, 1, GROUP);
      ring.submitAll();
      ring.close();
      Claim.equal("armed", 1, device.status().armed());
      device.log();
      device.write(16);
      RefDevice.Status status = device.awaitArmed(0);
      Claim.equal("cancels", 0L, status.cancels());
      device.expectLog("1 closing", "1 ended -ECANCELED", "0 lost 0:0");
      Claim.equal("buffer", 0L, group.buffer(0).get(JAVA_LONG, 0));
    });
  }

  @Case
  @Spec({"4.5-16", "1.4-13"})
  public void commandThatEndedIsNotCancelled(Rig t) {
    RingMode.each(mode -> {
      RawRing ring = t.ring(8, mode.flags());
      RefDevice device = RefDevice.open(t);
      for (int ud = 1; ud <= 3; ud++) device.arm(ring, ud, GROUP).cancelable();
      ring.submitAll();
      device.write(EventList.end(41));
      ring.expect(cqe(1, 41));
      device.write(EventList.end(42));
      ring.expect(cqe(2, 42));
      device.log();
      ring.close();
      Claim.equal("cancels", 1L, device.awaitArmed(0).cancels());
      device.expectLog("3 cancelled", "3 ended -ECANCELED");
    });
  }

  @Case
  @Spec({"4.5-16: an event under way", "4.1-31"})
  public void endOfTheRingMeetsAnEventUnderWay(Rig t) {
    RawRing ring = t.ring(8, RingMode.DEFERRED.flags());
    BufferGroup group = t.group(ring, GROUP, 4).provide(0, 3, 64);
    RefDevice device = RefDevice.open(t);
    device.arm(ring, 1, GROUP).cancelable();
    device.arm(ring, 2, GROUP).queue(1);
    ring.submitAll();
    device.write(new EventList().post(16).on(1).post(17));
    ring.close(); // nobody has asked for events
    RefDevice.Status status = device.awaitArmed(0);
    Claim.equal("ended", 2L, status.ended());
    Claim.equal("posted", 0L, status.posted());
    Claim.equal("lost", 2L, status.lost());
    Claim.equal("buffer", 0L, group.buffer(0).get(JAVA_LONG, 0));
  }

  @Case
  @Spec({"4.1-29", "4.1-30", "4.1-31"})
  public void mappingHoldsTheRingAndItsCommands(Rig t) {
    RingMode.each(mode -> {
      RawRing ring = t.ring(8, mode.flags());
      t.group(ring, GROUP, 4).provide(0, 3, 64);
      RefDevice device = RefDevice.open(t);
      device.arm(ring, 1, GROUP).cancelable();
      ring.submitAll();
      ring.closeDescriptor();
      Claim.equal("armed", 1, device.status().armed());
      if (mode != RingMode.DEFERRED) {
        device.write(16);
        ring.expectVisible(cqe(1, 16, shot(0)));
      }
      ring.unmap();
      Claim.equal("cancels", 1L, device.awaitArmed(0).cancels());
    });
  }
}
