package dev.ringshot.conformance.rig;

import static dev.ringshot.abi.ublk.Ublk.*;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import dev.ringshot.abi.Errno;
import dev.ringshot.abi.Fcntl;
import dev.ringshot.abi.IoUring;
import dev.ringshot.abi.Kernel;
import dev.ringshot.abi.Sqe;
import dev.ringshot.abi.ublk.BatchIo;
import dev.ringshot.abi.ublk.CtrlCmd;
import dev.ringshot.abi.ublk.DevInfo;
import dev.ringshot.abi.ublk.ElemHeader;
import dev.ringshot.abi.ublk.IoCmd;
import dev.ringshot.abi.ublk.IoDesc;
import dev.ringshot.abi.ublk.Params;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// One ublk device as a case uses it: control commands, the server's file, descriptors and buffers.
/// What the case adds ends with its rig: first the server goes, then the device.
public final class UblkUnit {
  /// Bytes of the device.
  public static final long SIZE = 1 << 20;

  /// Bytes of the largest request, and of each tag's buffer.
  public static final int IO_BYTES = 1 << 16;

  /// What is added to a tag to make a user_data.
  public static final int TAG = 1000;

  private static final String CONTROL = "/dev/ublk-control";
  private static final long DEL_NANOS = 20_000_000_000L;
  private static final int NO_QUEUE = 0xffff;
  private static final int PAGE = 4096;
  private static final int STEP = UBLK_MAX_QUEUE_DEPTH * IoDesc.SIZE; // is whole pages

  private final Rig rig;
  private final int controlFd;
  private final RawRing controlRing;
  private final MemorySegment argument;
  private final int depth;
  private final MemorySegment buffers;
  private int id = -1;
  private int charFd = -1;
  private @Nullable MemorySegment descriptors;

  private UblkUnit(Rig rig, int depth) {
    this.rig = rig;
    this.depth = depth;
    this.controlRing = rig.ring(8, IoUring.IORING_SETUP_SQE128);
    this.controlFd = Claim.success("open " + CONTROL, rig.kernel().open(CONTROL, Fcntl.O_RDWR));
    this.argument = rig.memory((long) PAGE);
    this.buffers = rig.memory((long) depth * IO_BYTES);
    rig.ownDevice(this::close);
  }

  /// No device yet: for control commands alone, and for [#tryAdd].
  public static UblkUnit none(Rig rig, int depth) {
    return new UblkUnit(rig, depth);
  }

  /// A device with one queue, added and with parameters, not started. Partitions are not looked
  /// for.
  ///
  /// @param flags `UBLK_F_*`
  public static UblkUnit add(Rig rig, long flags, int depth) {
    UblkUnit unit = new UblkUnit(rig, depth);
    Claim.result("ADD_DEV", 0, unit.tryAdd(-1, flags | UBLK_F_NO_AUTO_PART_SCAN));
    Claim.result("SET_PARAMS", 0, unit.setParams(UBLK_PARAM_TYPE_BASIC));
    return unit;
  }

  /// [#add], opened, mapped, shown and started in batch mode.
  public static UblkUnit serve(Rig rig, RawRing ring, long flags, int depth) {
    UblkUnit unit = add(rig, flags | UBLK_F_BATCH_IO, depth);
    unit.open();
    unit.prepAll(ring);
    Claim.result("START_DEV", 0, unit.start());
    return unit;
  }

  /// [#add], opened, shown and started with a command for each tag, whose user_data is [#TAG] and
  /// the tag.
  public static UblkUnit serveTags(Rig rig, RawRing ring, long flags, int depth) {
    UblkUnit unit = add(rig, flags, depth);
    unit.open();
    unit.fetchAll(ring);
    Claim.result("START_DEV", 0, unit.start());
    return unit;
  }

  // ---- control commands

  /// A control command in the next SQE: the device's number, no queue; the rest is to be filled in.
  public Sqe control(long userData, int op) {
    return controlRing
        .sqe(userData)
        .uringCmd(controlFd, op)
        .cmdInt(CtrlCmd.DEV_ID, id)
        .cmdShort(CtrlCmd.QUEUE_ID, NO_QUEUE);
  }

