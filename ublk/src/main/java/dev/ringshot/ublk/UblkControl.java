package dev.ringshot.ublk;

import static dev.ringshot.abi.Errno.EACCES;
import static dev.ringshot.abi.Errno.ENOENT;
import static dev.ringshot.abi.IoUring.IORING_SETUP_SQE128;
import static dev.ringshot.abi.ublk.Ublk.*;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.ringshot.abi.ErrnoException;
import dev.ringshot.abi.Kernel;
import dev.ringshot.abi.Timespec;
import dev.ringshot.abi.ublk.CtrlCmd;
import dev.ringshot.abi.ublk.DevInfo;
import dev.ringshot.abi.ublk.Params;
import dev.ringshot.ring.CqeHandler;
import dev.ringshot.ring.Ring;
import dev.ringshot.ring.RingFile;
import dev.ringshot.ring.RingOptions;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.BitSet;

/// The control commands of ublk, on a ring of their own: some of them block in the kernel until a
/// device's queues have done their part.
///
/// A verb sends a command and returns at once; the answer is there when [ControlCommand#isDone].
/// [#step] looks, [#await] waits for something to look at. It belongs to the thread that opened it;
/// only [#wake] may come from others.
///
/// Devices of a user without privileges (`UBLK_F_UNPRIVILEGED_DEV`) want each command to name their
/// file, `/dev/ublkcN`, whose permissions then decide. Which ones those are it knows from [#add]
/// and [#info].
public final class UblkControl implements AutoCloseable {
  /// The driver's file.
  public static final String PATH = "/dev/ublk-control";

  private static final int COMMANDS_MAX = 16;
  private static final int PATH_SIZE = 64; // of a slot, before what the command is about
  private static final int DATA_SIZE = 1024; // for a mask of 8192 processors
  private static final int SLOT_SIZE = PATH_SIZE + DATA_SIZE;
  private static final int NO_QUEUE = 0xffff;
  private static final int TIMESPEC = COMMANDS_MAX * SLOT_SIZE;

  private final Ring ring;
  private final RingFile file;
  private final MemorySegment memory;
  private final ArrayDeque<Integer> freeSlots = new ArrayDeque<>();
  private final BitSet unprivileged = new BitSet(); // devices

  private UblkControl(Ring ring, RingFile file) {
    this.ring = ring;
    this.file = file;
    memory = ring.allocate(TIMESPEC + Timespec.SIZE);
    for (int slot = 0; slot < COMMANDS_MAX; slot++) freeSlots.add(slot);
  }

  /// Opens the driver.
  ///
  /// @throws ErrnoException if it is not there, or not for this user
  public static UblkControl open(Kernel kernel) {
    var options = RingOptions.DEFAULT.withEntries(2 * COMMANDS_MAX).plusFlags(IORING_SETUP_SQE128);
    Ring ring = Ring.open(kernel, options);
    try {
      return new UblkControl(ring, ring.openFile(PATH));
    } catch (ErrnoException e) {
      ring.close();
      String advice =
          switch (e.errno()) {
            case ENOENT -> PATH + " is not there: modprobe ublk_drv (CONFIG_BLK_DEV_UBLK)";
            case EACCES -> PATH + " is root's";
            default -> PATH;
          };
      throw new ErrnoException("open", e.errno(), advice);
    }
  }

  // ---- Commands

  /// `GET_FEATURES`: the `UBLK_F_*` that the driver has.
  public ControlCommand<Long> features() {
    int slot = takeSlot();
    var command =
        new ControlCommand<>(
            "GET_FEATURES",
            result -> memory.get(JAVA_LONG, at(slot)),
            ControlRules::features,
            () -> freeSlots.add(slot));
    return send(command, UBLK_U_CMD_GET_FEATURES, -1, slot, UBLK_FEATURES_LEN, 0);
  }

  /// `ADD_DEV`: makes a device, without a disk yet.
  ///
  /// @return what it became: number, queues, flags
  public ControlCommand<DeviceInfo> add(DeviceInfo wanted) {
    int slot = takeSlot();
    wanted.write(memory, at(slot));
    var command =
        new ControlCommand<>(
            "ADD_DEV",
            result -> learn(DeviceInfo.read(memory, at(slot))),
            errno -> ControlRules.add(errno, wanted),
            () -> freeSlots.add(slot));
    return send(command, UBLK_U_CMD_ADD_DEV, wanted.id(), slot, DevInfo.SIZE, 0);
  }

