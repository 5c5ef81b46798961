package dev.ringshot.model.ublk;

import static dev.ringshot.abi.ublk.Ublk.UBLK_F_IO_DESC_SIZE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import dev.ringshot.abi.ublk.DevInfo;
import dev.ringshot.abi.ublk.IoDesc;
import java.lang.foreign.MemorySegment;

/// A device's `struct ublksrv_ctrl_dev_info`, in the bytes that a program sees. Guarded by its
/// device.
final class DeviceInfo {
  final MemorySegment bytes = MemorySegment.ofArray(new long[DevInfo.SIZE / Long.BYTES]);

  int queues() {
    return bytes.get(JAVA_SHORT, DevInfo.NR_HW_QUEUES) & 0xffff;
  }

  void queues(int count) {
    bytes.set(JAVA_SHORT, DevInfo.NR_HW_QUEUES, (short) count);
  }

  int depth() {
    return bytes.get(JAVA_SHORT, DevInfo.QUEUE_DEPTH) & 0xffff;
  }

  int state() {
    return bytes.get(JAVA_SHORT, DevInfo.STATE);
  }

  void state(int state) {
    bytes.set(JAVA_SHORT, DevInfo.STATE, (short) state);
  }

  int ioDescSize() {
    boolean isSaid = (flags() & UBLK_F_IO_DESC_SIZE) != 0;
    return isSaid ? bytes.get(JAVA_SHORT, DevInfo.IO_DESC_SIZE) & 0xffff : IoDesc.SIZE;
  }

  void ioDescSize(int count) {
    bytes.set(JAVA_SHORT, DevInfo.IO_DESC_SIZE, (short) count);
  }

  int maxIoBufBytes() {
    return bytes.get(JAVA_INT, DevInfo.MAX_IO_BUF_BYTES);
  }

  void maxIoBufBytes(int count) {
    bytes.set(JAVA_INT, DevInfo.MAX_IO_BUF_BYTES, count);
  }

  int id() {
    return bytes.get(JAVA_INT, DevInfo.DEV_ID);
  }

  void id(int id) {
    bytes.set(JAVA_INT, DevInfo.DEV_ID, id);
  }

  void serverPid(int pid) {
    bytes.set(JAVA_INT, DevInfo.UBLKSRV_PID, pid);
  }

  long flags() {
    return bytes.get(JAVA_LONG, DevInfo.FLAGS);
  }

  void flags(long flags) {
    bytes.set(JAVA_LONG, DevInfo.FLAGS, flags);
  }

  void ownedByRoot() {
    bytes.set(JAVA_INT, DevInfo.OWNER_UID, 0);
    bytes.set(JAVA_INT, DevInfo.OWNER_GID, 0);
  }
}
