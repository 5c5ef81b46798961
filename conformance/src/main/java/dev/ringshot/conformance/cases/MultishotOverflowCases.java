package dev.ringshot.conformance.cases;

import static dev.ringshot.abi.Errno.ENOBUFS;
import static dev.ringshot.abi.IoUring.IORING_SQ_CQ_OVERFLOW;
import static dev.ringshot.conformance.device.Ref.REF_F_END_VALUE;
import static dev.ringshot.conformance.device.Ref.REF_F_KEEP;
import static dev.ringshot.conformance.device.Ref.REF_F_NO_SELECT;
import static dev.ringshot.conformance.device.Ref.REF_F_RETRY;
import static dev.ringshot.conformance.rig.Completion.cqe;
import static dev.ringshot.conformance.rig.Completion.partial;
import static dev.ringshot.conformance.rig.Completion.shot;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

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

/// Events that meet a full completion queue.
@Needs({Need.DEVICE, Need.MULTISHOT_COMMANDS})
public final class MultishotOverflowCases {
  private static final int GROUP = 7;

  /// Topics are made by reflection.
  public MultishotOverflowCases() {}

  private static EventList tenEvents(int flags) {
    var events = new EventList();
    for (int i = 0; i < 10; i++) events.post(16, flags);
    return events;
  }

  private static void expectOverflow(RawRing ring) {
    Claim.equal("CQ_OVERFLOW", IORING_SQ_CQ_OVERFLOW, ring.sqFlags() & IORING_SQ_CQ_OVERFLOW);
  }

  @Case
  @Spec({"7m-19", "2.2-3", "2.2-8", "2.2-10", "2.3-2", "2.3-7"})
  public void eventThatFindsNoRoomEndsTheCommandAndCostsABuffer(Rig t) {
    RingMode.each(mode -> {
      RawRing ring = t.ringWithCq(4, 4, mode.flags());
      BufferGroup group = t.group(ring, GROUP, 16).provide(0, 16, 64);
      RefDevice device = RefDevice.open(t);
      device.arm(ring, 1, GROUP);
      ring.submitAll();
      device.write(tenEvents(0));
      ring.getEvents();
      expectOverflow(ring);
      ring.expectVisible(
          cqe(1, 16, shot(0)), cqe(1, 16, shot(1)), cqe(1, 16, shot(2)), cqe(1, 16, shot(3)));
      ring.expectVisible();
      group.expectHead(5);
      ring.getEvents();
      ring.expectVisible(cqe(1, -ENOBUFS));
      Claim.equal("SQ flags", 0, ring.sqFlags());
      Claim.equal("overflow counter", 0, ring.cqOverflow());
      Claim.equal("lost", 6L, device.status().lost());
    });
  }

  @Case
  @Spec({"7m-18", "2.2-8"})
  public void finalResultMayBePositiveWithoutNamingTheBuffer(Rig t) {
    RingMode.each(mode -> {
      RawRing ring = t.ringWithCq(4, 4, mode.flags());
      BufferGroup group = t.group(ring, GROUP, 16).provide(0, 16, 64);
      RefDevice device = RefDevice.open(t);
      device.arm(ring, 1, GROUP);
      ring.submitAll();
      device.write(tenEvents(REF_F_END_VALUE));
      ring.getEvents();
      expectOverflow(ring);
      ring.expectVisible(
          cqe(1, 16, shot(0)), cqe(1, 16, shot(1)), cqe(1, 16, shot(2)), cqe(1, 16, shot(3)));
      ring.getEvents();
      ring.expectVisible(cqe(1, 16));
      group.expectHead(5);
    });
  }

  @Case
  @Spec({"2.3-5", "2.2-3: an overflow is pending", "2.3-4"})
  public void listedCompletionEndsTheCommandThoughTheQueueHasRoom(Rig t) {
    RingMode.each(mode -> {
      RawRing ring = t.ringWithCq(4, 4, mode.flags());
      BufferGroup group = t.group(ring, GROUP, 4).provide(0, 2, 64);
      RefDevice device = RefDevice.open(t);
      device.arm(ring, 1, GROUP);
      for (int i = 2; i < 5; i++) ring.sqe(i).nop();
      ring.submitAll();
      for (int i = 5; i < 7; i++) ring.sqe(i).nop();
      ring.submitAll();
      ring.expectVisible(cqe(2, 0), cqe(3, 0), cqe(4, 0), cqe(5, 0));
      expectOverflow(ring);
      device.write(16);
      ring.expect(cqe(6, 0), cqe(1, -ENOBUFS));
      group.expectHead(1);
    });
  }

  @Case
  @Spec({"2.2-9", "2.2-8"})
  public void lostBufferIsFoundByTheHead(Rig t) {
    RingMode.each(mode -> {
      RawRing ring = t.ringWithCq(4, 4, mode.flags());
      BufferGroup group = t.group(ring, GROUP, 8).provide(0, 8, 64);
      RefDevice device = RefDevice.open(t);
      device.arm(ring, 1, GROUP);
      ring.submitAll();
      device.write(16, 16, 16, 16, 16);
      ring.getEvents();
      int named = ring.visible().size();
      Claim.equal("lost buffers", 1, group.head() - named);
      ring.expect(cqe(1, -ENOBUFS));
      group.giveBack(4); // what the fifth entry of the ring named
      device.arm(ring, 2, GROUP);
      ring.submitAll();
      device.write(16, 16, 16, 16);
      ring.expect(
          cqe(2, 16, shot(5)), cqe(2, 16, shot(6)), cqe(2, 16, shot(7)), cqe(2, 16, shot(4)));
    });
  }