  /// The ring of control commands.
  public RawRing controlRing() {
    return controlRing;
  }

  /// The memory that control commands of this class name: one page.
  public MemorySegment argument() {
    return argument;
  }

  /// A control command with `length` bytes of [#argument].
  ///
  /// @return its result
  public int command(int op, int length, long data) {
    control(op, op)
        .cmdShort(CtrlCmd.LEN, length)
        .cmdLong(CtrlCmd.ADDR, length == 0 ? 0 : argument.address())
        .cmdLong(CtrlCmd.DATA, data);
    return controlRing.takeOne().res();
  }

  /// The same without memory.
  public int command(int op, long data) {
    return command(op, 0, data);
  }

  /// ADD_DEV of one queue.
  ///
  /// @return its result; the device is this one's if it is 0
  public int tryAdd(int wanted, long flags) {
    describe(wanted, flags);
    return addAsDescribed(wanted);
  }

  /// Fills [#argument] with a `struct ublksrv_ctrl_dev_info`.
  public void describe(int wanted, long flags) {
    argument.fill((byte) 0);
    argument.set(JAVA_SHORT, DevInfo.NR_HW_QUEUES, (short) 1);
    argument.set(JAVA_SHORT, DevInfo.QUEUE_DEPTH, (short) depth);
    argument.set(JAVA_INT, DevInfo.MAX_IO_BUF_BYTES, IO_BYTES);
    argument.set(JAVA_INT, DevInfo.DEV_ID, wanted);
    argument.set(JAVA_LONG, DevInfo.FLAGS, flags);
  }

  /// ADD_DEV with what [#argument] says.
  public int addAsDescribed(int wanted) {
    control(1, UBLK_U_CMD_ADD_DEV)
        .cmdInt(CtrlCmd.DEV_ID, wanted)
        .cmdShort(CtrlCmd.LEN, DevInfo.SIZE)
        .cmdLong(CtrlCmd.ADDR, argument.address());
    int result = controlRing.takeOne().res();
    if (result == 0) id = argument.get(JAVA_INT, DevInfo.DEV_ID);
    return result;
  }

  /// Fills [#argument] with a `struct ublk_params`.
  public void describeParams(int types) {
    argument.fill((byte) 0);
    argument.set(JAVA_INT, Params.LEN, Params.SIZE);
    argument.set(JAVA_INT, Params.TYPES, types);
    argument.set(java.lang.foreign.ValueLayout.JAVA_BYTE, Params.BASIC_LOGICAL_BS_SHIFT, (byte) 9);
    argument.set(
        java.lang.foreign.ValueLayout.JAVA_BYTE, Params.BASIC_PHYSICAL_BS_SHIFT, (byte) 12);
    argument.set(java.lang.foreign.ValueLayout.JAVA_BYTE, Params.BASIC_IO_MIN_SHIFT, (byte) 9);
    argument.set(java.lang.foreign.ValueLayout.JAVA_BYTE, Params.BASIC_IO_OPT_SHIFT, (byte) 12);
    argument.set(JAVA_INT, Params.BASIC_MAX_SECTORS, IO_BYTES >> 9);
    argument.set(JAVA_LONG, Params.BASIC_DEV_SECTORS, SIZE >> 9);
    argument.set(JAVA_INT, Params.DISCARD_DISCARD_GRANULARITY, PAGE);
    argument.set(JAVA_INT, Params.DISCARD_MAX_DISCARD_SECTORS, IO_BYTES >> 9);
    argument.set(JAVA_INT, Params.DISCARD_MAX_WRITE_ZEROES_SECTORS, IO_BYTES >> 9);
    argument.set(JAVA_SHORT, Params.DISCARD_MAX_DISCARD_SEGMENTS, (short) 1);
  }

