package dev.ringshot.conformance.cases;

import static dev.ringshot.abi.Errno.EFAULT;
import static dev.ringshot.abi.Errno.EINVAL;
import static dev.ringshot.abi.Errno.ENOBUFS;
import static dev.ringshot.abi.IoUring.IORING_CQE_F_MORE;
import static dev.ringshot.conformance.device.Ref.REF_FULL;
import static dev.ringshot.conformance.device.Ref.REF_F_KEEP;
import static dev.ringshot.conformance.device.Ref.REF_F_NO_SELECT;
import static dev.ringshot.conformance.device.Ref.REF_F_TWICE;
import static dev.ringshot.conformance.device.Ref.REF_POST;
import static dev.ringshot.conformance.rig.Completion.cqe;
import static dev.ringshot.conformance.rig.Completion.partial;
import static dev.ringshot.conformance.rig.Completion.shot;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.ringshot.conformance.Case;
import dev.ringshot.conformance.Needs;
import dev.ringshot.conformance.Spec;
import dev.ringshot.conformance.device.EventList;
import dev.ringshot.conformance.device.RefEvent;
import dev.ringshot.conformance.rig.BufferGroup;
import dev.ringshot.conformance.rig.Claim;
import dev.ringshot.conformance.rig.Need;
import dev.ringshot.conformance.rig.RawRing;
import dev.ringshot.conformance.rig.RefDevice;
import dev.ringshot.conformance.rig.Rig;
import dev.ringshot.conformance.rig.RingMode;

/// Which buffer a driver gets, and when it is used up.
@Needs({Need.DEVICE, Need.MULTISHOT_COMMANDS})
public final class MultishotSelectCases {
  private static final int GROUP = 7;
  private static final int OTHER = 8;

  /// Topics are made by reflection.
  public MultishotSelectCases() {}

  /// Whether a buffer selected on a file that cannot be polled is used up at once.
  static boolean commitsAtSelect(Rig t) {
    return t.release().name().equals("PATCH_V4");
  }

  @Case
  @Spec({"7m-2", "3.3-1", "3.6-2", "2.1-4"})
  public void exhaustedGroupEndsTheCommandAtTheNextEvent(Rig t) {
    RingMode.each(mode -> {
      RawRing ring = t.ring(8, mode.flags());
      BufferGroup group = t.group(ring, GROUP, 8).provide(0, 4, 64);
      RefDevice device = RefDevice.open(t);
      device.arm(ring, 1, GROUP);
      ring.submitAll();
      device.write(16, 16, 16, 16);
      ring.expect(
          cqe(1, 16, shot(0)), cqe(1, 16, shot(1)), cqe(1, 16, shot(2)), cqe(1, 16, shot(3)));
      ring.expectNothing();
      device.log();
      device.write(16, 16);
      ring.expect(cqe(1, -ENOBUFS));
      device.expectLog("1 selected -ENOBUFS", "1 ended -ENOBUFS", "0 lost 0:4", "0 lost 0:5");
      group.expectHead(4);
      group.giveBack(2);
      device.arm(ring, 2, GROUP);
      ring.submitAll();
      device.write(16);
      ring.expect(cqe(2, 16, shot(2)));
      Claim.equal("event", 6L, group.buffer(2).get(JAVA_LONG, 0));
      group.expectHead(5);
    });
  }

  @Case
  @Spec({"7m-3", "2.1-4", "3.6-1: the device does not try before it has something"})
  public void absentGroupIsFoundAtTheFirstEvent(Rig t) {
    RingMode.each(mode -> {
      RawRing ring = t.ring(8, mode.flags());
      RefDevice device = RefDevice.open(t);
      device.arm(ring, 1, GROUP);
      ring.expectNothing();
      device.write(16);
      ring.expect(cqe(1, -ENOBUFS));
    });
  }

  @Case
  @Spec({"2.1-1", "7m-9"})
  public void singleShotMayNotSelect(Rig t) {
    RingMode.each(mode -> {
      RawRing ring = t.ring(8, mode.flags());
      BufferGroup group = t.group(ring, 0, 4).provide(0, 3, 64);
      RefDevice device = RefDevice.open(t);
      device.armOnce(ring, 1);
      ring.submitAll();
      device.write(16);
      ring.expect(cqe(1, 16));
      device.expectLog("1 selected -EINVAL", "1 finished", "1 ended 16");
      group.expectHead(0);
    });
  }

