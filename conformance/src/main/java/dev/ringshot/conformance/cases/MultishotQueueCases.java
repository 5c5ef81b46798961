package dev.ringshot.conformance.cases;

import static dev.ringshot.abi.Errno.ENOBUFS;
import static dev.ringshot.conformance.device.Ref.REF_BOTH;
import static dev.ringshot.conformance.device.Ref.REF_F_RETRY;
import static dev.ringshot.conformance.device.Ref.REF_VIA_THREAD;
import static dev.ringshot.conformance.rig.Completion.cqe;
import static dev.ringshot.conformance.rig.Completion.shot;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

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
import java.util.List;

/// Several sources of events, several commands.
@Needs({Need.DEVICE, Need.MULTISHOT_COMMANDS})
public final class MultishotQueueCases {
  private static final int GROUP = 7;
  private static final int EACH = 300;

  /// Topics are made by reflection.
  public MultishotQueueCases() {}

  @Case
  @Spec({"7m-27", "7m-22"})
  public void oneCommandHearsTheWholeDevice(Rig t) {
    RingMode.each(mode -> {
      RawRing ring = t.ring(8, mode.flags());
      BufferGroup group = t.group(ring, GROUP, 8).provide(0, 8, 64);
      RefDevice device = RefDevice.open(t);
      device.arm(ring, 1, GROUP).queue(REF_BOTH);
      ring.submitAll();
      device.write(new EventList().post(10).on(1).post(20).on(0).post(11).on(1).post(21));
      ring.expect(
          cqe(1, 10, shot(0)), cqe(1, 20, shot(1)), cqe(1, 11, shot(2)), cqe(1, 21, shot(3)));
      Claim.equal("word", 1L << 56 | 1, group.buffer(3).get(JAVA_LONG, 0));
    });
  }

  @Case
  @Spec({"7m-26", "3.5-4"})
  public void oldestCommandOfAQueueHearsItUntilItEnds(Rig t) {
    RingMode.each(mode -> {
      RawRing ring = t.ring(8, mode.flags());
      t.group(ring, GROUP, 8).provide(0, 8, 64);
      RefDevice device = RefDevice.open(t);
      device.arm(ring, 1, GROUP);
      device.arm(ring, 2, GROUP).queue(REF_BOTH);
      device.arm(ring, 3, GROUP).queue(1);
      ring.submitAll();
      device.write(new EventList().post(1).on(1).post(2));
      ring.expect(cqe(1, 1, shot(0)), cqe(2, 2, shot(1)));
      device.write(EventList.end(9));
      ring.expect(cqe(1, 9));
      device.write(new EventList().post(3).on(1).post(4));
      ring.expect(cqe(2, 3, shot(2)), cqe(2, 4, shot(3)));
      device.write(EventList.end(8));
      ring.expect(cqe(2, 8));
      device.write(new EventList().post(5).on(1).post(6));
      ring.expect(cqe(3, 6, shot(4)));
      Claim.equal("lost", 1L, device.status().lost());
    });
  }

  @Case
  @Spec({"7m-28", "2.2-7"})
  public void keptEventsGoToTheNextCommand(Rig t) {
    RingMode.each(mode -> {
      RawRing ring = t.ring(8, mode.flags());
      BufferGroup group = t.group(ring, GROUP, 8).provide(0, 4, 64);
      RefDevice device = RefDevice.open(t);
      var three = new EventList().post(8, REF_F_RETRY).post(9, REF_F_RETRY);
      device.write(three.on(1).post(10, REF_F_RETRY));
      Claim.equal("kept", 3, device.status().kept());
      device.arm(ring, 1, GROUP);
      ring.expect(cqe(1, 8, shot(0)), cqe(1, 9, shot(1)));
      device.arm(ring, 2, GROUP).queue(REF_BOTH);
      ring.expect(cqe(2, 10, shot(2)));
      Claim.equal("word", 1L, group.buffer(1).get(JAVA_LONG, 0));
      Claim.equal("word", 1L << 56, group.buffer(2).get(JAVA_LONG, 0));
      Claim.equal("kept", 0, device.status().kept());
    });
  }

  @Case
  @Spec({"7m-28", "3.5-4"})
  public void keptEventWaitsUntilSomethingHappens(Rig t) {
    RingMode.each(mode -> {
      RawRing ring = t.ring(8, mode.flags());
      t.group(ring, GROUP, 8).provide(0, 1, 64);
      t.group(ring, GROUP + 1, 8).provide(40, 4, 64);
      RefDevice device = RefDevice.open(t);
      device.arm(ring, 1, GROUP);
      device.arm(ring, 2, GROUP + 1);
      ring.submitAll();
      device.write(new EventList().post(1, REF_F_RETRY).post(2, REF_F_RETRY));
      ring.expect(cqe(1, 1, shot(0)), cqe(1, -ENOBUFS));
      ring.expectNothing(); // the second command is not asked
      Claim.equal("kept", 1, device.status().kept());
      device.write(3);
      ring.expect(cqe(2, 2, shot(40)), cqe(2, 3, shot(41)));
    });
  }

  @Case
  @Spec({"7m-29", "7c-5"})
  public void threadsOnTwoQueuesThroughACommandEach(Rig t) {
    RingMode.each(mode -> {
      RawRing ring = t.ringWithCq(8, 1024, mode.flags());
      BufferGroup group = t.group(ring, GROUP, 1024).provide(0, 2 * EACH, 8);
      RefDevice device = RefDevice.open(t);
      device.arm(ring, 10, GROUP).queue(0);
      device.arm(ring, 11, GROUP).queue(1);
      raiseFromTwoThreads(ring, device);
      expectAll(ring, group, 10, 11);
    });
  }

  @Case
  @Spec({"7m-29", "7m-27"})
  public void threadsOnTwoQueuesThroughOneCommand(Rig t) {
    RingMode.each(mode -> {
      RawRing ring = t.ringWithCq(8, 1024, mode.flags());
      BufferGroup group = t.group(ring, GROUP, 1024).provide(0, 2 * EACH, 8);
      RefDevice device = RefDevice.open(t);
      device.arm(ring, 10, GROUP).queue(REF_BOTH);
      raiseFromTwoThreads(ring, device);
      expectAll(ring, group, 10, 10);
    });
  }

  private static void raiseFromTwoThreads(RawRing ring, RefDevice device) {
    ring.submitAll();
    device.trigger(ring, 1, new EventList().post(8), REF_VIA_THREAD, EACH, 0);
    device.trigger(ring, 2, new EventList().on(1).post(8), REF_VIA_THREAD, EACH, 0);
    ring.submitAll();
  }

  /// Every event once and in order within its queue, each in the buffer that its CQE names, by the
  /// queue's own command.
  private static void expectAll(RawRing ring, BufferGroup group, long first, long second) {
    long[] next = {0, 1L << 56};
    for (Completion each : take(ring, 2 * EACH + 2)) {
      if (each.userData() == 1 || each.userData() == 2) {
        Claim.equal("trigger", cqe(each.userData(), EACH), each);
        continue;
      }
      Claim.equal("CQE", cqe(each.userData(), 8, shot(each.bid())), each);
      long word = group.buffer(each.bid()).get(JAVA_LONG, 0);
      int queue = (int) (word >>> 56);
      Claim.equal("command", queue == 0 ? first : second, each.userData());
      Claim.equal("event of queue " + queue, next[queue]++, word);
    }
    group.expectHead(2 * EACH);
  }

  private static List<Completion> take(RawRing ring, int count) {
    List<Completion> taken = ring.take(count);
    Claim.equal("CQEs", count, taken.size());
    return taken;
  }
}
