package dev.ringshot.conformance.cases;

import static dev.ringshot.abi.Errno.*;
import static dev.ringshot.abi.ublk.Ublk.*;
import static dev.ringshot.conformance.rig.Completion.cqe;
import static dev.ringshot.conformance.rig.Completion.partial;
import static dev.ringshot.conformance.rig.Completion.shot;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import dev.ringshot.abi.IoUring;
import dev.ringshot.abi.ublk.BatchIo;
import dev.ringshot.conformance.Case;
import dev.ringshot.conformance.Needs;
import dev.ringshot.conformance.Spec;
import dev.ringshot.conformance.rig.BufferGroup;
import dev.ringshot.conformance.rig.Claim;
import dev.ringshot.conformance.rig.Disk;
import dev.ringshot.conformance.rig.Need;
import dev.ringshot.conformance.rig.RawRing;
import dev.ringshot.conformance.rig.Rig;
import dev.ringshot.conformance.rig.UblkUnit;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/// ublk's commands for many tags.
@Needs({Need.UBLK, Need.LINUX_7})
public final class UblkBatchCases {
  private static final int PAGE = 4096;

  /// Topics are made by reflection.
  public UblkBatchCases() {}

  private static int tag(BufferGroup group, int bid, int index) {
    return group.buffer(bid).get(JAVA_SHORT, index * 2L) & 0xffff;
  }

  @Case
  @Spec("7u-1")
  public void fetchMustBeMultishotOfTagsForAQueue(Rig t) {
    RawRing ring = t.ring(16);
    UblkUnit unit = UblkUnit.add(t, UBLK_F_BATCH_IO, 4);
    unit.open();
    t.group(ring, 7, 4).provide(0, 1, 64);
    ring.sqe(1)
        .uringCmd(unit.fd(), UBLK_U_IO_FETCH_IO_CMDS)
        .cmdByte(BatchIo.ELEM_BYTES, Short.BYTES);
    ring.expect(cqe(1, -EINVAL));
    unit.fetch(ring, 2, 7).cmdByte(BatchIo.ELEM_BYTES, 8);
    ring.expect(cqe(2, -EINVAL));
    unit.fetch(ring, 3, 7).cmdShort(BatchIo.FLAGS, 1);
    ring.expect(cqe(3, -EINVAL));
    unit.fetch(ring, 4, 7).cmdShort(BatchIo.Q_ID, 3);
    ring.expect(cqe(4, -EINVAL));
  }

  @Case
  @Spec("7u-2")
  public void commandsForOneTagAreNotSupported(Rig t) {
    RawRing ring = t.ring(16);
    UblkUnit unit = UblkUnit.add(t, UBLK_F_BATCH_IO, 4);
    unit.open();
    unit.tagCommand(ring, 1, UBLK_U_IO_FETCH_REQ, 0, 0);
    ring.expect(cqe(1, -EOPNOTSUPP));
    unit.tagCommand(ring, 2, UBLK_U_IO_COMMIT_AND_FETCH_REQ, 0, 0);
    ring.expect(cqe(2, -EOPNOTSUPP));
    unit.tagCommand(ring, 3, 0x1234, 0, 0);
    ring.expect(cqe(3, -EOPNOTSUPP));
  }

  @Case
  @Spec("7u-3")
  public void prepChecksItsElements(Rig t) {
    RawRing ring = t.ring(16);
    UblkUnit unit = UblkUnit.add(t, UBLK_F_BATCH_IO, 8);
    unit.open();
    MemorySegment one = unit.elements(0);
    int op = UBLK_U_IO_PREP_IO_CMDS;
    unit.batch(ring, 1, op, one, 1).cmdShort(BatchIo.FLAGS, 0).cmdByte(BatchIo.ELEM_BYTES, 8);
    ring.expect(cqe(1, -EINVAL));
    unit.batch(ring, 2, op, one, 1).cmdByte(BatchIo.ELEM_BYTES, 8);
    ring.expect(cqe(2, -EINVAL));
    unit.batch(ring, 3, op, one, 9);
    ring.expect(cqe(3, -E2BIG));
    unit.batch(ring, 4, op, one, 1).addr(Rig.UNMAPPED);
    ring.expect(cqe(4, -EFAULT));
    unit.batch(ring, 5, op, one, 1).cmdShort(BatchIo.FLAGS, 8 | UBLK_BATCH_F_HAS_BUF_ADDR);
    ring.expect(cqe(5, -EINVAL));
    unit.batch(ring, 6, op, one, 1)
        .cmdShort(BatchIo.FLAGS, UBLK_BATCH_F_HAS_ZONE_LBA)
        .cmdByte(BatchIo.ELEM_BYTES, 16);
    ring.expect(cqe(6, -EINVAL));
    unit.batch(ring, 7, op, one, 0);
    ring.expect(cqe(7, 0));
    Claim.result("PREP_IO_CMDS of tag 99", -EINVAL, unit.prep(ring, 99));
  }

