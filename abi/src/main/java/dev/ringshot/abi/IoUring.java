package dev.ringshot.abi;

/// The constants of `<linux/io_uring.h>`, Linux 7.3, by their C names.
///
/// Unsigned 32-bit values are `int`s with the same bits; offsets for mmap(2) are `long`s. Which
/// kernel knows which value is for `IORING_REGISTER_PROBE` and `IORING_FEAT_*` to say. Zero-copy
/// receive (`<linux/io_uring/zcrx.h>`) is not here.
public final class IoUring {
  // ---- Values of single SQE fields.

  /// Values of single SQE fields.
  public static final int IORING_RW_ATTR_FLAG_PI = 1 << 0;

  /// Values of single SQE fields.
  public static final int IORING_FILE_INDEX_ALLOC = -1;

  // ---- Bit numbers of `IOSQE_*`.

  /// Bit numbers of `IOSQE_*`.
  public static final int IOSQE_FIXED_FILE_BIT = 0;

  /// Bit numbers of `IOSQE_*`.
  public static final int IOSQE_IO_DRAIN_BIT = 1;

  /// Bit numbers of `IOSQE_*`.
  public static final int IOSQE_IO_LINK_BIT = 2;

  /// Bit numbers of `IOSQE_*`.
  public static final int IOSQE_IO_HARDLINK_BIT = 3;

  /// Bit numbers of `IOSQE_*`.
  public static final int IOSQE_ASYNC_BIT = 4;

  /// Bit numbers of `IOSQE_*`.
  public static final int IOSQE_BUFFER_SELECT_BIT = 5;

  /// Bit numbers of `IOSQE_*`.
  public static final int IOSQE_CQE_SKIP_SUCCESS_BIT = 6;

  // ---- `sqe.flags`, see io_uring_enter(2).

  /// `sqe.flags`, see io_uring_enter(2).
  public static final int IOSQE_FIXED_FILE = 1 << 0;

  /// `sqe.flags`, see io_uring_enter(2).
  public static final int IOSQE_IO_DRAIN = 1 << 1;

  /// `sqe.flags`, see io_uring_enter(2).
  public static final int IOSQE_IO_LINK = 1 << 2;

  /// `sqe.flags`, see io_uring_enter(2).
  public static final int IOSQE_IO_HARDLINK = 1 << 3;

  /// `sqe.flags`, see io_uring_enter(2).
  public static final int IOSQE_ASYNC = 1 << 4;

  /// `sqe.flags`, see io_uring_enter(2).
  public static final int IOSQE_BUFFER_SELECT = 1 << 5;

  /// `sqe.flags`, see io_uring_enter(2).
  public static final int IOSQE_CQE_SKIP_SUCCESS = 1 << 6;

  // ---- `io_uring_params.flags`, see io_uring_setup(2).

  /// `io_uring_params.flags`, see io_uring_setup(2).
  public static final int IORING_SETUP_IOPOLL = 1 << 0;

  /// `io_uring_params.flags`, see io_uring_setup(2).
  public static final int IORING_SETUP_SQPOLL = 1 << 1;

  /// `io_uring_params.flags`, see io_uring_setup(2).
  public static final int IORING_SETUP_SQ_AFF = 1 << 2;

  /// `io_uring_params.flags`, see io_uring_setup(2).
  public static final int IORING_SETUP_CQSIZE = 1 << 3;

  /// `io_uring_params.flags`, see io_uring_setup(2).
  public static final int IORING_SETUP_CLAMP = 1 << 4;

  /// `io_uring_params.flags`, see io_uring_setup(2).
  public static final int IORING_SETUP_ATTACH_WQ = 1 << 5;

  /// `io_uring_params.flags`, see io_uring_setup(2).
  public static final int IORING_SETUP_R_DISABLED = 1 << 6;

  /// `io_uring_params.flags`, see io_uring_setup(2).
  public static final int IORING_SETUP_SUBMIT_ALL = 1 << 7;

  /// `io_uring_params.flags`, see io_uring_setup(2).
  public static final int IORING_SETUP_COOP_TASKRUN = 1 << 8;

  /// `io_uring_params.flags`, see io_uring_setup(2).
  public static final int IORING_SETUP_TASKRUN_FLAG = 1 << 9;

  /// `io_uring_params.flags`, see io_uring_setup(2).
  public static final int IORING_SETUP_SQE128 = 1 << 10;

  /// `io_uring_params.flags`, see io_uring_setup(2).
  public static final int IORING_SETUP_CQE32 = 1 << 11;

  /// `io_uring_params.flags`, see io_uring_setup(2).
  public static final int IORING_SETUP_SINGLE_ISSUER = 1 << 12;

  /// `io_uring_params.flags`, see io_uring_setup(2).
  public static final int IORING_SETUP_DEFER_TASKRUN = 1 << 13;

