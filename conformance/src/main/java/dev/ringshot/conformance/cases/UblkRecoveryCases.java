package dev.ringshot.conformance.cases;

import static dev.ringshot.abi.Errno.*;
import static dev.ringshot.abi.ublk.Ublk.*;
import static dev.ringshot.conformance.rig.Completion.cqe;
import static dev.ringshot.conformance.rig.Completion.shot;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

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

/// What becomes of a ublk device whose server goes, and how the next one takes over.
@Needs({Need.UBLK, Need.LINUX_7})
public final class UblkRecoveryCases {
  private static final int PAGE = 4096;

  /// Topics are made by reflection.
  public UblkRecoveryCases() {}

  private static void goAway(UblkUnit unit, RawRing ring, int state) {
    unit.closeServer();
    ring.close();
    unit.awaitState(state);
  }

  private static void quiet(UblkUnit unit, Disk disk, int request) {
    unit.controlRing().expectQuiet();
    Claim.that("request " + request + " waits", !disk.isDone(request));
  }

  private static int read(Rig t, Disk disk) {
    return disk.read(0, t.memory((long) PAGE));
  }

  @Case
  @Spec("5.5-1")
  public void withoutRecoveryTheDiskGoesWithItsServer(Rig t) {
    for (boolean batch : new boolean[] {false, true}) {
      RawRing ring = t.ring(16);
      UblkUnit unit = batch ? UblkUnit.serve(t, ring, 0, 2) : UblkUnit.serveTags(t, ring, 0, 2);
      Disk disk = unit.disk();
      int read = read(t, disk);
      unit.controlRing().expectQuiet();
      goAway(unit, ring, UBLK_S_DEV_DEAD);
      Claim.result("read that the server had", -EIO, disk.await(read));
      Claim.result("read of a disk that is gone", -EIO, disk.await(read(t, disk)));
      int recover = unit.command(UBLK_U_CMD_START_USER_RECOVERY, 0);
      Claim.result("START_USER_RECOVERY", -EINVAL, recover);
    }
  }

  @Case
  @Spec({"5.5-2", "5.5-5", "5.5-6"})
  public void newServerGetsWhatCameMeanwhile(Rig t) {
    RawRing ring = t.ring(16);
    UblkUnit unit = UblkUnit.serve(t, ring, UBLK_F_USER_RECOVERY, 4);
    t.group(ring, 7, 4).provide(0, 4, 64);
    unit.fetch(ring, 1, 7);
    ring.submitAll();
    Disk disk = unit.disk();
    int first = read(t, disk);
    ring.expect(cqe(1, 2, shot(0)));
    int recover = UBLK_U_CMD_START_USER_RECOVERY;
    Claim.result("START_USER_RECOVERY while live", -EBUSY, unit.command(recover, 0));
    goAway(unit, ring, UBLK_S_DEV_QUIESCED);
    Claim.result("read that the server had", -EIO, disk.await(first));
    int second = read(t, disk);
    quiet(unit, disk, second);
    Claim.result("START_USER_RECOVERY", 0, unit.command(recover, 0));
    RawRing next = t.ring(16);
    BufferGroup group = t.group(next, 7, 4).provide(0, 4, 64);
    unit.open();
    unit.fetch(next, 2, 7);
    next.expect(cqe(2, -ENODEV));
    Claim.result("PREP of some", 0, unit.prep(next, 0, 1));
    unit.fetch(next, 3, 7);
    next.expect(cqe(3, -ENODEV));
    Claim.result("PREP of the rest", 0, unit.prep(next, 2, 3));
    unit.fetch(next, 4, 7);
    next.expectNothing();
    int end = UBLK_U_CMD_END_USER_RECOVERY;
    Claim.result("END_USER_RECOVERY by another", -EINVAL, unit.command(end, 1));
    Claim.result("END_USER_RECOVERY", 0, unit.command(end, UblkUnit.processId()));
    Claim.equal("state", UBLK_S_DEV_LIVE, unit.state());
    next.expect(cqe(4, 2, shot(0)));
    unit.commit(next, group.buffer(0).get(JAVA_SHORT, 0));
    Claim.result("read that waited", 0, disk.await(second));
  }

  @Case
  @Spec("5.5-3")
  public void newServerGetsWhatTheOldOneHad(Rig t) {
    RawRing ring = t.ring(16);
    long flags = UBLK_F_USER_RECOVERY | UBLK_F_USER_RECOVERY_REISSUE;
    UblkUnit unit = UblkUnit.serveTags(t, ring, flags, 2);
    Disk disk = unit.disk();
    int read = read(t, disk);
    unit.takeTag(ring);
    goAway(unit, ring, UBLK_S_DEV_QUIESCED);
    quiet(unit, disk, read);
    int recover = unit.command(UBLK_U_CMD_START_USER_RECOVERY, 0);
    Claim.result("START_USER_RECOVERY", 0, recover);
    RawRing next = t.ring(16);
    unit.open();
    unit.fetchAll(next);
    int end = unit.command(UBLK_U_CMD_END_USER_RECOVERY, UblkUnit.processId());
    Claim.result("END_USER_RECOVERY", 0, end);
    unit.commitTag(next, unit.takeTag(next), PAGE);
    Claim.result("read", 0, disk.await(read));
  }