  /// `GET_DEV_INFO2`.
  public ControlCommand<DeviceInfo> info(int id) {
    int slot = takeSlot();
    var command =
        new ControlCommand<>(
            "GET_DEV_INFO2",
            result -> learn(DeviceInfo.read(memory, at(slot))),
            errno -> ControlRules.common(errno, id),
            () -> freeSlots.add(slot));
    return send(command, UBLK_U_CMD_GET_DEV_INFO2, id, slot, DevInfo.SIZE, 0);
  }

  private DeviceInfo learn(DeviceInfo info) {
    unprivileged.set(info.id(), info.has(UBLK_F_UNPRIVILEGED_DEV));
    return info;
  }

  /// The devices with a number below `idsMax`.
  public DeviceListing list(int idsMax) {
    return new DeviceListing(this, idsMax);
  }

  /// `SET_PARAMS`, before the start.
  public ControlCommand<Integer> setParameters(int id, DeviceParameters parameters) {
    int slot = takeSlot();
    parameters.write(memory, at(slot));
    var command =
        new ControlCommand<Integer>(
            "SET_PARAMS",
            result -> result,
            errno -> ControlRules.setParameters(errno, id, parameters),
            () -> freeSlots.add(slot));
    return send(command, UBLK_U_CMD_SET_PARAMS, id, slot, Params.SIZE, 0);
  }

  /// `GET_PARAMS`.
  public ControlCommand<DeviceParameters> parameters(int id) {
    int slot = takeSlot();
    memory.set(JAVA_INT, at(slot) + Params.LEN, Params.SIZE);
    var command =
        new ControlCommand<>(
            "GET_PARAMS",
            result -> DeviceParameters.read(memory, at(slot)),
            errno -> ControlRules.common(errno, id),
            () -> freeSlots.add(slot));
    return send(command, UBLK_U_CMD_GET_PARAMS, id, slot, Params.SIZE, 0);
  }

  /// `GET_QUEUE_AFFINITY`: processors that submit to a queue.
  public ControlCommand<BitSet> affinity(int id, int queue) {
    int slot = takeSlot();
    var command =
        new ControlCommand<>(
            "GET_QUEUE_AFFINITY",
            result -> BitSet.valueOf(memory.asSlice(at(slot), DATA_SIZE).toArray(JAVA_BYTE)),
            errno -> ControlRules.common(errno, id),
            () -> freeSlots.add(slot));
    return send(command, UBLK_U_CMD_GET_QUEUE_AFFINITY, id, slot, DATA_SIZE, queue);
  }

  /// `START_DEV`: ends when all tags of all queues have been made ready, and the disk is there.
  ///
  /// @param pid of the process that has opened `/dev/ublkcN`
  public ControlCommand<Integer> start(int id, long pid) {
    return plain(
        "START_DEV", UBLK_U_CMD_START_DEV, id, pid, errno -> ControlRules.start(errno, id, pid));
  }

  /// `STOP_DEV`: the disk goes, when the requests that are under way have ended; then the fetch
  /// commands end with `-ENODEV`.
  public ControlCommand<Integer> stop(int id) {
    return plain("STOP_DEV", UBLK_U_CMD_STOP_DEV, id, 0, errno -> ControlRules.common(errno, id));
  }

  /// `TRY_STOP_DEV`: as [#stop], unless the disk is in use. Linux 7.0.
  public ControlCommand<Integer> tryStop(int id) {
    return plain(
        "TRY_STOP_DEV", UBLK_U_CMD_TRY_STOP_DEV, id, 0, errno -> ControlRules.tryStop(errno, id));
  }

  /// `DEL_DEV`: ends when nobody has `/dev/ublkcN` any more.
  public ControlCommand<Integer> delete(int id) {
    return plain("DEL_DEV", UBLK_U_CMD_DEL_DEV, id, 0, errno -> ControlRules.common(errno, id));
  }

  /// `DEL_DEV_ASYNC`: as [#delete], and ends at once; the device goes when nobody has it any more.
  public ControlCommand<Integer> deleteAsync(int id) {
    return plain(
        "DEL_DEV_ASYNC",
        UBLK_U_CMD_DEL_DEV_ASYNC,
        id,
        0,
        errno -> ControlRules.deleteAsync(errno, id));
  }

  /// `START_USER_RECOVERY`: this process will serve a device whose server has died.
  public ControlCommand<Integer> startRecovery(int id) {
    return plain(
        "START_USER_RECOVERY",
        UBLK_U_CMD_START_USER_RECOVERY,
        id,
        0,
        errno -> ControlRules.startRecovery(errno, id));
  }

