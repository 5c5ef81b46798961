package dev.ringshot.conformance.cases;

import static dev.ringshot.abi.Errno.EAGAIN;
import static dev.ringshot.abi.Errno.ENOBUFS;
import static dev.ringshot.abi.Errno.EOPNOTSUPP;
import static dev.ringshot.conformance.device.Ref.*;
import static dev.ringshot.conformance.rig.Completion.cqe;
import static dev.ringshot.conformance.rig.Completion.shot;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.ringshot.abi.Fcntl;
import dev.ringshot.abi.Sqe;
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
import dev.ringshot.conformance.rig.Skipped;
import java.lang.foreign.MemorySegment;
import java.util.List;

/// What a driver's answer to a command makes of it.
@Needs(Need.MULTISHOT_COMMANDS)
public final class MultishotIssueCases {
  private static final int GROUP = 7;

  /// Topics are made by reflection.
  public MultishotIssueCases() {}

  /// Expects that a multishot command to whose issue its driver answered `result` ≥ 0 completes
  /// with it, or, before 7.x, never.
  private static void expectAnswered(Rig t, RawRing ring, long userData, int result) {
    if (t.is7()) ring.expect(cqe(userData, result));
    else ring.expectQuiet();
  }

  @Case
  @Spec({"1.5-25", "7-27", "7b-1", "1.4-8"})
  public void nullDeviceCompletesAMultishotCommandSince7(Rig t) {
    if (t.has(Need.LINUX) && !t.is7())
      throw new Skipped("a kernel that does not keep such a command, and its ring, for ever");
    RingMode.each(mode -> {
      RawRing ring = t.ring(4, mode.flags());
      BufferGroup group = t.group(ring, GROUP, 4).provide(0, 2, 16);
      ring.sqe(1).uringCmdMultishot(t.open("/dev/null", Fcntl.O_RDWR), 0, GROUP);
      expectAnswered(t, ring, 1, 0);
      group.expectHead(0);
    });
  }

  @Case
  @Needs(Need.DEVICE)
  @Spec({"7b-1", "1.4-7", "1.4-8"})
  public void resultOfAMultishotCommandCompletesItSince7(Rig t) {
    RingMode.each(mode -> {
      RawRing ring = t.ring(4, mode.flags());
      RefDevice device = RefDevice.open(t);
      for (int result : new int[] {0, 7}) {
        device.arm(ring, result, GROUP).returning(result);
        expectAnswered(t, ring, result, result);
      }
    });
  }

  @Case
  @Needs(Need.DEVICE)
  @Spec({"1.4-7", "1.4-8: also after events"})
  public void resultAfterEventsEndsTheStreamSince7(Rig t) {
    RingMode.each(mode -> {
      RawRing ring = t.ring(4, mode.flags());
      BufferGroup group = t.group(ring, GROUP, 4).provide(0, 2, 64);
      RefDevice device = RefDevice.open(t);
      device.arm(ring, 1, GROUP).list(EventList.posts(16)).returning(3);
      if (t.is7()) ring.expect(cqe(1, 16, shot(0)), cqe(1, 3));
      else ring.expect(cqe(1, 16, shot(0)));
      ring.expectNothing();
      group.expectHead(1);
    });
  }

  @Case
  @Needs(Need.DEVICE)
  @Spec("1.4-7")
  public void resultOfASingleShotCompletesIt(Rig t) {
    RingMode.each(mode -> {
      RawRing ring = t.ring(4, mode.flags());
      RefDevice device = RefDevice.open(t);
      for (int result : new int[] {0, 7, Integer.MAX_VALUE, -5, -4000}) {
        device.armOnce(ring, 1).returning(result);
        ring.expect(cqe(1, result));
      }
    });
  }