  /// `io_uring_params.flags`, see io_uring_setup(2).
  public static final int IORING_SETUP_NO_MMAP = 1 << 14;

  /// `io_uring_params.flags`, see io_uring_setup(2).
  public static final int IORING_SETUP_REGISTERED_FD_ONLY = 1 << 15;

  /// `io_uring_params.flags`, see io_uring_setup(2).
  public static final int IORING_SETUP_NO_SQARRAY = 1 << 16;

  /// `io_uring_params.flags`, see io_uring_setup(2).
  public static final int IORING_SETUP_HYBRID_IOPOLL = 1 << 17;

  /// `io_uring_params.flags`, see io_uring_setup(2).
  public static final int IORING_SETUP_CQE_MIXED = 1 << 18;

  /// `io_uring_params.flags`, see io_uring_setup(2).
  public static final int IORING_SETUP_SQE_MIXED = 1 << 19;

  /// `io_uring_params.flags`, see io_uring_setup(2).
  public static final int IORING_SETUP_SQ_REWIND = 1 << 20;

  // ---- `sqe.opcode`, see io_uring_enter(2).

  /// `sqe.opcode`, see io_uring_enter(2).
  public static final int IORING_OP_NOP = 0;

  /// `sqe.opcode`, see io_uring_enter(2).
  public static final int IORING_OP_READV = 1;

  /// `sqe.opcode`, see io_uring_enter(2).
  public static final int IORING_OP_WRITEV = 2;

  /// `sqe.opcode`, see io_uring_enter(2).
  public static final int IORING_OP_FSYNC = 3;

  /// `sqe.opcode`, see io_uring_enter(2).
  public static final int IORING_OP_READ_FIXED = 4;

  /// `sqe.opcode`, see io_uring_enter(2).
  public static final int IORING_OP_WRITE_FIXED = 5;

  /// `sqe.opcode`, see io_uring_enter(2).
  public static final int IORING_OP_POLL_ADD = 6;

  /// `sqe.opcode`, see io_uring_enter(2).
  public static final int IORING_OP_POLL_REMOVE = 7;

  /// `sqe.opcode`, see io_uring_enter(2).
  public static final int IORING_OP_SYNC_FILE_RANGE = 8;

  /// `sqe.opcode`, see io_uring_enter(2).
  public static final int IORING_OP_SENDMSG = 9;

  /// `sqe.opcode`, see io_uring_enter(2).
  public static final int IORING_OP_RECVMSG = 10;

  /// `sqe.opcode`, see io_uring_enter(2).
  public static final int IORING_OP_TIMEOUT = 11;

  /// `sqe.opcode`, see io_uring_enter(2).
  public static final int IORING_OP_TIMEOUT_REMOVE = 12;

  /// `sqe.opcode`, see io_uring_enter(2).
  public static final int IORING_OP_ACCEPT = 13;

  /// `sqe.opcode`, see io_uring_enter(2).
  public static final int IORING_OP_ASYNC_CANCEL = 14;

  /// `sqe.opcode`, see io_uring_enter(2).
  public static final int IORING_OP_LINK_TIMEOUT = 15;

  /// `sqe.opcode`, see io_uring_enter(2).
  public static final int IORING_OP_CONNECT = 16;

  /// `sqe.opcode`, see io_uring_enter(2).
  public static final int IORING_OP_FALLOCATE = 17;

  /// `sqe.opcode`, see io_uring_enter(2).
  public static final int IORING_OP_OPENAT = 18;

  /// `sqe.opcode`, see io_uring_enter(2).
  public static final int IORING_OP_CLOSE = 19;

  /// `sqe.opcode`, see io_uring_enter(2).
  public static final int IORING_OP_FILES_UPDATE = 20;

  /// `sqe.opcode`, see io_uring_enter(2).
  public static final int IORING_OP_STATX = 21;

  /// `sqe.opcode`, see io_uring_enter(2).
  public static final int IORING_OP_READ = 22;

  /// `sqe.opcode`, see io_uring_enter(2).
  public static final int IORING_OP_WRITE = 23;

  /// `sqe.opcode`, see io_uring_enter(2).
  public static final int IORING_OP_FADVISE = 24;

  /// `sqe.opcode`, see io_uring_enter(2).
  public static final int IORING_OP_MADVISE = 25;

  /// `sqe.opcode`, see io_uring_enter(2).
  public static final int IORING_OP_SEND = 26;

  /// `sqe.opcode`, see io_uring_enter(2).
  public static final int IORING_OP_RECV = 27;

  /// `sqe.opcode`, see io_uring_enter(2).
  public static final int IORING_OP_OPENAT2 = 28;

