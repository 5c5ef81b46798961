package dev.ringshot.conformance.cases;

import static dev.ringshot.abi.Errno.ENODEV;
import static dev.ringshot.abi.IoUring.IORING_CQE_F_MORE;
import static dev.ringshot.conformance.device.Ref.REF_FULL;
import static dev.ringshot.conformance.device.Ref.REF_F_KEEP;
import static dev.ringshot.conformance.device.Ref.REF_F_NO_SELECT;
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

/// What a driver posts, and what becomes of the buffer and the command.
@Needs({Need.DEVICE, Need.MULTISHOT_COMMANDS})
public final class MultishotPostCases {
  private static final int GROUP = 7;

  /// Topics are made by reflection.
  public MultishotPostCases() {}

  @Case
  @Spec({"7m-1", "2.2-2", "7m-25", "1.4-9"})
  public void everyEventIsACompletionWithABufferOfItsOwn(Rig t) {
    RingMode.each(mode -> {
      RawRing ring = t.ring(8, mode.flags());
      BufferGroup group = t.group(ring, GROUP, 16).provide(0, 9, 64);
      RefDevice device = RefDevice.open(t);
      device.arm(ring, 1, GROUP);
      ring.expectNothing();
      device.write(16);
      ring.expect(cqe(1, 16, shot(0)));
      device.write(32);
      ring.expect(cqe(1, 32, shot(1)));
      device.write(REF_FULL);
      ring.expect(cqe(1, 64, shot(2)));
      group.expectHead(3);
      device.write(16, 16, 16, 16, 16);
      ring.expect(
          cqe(1, 16, shot(3)),
          cqe(1, 16, shot(4)),
          cqe(1, 16, shot(5)),
          cqe(1, 16, shot(6)),
          cqe(1, 16, shot(7)));
      ring.expectNothing();
      group.expectHead(8);
      for (int event = 0; event < 8; event++)
        Claim.equal("event", (long) event, group.buffer(event).get(JAVA_LONG, 8));
      RefDevice.Status status = device.status();
      Claim.equal("tasks", 4L, status.tasks());
      Claim.equal("posted", 8L, status.posted());
      Claim.equal("armed", 1, status.armed());
    });
  }

  @Case
  @Spec({"7m-4", "2.2-4", "2.2-7", "1.4-13", "3.5-1"})
  public void postingZeroAndCompletingUsesNoBuffer(Rig t) {
    RingMode.each(mode -> {
      RawRing ring = t.ring(8, mode.flags());
      BufferGroup group = t.group(ring, GROUP, 4).provide(0, 3, 64);
      RefDevice device = RefDevice.open(t);
      device.arm(ring, 1, GROUP);
      ring.submitAll();
      device.write(16, 0);
      ring.expect(cqe(1, 16, shot(0)), cqe(1, 0));
      device.expectLog("1 selected 64", "1 posted", "1 selected 64", "1 finished", "1 ended 0");
      group.expectHead(1 + commits(t));
    });
  }

  /// What an unused selection moves the head by: the proposal commits it when it is made.
  private static int commits(Rig t) {
    return MultishotSelectCases.commitsAtSelect(t) ? 1 : 0;
  }

  @Case
  @Spec({"7m-5", "2.2-4", "2.2-7", "3.5-1"})
  public void postingZeroAndCarryingOnShowsNothing(Rig t) {
    RingMode.each(mode -> {
      RawRing ring = t.ring(8, mode.flags());
      BufferGroup group = t.group(ring, GROUP, 4).provide(0, 3, 64);
      RefDevice device = RefDevice.openPollable(t);
      device.arm(ring, 1, GROUP);
      ring.submitAll();
      device.write(new EventList().post(16).post(0, REF_F_KEEP).post(0, REF_F_KEEP));
      ring.expect(cqe(1, 16, shot(0)));
      ring.expectNothing();
      group.expectHead(1);
      device.write(8);
      ring.expect(cqe(1, 8, shot(1)));
      Claim.equal("armed", 1, device.status().armed());
    });
  }

  @Case
  @Spec({"7m-6", "2.2-5", "1.4-13"})
  public void postingAnErrorUsesNoBuffer(Rig t) {
    RingMode.each(mode -> {
      RawRing ring = t.ring(8, mode.flags());
      BufferGroup group = t.group(ring, GROUP, 4).provide(0, 3, 64);
      RefDevice device = RefDevice.open(t);
      device.arm(ring, 1, GROUP);
      ring.submitAll();
      device.write(16, -5);
      ring.expect(cqe(1, 16, shot(0)), cqe(1, -5));
      device.expectLog("1 selected 64", "1 posted", "1 selected 64", "1 finished", "1 ended -EIO");
      group.expectHead(1 + commits(t));
    });
  }

  @Case
  @Spec({"7m-7", "1.4-13"})
  public void commandEndsWithTheDriversResultAndNoFlags(Rig t) {
    RingMode.each(mode -> {
      RawRing ring = t.ring(8, mode.flags());
      BufferGroup group = t.group(ring, GROUP, 4).provide(0, 3, 64);
      RefDevice device = RefDevice.open(t);
      device.arm(ring, 1, GROUP);
      device.arm(ring, 2, GROUP).queue(1);
      ring.submitAll();
      device.write(new EventList().post(16).endWith(42, 0).on(1).endWith(-ENODEV, 0));
      ring.expect(cqe(1, 16, shot(0)), cqe(1, 42), cqe(2, -ENODEV));
      group.expectHead(1);
    });
  }