  @Case
  @Needs(Need.DEVICE)
  @Spec("1.4-12")
  public void errorOfADriverIsTheResult(Rig t) {
    RingMode.each(mode -> {
      RawRing ring = t.ring(4, mode.flags());
      BufferGroup group = t.group(ring, GROUP, 4).provide(0, 2, 16);
      RefDevice device = RefDevice.open(t);
      for (int error : new int[] {1, 5, 22, 125, 4000}) {
        device.arm(ring, error, GROUP).returning(-error);
        ring.expect(cqe(error, -error));
      }
      group.expectHead(0);
    });
  }

  @Case
  @Needs(Need.DEVICE)
  @Spec({"1.4-12: after events", "3.5-1"})
  public void errorAfterEventsEndsTheStream(Rig t) {
    RingMode.each(mode -> {
      RawRing ring = t.ring(4, mode.flags());
      BufferGroup group = t.group(ring, GROUP, 4).provide(0, 2, 64);
      RefDevice device = RefDevice.openPollable(t);
      var list = new EventList().post(16).post(0, REF_F_KEEP);
      device.arm(ring, 1, GROUP).list(list).returning(-5);
      ring.expect(cqe(1, 16, shot(0)), cqe(1, -5));
      group.expectHead(1);
    });
  }

  @Case
  @Needs(Need.DEVICE)
  @Spec({"7m-10", "1.4-12"})
  public void commandThatTheDriverDoesNotKnow(Rig t) {
    RingMode.each(mode -> {
      RawRing ring = t.ring(4, mode.flags());
      int fd = RefDevice.open(t).fd();
      ring.sqe(1).uringCmd(fd, 0x99);
      ring.sqe(2).uringCmdMultishot(fd, 0x99, GROUP);
      ring.submitEach();
      ring.expect(cqe(1, -EOPNOTSUPP), cqe(2, -EOPNOTSUPP));
    });
  }

  @Case
  @Needs(Need.DEVICE)
  @Spec({"7m-8", "1.4-6"})
  public void eventsOfTheIssueAreVisibleAfterIt(Rig t) {
    RingMode.each(mode -> {
      RawRing ring = t.ring(4, mode.flags());
      BufferGroup group = t.group(ring, GROUP, 4).provide(0, 4, 64);
      RefDevice device = RefDevice.open(t);
      device.arm(ring, 1, GROUP).list(EventList.posts(16, 32, REF_FULL));
      ring.submitAll();
      ring.expectVisible(cqe(1, 16, shot(0)), cqe(1, 32, shot(1)), cqe(1, 64, shot(2)));
      group.expectHead(3);
      device.write(8);
      ring.expect(cqe(1, 8, shot(3)));
    });
  }

  @Case
  @Needs(Need.DEVICE)
  @Spec({"7m-8", "3.6-1"})
  public void groupThatIsEmptyAtIssueEndsTheCommandAtOnce(Rig t) {
    RingMode.each(mode -> {
      RawRing ring = t.ring(4, mode.flags());
      t.group(ring, GROUP, 4).provide(0, 1, 64);
      RefDevice device = RefDevice.open(t);
      device.arm(ring, 1, GROUP).list(EventList.posts(16, 16));
      device.arm(ring, 2, 99).list(EventList.posts(16));
      ring.submitAll();
      ring.expectVisible(cqe(1, 16, shot(0)), cqe(1, -ENOBUFS), cqe(2, -ENOBUFS));
    });
  }

  @Case
  @Needs(Need.DEVICE)
  @Spec({"7m-8", "1.4-13"})
  public void commandMayEndWhileItIsIssued(Rig t) {
    RingMode.each(mode -> {
      RawRing ring = t.ring(4, mode.flags());
      BufferGroup group = t.group(ring, GROUP, 4).provide(0, 2, 64);
      RefDevice device = RefDevice.open(t);
      device.arm(ring, 1, GROUP).list(new EventList().post(16).endWith(42, 0));
      device.arm(ring, 2, GROUP).cancelable().list(EventList.end(-5));
      device.armOnce(ring, 3).list(EventList.end(9));
      ring.submitAll();
      ring.expectVisible(cqe(1, 16, shot(0)), cqe(1, 42), cqe(2, -5), cqe(3, 9));
      Claim.equal("armed", 0, device.status().armed());
      group.expectHead(1);
    });
  }