  /// `sqe.opcode`, see io_uring_enter(2).
  public static final int IORING_OP_EPOLL_CTL = 29;

  /// `sqe.opcode`, see io_uring_enter(2).
  public static final int IORING_OP_SPLICE = 30;

  /// `sqe.opcode`, see io_uring_enter(2).
  public static final int IORING_OP_PROVIDE_BUFFERS = 31;

  /// `sqe.opcode`, see io_uring_enter(2).
  public static final int IORING_OP_REMOVE_BUFFERS = 32;

  /// `sqe.opcode`, see io_uring_enter(2).
  public static final int IORING_OP_TEE = 33;

  /// `sqe.opcode`, see io_uring_enter(2).
  public static final int IORING_OP_SHUTDOWN = 34;

  /// `sqe.opcode`, see io_uring_enter(2).
  public static final int IORING_OP_RENAMEAT = 35;

  /// `sqe.opcode`, see io_uring_enter(2).
  public static final int IORING_OP_UNLINKAT = 36;

  /// `sqe.opcode`, see io_uring_enter(2).
  public static final int IORING_OP_MKDIRAT = 37;

  /// `sqe.opcode`, see io_uring_enter(2).
  public static final int IORING_OP_SYMLINKAT = 38;

  /// `sqe.opcode`, see io_uring_enter(2).
  public static final int IORING_OP_LINKAT = 39;

  /// `sqe.opcode`, see io_uring_enter(2).
  public static final int IORING_OP_MSG_RING = 40;

  /// `sqe.opcode`, see io_uring_enter(2).
  public static final int IORING_OP_FSETXATTR = 41;

  /// `sqe.opcode`, see io_uring_enter(2).
  public static final int IORING_OP_SETXATTR = 42;

  /// `sqe.opcode`, see io_uring_enter(2).
  public static final int IORING_OP_FGETXATTR = 43;

  /// `sqe.opcode`, see io_uring_enter(2).
  public static final int IORING_OP_GETXATTR = 44;

  /// `sqe.opcode`, see io_uring_enter(2).
  public static final int IORING_OP_SOCKET = 45;

  /// `sqe.opcode`, see io_uring_enter(2).
  public static final int IORING_OP_URING_CMD = 46;

  /// `sqe.opcode`, see io_uring_enter(2).
  public static final int IORING_OP_SEND_ZC = 47;

  /// `sqe.opcode`, see io_uring_enter(2).
  public static final int IORING_OP_SENDMSG_ZC = 48;

  /// `sqe.opcode`, see io_uring_enter(2).
  public static final int IORING_OP_READ_MULTISHOT = 49;

  /// `sqe.opcode`, see io_uring_enter(2).
  public static final int IORING_OP_WAITID = 50;

  /// `sqe.opcode`, see io_uring_enter(2).
  public static final int IORING_OP_FUTEX_WAIT = 51;

  /// `sqe.opcode`, see io_uring_enter(2).
  public static final int IORING_OP_FUTEX_WAKE = 52;

  /// `sqe.opcode`, see io_uring_enter(2).
  public static final int IORING_OP_FUTEX_WAITV = 53;

  /// `sqe.opcode`, see io_uring_enter(2).
  public static final int IORING_OP_FIXED_FD_INSTALL = 54;

  /// `sqe.opcode`, see io_uring_enter(2).
  public static final int IORING_OP_FTRUNCATE = 55;

  /// `sqe.opcode`, see io_uring_enter(2).
  public static final int IORING_OP_BIND = 56;

  /// `sqe.opcode`, see io_uring_enter(2).
  public static final int IORING_OP_LISTEN = 57;

  /// `sqe.opcode`, see io_uring_enter(2).
  public static final int IORING_OP_RECV_ZC = 58;

  /// `sqe.opcode`, see io_uring_enter(2).
  public static final int IORING_OP_EPOLL_WAIT = 59;

  /// `sqe.opcode`, see io_uring_enter(2).
  public static final int IORING_OP_READV_FIXED = 60;

  /// `sqe.opcode`, see io_uring_enter(2).
  public static final int IORING_OP_WRITEV_FIXED = 61;

  /// `sqe.opcode`, see io_uring_enter(2).
  public static final int IORING_OP_PIPE = 62;

  /// `sqe.opcode`, see io_uring_enter(2).
  public static final int IORING_OP_NOP128 = 63;

  /// `sqe.opcode`, see io_uring_enter(2).
  public static final int IORING_OP_URING_CMD128 = 64;

  /// `sqe.opcode`, see io_uring_enter(2).
  public static final int IORING_OP_LAST = 65;

  // ---- `sqe.uring_cmd_flags` of `IORING_OP_URING_CMD`.

  /// `sqe.uring_cmd_flags` of `IORING_OP_URING_CMD`.
  public static final int IORING_URING_CMD_FIXED = 1 << 0;