  @Case
  @Spec("7u-4")
  public void commitNeedsARequest(Rig t) {
    RawRing ring = t.ring(16);
    UblkUnit unit = UblkUnit.serve(t, ring, 0, 4);
    Claim.result("COMMIT_IO_CMDS", -EBUSY, unit.commit(ring, 0));
  }

  @Case
  @Spec("7u-5")
  public void everyTagIsShownOnceUntilAllAre(Rig t) {
    RawRing ring = t.ring(16);
    UblkUnit unit = UblkUnit.add(t, UBLK_F_BATCH_IO, 8);
    unit.open();
    Claim.result("PREP of 4", 0, unit.prep(ring, 0, 1, 2, 3));
    Claim.result("PREP of an active one", -EINVAL, unit.prep(ring, 4, 0));
    Claim.result("PREP of the rest", 0, unit.prep(ring, 4, 5, 6, 7));
    Claim.result("PREP when ready", -EBUSY, unit.prep(ring, 0));
  }

  @Case
  @Spec("7u-6")
  public void cancelDoesNotReachAFetch(Rig t) {
    RawRing ring = t.ring(16);
    UblkUnit unit = UblkUnit.serve(t, ring, 0, 4);
    t.group(ring, 7, 4).provide(0, 1, 64);
    unit.fetch(ring, 1, 7);
    ring.expectNothing();
    ring.sqe(2).asyncCancel(1, 0);
    ring.expect(cqe(2, -ENOENT));
    ring.sqe(3).asyncCancel(0, IoUring.IORING_ASYNC_CANCEL_ANY);
    ring.expect(cqe(3, 0));
  }

  private static List<Integer> readPages(Rig t, Disk disk, int count) {
    List<Integer> reads = new ArrayList<>();
    for (int i = 0; i < count; i++) reads.add(disk.read(2L * i * PAGE, t.memory((long) PAGE)));
    return reads;
  }

  @Case
  @Spec({"7u-7", "7u-8"})
  public void burstIsDeliveredAsBuffersAllow(Rig t) {
    RawRing ring = t.ring(16);
    UblkUnit unit = UblkUnit.serve(t, ring, 0, 8);
    BufferGroup group = t.group(ring, 7, 4).provide(20, 2, 6);
    Disk disk = unit.disk();
    List<Integer> reads = readPages(t, disk, 8);
    unit.fetch(ring, 1, 7);
    ring.expect(cqe(1, 6, shot(20)), cqe(1, 6, shot(21)), cqe(1, -ENOBUFS));
    group.provide(22, 1, 64);
    unit.fetch(ring, 2, 7);
    ring.expect(cqe(2, 4, shot(22)));
    int[] some = {tag(group, 20, 0), tag(group, 20, 1), tag(group, 20, 2), tag(group, 21, 0), 99};
    Claim.result("COMMIT of 4 good ones and a bad one", 64, unit.commit(ring, some));
    Claim.result(
        "COMMIT of the rest",
        64,
        unit.commit(
            ring, tag(group, 21, 1), tag(group, 21, 2), tag(group, 22, 0), tag(group, 22, 1)));
    for (int read : reads) Claim.result("read", 0, disk.await(read));
  }

  @Case
  @Spec("7u-9")
  public void withoutABufferTheFetchEndsAndTheTagWaits(Rig t) {
    RawRing ring = t.ring(16);
    UblkUnit unit = UblkUnit.serve(t, ring, 0, 4);
    BufferGroup group = t.group(ring, 7, 4).provide(1, 1, 64);
    Disk disk = unit.disk();
    unit.fetch(ring, 1, 7);
    ring.expectNothing();
    int first = disk.read(0, t.memory((long) PAGE));
    ring.expect(cqe(1, 2, shot(1)));
    int second = disk.read(PAGE, t.memory((long) PAGE));
    ring.expect(cqe(1, -ENOBUFS));
    group.provide(2, 1, 64);
    unit.fetch(ring, 2, 7);
    ring.expect(cqe(2, 2, shot(2)));
    Claim.result("COMMIT", 32, unit.commit(ring, tag(group, 1, 0), tag(group, 2, 0)));
    Claim.result("read", 0, disk.await(first));
    Claim.result("read", 0, disk.await(second));
  }