  @Case
  @Spec("5.5-4")
  public void requestsMayFailWhileThereIsNoServer(Rig t) {
    RawRing ring = t.ring(16);
    long flags = UBLK_F_USER_RECOVERY | UBLK_F_USER_RECOVERY_FAIL_IO;
    UblkUnit unit = UblkUnit.serveTags(t, ring, flags, 1);
    Disk disk = unit.disk();
    int read = read(t, disk);
    unit.takeTag(ring);
    goAway(unit, ring, UBLK_S_DEV_FAIL_IO);
    Claim.result("read that the server had", -EIO, disk.await(read));
    Claim.result("read", -EREMOTEIO, disk.await(read(t, disk)));
    int recover = unit.command(UBLK_U_CMD_START_USER_RECOVERY, 0);
    Claim.result("START_USER_RECOVERY", 0, recover);
    RawRing next = t.ring(16);
    unit.open();
    unit.fetchAll(next);
    int end = unit.command(UBLK_U_CMD_END_USER_RECOVERY, UblkUnit.processId());
    Claim.result("END_USER_RECOVERY", 0, end);
    int again = read(t, disk);
    unit.commitTag(next, unit.takeTag(next), PAGE);
    Claim.result("read", 0, disk.await(again));
  }

  @Case
  @Spec("5.5-7")
  public void whatWaitsFailsWhenTheDeviceStops(Rig t) {
    RawRing ring = t.ring(16);
    UblkUnit unit = UblkUnit.serveTags(t, ring, UBLK_F_USER_RECOVERY, 2);
    Disk disk = unit.disk();
    goAway(unit, ring, UBLK_S_DEV_QUIESCED);
    int read = read(t, disk);
    quiet(unit, disk, read);
    Claim.result("STOP_DEV", 0, unit.command(UBLK_U_CMD_STOP_DEV, 0));
    Claim.result("read", -EIO, disk.await(read));
    Claim.equal("state", UBLK_S_DEV_DEAD, unit.state());
  }

  @Case
  @Spec("5.5-8")
  public void quiescingSendsTheServerAway(Rig t) {
    RawRing ring = t.ring(16);
    long flags = UBLK_F_USER_RECOVERY | UBLK_F_QUIESCE;
    UblkUnit unit = UblkUnit.serveTags(t, ring, flags, 2);
    Disk disk = unit.disk();
    int had = read(t, disk);
    int tag = unit.takeTag(ring);
    Claim.result("QUIESCE_DEV", 0, unit.command(UBLK_U_CMD_QUIESCE_DEV, 0));
    Claim.result("the other command", UBLK_IO_RES_ABORT, ring.takeOne().res());
    Claim.equal("state", UBLK_S_DEV_LIVE, unit.state());
    int read = disk.read(2L * PAGE, t.memory((long) PAGE));
    quiet(unit, disk, read);
    unit.commitTag(ring, tag, PAGE);
    Claim.result("read that the server had", 0, disk.await(had));
    goAway(unit, ring, UBLK_S_DEV_QUIESCED);
    Claim.result("QUIESCE_DEV again", 0, unit.command(UBLK_U_CMD_QUIESCE_DEV, 0));
    quiet(unit, disk, read);
  }

  @Case
  @Spec("5.5-9")
  public void quiescedBatchDeviceFailsWhatComes(Rig t) {
    RawRing ring = t.ring(16);
    UblkUnit unit = UblkUnit.serve(t, ring, UBLK_F_USER_RECOVERY | UBLK_F_QUIESCE, 2);
    t.group(ring, 7, 4).provide(0, 4, 64);
    unit.fetch(ring, 1, 7);
    ring.submitAll();
    Disk disk = unit.disk();
    Claim.result("QUIESCE_DEV", 0, unit.command(UBLK_U_CMD_QUIESCE_DEV, 0));
    ring.expect(cqe(1, -ENODEV));
    Claim.result("read", -EIO, disk.await(read(t, disk)));
    unit.fetch(ring, 2, 7);
    ring.expect(cqe(2, -ENODEV));
  }

  @Case
  @Spec("5.5-8: only what may be quiesced")
  public void quiescingMustHaveBeenAskedFor(Rig t) {
    RawRing ring = t.ring(16);
    UblkUnit unit = UblkUnit.serveTags(t, ring, UBLK_F_USER_RECOVERY, 1);
    int result = unit.command(UBLK_U_CMD_QUIESCE_DEV, 0);
    Claim.result("QUIESCE_DEV", -EOPNOTSUPP, result);
  }

  @Case
  @Spec("5.5-10")
  public void serverThatGoesBeforeTheStartLeavesNothing(Rig t) {
    for (boolean stops : new boolean[] {false, true}) {
      RawRing ring = t.ring(16);
      UblkUnit unit = UblkUnit.add(t, UBLK_F_BATCH_IO, 2);
      unit.open();
      Claim.result("PREP of one", 0, unit.prep(ring, 0));
      if (stops) {
        Claim.result("PREP of the other", 0, unit.prep(ring, 1));
        Claim.result("START_DEV", 0, unit.start());
        Claim.result("STOP_DEV", 0, unit.command(UBLK_U_CMD_STOP_DEV, 0));
      }
      unit.closeServer();
      ring.close();
      RawRing next = t.ring(16);
      unit.openWhenFree();
      unit.prepAll(next);
      Claim.result("START_DEV", 0, unit.start());
    }
  }
}