  /// `sqe.uring_cmd_flags` of `IORING_OP_URING_CMD`.
  public static final int IORING_URING_CMD_MULTISHOT = 1 << 1;

  /// `sqe.uring_cmd_flags` of `IORING_OP_URING_CMD`.
  public static final int IORING_URING_CMD_MASK =
      IORING_URING_CMD_FIXED | IORING_URING_CMD_MULTISHOT;

  // ---- `sqe.fsync_flags`.

  /// `sqe.fsync_flags`.
  public static final int IORING_FSYNC_DATASYNC = 1 << 0;

  // ---- `sqe.timeout_flags`.

  /// `sqe.timeout_flags`.
  public static final int IORING_TIMEOUT_ABS = 1 << 0;

  /// `sqe.timeout_flags`.
  public static final int IORING_TIMEOUT_UPDATE = 1 << 1;

  /// `sqe.timeout_flags`.
  public static final int IORING_TIMEOUT_BOOTTIME = 1 << 2;

  /// `sqe.timeout_flags`.
  public static final int IORING_TIMEOUT_REALTIME = 1 << 3;

  /// `sqe.timeout_flags`.
  public static final int IORING_LINK_TIMEOUT_UPDATE = 1 << 4;

  /// `sqe.timeout_flags`.
  public static final int IORING_TIMEOUT_ETIME_SUCCESS = 1 << 5;

  /// `sqe.timeout_flags`.
  public static final int IORING_TIMEOUT_MULTISHOT = 1 << 6;

  /// `sqe.timeout_flags`.
  public static final int IORING_TIMEOUT_IMMEDIATE_ARG = 1 << 7;

  /// `sqe.timeout_flags`.
  public static final int IORING_TIMEOUT_CLOCK_MASK =
      IORING_TIMEOUT_BOOTTIME | IORING_TIMEOUT_REALTIME;

  /// `sqe.timeout_flags`.
  public static final int IORING_TIMEOUT_UPDATE_MASK =
      IORING_TIMEOUT_UPDATE | IORING_LINK_TIMEOUT_UPDATE;

  // ---- `sqe.splice_flags`, beside those of splice(2).

  /// `sqe.splice_flags`, beside those of splice(2).
  public static final int SPLICE_F_FD_IN_FIXED = 1 << 31;

  // ---- `sqe.len` of `IORING_OP_POLL_ADD` and `IORING_OP_POLL_REMOVE`.

  /// `sqe.len` of `IORING_OP_POLL_ADD` and `IORING_OP_POLL_REMOVE`.
  public static final int IORING_POLL_ADD_MULTI = 1 << 0;

  /// `sqe.len` of `IORING_OP_POLL_ADD` and `IORING_OP_POLL_REMOVE`.
  public static final int IORING_POLL_UPDATE_EVENTS = 1 << 1;

  /// `sqe.len` of `IORING_OP_POLL_ADD` and `IORING_OP_POLL_REMOVE`.
  public static final int IORING_POLL_UPDATE_USER_DATA = 1 << 2;

  /// `sqe.len` of `IORING_OP_POLL_ADD` and `IORING_OP_POLL_REMOVE`.
  public static final int IORING_POLL_ADD_LEVEL = 1 << 3;

  // ---- `sqe.cancel_flags`, and the flags of `IORING_REGISTER_SYNC_CANCEL`.

  /// `sqe.cancel_flags`, and the flags of `IORING_REGISTER_SYNC_CANCEL`.
  public static final int IORING_ASYNC_CANCEL_ALL = 1 << 0;

  /// `sqe.cancel_flags`, and the flags of `IORING_REGISTER_SYNC_CANCEL`.
  public static final int IORING_ASYNC_CANCEL_FD = 1 << 1;

  /// `sqe.cancel_flags`, and the flags of `IORING_REGISTER_SYNC_CANCEL`.
  public static final int IORING_ASYNC_CANCEL_ANY = 1 << 2;

  /// `sqe.cancel_flags`, and the flags of `IORING_REGISTER_SYNC_CANCEL`.
  public static final int IORING_ASYNC_CANCEL_FD_FIXED = 1 << 3;

  /// `sqe.cancel_flags`, and the flags of `IORING_REGISTER_SYNC_CANCEL`.
  public static final int IORING_ASYNC_CANCEL_USERDATA = 1 << 4;

  /// `sqe.cancel_flags`, and the flags of `IORING_REGISTER_SYNC_CANCEL`.
  public static final int IORING_ASYNC_CANCEL_OP = 1 << 5;

  // ---- `sqe.ioprio` of send and receive operations.

  /// `sqe.ioprio` of send and receive operations.
  public static final int IORING_RECVSEND_POLL_FIRST = 1 << 0;

