package dev.ringshot.conformance.cases;

import static dev.ringshot.abi.IoUring.IORING_SQ_TASKRUN;
import static dev.ringshot.conformance.device.Ref.REF_F_NOW;
import static dev.ringshot.conformance.device.Ref.REF_VIA_THREAD;
import static dev.ringshot.conformance.device.Ref.REF_VIA_TIMER;
import static dev.ringshot.conformance.rig.Completion.cqe;
import static dev.ringshot.conformance.rig.Completion.shot;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.ringshot.abi.IoUring;
import dev.ringshot.abi.Poll;
import dev.ringshot.conformance.Case;
import dev.ringshot.conformance.Needs;
import dev.ringshot.conformance.Spec;
import dev.ringshot.conformance.device.EventList;
import dev.ringshot.conformance.rig.BufferGroup;
import dev.ringshot.conformance.rig.Claim;
import dev.ringshot.conformance.rig.Completion;
import dev.ringshot.conformance.rig.Need;
import dev.ringshot.conformance.rig.RawRing;
import dev.ringshot.conformance.rig.RefDevice;
import dev.ringshot.conformance.rig.Rig;
import dev.ringshot.conformance.rig.RingMode;
import java.util.ArrayList;
import java.util.List;

/// How an event that is raised anywhere comes into its ring's own context.
@Needs({Need.DEVICE, Need.MULTISHOT_COMMANDS})
public final class MultishotHopCases {
  private static final int GROUP = 7;

  /// Topics are made by reflection.
  public MultishotHopCases() {}

  @Case
  @Spec({"4.3-21", "4.3-22"})
  public void eventOfOwnCallIsVisibleWhenItReturns(Rig t) {
    for (RingMode mode : List.of(RingMode.DEFAULT, RingMode.COOPERATIVE, RingMode.WIDE)) {
      RawRing ring = t.ring(4, mode.flags());
      t.group(ring, GROUP, 4).provide(0, 2, 64);
      RefDevice device = RefDevice.open(t);
      device.arm(ring, 1, GROUP);
      ring.submitAll();
      device.write(16, 17);
      ring.expectVisible(cqe(1, 16, shot(0)), cqe(1, 17, shot(1)));
      Claim.equal("SQ flags", 0, ring.sqFlags());
    }
  }

  @Case
  @Spec({"4.3-23", "4.3-24", "4.3-25"})
  public void deferredRingPostsOnlyWhenAskedForEvents(Rig t) {
    RawRing ring = t.ring(4, RingMode.DEFERRED.flags() | IoUring.IORING_SETUP_TASKRUN_FLAG);
    BufferGroup group = t.group(ring, GROUP, 4).provide(0, 2, 64);
    RefDevice device = RefDevice.open(t);
    device.arm(ring, 1, GROUP);
    ring.submitAll();
    Claim.equal("POLLIN", 0, t.host().poll(ring.fd(), Poll.POLLIN, 0) & Poll.POLLIN);
    device.write(16);
    Claim.equal("SQ flags", IORING_SQ_TASKRUN, ring.sqFlags());
    Claim.equal("POLLIN", Poll.POLLIN, t.host().poll(ring.fd(), Poll.POLLIN, 0) & Poll.POLLIN);
    ring.expectVisible();
    group.expectHead(0);
    Claim.result("io_uring_enter", 0, ring.enter(0, 0, 0));
    ring.expectVisible();
    ring.sqe(2).nop();
    ring.submitAll(); // without GETEVENTS
    ring.expectVisible(cqe(2, 0));
    ring.getEvents();
    ring.expectVisible(cqe(1, 16, shot(0)));
    Claim.equal("SQ flags", 0, ring.sqFlags());
    group.expectHead(1);
  }

  @Case
  @Spec({"4.3-23", "7c-5: only what completed, not what is pending"})
  public void triggerCompletesBeforeItsEvents(Rig t) {
    RingMode.each(mode -> {
      RawRing ring = t.ring(8, mode.flags());
      t.group(ring, GROUP, 4).provide(0, 4, 64);
      RefDevice device = RefDevice.open(t);
      device.arm(ring, 1, GROUP);
      device.trigger(ring, 2, EventList.posts(16, 17));
      ring.sqe(3).nop();
      ring.expect(cqe(2, 2), cqe(3, 0), cqe(1, 16, shot(0)), cqe(1, 17, shot(1)));
    });
  }

