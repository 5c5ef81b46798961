package dev.ringshot.ublk;

import static dev.ringshot.abi.ublk.Ublk.*;

import dev.ringshot.abi.Sqe;
import dev.ringshot.abi.ublk.BatchIo;
import dev.ringshot.abi.ublk.IoCmd;
import dev.ringshot.ring.CqeHandler;
import dev.ringshot.ring.Ring;
import dev.ringshot.ring.Subscription;

/// One queue's part of `/dev/ublkcN`: its commands, on its ring.
///
/// @param fd of the file
/// @param queue which
record QueueFile(Ring ring, int fd, int queue) {
  Sqe tagCommand(CqeHandler handler, int op, int tag, int result, long address) {
    return ring.prepare(handler)
        .uringCmd(fd, op)
        .cmdShort(IoCmd.Q_ID, queue)
        .cmdShort(IoCmd.TAG, tag)
        .cmdInt(IoCmd.RESULT, result)
        .cmdLong(IoCmd.ADDR, address);
  }

  Sqe batchCommand(
      CqeHandler handler, int op, long elements, int count, int elementSize, int flags) {
    return ring.prepare(handler)
        .uringCmd(fd, op)
        .addr(elements)
        .cmdShort(BatchIo.Q_ID, queue)
        .cmdShort(BatchIo.FLAGS, flags)
        .cmdShort(BatchIo.NR_ELEM, count)
        .cmdByte(BatchIo.ELEM_BYTES, elementSize);
  }

  Sqe fetchCommand(Subscription subscription, int group) {
    return ring.prepare(subscription)
        .uringCmdMultishot(fd, UBLK_U_IO_FETCH_IO_CMDS, group)
        .cmdShort(BatchIo.Q_ID, queue)
        .cmdByte(BatchIo.ELEM_BYTES, Short.BYTES);
  }

  /// Where in the file a tag's data is, for a server that copies.
  long dataOffset(int tag, int at) {
    return UBLKSRV_IO_BUF_OFFSET + ((long) queue << UBLK_QID_OFF | (long) tag << UBLK_TAG_OFF) + at;
  }
}