  /// `sqe.ioprio` of send and receive operations.
  public static final int IORING_RECV_MULTISHOT = 1 << 1;

  /// `sqe.ioprio` of send and receive operations.
  public static final int IORING_RECVSEND_FIXED_BUF = 1 << 2;

  /// `sqe.ioprio` of send and receive operations.
  public static final int IORING_SEND_ZC_REPORT_USAGE = 1 << 3;

  /// `sqe.ioprio` of send and receive operations.
  public static final int IORING_RECVSEND_BUNDLE = 1 << 4;

  /// `sqe.ioprio` of send and receive operations.
  public static final int IORING_SEND_VECTORIZED = 1 << 5;

  // ---- `cqe.res` of a zero-copy notification.

  /// `cqe.res` of a zero-copy notification.
  public static final int IORING_NOTIF_USAGE_ZC_COPIED = 1 << 31;

  // ---- `sqe.ioprio` of `IORING_OP_ACCEPT`.

  /// `sqe.ioprio` of `IORING_OP_ACCEPT`.
  public static final int IORING_ACCEPT_MULTISHOT = 1 << 0;

  /// `sqe.ioprio` of `IORING_OP_ACCEPT`.
  public static final int IORING_ACCEPT_DONTWAIT = 1 << 1;

  /// `sqe.ioprio` of `IORING_OP_ACCEPT`.
  public static final int IORING_ACCEPT_POLL_FIRST = 1 << 2;

  // ---- `sqe.addr` of `IORING_OP_MSG_RING`: what is sent.

  /// `sqe.addr` of `IORING_OP_MSG_RING`: what is sent.
  public static final int IORING_MSG_DATA = 0;

  /// `sqe.addr` of `IORING_OP_MSG_RING`: what is sent.
  public static final int IORING_MSG_SEND_FD = 1;

  // ---- `sqe.msg_ring_flags`.

  /// `sqe.msg_ring_flags`.
  public static final int IORING_MSG_RING_CQE_SKIP = 1 << 0;

  /// `sqe.msg_ring_flags`.
  public static final int IORING_MSG_RING_FLAGS_PASS = 1 << 1;

  // ---- `sqe.install_fd_flags`.

  /// `sqe.install_fd_flags`.
  public static final int IORING_FIXED_FD_NO_CLOEXEC = 1 << 0;

  // ---- `sqe.nop_flags`.

  /// `sqe.nop_flags`.
  public static final int IORING_NOP_INJECT_RESULT = 1 << 0;

  /// `sqe.nop_flags`.
  public static final int IORING_NOP_FILE = 1 << 1;

  /// `sqe.nop_flags`.
  public static final int IORING_NOP_FIXED_FILE = 1 << 2;

  /// `sqe.nop_flags`.
  public static final int IORING_NOP_FIXED_BUFFER = 1 << 3;

  /// `sqe.nop_flags`.
  public static final int IORING_NOP_TW = 1 << 4;

  /// `sqe.nop_flags`.
  public static final int IORING_NOP_CQE32 = 1 << 5;

  // ---- `cqe.flags`.

  /// `cqe.flags`.
  public static final int IORING_CQE_F_BUFFER = 1 << 0;

  /// `cqe.flags`.
  public static final int IORING_CQE_F_MORE = 1 << 1;

  /// `cqe.flags`.
  public static final int IORING_CQE_F_SOCK_NONEMPTY = 1 << 2;

  /// `cqe.flags`.
  public static final int IORING_CQE_F_NOTIF = 1 << 3;

  /// `cqe.flags`.
  public static final int IORING_CQE_F_BUF_MORE = 1 << 4;

  /// `cqe.flags`.
  public static final int IORING_CQE_F_SKIP = 1 << 5;

  /// `cqe.flags`.
  public static final int IORING_CQE_F_32 = 1 << 15;

  /// `cqe.flags`.
  public static final int IORING_CQE_BUFFER_SHIFT = 16;

  // ---- Offsets for mmap(2) of a ring.

  /// Offsets for mmap(2) of a ring.
  public static final long IORING_OFF_SQ_RING = 0;

  /// Offsets for mmap(2) of a ring.
  public static final long IORING_OFF_CQ_RING = 0x8000000L;

  /// Offsets for mmap(2) of a ring.
  public static final long IORING_OFF_SQES = 0x10000000L;

  /// Offsets for mmap(2) of a ring.
  public static final long IORING_OFF_PBUF_RING = 0x80000000L;

  /// Offsets for mmap(2) of a ring.
  public static final int IORING_OFF_PBUF_SHIFT = 16;

  /// Offsets for mmap(2) of a ring.
  public static final long IORING_OFF_MMAP_MASK = 0xf8000000L;

  // ---- Flags in the SQ ring, written by the kernel.

