package dev.ringshot.conformance.cases;

import static dev.ringshot.abi.Errno.*;
import static dev.ringshot.abi.ublk.Ublk.*;
import static dev.ringshot.conformance.rig.Completion.cqe;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import dev.ringshot.abi.Fcntl;
import dev.ringshot.abi.ublk.CtrlCmd;
import dev.ringshot.abi.ublk.DevInfo;
import dev.ringshot.abi.ublk.Params;
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

/// ublk's control commands.
@Needs({Need.UBLK, Need.LINUX_7})
public final class UblkControlCases {
  private static final int PAGE = 4096;

  /// Topics are made by reflection.
  public UblkControlCases() {}

  private static void expect(String what, UblkUnit unit, int op, int expected) {
    Claim.result(what, expected, unit.command(op, 0));
  }

  @Case
  @Spec({"5.1-1", "5.1-2"})
  public void commandsNeedLargeEntriesEncodingAndDevice(Rig t) {
    UblkUnit unit = UblkUnit.none(t, 4);
    RawRing small = t.ring(4);
    int fd = t.open("/dev/ublk-control", Fcntl.O_RDWR);
    small.sqe(1).uringCmd(fd, UBLK_U_CMD_GET_FEATURES);
    small.expect(cqe(1, -EINVAL));
    small.sqe(2).uringCmd(fd, 0xc0207499);
    small.expect(cqe(2, -EINVAL));
    unit.control(3, 0xc0207499);
    unit.controlRing().expect(cqe(3, -EOPNOTSUPP));
    unit.control(4, 0xc0207599);
    unit.controlRing().expect(cqe(4, -ENODEV));
    UblkUnit added = UblkUnit.add(t, 0, 4);
    added.control(5, 0xc0207599);
    added.controlRing().expect(cqe(5, -EOPNOTSUPP));
  }

  @Case
  @Spec("5.1-3")
  public void featuresAreEightBytes(Rig t) {
    UblkUnit unit = UblkUnit.none(t, 4);
    Claim.result("16 bytes", -EINVAL, unit.command(UBLK_U_CMD_GET_FEATURES, 16, 0));
    Claim.result("GET_FEATURES", 0, unit.command(UBLK_U_CMD_GET_FEATURES, 8, 0));
    long features = unit.argument().get(JAVA_LONG, 0);
    long least = UBLK_F_BATCH_IO | UBLK_F_USER_COPY | UBLK_F_USER_RECOVERY | UBLK_F_QUIESCE;
    Claim.equal("features", least, features & least);
  }

  @Case
  @Spec("5.1-4")
  public void addingChecksWhatIsAsked(Rig t) {
    UblkUnit unit = UblkUnit.none(t, 4);
    long[] bad = {
      UBLK_F_USER_RECOVERY_REISSUE,
      UBLK_F_USER_RECOVERY_FAIL_IO,
      UBLK_F_USER_RECOVERY | UBLK_F_USER_RECOVERY_REISSUE | UBLK_F_USER_RECOVERY_FAIL_IO,
      UBLK_F_QUIESCE,
      UBLK_F_INTEGRITY,
      UBLK_F_IO_DESC_SIZE
    };
    for (long flags : bad)
      Claim.result("flags " + Long.toHexString(flags), -EINVAL, unit.tryAdd(-1, flags));
    int[][] fields = {
      {DevInfo.NR_HW_QUEUES, 0},
      {DevInfo.NR_HW_QUEUES, 4097},
      {DevInfo.QUEUE_DEPTH, 0},
      {DevInfo.QUEUE_DEPTH, 4097},
      {DevInfo.DEV_ID, 3}
    };
    for (int[] field : fields) {
      unit.describe(-1, 0);
      unit.argument().set(JAVA_SHORT, field[0], (short) field[1]);
      Claim.result("field at " + field[0], -EINVAL, unit.addAsDescribed(-1));
    }
    unit.describe(1 << 20, 0);
    Claim.result("large number", -EINVAL, unit.addAsDescribed(1 << 20));
    int add = UBLK_U_CMD_ADD_DEV;
    long address = unit.argument().address();
    unit.describe(-1, 0);
    unit.control(1, add).cmdShort(CtrlCmd.LEN, 63).cmdLong(CtrlCmd.ADDR, address);
    unit.controlRing().expect(cqe(1, -EINVAL));
    unit.control(2, add)
        .cmdShort(CtrlCmd.QUEUE_ID, 0)
        .cmdShort(CtrlCmd.LEN, 64)
        .cmdLong(CtrlCmd.ADDR, address);
    unit.controlRing().expect(cqe(2, -EINVAL));
    unit.control(3, add).cmdShort(CtrlCmd.LEN, 64).cmdLong(CtrlCmd.ADDR, Rig.UNMAPPED);
    unit.controlRing().expect(cqe(3, -EFAULT));
  }

