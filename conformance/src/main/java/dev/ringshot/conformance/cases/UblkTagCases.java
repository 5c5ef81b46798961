package dev.ringshot.conformance.cases;

import static dev.ringshot.abi.Errno.*;
import static dev.ringshot.abi.ublk.Ublk.*;
import static dev.ringshot.conformance.rig.Completion.cqe;
import static dev.ringshot.conformance.rig.UblkUnit.TAG;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.ringshot.abi.ublk.IoCmd;
import dev.ringshot.abi.ublk.IoDesc;
import dev.ringshot.conformance.Case;
import dev.ringshot.conformance.Needs;
import dev.ringshot.conformance.Spec;
import dev.ringshot.conformance.rig.Claim;
import dev.ringshot.conformance.rig.Disk;
import dev.ringshot.conformance.rig.Need;
import dev.ringshot.conformance.rig.RawRing;
import dev.ringshot.conformance.rig.Rig;
import dev.ringshot.conformance.rig.UblkUnit;
import java.lang.foreign.MemorySegment;

/// ublk's commands for one tag each.
@Needs(Need.UBLK)
public final class UblkTagCases {
  private static final int PAGE = 4096;

  /// Topics are made by reflection.
  public UblkTagCases() {}

  @Case
  @Spec({"7u-16", "5.3-2", "5.3-3", "5.3-4", "5.3-5", "5.3-6"})
  public void fetchChecksQueueTagAndAddress(Rig t) {
    RawRing ring = t.ring(16);
    UblkUnit unit = UblkUnit.add(t, 0, 4);
    unit.open();
    unit.tagCommand(ring, 1, UBLK_U_IO_FETCH_REQ, 0, 0).cmdLong(IoCmd.ADDR, 0);
    ring.expect(cqe(1, -EINVAL));
    unit.tagCommand(ring, 2, UBLK_U_IO_FETCH_REQ, 9, 0);
    ring.expect(cqe(2, -EINVAL));
    unit.tagCommand(ring, 3, UBLK_U_IO_COMMIT_AND_FETCH_REQ, 0, 0);
    ring.expect(cqe(3, -EINVAL));
    unit.tagCommand(ring, 4, UBLK_U_IO_PREP_IO_CMDS, 0, 0);
    ring.expect(cqe(4, -EINVAL));
    unit.tagCommand(ring, 5, UBLK_U_IO_FETCH_REQ, 0, 0).cmdShort(IoCmd.Q_ID, 1);
    ring.expect(cqe(5, -EINVAL));
    unit.tagCommand(ring, TAG, UBLK_U_IO_FETCH_REQ, 0, 0);
    ring.expectNothing();
    unit.tagCommand(ring, 6, UBLK_U_IO_FETCH_REQ, 0, 0);
    ring.expect(cqe(6, -EINVAL));
    for (int i = 1; i < 4; i++) unit.tagCommand(ring, TAG + i, UBLK_U_IO_FETCH_REQ, i, 0);
    ring.expectNothing();
    unit.tagCommand(ring, 7, UBLK_U_IO_FETCH_REQ, 0, 0);
    ring.expect(cqe(7, -EBUSY));
  }

  @Case
  @Spec({"7u-17", "5.3-1", "5.3-7"})
  public void requestCompletesACommandAndCommitTakesItsPlace(Rig t) {
    RawRing ring = t.ring(16);
    UblkUnit unit = UblkUnit.serveTags(t, ring, 0, 1);
    Disk disk = unit.disk();
    int read = disk.read(0, t.memory((long) PAGE));
    ring.expect(cqe(TAG, UBLK_IO_RES_OK));
    unit.commitTag(ring, 0, PAGE);
    Claim.result("read", 0, disk.await(read));
    ring.expectNothing();
    unit.tagCommand(ring, 1, UBLK_U_IO_COMMIT_AND_FETCH_REQ, 0, PAGE);
    ring.expect(cqe(1, -EBUSY));
    ring.sqe(2).asyncCancel(TAG, 0);
    ring.expect(cqe(2, -ENOENT));
    Claim.result("STOP_DEV", 0, unit.command(UBLK_U_CMD_STOP_DEV, 0));
    ring.expect(cqe(TAG, UBLK_IO_RES_ABORT));
  }

  @Case
  @Needs(Need.LINUX_7)
  @Spec({"5.3-8", "5.3-9"})
  public void afterTheStopNothingIsFetched(Rig t) {
    RawRing ring = t.ring(16);
    UblkUnit unit = UblkUnit.serveTags(t, ring, 0, 2);
    Claim.result("STOP_DEV", 0, unit.command(UBLK_U_CMD_STOP_DEV, 0));
    ring.expect(cqe(TAG, UBLK_IO_RES_ABORT), cqe(TAG + 1, UBLK_IO_RES_ABORT));
    unit.tagCommand(ring, 1, UBLK_U_IO_FETCH_REQ, 0, 0);
    ring.expect(cqe(1, -ENODEV));
    unit.tagCommand(ring, 2, UBLK_U_IO_COMMIT_AND_FETCH_REQ, 0, 0);
    ring.expect(cqe(2, -EBUSY));
  }

  @Case
  @Spec("5.3-10")
  public void serverMaySayLaterWhereWrittenDataGoes(Rig t) {
    RawRing ring = t.ring(16);
    UblkUnit unit = UblkUnit.add(t, UBLK_F_NEED_GET_DATA, 1);
    unit.open();
    unit.tagCommand(ring, TAG, UBLK_U_IO_FETCH_REQ, 0, 0).cmdLong(IoCmd.ADDR, 0);
    ring.submitAll();
    Claim.result("START_DEV", 0, unit.start());
    Disk disk = unit.disk();
    MemorySegment data = t.memory((long) PAGE).fill((byte) 7);
    int write = disk.write(0, data);
    ring.expect(cqe(TAG, UBLK_IO_RES_NEED_GET_DATA));
    unit.tagCommand(ring, 1, UBLK_U_IO_COMMIT_AND_FETCH_REQ, 0, PAGE);
    ring.expect(cqe(1, -EINVAL));
    unit.tagCommand(ring, TAG, UBLK_U_IO_NEED_GET_DATA, 0, 0);
    ring.expect(cqe(TAG, UBLK_IO_RES_OK));
    Claim.equal("data", (byte) 7, unit.buffer(0).get(JAVA_BYTE, PAGE - 1));
    Claim.equal(
        "address", unit.buffer(0).address(), unit.descriptor(0).get(JAVA_LONG, IoDesc.ADDR));
    unit.tagCommand(ring, 2, UBLK_U_IO_NEED_GET_DATA, 0, 0);
    ring.expect(cqe(2, -EINVAL));
    unit.commitTag(ring, 0, PAGE);
    Claim.result("write", 0, disk.await(write));
  }

  @Case
  @Spec("5.3-11")
  public void commandsByAWorkerAreTakenInTheRingsContext(Rig t) {
    RawRing ring = t.ring(16);
    UblkUnit unit = UblkUnit.add(t, 0, 1);
    unit.open();
    unit.tagCommand(ring, TAG, UBLK_U_IO_FETCH_REQ, 0, 0).async();
    ring.expectQuiet();
    Claim.result("START_DEV", 0, unit.start());
    Disk disk = unit.disk();
    int read = disk.read(0, t.memory((long) PAGE));
    ring.expect(cqe(TAG, UBLK_IO_RES_OK));
    unit.tagCommand(ring, TAG, UBLK_U_IO_COMMIT_AND_FETCH_REQ, 0, PAGE).async();
    ring.expectQuiet();
    Claim.result("read", 0, disk.await(read));
  }
}