  /// Flags in the SQ ring, written by the kernel.
  public static final int IORING_SQ_NEED_WAKEUP = 1 << 0;

  /// Flags in the SQ ring, written by the kernel.
  public static final int IORING_SQ_CQ_OVERFLOW = 1 << 1;

  /// Flags in the SQ ring, written by the kernel.
  public static final int IORING_SQ_TASKRUN = 1 << 2;

  // ---- Flags in the CQ ring, written by the application.

  /// Flags in the CQ ring, written by the application.
  public static final int IORING_CQ_EVENTFD_DISABLED = 1 << 0;

  // ---- `flags` of io_uring_enter(2).

  /// `flags` of io_uring_enter(2).
  public static final int IORING_ENTER_GETEVENTS = 1 << 0;

  /// `flags` of io_uring_enter(2).
  public static final int IORING_ENTER_SQ_WAKEUP = 1 << 1;

  /// `flags` of io_uring_enter(2).
  public static final int IORING_ENTER_SQ_WAIT = 1 << 2;

  /// `flags` of io_uring_enter(2).
  public static final int IORING_ENTER_EXT_ARG = 1 << 3;

  /// `flags` of io_uring_enter(2).
  public static final int IORING_ENTER_REGISTERED_RING = 1 << 4;

  /// `flags` of io_uring_enter(2).
  public static final int IORING_ENTER_ABS_TIMER = 1 << 5;

  /// `flags` of io_uring_enter(2).
  public static final int IORING_ENTER_EXT_ARG_REG = 1 << 6;

  /// `flags` of io_uring_enter(2).
  public static final int IORING_ENTER_NO_IOWAIT = 1 << 7;

  // ---- `io_uring_params.features`.

  /// `io_uring_params.features`.
  public static final int IORING_FEAT_SINGLE_MMAP = 1 << 0;

  /// `io_uring_params.features`.
  public static final int IORING_FEAT_NODROP = 1 << 1;

  /// `io_uring_params.features`.
  public static final int IORING_FEAT_SUBMIT_STABLE = 1 << 2;

  /// `io_uring_params.features`.
  public static final int IORING_FEAT_RW_CUR_POS = 1 << 3;

  /// `io_uring_params.features`.
  public static final int IORING_FEAT_CUR_PERSONALITY = 1 << 4;

  /// `io_uring_params.features`.
  public static final int IORING_FEAT_FAST_POLL = 1 << 5;

  /// `io_uring_params.features`.
  public static final int IORING_FEAT_POLL_32BITS = 1 << 6;

  /// `io_uring_params.features`.
  public static final int IORING_FEAT_SQPOLL_NONFIXED = 1 << 7;

  /// `io_uring_params.features`.
  public static final int IORING_FEAT_EXT_ARG = 1 << 8;

  /// `io_uring_params.features`.
  public static final int IORING_FEAT_NATIVE_WORKERS = 1 << 9;

  /// `io_uring_params.features`.
  public static final int IORING_FEAT_RSRC_TAGS = 1 << 10;

  /// `io_uring_params.features`.
  public static final int IORING_FEAT_CQE_SKIP = 1 << 11;

  /// `io_uring_params.features`.
  public static final int IORING_FEAT_LINKED_FILE = 1 << 12;

  /// `io_uring_params.features`.
  public static final int IORING_FEAT_REG_REG_RING = 1 << 13;

  /// `io_uring_params.features`.
  public static final int IORING_FEAT_RECVSEND_BUNDLE = 1 << 14;

  /// `io_uring_params.features`.
  public static final int IORING_FEAT_MIN_TIMEOUT = 1 << 15;

  /// `io_uring_params.features`.
  public static final int IORING_FEAT_RW_ATTR = 1 << 16;

  /// `io_uring_params.features`.
  public static final int IORING_FEAT_NO_IOWAIT = 1 << 17;

  // ---- `opcode` of io_uring_register(2).

  /// `opcode` of io_uring_register(2).
  public static final int IORING_REGISTER_BUFFERS = 0;

  /// `opcode` of io_uring_register(2).
  public static final int IORING_UNREGISTER_BUFFERS = 1;

  /// `opcode` of io_uring_register(2).
  public static final int IORING_REGISTER_FILES = 2;

  /// `opcode` of io_uring_register(2).
  public static final int IORING_UNREGISTER_FILES = 3;

  /// `opcode` of io_uring_register(2).
  public static final int IORING_REGISTER_EVENTFD = 4;

  /// `opcode` of io_uring_register(2).
  public static final int IORING_UNREGISTER_EVENTFD = 5;

  /// `opcode` of io_uring_register(2).
  public static final int IORING_REGISTER_FILES_UPDATE = 6;

  /// `opcode` of io_uring_register(2).
  public static final int IORING_REGISTER_EVENTFD_ASYNC = 7;