  @Case
  @Spec("5.1-5")
  public void addingTellsWhatTheDeviceHasBecome(Rig t) {
    long[][] flags = { // asked, got
      {0, 0x26042},
      {UBLK_F_BATCH_IO, 0x2c042},
      {UBLK_F_USER_RECOVERY | UBLK_F_QUIESCE, 0x2704a},
      {UBLK_F_NEED_GET_DATA, 0x26046},
      {UBLK_F_NEED_GET_DATA | UBLK_F_USER_COPY, 0x260c2},
      {UBLK_F_NEED_GET_DATA | UBLK_F_BATCH_IO, 0x2c042},
      {UBLK_F_UNPRIVILEGED_DEV, 0x26042},
      {1L << 40, 0x26042}
    };
    for (long[] pair : flags) {
      UblkUnit unit = UblkUnit.none(t, 4);
      Claim.result("ADD_DEV", 0, unit.tryAdd(-1, pair[0]));
      Claim.equal("flags", pair[1], unit.argument().get(JAVA_LONG, DevInfo.FLAGS));
      Claim.equal("descriptor", (short) 24, unit.argument().get(JAVA_SHORT, DevInfo.IO_DESC_SIZE));
      Claim.equal("state", UBLK_S_DEV_DEAD, unit.state());
      Claim.equal("process", -1, unit.argument().get(JAVA_INT, DevInfo.UBLKSRV_PID));
    }
    UblkUnit unit = UblkUnit.none(t, 4);
    unit.describe(-1, 0);
    unit.argument().set(JAVA_INT, DevInfo.MAX_IO_BUF_BYTES, 5000);
    Claim.result("ADD_DEV", 0, unit.addAsDescribed(-1));
    Claim.equal("bytes", PAGE, unit.argument().get(JAVA_INT, DevInfo.MAX_IO_BUF_BYTES));
    int id = unit.id();
    unit.describe(id, 0);
    Claim.result("the same number", -EEXIST, unit.addAsDescribed(id));
  }