  @Case
  @Spec("2.1-2")
  public void secondBufferIsRefusedWhileOneIsHeld(Rig t) {
    RingMode.each(mode -> {
      RawRing ring = t.ring(8, mode.flags());
      BufferGroup group = t.group(ring, GROUP, 4).provide(0, 3, 64);
      RefDevice device = RefDevice.openPollable(t);
      device.arm(ring, 1, GROUP);
      ring.submitAll();
      device.write(new EventList().post(16, REF_F_TWICE).post(8));
      ring.expect(cqe(1, 16, shot(0)), cqe(1, 8, shot(1)));
      device.expectLog(
          "1 selected 64", "1 selected -EINVAL", "1 posted", "1 selected 64", "1 posted");
      group.expectHead(2);
    });
  }

  @Case
  @Spec({"2.1-5", "3.3-2"})
  public void askedLengthIsAnUpperBound(Rig t) {
    RingMode.each(mode -> {
      RawRing ring = t.ring(8, mode.flags());
      BufferGroup group = t.group(ring, GROUP, 8).provide(0, 5, 64);
      RefDevice device = RefDevice.open(t);
      device.arm(ring, 1, GROUP);
      ring.submitAll();
      device.write(
          new EventList()
              .postAsking(0, REF_FULL)
              .postAsking(8, REF_FULL)
              .postAsking(64, REF_FULL)
              .postAsking(65, REF_FULL)
              .postAsking(Integer.MAX_VALUE, 10));
      ring.expect(
          cqe(1, 64, shot(0)),
          cqe(1, 8, shot(1)),
          cqe(1, 64, shot(2)),
          cqe(1, 64, shot(3)),
          cqe(1, 10, shot(4)));
      group.expectHead(5);
    });
  }

  @Case
  @Spec({"2.1-3", "1.1-11"})
  public void driverMayTakeTheBufferFromAnyGroup(Rig t) {
    RingMode.each(mode -> {
      RawRing ring = t.ring(8, mode.flags());
      BufferGroup group = t.group(ring, GROUP, 4).provide(0, 3, 64);
      BufferGroup other = t.group(ring, OTHER, 4).provide(40, 2, 64);
      RefDevice device = RefDevice.open(t);
      device.arm(ring, 1, GROUP);
      ring.submitAll();
      device.write(new EventList().post(16).postFrom(OTHER, 17).post(18).postFrom(99, 19));
      ring.expect(cqe(1, 16, shot(0)), cqe(1, 17, shot(40)), cqe(1, 18, shot(1)), cqe(1, -ENOBUFS));
      group.expectHead(2);
      other.expectHead(1);
    });
  }

  @Case
  @Spec({"2.1-6", "3.5-1", "3.3-10"})
  public void unusedBufferStaysAtTheHeadUnlessItWasCommittedAtSelect(Rig t) {
    RingMode.each(mode -> {
      RawRing ring = t.ring(8, mode.flags());
      BufferGroup group = t.group(ring, GROUP, 4).provide(0, 3, 64);
      RefDevice device = RefDevice.open(t);
      device.arm(ring, 1, GROUP);
      ring.submitAll();
      device.write(new EventList().post(0, REF_F_KEEP).post(16));
      if (!commitsAtSelect(t)) {
        ring.expect(cqe(1, 16, shot(0)));
        group.expectHead(1);
        return;
      }
      ring.expect(cqe(1, -EINVAL)); // what is committed cannot be given back: it is held for ever
      device.expectLog(
          "1 selected 64", "1 finished", "1 selected -EINVAL", "1 ended -EINVAL", "0 lost 0:1");
      group.expectHead(1);
    });
  }