  /// `opcode` of io_uring_register(2).
  public static final int IORING_REGISTER_PROBE = 8;

  /// `opcode` of io_uring_register(2).
  public static final int IORING_REGISTER_PERSONALITY = 9;

  /// `opcode` of io_uring_register(2).
  public static final int IORING_UNREGISTER_PERSONALITY = 10;

  /// `opcode` of io_uring_register(2).
  public static final int IORING_REGISTER_RESTRICTIONS = 11;

  /// `opcode` of io_uring_register(2).
  public static final int IORING_REGISTER_ENABLE_RINGS = 12;

  /// `opcode` of io_uring_register(2).
  public static final int IORING_REGISTER_FILES2 = 13;

  /// `opcode` of io_uring_register(2).
  public static final int IORING_REGISTER_FILES_UPDATE2 = 14;

  /// `opcode` of io_uring_register(2).
  public static final int IORING_REGISTER_BUFFERS2 = 15;

  /// `opcode` of io_uring_register(2).
  public static final int IORING_REGISTER_BUFFERS_UPDATE = 16;

  /// `opcode` of io_uring_register(2).
  public static final int IORING_REGISTER_IOWQ_AFF = 17;

  /// `opcode` of io_uring_register(2).
  public static final int IORING_UNREGISTER_IOWQ_AFF = 18;

  /// `opcode` of io_uring_register(2).
  public static final int IORING_REGISTER_IOWQ_MAX_WORKERS = 19;

  /// `opcode` of io_uring_register(2).
  public static final int IORING_REGISTER_RING_FDS = 20;

  /// `opcode` of io_uring_register(2).
  public static final int IORING_UNREGISTER_RING_FDS = 21;

  /// `opcode` of io_uring_register(2).
  public static final int IORING_REGISTER_PBUF_RING = 22;

  /// `opcode` of io_uring_register(2).
  public static final int IORING_UNREGISTER_PBUF_RING = 23;

  /// `opcode` of io_uring_register(2).
  public static final int IORING_REGISTER_SYNC_CANCEL = 24;

  /// `opcode` of io_uring_register(2).
  public static final int IORING_REGISTER_FILE_ALLOC_RANGE = 25;

  /// `opcode` of io_uring_register(2).
  public static final int IORING_REGISTER_PBUF_STATUS = 26;

  /// `opcode` of io_uring_register(2).
  public static final int IORING_REGISTER_NAPI = 27;

  /// `opcode` of io_uring_register(2).
  public static final int IORING_UNREGISTER_NAPI = 28;

  /// `opcode` of io_uring_register(2).
  public static final int IORING_REGISTER_CLOCK = 29;

  /// `opcode` of io_uring_register(2).
  public static final int IORING_REGISTER_CLONE_BUFFERS = 30;

  /// `opcode` of io_uring_register(2).
  public static final int IORING_REGISTER_SEND_MSG_RING = 31;

  /// `opcode` of io_uring_register(2).
  public static final int IORING_REGISTER_ZCRX_IFQ = 32;

  /// `opcode` of io_uring_register(2).
  public static final int IORING_REGISTER_RESIZE_RINGS = 33;

  /// `opcode` of io_uring_register(2).
  public static final int IORING_REGISTER_MEM_REGION = 34;

  /// `opcode` of io_uring_register(2).
  public static final int IORING_REGISTER_QUERY = 35;

  /// `opcode` of io_uring_register(2).
  public static final int IORING_REGISTER_ZCRX_CTRL = 36;

  /// `opcode` of io_uring_register(2).
  public static final int IORING_REGISTER_BPF_FILTER = 37;

  /// `opcode` of io_uring_register(2).
  public static final int IORING_REGISTER_LAST = 38;

  /// `opcode` of io_uring_register(2).
  public static final int IORING_REGISTER_USE_REGISTERED_RING = 1 << 31;

  // ---- Worker kinds, indices of `IORING_REGISTER_IOWQ_MAX_WORKERS`.

  /// Worker kinds, indices of `IORING_REGISTER_IOWQ_MAX_WORKERS`.
  public static final int IO_WQ_BOUND = 0;

  /// Worker kinds, indices of `IORING_REGISTER_IOWQ_MAX_WORKERS`.
  public static final int IO_WQ_UNBOUND = 1;

  // ---- `io_uring_region_desc.flags`.

  /// `io_uring_region_desc.flags`.
  public static final int IORING_MEM_REGION_TYPE_USER = 1;

  // ---- `io_uring_mem_region_reg.flags`.

  /// `io_uring_mem_region_reg.flags`.
  public static final int IORING_MEM_REGION_REG_WAIT_ARG = 1 << 0;

  // ---- `io_uring_rsrc_register.flags`.