  @Case
  @Spec({"7m-1: one task", "1.4-9"})
  public void eventsThatWaitTogetherAreOneTask(Rig t) {
    RawRing ring = t.ring(8, RingMode.DEFERRED.flags());
    t.group(ring, GROUP, 8).provide(0, 8, 64);
    RefDevice device = RefDevice.open(t);
    device.arm(ring, 1, GROUP);
    ring.submitAll();
    device.write(1, 2);
    device.write(3);
    ring.expect(cqe(1, 1, shot(0)), cqe(1, 2, shot(1)), cqe(1, 3, shot(2)));
    Claim.equal("tasks", 1L, device.status().tasks());
    device.write(4);
    ring.expect(cqe(1, 4, shot(3)));
    Claim.equal("tasks", 2L, device.status().tasks());
  }

  @Case
  @Spec({"7m-23", "1.4-9"})
  public void timerEventsComeOneByOne(Rig t) {
    RingMode.each(mode -> {
      RawRing ring = t.ringWithCq(8, 32, mode.flags()); // all fit, however late we look
      BufferGroup group = t.group(ring, GROUP, 32).provide(0, 32, 64);
      RefDevice device = RefDevice.open(t);
      device.arm(ring, 1, GROUP);
      device.trigger(ring, 2, EventList.posts(16), REF_VIA_TIMER, 20, 2000);
      List<Completion> expected = new ArrayList<>();
      for (int event = 0; event < 20; event++) expected.add(cqe(1, 16, shot(event)));
      expected.add(cqe(2, 20));
      ring.submitAll();
      takeAll(ring, expected);
      for (int event = 0; event < 20; event++)
        Claim.equal("event", (long) event, group.buffer(event).get(JAVA_LONG, 0));
    });
  }

  /// Takes and compares them a CQ full at a time.
  private static void takeAll(RawRing ring, List<Completion> expected) {
    for (int from = 0; from < expected.size(); ) {
      List<Completion> some = ring.take(1);
      if (some.isEmpty()) throw new AssertionError("no more after " + from + " CQEs");
      Claim.equal("CQEs", expected.subList(from, from + some.size()), some);
      from += some.size();
    }
  }

  @Case
  @Spec({"1.4-9: from another thread", "7c-5"})
  public void eventsOfAnotherThreadKeepTheirOrder(Rig t) {
    RingMode.each(mode -> {
      RawRing ring = t.ringWithCq(8, 256, mode.flags());
      BufferGroup group = t.group(ring, GROUP, 256).provide(0, 200, 8);
      RefDevice device = RefDevice.open(t);
      device.arm(ring, 1, GROUP);
      device.trigger(ring, 2, EventList.posts(8, 8, 8, 8), REF_VIA_THREAD, 50, 0);
      List<Completion> expected = new ArrayList<>();
      for (int event = 0; event < 200; event++) expected.add(cqe(1, 8, shot(event)));
      expected.add(cqe(2, 200));
      ring.expect(expected.toArray(Completion[]::new));
      for (int event = 0; event < 200; event++)
        Claim.equal("event", (long) event, group.buffer(event).get(JAVA_LONG, 0));
    });
  }

  @Case
  @Spec({"1.4-9: from any context", "1.4-13"})
  public void commandMayBeEndedFromAnyContext(Rig t) {
    RingMode.each(mode -> {
      RawRing ring = t.ring(8, mode.flags());
      RefDevice device = RefDevice.open(t);
      var now = new EventList().endWith(42, REF_F_NOW);
      device.arm(ring, 1, GROUP);
      ring.submitAll();
      device.write(now);
      ring.expect(cqe(1, 42));
      device.armOnce(ring, 2);
      device.trigger(ring, 3, now, REF_VIA_THREAD, 1, 0);
      ring.expect(cqe(2, 42), cqe(3, 1));
      device.arm(ring, 4, GROUP).cancelable();
      device.trigger(ring, 5, EventList.end(7), REF_VIA_TIMER, 1, 100);
      ring.expect(cqe(4, 7), cqe(5, 1));
      Claim.equal("armed", 0, device.status().armed());
    });
  }

  @Case
  @Spec({"1.4-9", "7m-22"})
  public void eachCommandAnswersInItsOwnRing(Rig t) {
    RingMode.each(mode -> {
      RawRing one = t.ring(8, mode.flags());
      RawRing two = t.ring(8, mode.flags());
      t.group(one, GROUP, 4).provide(10, 2, 64);
      t.group(two, GROUP, 4).provide(20, 2, 64);
      RefDevice device = RefDevice.open(t);
      device.arm(one, 1, GROUP);
      one.submitAll();
      device.arm(two, 2, GROUP).queue(1);
      two.submitAll();
      device.write(new EventList().post(16).on(1).post(17).on(0).post(18));
      one.expect(cqe(1, 16, shot(10)), cqe(1, 18, shot(11)));
      two.expect(cqe(2, 17, shot(20)));
      device.trigger(two, 3, EventList.end(5)); // for the other ring's command
      two.expect(cqe(3, 1));
      one.expect(cqe(1, 5));
    });
  }
}