  @Case
  @Spec("5.1-6")
  public void parametersAreChecked(Rig t) {
    UblkUnit unit = UblkUnit.none(t, 4);
    Claim.result("ADD_DEV", 0, unit.tryAdd(-1, 0));
    Claim.result("START_DEV without any", -EINVAL, unit.start());
    int[] bad = {
      0,
      UBLK_PARAM_TYPE_DISCARD,
      UBLK_PARAM_TYPE_BASIC | UBLK_PARAM_TYPE_DEVT,
      UBLK_PARAM_TYPE_BASIC | UBLK_PARAM_TYPE_ZONED,
      UBLK_PARAM_TYPE_BASIC | UBLK_PARAM_TYPE_SEGMENT,
      UBLK_PARAM_TYPE_BASIC | UBLK_PARAM_TYPE_INTEGRITY
    };
    for (int types : bad) Claim.result("types " + types, -EINVAL, unit.setParams(types));
    int[] good = {1, 1 | UBLK_PARAM_TYPE_DISCARD, 1 | UBLK_PARAM_TYPE_DMA_ALIGN, 129};
    for (int types : good) Claim.result("types " + types, 0, unit.setParams(types));
    int[][] fields = {
      {Params.BASIC_MAX_SECTORS, 7}, {Params.BASIC_MAX_SECTORS, 129}, {0, 8}, {0, 153}
    };
    for (int[] field : fields) {
      unit.describeParams(1);
      unit.argument().set(JAVA_INT, field[0], field[1]);
      int result = unit.command(UBLK_U_CMD_SET_PARAMS, Params.SIZE, 0);
      Claim.result("field at " + field[0], -EINVAL, result);
    }
    for (int shift : new int[] {8, 13}) {
      unit.describeParams(1);
      unit.argument().set(JAVA_BYTE, Params.BASIC_LOGICAL_BS_SHIFT, (byte) shift);
      unit.argument().set(JAVA_BYTE, Params.BASIC_PHYSICAL_BS_SHIFT, (byte) 13);
      int result = unit.command(UBLK_U_CMD_SET_PARAMS, Params.SIZE, 0);
      Claim.result("blocks of 1 << " + shift, -EINVAL, result);
    }
    unit.argument().fill((byte) 0).set(JAVA_INT, Params.LEN, Params.SIZE);
    Claim.result("GET_PARAMS", 0, unit.command(UBLK_U_CMD_GET_PARAMS, Params.SIZE, 0));
    Claim.equal("types", UBLK_PARAM_TYPE_DEVT, unit.argument().get(JAVA_INT, Params.TYPES));
  }

  @Case
  @Spec({"5.1-7", "5.1-8"})
  public void startWaitsForTheServer(Rig t) {
    RawRing ring = t.ring(16);
    UblkUnit unit = UblkUnit.add(t, UBLK_F_BATCH_IO, 4);
    unit.open();
    Claim.result("no process", -EINVAL, unit.command(UBLK_U_CMD_START_DEV, 0));
    unit.control(1, UBLK_U_CMD_START_DEV).cmdLong(CtrlCmd.DATA, UblkUnit.processId());
    unit.controlRing().expectQuiet();
    Claim.result("PREP of some", 0, unit.prep(ring, 0, 1, 2));
    unit.controlRing().expectQuiet();
    Claim.result("PREP of the rest", 0, unit.prep(ring, 3));
    unit.controlRing().expect(cqe(1, 0));
    Claim.equal("state", UBLK_S_DEV_LIVE, unit.state());
    Claim.equal(
        "process", (int) UblkUnit.processId(), unit.argument().get(JAVA_INT, DevInfo.UBLKSRV_PID));
    Claim.result("started again", -EEXIST, unit.start());
    Claim.result("another process", -EINVAL, unit.command(UBLK_U_CMD_START_DEV, 1));
    Claim.result("SET_PARAMS", -EACCES, unit.setParams(1));
  }

  @Case
  @Spec({"5.1-9", "5.1-10", "5.1-11"})
  public void devicesStopAndGoAway(Rig t) {
    RawRing ring = t.ring(16);
    UblkUnit unit = UblkUnit.serve(t, ring, 0, 4);
    Disk disk = unit.disk();
    expect("TRY_STOP_DEV of an open disk", unit, UBLK_U_CMD_TRY_STOP_DEV, -EBUSY);
    disk.close();
    expect("TRY_STOP_DEV", unit, UBLK_U_CMD_TRY_STOP_DEV, 0);
    Claim.equal("state", UBLK_S_DEV_DEAD, unit.state());
    expect("TRY_STOP_DEV without a disk", unit, UBLK_U_CMD_TRY_STOP_DEV, -ENODEV);
    expect("STOP_DEV", unit, UBLK_U_CMD_STOP_DEV, 0);
    Claim.result("START_DEV", -EBUSY, unit.start());
    Claim.result("SET_PARAMS", 0, unit.setParams(1));
    unit.control(1, UBLK_U_CMD_DEL_DEV);
    unit.controlRing().expectQuiet();
    Claim.equal("open", -ENOENT, unit.tryOpen());
    unit.closeServer();
    ring.close();
    unit.controlRing().expect(cqe(1, 0));
    expect("DEL_DEV again", unit, UBLK_U_CMD_DEL_DEV, -ENODEV);
  }

