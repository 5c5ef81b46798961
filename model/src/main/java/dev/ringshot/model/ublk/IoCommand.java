package dev.ringshot.model.ublk;

import dev.ringshot.model.UringCmd;

/// A command to `/dev/ublkcN` as it came: its payload, a `struct ublksrv_io_cmd` or `struct
/// ublk_batch_io`, and the SQE's address, read once.
record IoCommand(UringCmd cmd, int op, long first, long second, long sqeAddress) {
  static IoCommand of(UringCmd cmd) {
    return new IoCommand(cmd, cmd.op(), cmd.payloadLong(0), cmd.payloadLong(8), cmd.addr());
  }

  /// `q_id` of either.
  int queue() {
    return (int) first & 0xffff;
  }

  // ---- struct ublksrv_io_cmd

  int tag() {
    return (int) (first >>> 16) & 0xffff;
  }

  int result() {
    return (int) (first >>> 32);
  }

  long address() {
    return second;
  }

  // ---- struct ublk_batch_io

  int flags() {
    return (int) (first >>> 16) & 0xffff;
  }

  int elements() {
    return (int) (first >>> 32) & 0xffff;
  }

  int elementBytes() {
    return (int) (first >>> 48) & 0xff;
  }
}