  @Case
  @Spec("7u-10")
  public void incrementalBufferTakesATagAnEvent(Rig t) {
    RawRing ring = t.ring(16);
    UblkUnit unit = UblkUnit.serve(t, ring, 0, 16);
    BufferGroup group = t.incrementalGroup(ring, 7, 4, 0).provide(5, 1, 16);
    Disk disk = unit.disk();
    unit.fetch(ring, 1, 7);
    ring.expectNothing();
    List<Integer> reads = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      reads.add(disk.read((long) i * PAGE, t.memory((long) PAGE)));
      ring.expect(cqe(1, 2, i < 7 ? partial(5) : shot(5)));
    }
    reads.add(disk.read(8L * PAGE, t.memory((long) PAGE)));
    ring.expect(cqe(1, -ENOBUFS));
    for (int i = 0; i < 8; i++) Claim.result("COMMIT", 16, unit.commit(ring, tag(group, 5, i)));
    for (int i = 0; i < 8; i++) Claim.result("read", 0, disk.await(reads.get(i)));
  }

  @Case
  @Spec("7u-11")
  public void fullQueueEndsTheFetchAndTheTagComesAgain(Rig t) {
    RawRing ring = t.ringWithCq(4, 4, 0);
    UblkUnit unit = UblkUnit.serve(t, ring, 0, 4);
    BufferGroup group = t.incrementalGroup(ring, 7, 4, 0).provide(5, 1, 16);
    Disk disk = unit.disk();
    unit.fetch(ring, 1, 7);
    ring.submitAll();
    for (int i = 0; i < 4; i++) ring.sqe(100 + i).nop();
    ring.submitAll();
    int read = disk.read(0, t.memory((long) PAGE));
    ring.enter(0, 0, 0);
    t.host().poll(t.eventfd(), 1, 1); // any system call: task work runs
    Claim.equal("CQ_OVERFLOW", IoUring.IORING_SQ_CQ_OVERFLOW, ring.sqFlags());
    Claim.equal("length of the buffer", 14, group.entryLength(0));
    ring.expectVisible(cqe(100, 0), cqe(101, 0), cqe(102, 0), cqe(103, 0));
    ring.getEvents();
    ring.expectVisible(cqe(1, -ENOBUFS));
    unit.fetch(ring, 2, 7);
    ring.expect(cqe(2, 2, partial(5)));
    Claim.result("COMMIT", 16, unit.commit(ring, tag(group, 5, 1)));
    Claim.result("read", 0, disk.await(read));
  }

  @Case
  @Spec("7u-12")
  public void stoppingEndsFetches(Rig t) {
    RawRing ring = t.ring(16);
    UblkUnit unit = UblkUnit.serve(t, ring, 0, 4);
    t.group(ring, 7, 4).provide(0, 1, 64);
    unit.fetch(ring, 1, 7);
    unit.fetch(ring, 2, 7);
    ring.expectNothing();
    Claim.result("STOP_DEV", 0, unit.command(UBLK_U_CMD_STOP_DEV, 0));
    ring.expect(cqe(1, -ENODEV), cqe(2, -ENODEV));
    unit.fetch(ring, 3, 7);
    ring.expect(cqe(3, -ENODEV));
    Claim.result("PREP_IO_CMDS", -ENODEV, unit.prep(ring, 0));
  }

  @Case
  @Spec("7u-13")
  public void fetchByAWorkerHearsOfLaterRequests(Rig t) {
    RawRing ring = t.ring(16);
    UblkUnit unit = UblkUnit.serve(t, ring, 0, 4);
    BufferGroup group = t.group(ring, 7, 4).provide(0, 2, 64);
    Disk disk = unit.disk();
    unit.fetch(ring, 1, 7).async();
    ring.expectQuiet();
    int read = disk.read(0, t.memory((long) PAGE));
    ring.expect(cqe(1, 2, shot(0)));
    Claim.result("COMMIT", 16, unit.commit(ring, tag(group, 0, 0)));
    Claim.result("read", 0, disk.await(read));
  }

  @Case
  @Spec("7u-14")
  public void secondFetchIsNotWokenByTheEndOfTheFirst(Rig t) {
    RawRing ring = t.ring(16);
    UblkUnit unit = UblkUnit.serve(t, ring, 0, 8);
    BufferGroup first = t.group(ring, 7, 4).provide(31, 1, 64);
    BufferGroup second = t.group(ring, 8, 4).provide(40, 2, 64);
    Disk disk = unit.disk();
    unit.fetch(ring, 0x101, 7);
    unit.fetch(ring, 0x103, 8);
    ring.expectNothing();
    int one = disk.read(0, t.memory((long) PAGE));
    ring.expect(cqe(0x101, 2, shot(31)));
    int two = disk.read(PAGE, t.memory((long) PAGE));
    ring.expect(cqe(0x101, -ENOBUFS));
    ring.expectQuiet();
    unit.fetch(ring, 0x104, 8);
    ring.expect(cqe(0x103, 2, shot(40)));
    Claim.result("COMMIT", 32, unit.commit(ring, tag(first, 31, 0), tag(second, 40, 0)));
    Claim.result("read", 0, disk.await(one));
    Claim.result("read", 0, disk.await(two));
  }
}