  /// `io_uring_rsrc_register.flags`.
  public static final int IORING_RSRC_REGISTER_SPARSE = 1 << 0;

  // ---- Values in the array of `IORING_REGISTER_FILES_UPDATE`.

  /// Values in the array of `IORING_REGISTER_FILES_UPDATE`.
  public static final int IORING_REGISTER_FILES_SKIP = -2;

  // ---- `io_uring_probe_op.flags`.

  /// `io_uring_probe_op.flags`.
  public static final int IO_URING_OP_SUPPORTED = 1 << 0;

  // ---- `io_uring_clone_buffers.flags`.

  /// `io_uring_clone_buffers.flags`.
  public static final int IORING_REGISTER_SRC_REGISTERED = 1 << 0;

  /// `io_uring_clone_buffers.flags`.
  public static final int IORING_REGISTER_DST_REPLACE = 1 << 1;

  // ---- `io_uring_buf_reg.flags`.

  /// `io_uring_buf_reg.flags`.
  public static final int IOU_PBUF_RING_MMAP = 1 << 0;

  /// `io_uring_buf_reg.flags`.
  public static final int IOU_PBUF_RING_INC = 1 << 1;

  // ---- `io_uring_napi.opcode`.

  /// `io_uring_napi.opcode`.
  public static final int IO_URING_NAPI_REGISTER_OP = 0;

  /// `io_uring_napi.opcode`.
  public static final int IO_URING_NAPI_STATIC_ADD_ID = 1;

  /// `io_uring_napi.opcode`.
  public static final int IO_URING_NAPI_STATIC_DEL_ID = 2;

  // ---- `io_uring_napi.op_param`.

  /// `io_uring_napi.op_param`.
  public static final int IO_URING_NAPI_TRACKING_DYNAMIC = 0;

  /// `io_uring_napi.op_param`.
  public static final int IO_URING_NAPI_TRACKING_STATIC = 1;

  /// `io_uring_napi.op_param`.
  public static final int IO_URING_NAPI_TRACKING_INACTIVE = 255;

  // ---- `io_uring_restriction.opcode`.

  /// `io_uring_restriction.opcode`.
  public static final int IORING_RESTRICTION_REGISTER_OP = 0;

  /// `io_uring_restriction.opcode`.
  public static final int IORING_RESTRICTION_SQE_OP = 1;

  /// `io_uring_restriction.opcode`.
  public static final int IORING_RESTRICTION_SQE_FLAGS_ALLOWED = 2;

  /// `io_uring_restriction.opcode`.
  public static final int IORING_RESTRICTION_SQE_FLAGS_REQUIRED = 3;

  /// `io_uring_restriction.opcode`.
  public static final int IORING_RESTRICTION_LAST = 4;

  // ---- `io_uring_reg_wait.flags`.

  /// `io_uring_reg_wait.flags`.
  public static final int IORING_REG_WAIT_TS = 1 << 0;

  // ---- `sqe.cmd_op` of `IORING_OP_URING_CMD` on a socket.

  /// `sqe.cmd_op` of `IORING_OP_URING_CMD` on a socket.
  public static final int SOCKET_URING_OP_SIOCINQ = 0;

  /// `sqe.cmd_op` of `IORING_OP_URING_CMD` on a socket.
  public static final int SOCKET_URING_OP_SIOCOUTQ = 1;

  /// `sqe.cmd_op` of `IORING_OP_URING_CMD` on a socket.
  public static final int SOCKET_URING_OP_GETSOCKOPT = 2;

  /// `sqe.cmd_op` of `IORING_OP_URING_CMD` on a socket.
  public static final int SOCKET_URING_OP_SETSOCKOPT = 3;

  /// `sqe.cmd_op` of `IORING_OP_URING_CMD` on a socket.
  public static final int SOCKET_URING_OP_TX_TIMESTAMP = 4;

  /// `sqe.cmd_op` of `IORING_OP_URING_CMD` on a socket.
  public static final int SOCKET_URING_OP_GETSOCKNAME = 5;

  // ---- `cqe.flags` of `SOCKET_URING_OP_TX_TIMESTAMP`, above the common ones.

  /// `cqe.flags` of `SOCKET_URING_OP_TX_TIMESTAMP`, above the common ones.
  public static final int IORING_TIMESTAMP_HW_SHIFT = 16;

  /// `cqe.flags` of `SOCKET_URING_OP_TX_TIMESTAMP`, above the common ones.
  public static final int IORING_TIMESTAMP_TYPE_SHIFT = 17;

  /// `cqe.flags` of `SOCKET_URING_OP_TX_TIMESTAMP`, above the common ones.
  public static final int IORING_CQE_F_TSTAMP_HW = 1 << 16;

  private IoUring() {}
}
