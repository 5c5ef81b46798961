package dev.ringshot.model.ublk;

import dev.ringshot.abi.ublk.CtrlCmd;
import dev.ringshot.model.UringCmd;

/// What a control command says (`struct ublksrv_ctrl_cmd`), read once.
record ControlHeader(
    int deviceId, int queueId, int length, long address, long data, int pathLength) {
  static ControlHeader of(UringCmd cmd) {
    return new ControlHeader(
        cmd.payloadInt(CtrlCmd.DEV_ID),
        cmd.payloadShort(CtrlCmd.QUEUE_ID) & 0xffff,
        cmd.payloadShort(CtrlCmd.LEN) & 0xffff,
        cmd.payloadLong(CtrlCmd.ADDR),
        cmd.payloadLong(CtrlCmd.DATA),
        cmd.payloadShort(CtrlCmd.DEV_PATH_LEN) & 0xffff);
  }

  /// The same without the path at the start of the argument.
  ControlHeader behindPath() {
    return new ControlHeader(
        deviceId, queueId, length - pathLength, address + pathLength, data, pathLength);
  }
}