  @Case
  @Spec({"2.1-6: what becomes of it", "2.2-6"})
  public void bufferCommittedInVainGoesWithTheNextPost(Rig t) {
    RingMode.each(mode -> {
      RawRing ring = t.ring(8, mode.flags());
      BufferGroup group = t.group(ring, GROUP, 4).provide(0, 3, 64);
      RefDevice device = RefDevice.open(t);
      device.arm(ring, 1, GROUP);
      ring.submitAll();
      device.write(new EventList().post(0, REF_F_KEEP).post(5, REF_F_NO_SELECT).post(6));
      boolean committed = commitsAtSelect(t);
      ring.expect(
          cqe(1, 5, committed ? shot(0) : IORING_CQE_F_MORE), cqe(1, 6, shot(committed ? 1 : 0)));
      group.expectHead(committed ? 2 : 1);
    });
  }

  @Case
  @Spec("2.1-6: on a file that can be polled")
  public void pollableFileNeverCommitsAtSelect(Rig t) {
    RingMode.each(mode -> {
      RawRing ring = t.ring(8, mode.flags());
      BufferGroup group = t.group(ring, GROUP, 4).provide(0, 3, 64);
      RefDevice device = RefDevice.openPollable(t);
      device.arm(ring, 1, GROUP);
      ring.submitAll();
      device.write(new EventList().post(0, REF_F_KEEP).post(16).post(-5));
      ring.expect(cqe(1, 16, shot(0)), cqe(1, -5));
      group.expectHead(1);
    });
  }

  // ---- bad buffers

  @Case
  @Spec({"3.3-6", "3.3-8"})
  public void unmappedBufferIsAFaultAndStays(Rig t) {
    RingMode.each(mode -> badBuffer(t, mode, Rig.UNMAPPED, 64, -EFAULT));
  }

  @Case
  @Spec({"3.3-7", "7b-5"})
  public void kernelAddressIsAFaultOrNoBuffer(Rig t) {
    RingMode.each(mode -> badBuffer(t, mode, Rig.KERNEL_RANGE, 64, t.is7() ? -ENOBUFS : -EFAULT));
  }

  @Case
  @Spec("3.3-8")
  public void addressZeroIsNoBuffer(Rig t) {
    RingMode.each(mode -> badBuffer(t, mode, 0, 64, -ENOBUFS));
  }

  @Case
  @Spec("3.3-9")
  public void bufferWithoutLengthTakesNothing(Rig t) {
    RingMode.each(mode -> badBuffer(t, mode, t.memory(64L).address(), 0, 0));
  }

  @Case
  @Spec("3.3-6: the buffer may not be written")
  public void readOnlyBufferIsAFault(Rig t) {
    RingMode.each(mode -> badBuffer(t, mode, t.readOnlyMemory(64L).address(), 64, -EFAULT));
  }

  @Case
  @Spec("3.3-6: the buffer ends in a hole")
  public void bufferThatRunsIntoAHoleIsAFault(Rig t) {
    RingMode.each(
        mode -> badBuffer(t, mode, t.pageBeforeHole().address() + 4096 - 32, 64, -EFAULT));
  }

  private static void badBuffer(Rig t, RingMode mode, long address, int length, int result) {
    RawRing ring = t.ring(8, mode.flags());
    BufferGroup group = t.group(ring, GROUP, 4);
    group.add(5, address, length);
    group.publish();
    group.provide(6, 1, 64);
    RefDevice device = RefDevice.open(t);
    device.arm(ring, 1, GROUP);
    ring.submitAll();
    device.write(64);
    ring.expect(cqe(1, result));
    group.expectHead(commitsAtSelect(t) && result != -ENOBUFS ? 1 : 0);
  }

  // ---- other kinds of groups

  @Case
  @Spec({"7m-21", "3.8-16", "3.8-17"})
  public void legacyBuffersAreUsedOnce(Rig t) {
    RingMode.each(mode -> {
      RawRing ring = t.ring(8, mode.flags());
      provideLegacy(t, ring, 10, 3, 64);
      RefDevice device = RefDevice.open(t);
      device.arm(ring, 1, GROUP);
      ring.submitAll();
      device.write(16, 16, REF_FULL, 16);
      ring.expect(
          cqe(1, 16, shot(10)), cqe(1, 16, shot(11)), cqe(1, 64, shot(12)), cqe(1, -ENOBUFS));
      provideLegacy(t, ring, 20, 1, 32);
      device.arm(ring, 2, GROUP);
      ring.submitAll();
      device.write(REF_FULL);
      ring.expect(cqe(2, 32, shot(20)));
    });
  }