  @Case
  @Spec({"2.2-3: an incremental buffer loses the bytes"})
  public void incrementalBufferLosesTheBytes(Rig t) {
    RingMode.each(mode -> {
      RawRing ring = t.ringWithCq(4, 4, mode.flags());
      BufferGroup group = t.incrementalGroup(ring, GROUP, 4, 0).provide(5, 1, 16);
      RefDevice device = RefDevice.openPollable(t);
      device.arm(ring, 1, GROUP);
      ring.submitAll();
      for (int i = 2; i < 6; i++) ring.sqe(i).nop();
      ring.submitAll();
      device.write(new EventList().post(2, REF_F_RETRY));
      ring.getEvents();
      Claim.equal("length", 14, group.entryLength(0));
      Claim.equal("address", group.buffer(5).address() + 2, group.entryAddress(0));
      group.expectHead(0);
      ring.expectVisible(cqe(2, 0), cqe(3, 0), cqe(4, 0), cqe(5, 0));
      ring.expect(cqe(1, -ENOBUFS));
      device.arm(ring, 6, GROUP);
      ring.expect(cqe(6, 2, partial(5)));
      Claim.equal("length", 12, group.entryLength(0));
    });
  }

  @Case
  @Spec({"2.2-4: a full CQ does not matter", "2.2-7"})
  public void postingZeroNeedsNoRoom(Rig t) {
    RingMode.each(mode -> {
      RawRing ring = t.ringWithCq(4, 4, mode.flags());
      BufferGroup group = t.group(ring, GROUP, 4).provide(0, 2, 64);
      RefDevice device = RefDevice.openPollable(t);
      device.arm(ring, 1, GROUP);
      ring.submitAll();
      for (int i = 2; i < 6; i++) ring.sqe(i).nop();
      ring.submitAll();
      device.write(new EventList().post(0, REF_F_KEEP));
      ring.getEvents();
      Claim.equal("CQ_OVERFLOW", 0, ring.sqFlags() & IORING_SQ_CQ_OVERFLOW);
      ring.expectVisible(cqe(2, 0), cqe(3, 0), cqe(4, 0), cqe(5, 0));
      device.write(16);
      ring.expect(cqe(1, 16, shot(0)));
      group.expectHead(1);
    });
  }

  @Case
  @Spec({"2.2-3: without a buffer", "2.2-10"})
  public void eventWithoutABufferThatFindsNoRoomEndsToo(Rig t) {
    RingMode.each(mode -> {
      RawRing ring = t.ringWithCq(4, 4, mode.flags());
      RefDevice device = RefDevice.open(t);
      device.arm(ring, 1, GROUP);
      ring.submitAll();
      for (int i = 2; i < 6; i++) ring.sqe(i).nop();
      ring.submitAll();
      device.write(new EventList().post(9, REF_F_NO_SELECT));
      ring.getEvents();
      ring.expectVisible(cqe(2, 0), cqe(3, 0), cqe(4, 0), cqe(5, 0));
      ring.expect(cqe(1, -ENOBUFS));
      device.expectLog("1 finished", "1 ended -ENOBUFS", "0 lost 0:0");
    });
  }

  @Case
  @Spec({"2.2-8: the driver still has the event"})
  public void driverMayDeliverTheEventAgain(Rig t) {
    RingMode.each(mode -> {
      RawRing ring = t.ringWithCq(4, 4, mode.flags());
      BufferGroup group = t.group(ring, GROUP, 16).provide(0, 16, 64);
      RefDevice device = RefDevice.open(t);
      device.arm(ring, 1, GROUP);
      ring.submitAll();
      device.write(tenEvents(REF_F_RETRY));
      ring.getEvents();
      Claim.equal("kept", 6, device.status().kept());
      ring.expectVisible(
          cqe(1, 16, shot(0)), cqe(1, 16, shot(1)), cqe(1, 16, shot(2)), cqe(1, 16, shot(3)));
      ring.expect(cqe(1, -ENOBUFS));
      device.arm(ring, 2, GROUP);
      ring.submitAll();
      ring.getEvents();
      ring.expectVisible(
          cqe(2, 16, shot(5)), cqe(2, 16, shot(6)), cqe(2, 16, shot(7)), cqe(2, 16, shot(8)));
      ring.expect(cqe(2, -ENOBUFS));
      device.arm(ring, 3, GROUP);
      ring.expect(cqe(3, 16, shot(10)), cqe(3, 16, shot(11)));
      ring.expectNothing();
      for (int event = 0; event < 4; event++)
        Claim.equal("event", event + 4L, group.buffer(event + 5).get(JAVA_LONG, 0));
      Claim.equal("event", 8L, group.buffer(10).get(JAVA_LONG, 0));
      Claim.equal("event", 9L, group.buffer(11).get(JAVA_LONG, 0));
      Claim.equal("lost", 0L, device.status().lost());
    });
  }
}
