package dev.ringshot.ublk;

import static dev.ringshot.abi.ublk.Ublk.*;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import dev.ringshot.abi.ublk.DevInfo;
import java.lang.foreign.MemorySegment;

/// What a device is: `struct ublksrv_ctrl_dev_info`.
///
/// @param id of `/dev/ublkbID` and `/dev/ublkcID`; -1 to be given one
/// @param queues how many
/// @param depth tags of each queue
/// @param state `UBLK_S_DEV_*`
/// @param maxIoSize longest read or write in bytes
/// @param pid process of its server; -1 for none
/// @param flags `UBLK_F_*`
/// @param ownerUid user who added it
/// @param ownerGid group of that user
public record DeviceInfo(
    int id,
    int queues,
    int depth,
    int state,
    int maxIoSize,
    int pid,
    long flags,
    int ownerUid,
    int ownerGid) {
  /// A device to be added.
  public static DeviceInfo wanted(int id, int queues, int depth, int maxIoSize, long flags) {
    return new DeviceInfo(id, queues, depth, 0, maxIoSize, 0, flags, 0, 0);
  }

  static DeviceInfo read(MemorySegment memory, long at) {
    return new DeviceInfo(
        memory.get(JAVA_INT, at + DevInfo.DEV_ID),
        Short.toUnsignedInt(memory.get(JAVA_SHORT, at + DevInfo.NR_HW_QUEUES)),
        Short.toUnsignedInt(memory.get(JAVA_SHORT, at + DevInfo.QUEUE_DEPTH)),
        memory.get(JAVA_SHORT, at + DevInfo.STATE),
        memory.get(JAVA_INT, at + DevInfo.MAX_IO_BUF_BYTES),
        memory.get(JAVA_INT, at + DevInfo.UBLKSRV_PID),
        memory.get(JAVA_LONG, at + DevInfo.FLAGS),
        memory.get(JAVA_INT, at + DevInfo.OWNER_UID),
        memory.get(JAVA_INT, at + DevInfo.OWNER_GID));
  }

  /// Writes what a device to be added says, over zeros.
  void write(MemorySegment memory, long at) {
    memory.set(JAVA_INT, at + DevInfo.DEV_ID, id);
    memory.set(JAVA_SHORT, at + DevInfo.NR_HW_QUEUES, (short) queues);
    memory.set(JAVA_SHORT, at + DevInfo.QUEUE_DEPTH, (short) depth);
    memory.set(JAVA_INT, at + DevInfo.MAX_IO_BUF_BYTES, maxIoSize);
    memory.set(JAVA_LONG, at + DevInfo.FLAGS, flags);
  }

  /// Whether the device has all of these `UBLK_F_*`.
  public boolean has(long features) {
    return (flags & features) == features;
  }

  /// How its data travels.
  DataMode data() {
    if (has(UBLK_F_AUTO_BUF_REG)) return DataMode.ZERO_COPY;
    return has(UBLK_F_USER_COPY) ? DataMode.USER_COPY : DataMode.COPY;
  }

  /// Its state in a word: `LIVE`.
  public String stateName() {
    return switch (state) {
      case UBLK_S_DEV_DEAD -> "DEAD";
      case UBLK_S_DEV_LIVE -> "LIVE";
      case UBLK_S_DEV_QUIESCED -> "QUIESCED";
      case UBLK_S_DEV_FAIL_IO -> "FAIL_IO";
      default -> "state " + state;
    };
  }

  /// The file that its server opens.
  public String charPath() {
    return charPath(id);
  }

  static String charPath(int id) {
    return "/dev/ublkc" + id;
  }

  /// The disk.
  public String blockPath() {
    return "/dev/ublkb" + id;
  }
}