  // ---- workers

  @Case
  @Needs(Need.DEVICE)
  @Spec({"7m-11", "1.4-6", "7c-6: a parked command needs no polling"})
  public void forcedToAWorkerTheStreamIsTheSame(Rig t) {
    RingMode.each(mode -> {
      RawRing ring = t.ring(4, mode.flags());
      BufferGroup group = t.group(ring, GROUP, 4).provide(0, 4, 64);
      RefDevice device = RefDevice.open(t);
      device.arm(ring, 1, GROUP).list(EventList.posts(16)).sqe().async();
      ring.expect(cqe(1, 16, shot(0)));
      device.awaitArmed(1);
      device.write(32, REF_FULL, 8, 8);
      ring.expect(cqe(1, 32, shot(1)), cqe(1, 64, shot(2)), cqe(1, 8, shot(3)), cqe(1, -ENOBUFS));
      group.expectHead(4);
      Claim.equal("issue", "1 issued worker" + wide(mode), device.log().getFirst());
    });
  }

  private static String wide(RingMode mode) {
    return mode.isWide() ? " sqe128 cqe32" : "";
  }

  @Case
  @Needs(Need.DEVICE)
  @Spec({"1.4-10", "1.4-6", "1.2-4", "1.4-4"})
  public void againMeansOnAWorkerWhereItMayBlock(Rig t) {
    RingMode.each(mode -> {
      RawRing ring = t.ring(4, mode.flags());
      t.group(ring, GROUP, 4).provide(0, 4, 64);
      for (RefDevice device : List.of(RefDevice.open(t), RefDevice.openPollable(t))) {
        device.arm(ring, 1, GROUP).flags(REF_A_AGAIN);
        ring.submitAll();
        device.awaitArmed(1);
        Claim.equal(
            "issues",
            List.of("1 issued nonblock" + wide(mode), "1 issued worker" + wide(mode)),
            device.log());
        device.write(new EventList().post(16).endWith(1, 0));
        Claim.equal("last", cqe(1, 1), ring.take(2).get(1));
      }
    });
  }

  @Case
  @Needs(Need.DEVICE)
  @Spec("1.4-11")
  public void againFromAWorkerIsTheResult(Rig t) {
    RingMode.each(mode -> {
      RawRing ring = t.ring(4, mode.flags());
      RefDevice device = RefDevice.open(t);
      device.arm(ring, 1, GROUP).flags(REF_A_AGAIN_ALWAYS);
      ring.expect(cqe(1, -EAGAIN));
      device.armOnce(ring, 2).flags(REF_A_AGAIN_ALWAYS);
      ring.expect(cqe(2, -EAGAIN));
    });
  }

  @Case
  @Needs(Need.DEVICE)
  @Spec({"1.4-10: the SQE is copied", "1.4-15", "1.1-14", "1.4-4"})
  public void workerSeesTheEntryAsItWas(Rig t) {
    RingMode.each(mode -> {
      for (boolean async : new boolean[] {false, true}) {
        RawRing ring = t.ring(4, mode.flags());
        MemorySegment told = describe(t, ring, mode, REF_A_AGAIN, async);
        ring.submitAll();
        ring.overwriteEntries((byte) 0xff);
        ring.expect(cqe(5, 0));
        expectDescribed(mode, told, REF_ISSUE_WORKER, REF_A_AGAIN);
      }
    });
  }