  @Case
  @Spec("5.1-10")
  public void stopWaitsForWhatTheServerHas(Rig t) {
    RawRing ring = t.ring(16);
    UblkUnit unit = UblkUnit.serveTags(t, ring, 0, 2);
    Disk disk = unit.disk();
    int read = disk.read(0, t.memory((long) PAGE));
    int tag = unit.takeTag(ring);
    unit.control(1, UBLK_U_CMD_STOP_DEV);
    unit.controlRing().expectQuiet();
    unit.commitTag(ring, tag, PAGE);
    Claim.result("read", 0, disk.await(read));
    unit.controlRing().expect(cqe(1, 0));
    Claim.equal("ended commands", 2, ring.take(2).size());
    Claim.result("read", -EIO, disk.await(disk.read(0, t.memory((long) PAGE))));
  }

  @Case
  @Spec("5.1-12")
  public void sizeOfADiskChanges(Rig t) {
    RawRing ring = t.ring(16);
    UblkUnit unit = UblkUnit.serve(t, ring, UBLK_F_UPDATE_SIZE, 4);
    Disk disk = unit.disk();
    Claim.equal("size", UblkUnit.SIZE, disk.size());
    Claim.result("UPDATE_SIZE", 0, unit.command(UBLK_U_CMD_UPDATE_SIZE, 64));
    Claim.equal("size", 64L * 512, disk.size());
    Claim.result("read", -EIO, disk.await(disk.read(64L * 512, t.memory((long) PAGE))));
    expect("STOP_DEV", unit, UBLK_U_CMD_STOP_DEV, 0);
    Claim.result("UPDATE_SIZE", -ENODEV, unit.command(UBLK_U_CMD_UPDATE_SIZE, 64));
  }

  @Case
  @Spec("5.1-13")
  public void informationMayBeAskedForByPath(Rig t) {
    UblkUnit unit = UblkUnit.add(t, 0, 4);
    expectInfo2(t, unit, "", -EINVAL);
    expectInfo2(t, unit, unit.charPath(), 0);
    expectInfo2(t, unit, "/dev/null", -EPERM);
    expectInfo2(t, unit, "/dev/ringshot-nothing", -ENOENT);
  }

  private static void expectInfo2(Rig t, UblkUnit unit, String path, int expected) {
    MemorySegment memory = t.memory(256L);
    memory.setString(0, path);
    int length = path.isEmpty() ? 0 : path.length() + 1;
    unit.control(1, UBLK_U_CMD_GET_DEV_INFO2)
        .cmdShort(CtrlCmd.LEN, length + DevInfo.SIZE)
        .cmdLong(CtrlCmd.ADDR, memory.address())
        .cmdShort(CtrlCmd.DEV_PATH_LEN, length);
    unit.controlRing().expect(cqe(1, expected));
  }

  @Case
  @Spec("5.1-14")
  public void affinityIsAMaskOfWholeWords(Rig t) {
    UblkUnit unit = UblkUnit.add(t, 0, 4);
    int op = UBLK_U_CMD_GET_QUEUE_AFFINITY;
    Claim.result("affinity", 0, unit.command(op, 64, 0));
    Claim.that("some CPU has queue 0", unit.argument().get(JAVA_LONG, 0) != 0);
    Claim.result("queue 1", -EINVAL, unit.command(op, 64, 1));
    Claim.result("9 bytes", -EINVAL, unit.command(op, 9, 0));
  }
}
