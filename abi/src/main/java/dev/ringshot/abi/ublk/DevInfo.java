package dev.ringshot.abi.ublk;

/// `struct ublksrv_ctrl_dev_info`: what a device is; asked for by `UBLK_U_CMD_ADD_DEV`, told by
/// `UBLK_U_CMD_GET_DEV_INFO`.
public final class DevInfo {
  /// Offset of `nr_hw_queues` (2 bytes): number of queues.
  public static final int NR_HW_QUEUES = 0;

  /// Offset of `queue_depth` (2 bytes): tags of each queue.
  public static final int QUEUE_DEPTH = 2;

  /// Offset of `state` (2 bytes): `UBLK_S_DEV_*`.
  public static final int STATE = 4;

  /// Offset of `io_desc_size` (2 bytes): bytes of an [IoDesc], with `UBLK_F_IO_DESC_SIZE`.
  public static final int IO_DESC_SIZE = 6;

  /// Offset of `max_io_buf_bytes` (4 bytes): the largest request.
  public static final int MAX_IO_BUF_BYTES = 8;

  /// Offset of `dev_id` (4 bytes): number of the device.
  public static final int DEV_ID = 12;

  /// Offset of `ublksrv_pid` (4 bytes): process of the server, -1 for none.
  public static final int UBLKSRV_PID = 16;

  /// Offset of `pad1` (4 bytes): zero.
  public static final int PAD1 = 20;

  /// Offset of `flags` (8 bytes): `UBLK_F_*`.
  public static final int FLAGS = 24;

  /// Offset of `ublksrv_flags` (8 bytes): the server's own, kept by the kernel.
  public static final int UBLKSRV_FLAGS = 32;

  /// Offset of `owner_uid` (4 bytes), out: user who added it.
  public static final int OWNER_UID = 40;

  /// Offset of `owner_gid` (4 bytes), out: its group.
  public static final int OWNER_GID = 44;

  /// Offset of `reserved1` (8 bytes): zero.
  public static final int RESERVED1 = 48;

  /// Offset of `reserved2` (8 bytes): zero.
  public static final int RESERVED2 = 56;

  /// Size of `struct ublksrv_ctrl_dev_info` in bytes.
  public static final int SIZE = 64;

  private DevInfo() {}
}