  @Case
  @Spec("2.2-6")
  public void withoutABufferThereIsNoneInTheCompletion(Rig t) {
    RingMode.each(mode -> {
      RawRing ring = t.ring(8, mode.flags());
      BufferGroup group = t.group(ring, GROUP, 4).provide(0, 3, 64);
      RefDevice device = RefDevice.open(t);
      device.arm(ring, 1, GROUP);
      ring.submitAll();
      device.write(
          new EventList()
              .post(77, REF_F_NO_SELECT)
              .post(0, REF_F_NO_SELECT | REF_F_KEEP)
              .post(16)
              .post(1_000_000, REF_F_NO_SELECT)
              .post(0, REF_F_NO_SELECT));
      ring.expect(
          cqe(1, 77, IORING_CQE_F_MORE),
          cqe(1, 16, shot(0)),
          cqe(1, 1_000_000, IORING_CQE_F_MORE),
          cqe(1, 0));
      device.expectLog(
          "1 posted",
          "1 finished",
          "1 selected 64",
          "1 posted",
          "1 posted",
          "1 finished",
          "1 ended 0");
      group.expectHead(1);
    });
  }

  @Case
  @Spec("2.2-5: without a buffer")
  public void postingAnErrorWithoutABufferEnds(Rig t) {
    RingMode.each(mode -> {
      RawRing ring = t.ring(8, mode.flags());
      BufferGroup group = t.group(ring, GROUP, 4).provide(0, 3, 64);
      RefDevice device = RefDevice.open(t);
      device.arm(ring, 1, GROUP);
      ring.submitAll();
      device.write(new EventList().post(-5, REF_F_NO_SELECT));
      ring.expect(cqe(1, -5));
      device.expectLog("1 finished", "1 ended -EIO");
      group.expectHead(0);
    });
  }

  @Case
  @Spec({"2.2-1", "7m-9", "2.1-1"})
  public void forASingleShotPostingDoesNothingButAnswerTrue(Rig t) {
    RingMode.each(mode -> {
      RawRing ring = t.ring(8, mode.flags());
      BufferGroup group = t.group(ring, GROUP, 4).provide(0, 3, 64);
      RefDevice device = RefDevice.open(t);
      for (int value : new int[] {16, 0, -5}) {
        device.armOnce(ring, 1);
        ring.submitAll();
        device.write(new EventList().post(value, REF_F_NO_SELECT));
        ring.expect(cqe(1, value));
        device.expectLog("1 finished", "1 ended " + Completion.result(value));
      }
      group.expectHead(0);
    });
  }

  @Case
  @Spec({"1.4-14", "4.2-4"})
  public void secondResultIsInLongCompletionsOnly(Rig t) {
    RingMode.each(mode -> {
      RawRing ring = t.ring(8, mode.flags());
      RefDevice device = RefDevice.open(t);
      device.arm(ring, 1, GROUP);
      ring.submitAll();
      device.write(new EventList().endWithBoth(5, 0x1234));
      ring.expect(new Completion(1, 5, 0, mode.isWide() ? 0x1234 : 0, 0));
    });
  }

  @Case
  @Spec({"7c-5", "7m-8"})
  public void postingFlushesWhatCompletedBefore(Rig t) {
    RingMode.each(mode -> {
      RawRing ring = t.ring(8, mode.flags());
      t.group(ring, GROUP, 4).provide(0, 3, 64);
      RefDevice device = RefDevice.open(t);
      ring.sqe(1).nop();
      device.arm(ring, 2, GROUP).list(EventList.posts(16, 32));
      ring.sqe(3).nop();
      ring.submitAll();
      ring.expectVisible(cqe(1, 0), cqe(2, 16, shot(0)), cqe(2, 32, shot(1)), cqe(3, 0));
    });
  }

  @Case
  @Spec({"2.2-2: an event may be as long as the buffer", "3.3-2"})
  public void longEventIsCutToTheBuffer(Rig t) {
    RawRing ring = t.ring(8);
    t.group(ring, GROUP, 4).provide(0, 1, 20);
    RefDevice device = RefDevice.open(t);
    device.arm(ring, 1, GROUP);
    ring.submitAll();
    device.write(64);
    ring.expect(cqe(1, 20, shot(0)));
  }

  @Case
  @Spec({"1.1-10", "2.2-2: highest buffer id"})
  public void bufferIdHasSixteenBits(Rig t) {
    RawRing ring = t.ring(8);
    t.group(ring, 65535, 4).provide(65534, 2, 16);
    RefDevice device = RefDevice.open(t);
    device.arm(ring, -1, 65535);
    ring.submitAll();
    device.write(1, 2);
    ring.expect(cqe(-1, 1, shot(65534)), cqe(-1, 2, shot(65535)));
  }

  @Case
  @Spec({"7m-12", "4.4-6"})
  public void skipSuccessHidesOnlyTheEnd(Rig t) {
    RingMode.each(mode -> {
      RawRing ring = t.ring(8, mode.flags());
      t.group(ring, GROUP, 4).provide(0, 3, 64);
      RefDevice device = RefDevice.open(t);
      device.arm(ring, 1, GROUP).sqe().skipSuccess();
      ring.submitAll();
      device.write(new EventList().post(16).endWith(0, 0));
      ring.expect(cqe(1, 16, shot(0)));
      ring.expectNothing();
      Claim.equal("armed", 0, device.status().armed());
      device.arm(ring, 2, GROUP).sqe().skipSuccess();
      ring.submitAll();
      device.write(new EventList().post(16).endWith(-ENODEV, 0));
      ring.expect(cqe(2, 16, shot(1)), cqe(2, -ENODEV));
    });
  }
}