  private static void provideLegacy(Rig t, RawRing ring, int firstBid, int count, int size) {
    long memory = t.memory((long) count * size).address();
    ring.sqe(90).provideBuffers(memory, size, count, GROUP, firstBid);
    ring.expect(cqe(90, 0));
  }

  @Case
  @Spec({"3.5-2", "2.2-4"})
  public void unusedLegacyBufferGoesBackToTheFront(Rig t) {
    RingMode.each(mode -> {
      RawRing ring = t.ring(8, mode.flags());
      provideLegacy(t, ring, 10, 3, 64);
      RefDevice device = RefDevice.open(t);
      device.arm(ring, 1, GROUP);
      ring.submitAll();
      device.write(
          new EventList()
              .add(new RefEvent(REF_POST, 0, 0, REF_F_KEEP, 8, 0)) // asks for less than it has
              .post(REF_FULL)
              .post(0, REF_F_KEEP)
              .post(5));
      ring.expect(cqe(1, 64, shot(10)), cqe(1, 5, shot(11)));
      device.write(-5);
      ring.expect(cqe(1, -5));
      device.arm(ring, 2, GROUP);
      ring.submitAll();
      device.write(6);
      ring.expect(cqe(2, 6, shot(12)));
    });
  }

  @Case
  @Spec({"7m-20", "3.4-1", "3.4-2", "3.4-4"})
  public void incrementalBuffersAreFilledBitByBit(Rig t) {
    RingMode.each(mode -> {
      RawRing ring = t.ring(8, mode.flags());
      BufferGroup group = t.incrementalGroup(ring, GROUP, 4, 0).provide(0, 2, 64);
      RefDevice device = RefDevice.openPollable(t);
      device.arm(ring, 1, GROUP);
      ring.submitAll();
      device.write(24, 24, 24, 24, 24, 24, 24);
      ring.expect(
          cqe(1, 24, partial(0)),
          cqe(1, 24, partial(0)),
          cqe(1, 16, shot(0)),
          cqe(1, 24, partial(1)),
          cqe(1, 24, partial(1)),
          cqe(1, 16, shot(1)),
          cqe(1, -ENOBUFS));
      group.expectHead(2);
      for (int bid = 0; bid < 2; bid++) {
        for (int word = 0; word < 8; word++)
          Claim.equal("word", 3L * bid + word / 3, group.buffer(bid).get(JAVA_LONG, 8L * word));
      }
      Claim.equal("length", 0, group.entryLength(0));
      Claim.equal("address", group.buffer(0).address() + 48, group.entryAddress(0));
    });
  }

  @Case
  @Spec({"2.1-6: incremental buffers too", "3.4-1"})
  public void committedAtSelectAnIncrementalBufferIsUsedWhole(Rig t) {
    RawRing ring = t.ring(8);
    BufferGroup group = t.incrementalGroup(ring, GROUP, 4, 0).provide(0, 2, 64);
    RefDevice device = RefDevice.open(t);
    device.arm(ring, 1, GROUP);
    ring.submitAll();
    device.write(24, 24);
    if (commitsAtSelect(t)) ring.expect(cqe(1, 24, shot(0)), cqe(1, 24, shot(1)));
    else ring.expect(cqe(1, 24, partial(0)), cqe(1, 24, partial(0)));
    group.expectHead(commitsAtSelect(t) ? 2 : 0);
  }

  @Case
  @Spec({"3.4-1: min_left", "3.4-6"})
  public void incrementalRestBelowMinLeftIsNotUsed(Rig t) {
    RawRing ring = t.ring(8);
    BufferGroup group = t.incrementalGroup(ring, GROUP, 4, 16).provide(0, 2, 64);
    RefDevice device = RefDevice.openPollable(t);
    device.arm(ring, 1, GROUP);
    ring.submitAll();
    device.write(48, 16, 49);
    ring.expect(cqe(1, 48, partial(0)), cqe(1, 16, shot(0)), cqe(1, 49, shot(1)));
    group.expectHead(2);
  }