  /// SET_PARAMS of usual ones.
  public int setParams(int types) {
    describeParams(types);
    return command(UBLK_U_CMD_SET_PARAMS, Params.SIZE, 0);
  }

  /// START_DEV by this process.
  public int start() {
    return command(UBLK_U_CMD_START_DEV, processId());
  }

  /// This process.
  public static long processId() {
    return ProcessHandle.current().pid();
  }

  /// What GET_DEV_INFO says of the state.
  public int state() {
    Claim.result("GET_DEV_INFO", 0, command(UBLK_U_CMD_GET_DEV_INFO, DevInfo.SIZE, 0));
    return argument.get(JAVA_SHORT, DevInfo.STATE);
  }

  /// Waits for that state, but not long.
  public void awaitState(int expected) {
    int now = state();
    for (int i = 0; i < 300 && now != expected; i++) {
      controlRing.enterTimed(0, 1, RawRing.QUIET_NANOS);
      now = state();
    }
    Claim.equal("state of the device", expected, now);
  }

  /// The device's number.
  public int id() {
    return id;
  }

  // ---- the server's side

  /// Opens the server's file.
  public void open() {
    charFd = Claim.success("open " + charPath(), tryOpen());
  }

  /// [#open], once the last server has gone, but not long after.
  public void openWhenFree() {
    for (int i = 0; i < 300 && charFd < 0; i++) {
      charFd = tryOpen();
      if (charFd < 0) controlRing.enterTimed(0, 1, RawRing.QUIET_NANOS);
    }
    Claim.success("open " + charPath(), charFd);
  }

  /// The server's file, and the mapping of its descriptors, are open no more.
  public void closeServer() {
    if (descriptors != null) rig.kernel().unmap(descriptors);
    if (charFd >= 0) rig.kernel().close(charFd);
    descriptors = null;
    charFd = -1;
  }

  /// Opens the server's file for the caller.
  public int tryOpen() {
    return rig.kernel().open(charPath(), Fcntl.O_RDWR | Fcntl.O_CLOEXEC);
  }

  /// `/dev/ublkcN`.
  public String charPath() {
    return "/dev/ublkc" + id;
  }

  /// The server's file.
  public int fd() {
    return charFd;
  }

  /// The disk, as its users have it.
  public Disk disk() {
    return rig.disk("ublkb" + id);
  }

  /// The buffer of one tag.
  public MemorySegment buffer(int tag) {
    return buffers.asSlice((long) tag * IO_BYTES, IO_BYTES);
  }

  /// The descriptor of one tag of queue 0.
  public MemorySegment descriptor(int tag) {
    MemorySegment mapped = descriptors;
    if (mapped == null) {
      long bytes = (long) depth * IoDesc.SIZE + PAGE - 1 & -PAGE;
      mapped = rig.kernel().map(charFd, 0, bytes, Kernel.PROT_READ);
      descriptors = mapped;
    }
    return mapped.asSlice((long) tag * IoDesc.SIZE, IoDesc.SIZE);
  }

  private long address(int tag) {
    return buffer(Math.min(tag, depth - 1)).address();
  }

  /// Where the descriptors of queue 1 would be.
  public static long secondArea() {
    return STEP;
  }

  /// A command for many tags in the next SQE, of 16-byte elements with addresses.
  public Sqe batch(RawRing ring, long userData, int op, MemorySegment elements, int count) {
    return ring.sqe(userData)
        .uringCmd(charFd, op)
        .addr(elements.address())
        .cmdShort(BatchIo.FLAGS, UBLK_BATCH_F_HAS_BUF_ADDR)
        .cmdShort(BatchIo.NR_ELEM, count)
        .cmdByte(BatchIo.ELEM_BYTES, ElemHeader.SIZE + Long.BYTES);
  }