  /// `END_USER_RECOVERY`: ends when all queues are ready; then requests come.
  ///
  /// @param pid as of [#start]
  public ControlCommand<Integer> endRecovery(int id, long pid) {
    return plain(
        "END_USER_RECOVERY",
        UBLK_U_CMD_END_USER_RECOVERY,
        id,
        pid,
        errno -> ControlRules.endRecovery(errno, id, pid));
  }

  /// `UPDATE_SIZE`: the disk has another size from now on.
  ///
  /// @param bytes a multiple of 512
  public ControlCommand<Integer> resize(int id, long bytes) {
    return plain(
        "UPDATE_SIZE",
        UBLK_U_CMD_UPDATE_SIZE,
        id,
        bytes >> 9,
        errno -> ControlRules.resize(errno, id));
  }

  /// `QUIESCE_DEV`: the server goes, the disk stays and waits for another.
  ///
  /// @param millis for requests to end; 0 for ever
  public ControlCommand<Integer> quiesce(int id, long millis) {
    return plain(
        "QUIESCE_DEV",
        UBLK_U_CMD_QUIESCE_DEV,
        id,
        millis,
        errno -> ControlRules.quiesce(errno, id));
  }

  private ControlCommand<Integer> plain(
      String name, int op, int id, long data, ControlCommand.Advice advice) {
    int slot = takeSlot();
    var command =
        new ControlCommand<Integer>(name, result -> result, advice, () -> freeSlots.add(slot));
    return send(command, op, id, slot, 0, data);
  }

  private <T> ControlCommand<T> send(
      ControlCommand<T> command, int op, int id, int slot, int length, long data) {
    boolean isUsers = id >= 0 && unprivileged.get(id) && op != UBLK_U_CMD_ADD_DEV;
    boolean namesFile = isUsers || op == UBLK_U_CMD_GET_DEV_INFO2;
    int pathLength = namesFile ? PATH_SIZE : 0;
    if (namesFile) memory.setString(at(slot) - PATH_SIZE, DeviceInfo.charPath(id));
    long userData =
        ring.prepare(command.handler())
            .uringCmd(file.fd(), op)
            .cmdInt(CtrlCmd.DEV_ID, id)
            .cmdShort(CtrlCmd.QUEUE_ID, NO_QUEUE)
            .cmdShort(CtrlCmd.LEN, pathLength + length)
            .cmdShort(CtrlCmd.DEV_PATH_LEN, pathLength)
            .cmdLong(CtrlCmd.ADDR, memory.address() + at(slot) - pathLength)
            .cmdLong(CtrlCmd.DATA, data)
            .userData();
    command.sentAs(userData);
    ring.submit();
    return command;
  }

  /// Asks the kernel to give up a command that waits.
  public void cancel(ControlCommand<?> command) {
    if (!command.isDone()) ring.cancel(command.userData());
  }

  private int takeSlot() {
    Integer slot = freeSlots.poll();
    if (slot == null) {
      throw new IllegalStateException(COMMANDS_MAX + " commands are under way; let one end");
    }
    memory.asSlice(at(slot) - PATH_SIZE, SLOT_SIZE).fill((byte) 0);
    return slot;
  }

  /// Where what a command is about begins, behind the path of the device's file.
  private static long at(int slot) {
    return (long) slot * SLOT_SIZE + PATH_SIZE;
  }

  // ---- Time, and the rest

  /// Calls `handler` after a while. One at a time.
  void after(long nanos, CqeHandler handler) {
    Timespec.set(memory, TIMESPEC, nanos);
    ring.prepare(handler).timeout(memory.address() + TIMESPEC, 0, 0);
    ring.submit(); // which reads it
  }

  /// Takes answers that are there. Waits for nothing.
  public void step() {
    ring.dispatch();
    ring.submit();
  }

  /// Sends what was prepared, and takes no answer.
  void submit() {
    ring.submit();
  }

  /// Waits for an answer or a [#wake], and takes it.
  public void await() {
    ring.submitAndWait(1);
    ring.dispatch();
  }

  /// Waits until a command has ended.
  ///
  /// @return the command
  public <T> ControlCommand<T> await(ControlCommand<T> command) {
    while (!command.isDone()) await();
    return command;
  }

  /// Ends an [#await]. Any thread.
  public void wake() {
    ring.wake();
  }

  @Override
  public void close() {
    ring.close();
    file.close();
  }
}
