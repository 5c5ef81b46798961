package dev.ringshot.abi.ublk;

/// `struct ublksrv_ctrl_cmd`: the payload of a control command, in `cmd` of a 128-byte SQE for
/// `/dev/ublk-control`.
public final class CtrlCmd {
  /// Offset of `dev_id` (4 bytes): which device; -1 lets `UBLK_U_CMD_ADD_DEV` choose.
  public static final int DEV_ID = 0;

  /// Offset of `queue_id` (2 bytes): which queue; -1 for none.
  public static final int QUEUE_ID = 4;

  /// Offset of `len` (2 bytes): bytes at `addr`.
  public static final int LEN = 6;

  /// Offset of `addr` (8 bytes): address of what the command reads or fills in.
  public static final int ADDR = 8;

  /// Offset of `data` (8 bytes): argument in place, a process id, a queue, a timeout.
  public static final int DATA = 16;

  /// Offset of `dev_path_len` (2 bytes): for unprivileged devices, bytes of the device's path at
  /// the start of `addr`.
  public static final int DEV_PATH_LEN = 24;

  /// Offset of `pad` (2 bytes): zero.
  public static final int PAD = 26;

  /// Offset of `reserved` (4 bytes): zero.
  public static final int RESERVED = 28;

  /// Size of `struct ublksrv_ctrl_cmd` in bytes.
  public static final int SIZE = 32;

  private CtrlCmd() {}
}