  /// Elements of 16 bytes for tags, each with its buffer and as result what a request of a page
  /// has.
  public MemorySegment elements(int... tags) {
    MemorySegment memory = rig.memory(Math.max(tags.length, 1) * 16L);
    for (int i = 0; i < tags.length; i++) {
      memory.set(JAVA_SHORT, i * 16L + ElemHeader.TAG, (short) tags[i]);
      memory.set(JAVA_INT, i * 16L + ElemHeader.RESULT, PAGE);
      memory.set(JAVA_LONG, i * 16L + ElemHeader.SIZE, address(tags[i]));
    }
    return memory;
  }

  /// A FETCH_IO_CMDS in the next SQE.
  public Sqe fetch(RawRing ring, long userData, int group) {
    return ring.sqe(userData)
        .uringCmdMultishot(charFd, UBLK_U_IO_FETCH_IO_CMDS, group)
        .cmdByte(BatchIo.ELEM_BYTES, Short.BYTES);
  }

  /// PREP_IO_CMDS of these tags, submitted, and its result.
  public int prep(RawRing ring, int... tags) {
    batch(ring, 0xeee, UBLK_U_IO_PREP_IO_CMDS, elements(tags), tags.length);
    return ring.takeOne().res();
  }

  /// PREP_IO_CMDS of all tags.
  public void prepAll(RawRing ring) {
    int[] tags = new int[depth];
    for (int i = 0; i < depth; i++) tags[i] = i;
    Claim.result("PREP_IO_CMDS", 0, prep(ring, tags));
  }

  /// COMMIT_IO_CMDS of these tags, submitted, each with a page as result; and its result.
  public int commit(RawRing ring, int... tags) {
    batch(ring, 0xccc, UBLK_U_IO_COMMIT_IO_CMDS, elements(tags), tags.length);
    return ring.takeOne().res();
  }

  /// FETCH_REQ of all tags, submitted.
  public void fetchAll(RawRing ring) {
    for (int i = 0; i < depth; i++) tagCommand(ring, TAG + i, UBLK_U_IO_FETCH_REQ, i, 0);
    ring.submitAll();
  }

  /// COMMIT_AND_FETCH_REQ of a tag, submitted, with user_data [#TAG] and the tag.
  public void commitTag(RawRing ring, int tag, int result) {
    tagCommand(ring, TAG + tag, UBLK_U_IO_COMMIT_AND_FETCH_REQ, tag, result);
    ring.submitAll();
  }

  /// Waits for a request of [#serveTags] or [#commitTag].
  ///
  /// @return its tag
  public int takeTag(RawRing ring) {
    Completion one = ring.takeOne();
    Claim.result("request", UBLK_IO_RES_OK, one.res());
    return (int) one.userData() - TAG;
  }

  /// A command for one tag in the next SQE.
  public Sqe tagCommand(RawRing ring, long userData, int op, int tag, int result) {
    return ring.sqe(userData)
        .uringCmd(charFd, op)
        .cmdShort(IoCmd.TAG, tag)
        .cmdInt(IoCmd.RESULT, result)
        .cmdLong(IoCmd.ADDR, address(tag));
  }

  // ---- the end

  private void close() {
    closeServer();
    if (id >= 0) delete();
    rig.kernel().close(controlFd);
  }

  /// By a ring of its own: the others are closed.
  private void delete() {
    RawRing ring = rig.openRing(4, params -> params.flags(IoUring.IORING_SETUP_SQE128));
    try {
      ring.sqe(1)
          .uringCmd(controlFd, UBLK_U_CMD_DEL_DEV)
          .cmdInt(CtrlCmd.DEV_ID, id)
          .cmdShort(CtrlCmd.QUEUE_ID, NO_QUEUE);
      ring.submitAll();
      long patience = System.nanoTime() + DEL_NANOS;
      var taken = ring.visible();
      while (taken.isEmpty() && System.nanoTime() < patience) {
        ring.enterTimed(0, 1, RawRing.PATIENCE_NANOS);
        taken = ring.visible();
      }
      if (taken.isEmpty()) throw new AssertionError("device " + id + " cannot be deleted");
      int result = taken.getFirst().res();
      if (result != -Errno.ENODEV) Claim.result("DEL_DEV", 0, result);
    } finally {
      ring.close();
    }
  }
}