  @Case
  @Needs(Need.DEVICE)
  @Spec({"1.4-4", "1.1-14", "1.4-6", "1.1-8"})
  public void driverIsToldOfTheRingAndTheWholePayload(Rig t) {
    RingMode.each(mode -> {
      RawRing ring = t.ring(4, mode.flags());
      MemorySegment told = describe(t, ring, mode, 0, false);
      ring.expect(cqe(5, 0));
      expectDescribed(mode, told, REF_ISSUE_NONBLOCK, 0);
    });
  }

  private static MemorySegment describe(
      Rig t, RawRing ring, RingMode mode, int flags, boolean async) {
    MemorySegment told = t.memory((long) REF_DESCRIBE_SIZE);
    Sqe sqe =
        ring.sqe(5)
            .uringCmd(RefDevice.open(t).fd(), REF_DESCRIBE)
            .addr(told.address())
            .len(REF_DESCRIBE_SIZE)
            .cmdInt(0, flags);
    for (int at = 4; at < payloadBytes(mode); at++) sqe.cmdByte(at, at);
    if (async) sqe.async();
    return told;
  }

  private static int payloadBytes(RingMode mode) {
    return mode.isWide() ? 80 : 16;
  }

  private static void expectDescribed(RingMode mode, MemorySegment told, int how, int flags) {
    int issue = how | (mode.isWide() ? REF_ISSUE_SQE128 | REF_ISSUE_CQE32 : 0);
    Claim.equal("issue", issue, told.get(JAVA_INT, REF_DESCRIBE_ISSUE));
    Claim.equal("payload", payloadBytes(mode), told.get(JAVA_INT, REF_DESCRIBE_PAYLOAD_BYTES));
    Claim.equal("len", REF_DESCRIBE_SIZE, told.get(JAVA_INT, REF_DESCRIBE_LEN));
    Claim.equal("first", flags, told.get(JAVA_INT, REF_DESCRIBE_PAYLOAD));
    for (int at = 4; at < 80; at++) {
      byte expected = at < payloadBytes(mode) ? (byte) at : 0;
      Claim.equal("byte " + at, expected, told.get(JAVA_BYTE, REF_DESCRIBE_PAYLOAD + at));
    }
  }

  // ---- what goes on around an armed command

  @Case
  @Needs(Need.DEVICE)
  @Spec("7m-13")
  public void linkedRequestWaitsForTheEnd(Rig t) {
    RingMode.each(mode -> {
      RawRing ring = t.ring(4, mode.flags());
      t.group(ring, GROUP, 4).provide(0, 2, 64);
      RefDevice device = RefDevice.open(t);
      device.arm(ring, 1, GROUP).sqe().link();
      ring.sqe(2).nop();
      ring.submitAll();
      device.write(16);
      ring.expect(cqe(1, 16, shot(0)));
      ring.expectNothing();
      device.write(EventList.end(0));
      ring.expect(cqe(1, 0), cqe(2, 0));
    });
  }

  @Case
  @Needs(Need.DEVICE)
  @Spec({"7m-17", "close(2): a request in flight holds its file"})
  public void closingTheDescriptorDoesNotEndTheCommand(Rig t) {
    RingMode.each(mode -> {
      RawRing ring = t.ring(4, mode.flags());
      t.group(ring, GROUP, 4).provide(0, 2, 64);
      int fd = t.kernel().open(REF_PATH, Fcntl.O_RDWR);
      ring.sqe(1)
          .uringCmdMultishot(fd, REF_ARM, GROUP)
          .cmdInt(REF_ARM_FLAGS, REF_A_CANCELABLE); // or the ring would never end
      ring.submitAll();
      int copy = Claim.success("dup", t.host().dup(fd));
      Claim.result("close", 0, t.kernel().close(fd));
      MemorySegment list = t.memory((long) REF_EVENT_SIZE);
      EventList.posts(16).writeTo(list);
      t.write(copy, list.asSlice(0, REF_EVENT_SIZE));
      ring.expect(cqe(1, 16, shot(0)));
      Claim.result("close", 0, t.host().close(copy));
      ring.expectNothing();
    });
  }
}