  @Case
  @Spec({"3.5-1: of an incremental ring", "3.4-1"})
  public void unusedIncrementalBufferIsUntouched(Rig t) {
    RawRing ring = t.ring(8);
    BufferGroup group = t.incrementalGroup(ring, GROUP, 4, 0).provide(0, 1, 64);
    RefDevice device = RefDevice.openPollable(t);
    device.arm(ring, 1, GROUP);
    ring.submitAll();
    device.write(new EventList().post(8).post(0, REF_F_KEEP).postAsking(16, REF_FULL).post(-5));
    ring.expect(cqe(1, 8, partial(0)), cqe(1, 16, partial(0)), cqe(1, -5));
    Claim.equal("length", 40, group.entryLength(0));
    Claim.equal("address", group.buffer(0).address() + 24, group.entryAddress(0));
  }

  @Case
  @Spec({"3.1-7", "2.2-2: from a ring of the kernel's memory"})
  public void mappedGroupServesCommandsToo(Rig t) {
    RawRing ring = t.ring(8);
    BufferGroup group = t.mappedGroup(ring, GROUP, 4).provide(0, 2, 64);
    RefDevice device = RefDevice.open(t);
    device.arm(ring, 1, GROUP);
    ring.submitAll();
    device.write(16, 17);
    ring.expect(cqe(1, 16, shot(0)), cqe(1, 17, shot(1)));
    group.expectHead(2);
  }

  @Case
  @Spec({"3.2-2", "3.3-1"})
  public void bufferBehindTheTailIsNotThere(Rig t) {
    RawRing ring = t.ring(8);
    BufferGroup group = t.group(ring, GROUP, 4);
    group.add(3, t.memory(64L).address(), 64);
    RefDevice device = RefDevice.open(t);
    device.arm(ring, 1, GROUP);
    ring.submitAll();
    device.write(16);
    ring.expect(cqe(1, -ENOBUFS));
    group.publish();
    device.arm(ring, 2, GROUP);
    ring.submitAll();
    device.write(16);
    ring.expect(cqe(2, 16, shot(3)));
  }

  // ---- groups in use

  @Case
  @Spec({"3.5-3", "7-21"})
  public void groupMayGoWhileACommandIsArmedOnIt(Rig t) {
    RingMode.each(mode -> {
      RawRing ring = t.ring(8, mode.flags());
      BufferGroup group = t.group(ring, GROUP, 4).provide(0, 3, 64);
      RefDevice device = RefDevice.open(t);
      device.arm(ring, 1, GROUP);
      ring.submitAll();
      device.write(16);
      ring.expect(cqe(1, 16, shot(0)));
      group.unregister();
      ring.expectNothing();
      device.write(new EventList().post(5, REF_F_NO_SELECT).post(16));
      ring.expect(cqe(1, 5, IORING_CQE_F_MORE), cqe(1, -ENOBUFS));
    });
  }

  @Case
  @Spec({"7m-22", "3.5-4"})
  public void commandsThatShareAGroupTakeTurns(Rig t) {
    RingMode.each(mode -> {
      RawRing ring = t.ring(8, mode.flags());
      BufferGroup group = t.group(ring, GROUP, 4).provide(0, 3, 64);
      RefDevice device = RefDevice.open(t);
      device.arm(ring, 1, GROUP);
      device.arm(ring, 2, GROUP).queue(1);
      ring.submitAll();
      device.write(new EventList().post(10).on(1).post(20).on(0).post(11));
      ring.expect(cqe(1, 10, shot(0)), cqe(1, 11, shot(1)), cqe(2, 20, shot(2)));
      group.expectHead(3);
      device.write(new EventList().on(1).post(21));
      ring.expect(cqe(2, -ENOBUFS));
      ring.expectNothing();
      device.write(12);
      ring.expect(cqe(1, -ENOBUFS));
    });
  }

  @Case
  @Spec({"3.2-1", "3.2-4"})
  public void headGoesRoundAndRound(Rig t) {
    RawRing ring = t.ring(8);
    BufferGroup group = t.group(ring, GROUP, 2).provide(0, 2, 16);
    RefDevice device = RefDevice.open(t);
    device.arm(ring, 1, GROUP);
    ring.submitAll();
    for (int event = 0; event < 70; event++) {
      device.write(1);
      ring.expect(cqe(1, 1, shot(event % 2)));
      group.giveBack(event % 2);
    }
    group.expectHead(70);
  }
}
