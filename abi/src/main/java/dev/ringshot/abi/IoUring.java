package dev.ringshot.abi;

/// The constants of `<linux/io_uring.h>`, Linux 7.3, by their C names.
///
/// Unsigned 32-bit values are `int`s with the same bits; offsets for mmap(2) are `long`s. Which
/// kernel knows which value is for `IORING_REGISTER_PROBE` and `IORING_FEAT_*` to say. Zero-copy
/// receive (`<linux/io_uring/zcrx.h>`) is not here.
public final class IoUring {
  // ---- Values of single SQE fields.

  /// `sqe.attr_type_mask`: a read or write carries protection information.
  public static final int IORING_RW_ATTR_FLAG_PI = 1 << 0;

  /// `sqe.file_index`: the kernel chooses a free slot of the registered files.
  public static final int IORING_FILE_INDEX_ALLOC = -1;

  // ---- Bit numbers of `IOSQE_*`.

  /// Bit of [#IOSQE_FIXED_FILE].
  public static final int IOSQE_FIXED_FILE_BIT = 0;

  /// Bit of [#IOSQE_IO_DRAIN].
  public static final int IOSQE_IO_DRAIN_BIT = 1;

  /// Bit of [#IOSQE_IO_LINK].
  public static final int IOSQE_IO_LINK_BIT = 2;

  /// Bit of [#IOSQE_IO_HARDLINK].
  public static final int IOSQE_IO_HARDLINK_BIT = 3;

  /// Bit of [#IOSQE_ASYNC].
  public static final int IOSQE_ASYNC_BIT = 4;

  /// Bit of [#IOSQE_BUFFER_SELECT].
  public static final int IOSQE_BUFFER_SELECT_BIT = 5;

  /// Bit of [#IOSQE_CQE_SKIP_SUCCESS].
  public static final int IOSQE_CQE_SKIP_SUCCESS_BIT = 6;

  // ---- `sqe.flags`, see io_uring_enter(2).

  /// `fd` is an index of the registered files.
  public static final int IOSQE_FIXED_FILE = 1 << 0;

  /// Start when all earlier entries have completed; later ones wait too.
  public static final int IOSQE_IO_DRAIN = 1 << 1;

  /// The next entry starts when this one has succeeded, and is canceled if it fails.
  public static final int IOSQE_IO_LINK = 1 << 2;

  /// The next entry starts when this one has completed.
  public static final int IOSQE_IO_HARDLINK = 1 << 3;

  /// Start on a worker at once, without an attempt in the submitting task.
  public static final int IOSQE_ASYNC = 1 << 4;

  /// Take a buffer of the group `buf_group`.
  public static final int IOSQE_BUFFER_SELECT = 1 << 5;

  /// No completion on success.
  public static final int IOSQE_CQE_SKIP_SUCCESS = 1 << 6;

  // ---- `io_uring_params.flags`, see io_uring_setup(2).

  /// Completions are polled for, not interrupt-driven.
  public static final int IORING_SETUP_IOPOLL = 1 << 0;

  /// A kernel thread submits.
  public static final int IORING_SETUP_SQPOLL = 1 << 1;

  /// That thread runs on `sq_thread_cpu`.
  public static final int IORING_SETUP_SQ_AFF = 1 << 2;

  /// `cq_entries` says how large the completion queue is.
  public static final int IORING_SETUP_CQSIZE = 1 << 3;

  /// Sizes that are too large become the largest.
  public static final int IORING_SETUP_CLAMP = 1 << 4;

  /// Share the workers of the ring `wq_fd`.
  public static final int IORING_SETUP_ATTACH_WQ = 1 << 5;

  /// The ring does nothing until `IORING_REGISTER_ENABLE_RINGS`.
  public static final int IORING_SETUP_R_DISABLED = 1 << 6;

  /// A bad entry does not end the batch.
  public static final int IORING_SETUP_SUBMIT_ALL = 1 << 7;

  /// Completion work does not interrupt the submitter; any system call of its runs it.
  public static final int IORING_SETUP_COOP_TASKRUN = 1 << 8;

  /// `IORING_SQ_TASKRUN` tells that such work waits.
  public static final int IORING_SETUP_TASKRUN_FLAG = 1 << 9;

  /// Submission entries of 128 bytes.
  public static final int IORING_SETUP_SQE128 = 1 << 10;

  /// Completion entries of 32 bytes.
  public static final int IORING_SETUP_CQE32 = 1 << 11;

  /// Only one task submits; another gets `EEXIST`.
  public static final int IORING_SETUP_SINGLE_ISSUER = 1 << 12;

  /// Completion work runs only in io_uring_enter(2) with `IORING_ENTER_GETEVENTS`.
  public static final int IORING_SETUP_DEFER_TASKRUN = 1 << 13;

  /// The application provides the memory of the rings.
  public static final int IORING_SETUP_NO_MMAP = 1 << 14;

  /// The result is an index of registered rings, not a descriptor.
  public static final int IORING_SETUP_REGISTERED_FD_ONLY = 1 << 15;

  /// Without the array of indices between tail and entries.
  public static final int IORING_SETUP_NO_SQARRAY = 1 << 16;

  /// With `IORING_SETUP_IOPOLL`: sleep a while before polling.
  public static final int IORING_SETUP_HYBRID_IOPOLL = 1 << 17;

  /// Completion entries of 16 and of 32 bytes, the latter with `IORING_CQE_F_32` (Linux 6.18).
  public static final int IORING_SETUP_CQE_MIXED = 1 << 18;

  /// Submission entries of 64 and of 128 bytes, the latter for 128-byte opcodes (after Linux 6.18).
  public static final int IORING_SETUP_SQE_MIXED = 1 << 19;

  /// Every submission begins at entry 0; head and tail stay 0 (after Linux 6.18).
  public static final int IORING_SETUP_SQ_REWIND = 1 << 20;

  // ---- `sqe.opcode`, see io_uring_enter(2).

  /// Nothing.
  public static final int IORING_OP_NOP = 0;

  /// preadv2(2).
  public static final int IORING_OP_READV = 1;

  /// pwritev2(2).
  public static final int IORING_OP_WRITEV = 2;

  /// fsync(2).
  public static final int IORING_OP_FSYNC = 3;

  /// pread(2) into a registered buffer.
  public static final int IORING_OP_READ_FIXED = 4;

  /// pwrite(2) from a registered buffer.
  public static final int IORING_OP_WRITE_FIXED = 5;

  /// poll(2) of one file, once or multishot.
  public static final int IORING_OP_POLL_ADD = 6;

  /// Ends or changes an [#IORING_OP_POLL_ADD].
  public static final int IORING_OP_POLL_REMOVE = 7;

  /// sync_file_range(2).
  public static final int IORING_OP_SYNC_FILE_RANGE = 8;

  /// sendmsg(2).
  public static final int IORING_OP_SENDMSG = 9;

  /// recvmsg(2), once or multishot.
  public static final int IORING_OP_RECVMSG = 10;

  /// A timer, or a number of completions.
  public static final int IORING_OP_TIMEOUT = 11;

  /// Ends or changes an [#IORING_OP_TIMEOUT].
  public static final int IORING_OP_TIMEOUT_REMOVE = 12;

  /// accept4(2), once or multishot.
  public static final int IORING_OP_ACCEPT = 13;

  /// Cancels what is in flight.
  public static final int IORING_OP_ASYNC_CANCEL = 14;

  /// Cancels the linked entry before it, at a time.
  public static final int IORING_OP_LINK_TIMEOUT = 15;

  /// connect(2).
  public static final int IORING_OP_CONNECT = 16;

  /// fallocate(2).
  public static final int IORING_OP_FALLOCATE = 17;

  /// openat(2).
  public static final int IORING_OP_OPENAT = 18;

  /// close(2).
  public static final int IORING_OP_CLOSE = 19;

  /// Changes the registered files.
  public static final int IORING_OP_FILES_UPDATE = 20;

  /// statx(2).
  public static final int IORING_OP_STATX = 21;

  /// pread(2).
  public static final int IORING_OP_READ = 22;

  /// pwrite(2).
  public static final int IORING_OP_WRITE = 23;

  /// posix_fadvise(2).
  public static final int IORING_OP_FADVISE = 24;

  /// madvise(2).
  public static final int IORING_OP_MADVISE = 25;

  /// send(2) or sendto(2).
  public static final int IORING_OP_SEND = 26;

  /// recv(2), once or multishot.
  public static final int IORING_OP_RECV = 27;

  /// openat2(2).
  public static final int IORING_OP_OPENAT2 = 28;

  /// epoll_ctl(2).
  public static final int IORING_OP_EPOLL_CTL = 29;

  /// splice(2).
  public static final int IORING_OP_SPLICE = 30;

  /// Adds buffers to a group that is not a ring.
  public static final int IORING_OP_PROVIDE_BUFFERS = 31;

  /// Takes buffers out of a group that is not a ring.
  public static final int IORING_OP_REMOVE_BUFFERS = 32;

  /// tee(2).
  public static final int IORING_OP_TEE = 33;

  /// shutdown(2).
  public static final int IORING_OP_SHUTDOWN = 34;

  /// renameat2(2).
  public static final int IORING_OP_RENAMEAT = 35;

  /// unlinkat(2).
  public static final int IORING_OP_UNLINKAT = 36;

  /// mkdirat(2).
  public static final int IORING_OP_MKDIRAT = 37;

  /// symlinkat(2).
  public static final int IORING_OP_SYMLINKAT = 38;

  /// linkat(2).
  public static final int IORING_OP_LINKAT = 39;

  /// Posts a completion, or gives a file, to another ring.
  public static final int IORING_OP_MSG_RING = 40;

  /// fsetxattr(2).
  public static final int IORING_OP_FSETXATTR = 41;

  /// setxattr(2).
  public static final int IORING_OP_SETXATTR = 42;

  /// fgetxattr(2).
  public static final int IORING_OP_FGETXATTR = 43;

  /// getxattr(2).
  public static final int IORING_OP_GETXATTR = 44;

  /// socket(2).
  public static final int IORING_OP_SOCKET = 45;

  /// A command whose meaning is the file's driver's, once or multishot.
  public static final int IORING_OP_URING_CMD = 46;

  /// send(2) without a copy.
  public static final int IORING_OP_SEND_ZC = 47;

  /// sendmsg(2) without a copy.
  public static final int IORING_OP_SENDMSG_ZC = 48;

  /// read(2), again and again, into provided buffers.
  public static final int IORING_OP_READ_MULTISHOT = 49;

  /// waitid(2).
  public static final int IORING_OP_WAITID = 50;

  /// FUTEX_WAIT_BITSET of futex(2).
  public static final int IORING_OP_FUTEX_WAIT = 51;

  /// FUTEX_WAKE_BITSET of futex(2).
  public static final int IORING_OP_FUTEX_WAKE = 52;

  /// futex_waitv(2).
  public static final int IORING_OP_FUTEX_WAITV = 53;

  /// Makes a registered file an ordinary descriptor.
  public static final int IORING_OP_FIXED_FD_INSTALL = 54;

  /// ftruncate(2).
  public static final int IORING_OP_FTRUNCATE = 55;

  /// bind(2).
  public static final int IORING_OP_BIND = 56;

  /// listen(2).
  public static final int IORING_OP_LISTEN = 57;

  /// Zero-copy receive.
  public static final int IORING_OP_RECV_ZC = 58;

  /// epoll_wait(2), without waiting.
  public static final int IORING_OP_EPOLL_WAIT = 59;

  /// preadv2(2) into a registered buffer.
  public static final int IORING_OP_READV_FIXED = 60;

  /// pwritev2(2) from a registered buffer.
  public static final int IORING_OP_WRITEV_FIXED = 61;

  /// pipe2(2) (Linux 6.16).
  public static final int IORING_OP_PIPE = 62;

  /// [#IORING_OP_NOP] with an entry of 128 bytes (after Linux 6.18).
  public static final int IORING_OP_NOP128 = 63;

  /// [#IORING_OP_URING_CMD] with an entry of 128 bytes (after Linux 6.18).
  public static final int IORING_OP_URING_CMD128 = 64;

  /// One more than the highest opcode of this header.
  public static final int IORING_OP_LAST = 65;

  // ---- `sqe.uring_cmd_flags` of `IORING_OP_URING_CMD`.

  /// The command uses registered buffer `buf_index`.
  public static final int IORING_URING_CMD_FIXED = 1 << 0;

  /// Many completions, each with a provided buffer: needs `IOSQE_BUFFER_SELECT` (Linux 6.18).
  public static final int IORING_URING_CMD_MULTISHOT = 1 << 1;

  /// All flags of a command; others are invalid.
  public static final int IORING_URING_CMD_MASK =
      IORING_URING_CMD_FIXED | IORING_URING_CMD_MULTISHOT;

  // ---- `sqe.fsync_flags`.

  /// fdatasync(2) instead.
  public static final int IORING_FSYNC_DATASYNC = 1 << 0;

  // ---- `sqe.timeout_flags`.

  /// The time is a point, not a span.
  public static final int IORING_TIMEOUT_ABS = 1 << 0;

  /// Change the time of a timeout.
  public static final int IORING_TIMEOUT_UPDATE = 1 << 1;

  /// By the clock that runs on in suspend.
  public static final int IORING_TIMEOUT_BOOTTIME = 1 << 2;

  /// By the clock of day.
  public static final int IORING_TIMEOUT_REALTIME = 1 << 3;

  /// Change the time of a link timeout.
  public static final int IORING_LINK_TIMEOUT_UPDATE = 1 << 4;

  /// `-ETIME` does not break a link.
  public static final int IORING_TIMEOUT_ETIME_SUCCESS = 1 << 5;

  /// Complete again and again, `off` times.
  public static final int IORING_TIMEOUT_MULTISHOT = 1 << 6;

  /// `addr` is nanoseconds, not an address (after Linux 6.18).
  public static final int IORING_TIMEOUT_IMMEDIATE_ARG = 1 << 7;

  /// The flags that choose a clock.
  public static final int IORING_TIMEOUT_CLOCK_MASK =
      IORING_TIMEOUT_BOOTTIME | IORING_TIMEOUT_REALTIME;

  /// The flags that change a time.
  public static final int IORING_TIMEOUT_UPDATE_MASK =
      IORING_TIMEOUT_UPDATE | IORING_LINK_TIMEOUT_UPDATE;

  // ---- `sqe.splice_flags`, beside those of splice(2).

  /// `splice_fd_in` is an index of the registered files.
  public static final int SPLICE_F_FD_IN_FIXED = 1 << 31;

  // ---- `sqe.len` of `IORING_OP_POLL_ADD` and `IORING_OP_POLL_REMOVE`.

  /// Complete again and again.
  public static final int IORING_POLL_ADD_MULTI = 1 << 0;

  /// Change the mask.
  public static final int IORING_POLL_UPDATE_EVENTS = 1 << 1;

  /// Change the user data.
  public static final int IORING_POLL_UPDATE_USER_DATA = 1 << 2;

  /// Report a state, not its changes.
  public static final int IORING_POLL_ADD_LEVEL = 1 << 3;

  // ---- `sqe.cancel_flags`, and the flags of `IORING_REGISTER_SYNC_CANCEL`.

  /// All that match; the result is their number.
  public static final int IORING_ASYNC_CANCEL_ALL = 1 << 0;

  /// What is in flight for `fd`.
  public static final int IORING_ASYNC_CANCEL_FD = 1 << 1;

  /// Anything; the result is their number.
  public static final int IORING_ASYNC_CANCEL_ANY = 1 << 2;

  /// `fd` is an index of the registered files.
  public static final int IORING_ASYNC_CANCEL_FD_FIXED = 1 << 3;

  /// Also compare user data: the default without another key.
  public static final int IORING_ASYNC_CANCEL_USERDATA = 1 << 4;

  /// What has the opcode `len`.
  public static final int IORING_ASYNC_CANCEL_OP = 1 << 5;

  // ---- `sqe.ioprio` of send and receive operations.

  /// Wait until the socket is ready before the first attempt.
  public static final int IORING_RECVSEND_POLL_FIRST = 1 << 0;

  /// Receive again and again into provided buffers.
  public static final int IORING_RECV_MULTISHOT = 1 << 1;

  /// Use registered buffer `buf_index`.
  public static final int IORING_RECVSEND_FIXED_BUF = 1 << 2;

  /// The notification tells whether data was copied after all.
  public static final int IORING_SEND_ZC_REPORT_USAGE = 1 << 3;

  /// Use several provided buffers at once, in order from the one that is named.
  public static final int IORING_RECVSEND_BUNDLE = 1 << 4;

  /// `addr` is that of [Iovec]s, `len` their number.
  public static final int IORING_SEND_VECTORIZED = 1 << 5;

  // ---- `cqe.res` of a zero-copy notification.

  /// Data was copied.
  public static final int IORING_NOTIF_USAGE_ZC_COPIED = 1 << 31;

  // ---- `sqe.ioprio` of `IORING_OP_ACCEPT`.

  /// Accept again and again.
  public static final int IORING_ACCEPT_MULTISHOT = 1 << 0;

  /// Complete with `-EAGAIN` if nobody is waiting.
  public static final int IORING_ACCEPT_DONTWAIT = 1 << 1;

  /// Wait for a connection before the first attempt.
  public static final int IORING_ACCEPT_POLL_FIRST = 1 << 2;

  // ---- `sqe.addr` of `IORING_OP_MSG_RING`: what is sent.

  /// A completion with `len` as result and `off` as user data.
  public static final int IORING_MSG_DATA = 0;

  /// A registered file.
  public static final int IORING_MSG_SEND_FD = 1;

  // ---- `sqe.msg_ring_flags`.

  /// No completion at the target; not for `IORING_MSG_DATA`.
  public static final int IORING_MSG_RING_CQE_SKIP = 1 << 0;

  /// The completion's flags are `file_index`.
  public static final int IORING_MSG_RING_FLAGS_PASS = 1 << 1;

  // ---- `sqe.install_fd_flags`.

  /// Without `O_CLOEXEC`.
  public static final int IORING_FIXED_FD_NO_CLOEXEC = 1 << 0;

  // ---- `sqe.nop_flags`.

  /// Complete with `len`.
  public static final int IORING_NOP_INJECT_RESULT = 1 << 0;

  /// Look `fd` up.
  public static final int IORING_NOP_FILE = 1 << 1;

  /// Look `fd` up among the registered files.
  public static final int IORING_NOP_FIXED_FILE = 1 << 2;

  /// Look `buf_index` up among the registered buffers.
  public static final int IORING_NOP_FIXED_BUFFER = 1 << 3;

  /// Complete by task work.
  public static final int IORING_NOP_TW = 1 << 4;

  /// Complete with 32 bytes: `off` and `addr` follow (Linux 6.18).
  public static final int IORING_NOP_CQE32 = 1 << 5;

  // ---- `cqe.flags`.

  /// Bits 16 … 31 are the id of a provided buffer.
  public static final int IORING_CQE_F_BUFFER = 1 << 0;

  /// More completions of the same submission will follow.
  public static final int IORING_CQE_F_MORE = 1 << 1;

  /// The socket has more to read.
  public static final int IORING_CQE_F_SOCK_NONEMPTY = 1 << 2;

  /// The second completion of a zero-copy send.
  public static final int IORING_CQE_F_NOTIF = 1 << 3;

  /// The buffer is used incrementally and not used up.
  public static final int IORING_CQE_F_BUF_MORE = 1 << 4;

  /// Fills a gap before the end of the ring: to be skipped.
  public static final int IORING_CQE_F_SKIP = 1 << 5;

  /// 32 bytes long, in a ring with both sizes.
  public static final int IORING_CQE_F_32 = 1 << 15;

  /// Lowest bit of the buffer id.
  public static final int IORING_CQE_BUFFER_SHIFT = 16;

  // ---- Offsets for mmap(2) of a ring.

  /// Both rings' heads, tails, flags and indices, and the completion entries.
  public static final long IORING_OFF_SQ_RING = 0;

  /// The same memory, since `IORING_FEAT_SINGLE_MMAP`.
  public static final long IORING_OFF_CQ_RING = 0x8000000L;

  /// The submission entries.
  public static final long IORING_OFF_SQES = 0x10000000L;

  /// A buffer ring of the kernel's memory: this, plus `group << IORING_OFF_PBUF_SHIFT`.
  public static final long IORING_OFF_PBUF_RING = 0x80000000L;

  /// Lowest bit of the group.
  public static final int IORING_OFF_PBUF_SHIFT = 16;

  /// The bits that choose what is mapped.
  public static final long IORING_OFF_MMAP_MASK = 0xf8000000L;

  // ---- Flags in the SQ ring, written by the kernel.

  /// The submitting thread sleeps: enter with `IORING_ENTER_SQ_WAKEUP`.
  public static final int IORING_SQ_NEED_WAKEUP = 1 << 0;

  /// Completions wait in the kernel for space: enter with `IORING_ENTER_GETEVENTS`.
  public static final int IORING_SQ_CQ_OVERFLOW = 1 << 1;

  /// Completion work waits: enter.
  public static final int IORING_SQ_TASKRUN = 1 << 2;

  // ---- Flags in the CQ ring, written by the application.

  /// Do not signal the registered eventfd.
  public static final int IORING_CQ_EVENTFD_DISABLED = 1 << 0;

  // ---- `flags` of io_uring_enter(2).

  /// Wait for completions, and do waiting work.
  public static final int IORING_ENTER_GETEVENTS = 1 << 0;

  /// Wake the submitting thread.
  public static final int IORING_ENTER_SQ_WAKEUP = 1 << 1;

  /// Wait until the submission queue has space.
  public static final int IORING_ENTER_SQ_WAIT = 1 << 2;

  /// The argument is a [GeteventsArg].
  public static final int IORING_ENTER_EXT_ARG = 1 << 3;

  /// `fd` is an index of `IORING_REGISTER_RING_FDS`.
  public static final int IORING_ENTER_REGISTERED_RING = 1 << 4;

  /// The timeout is a point, not a span.
  public static final int IORING_ENTER_ABS_TIMER = 1 << 5;

  /// The argument is an offset in the registered wait region.
  public static final int IORING_ENTER_EXT_ARG_REG = 1 << 6;

  /// The wait does not count as waiting for I/O.
  public static final int IORING_ENTER_NO_IOWAIT = 1 << 7;

  // ---- `io_uring_params.features`.

  /// Both rings are one mapping.
  public static final int IORING_FEAT_SINGLE_MMAP = 1 << 0;

  /// Completions are not lost when the queue is full.
  public static final int IORING_FEAT_NODROP = 1 << 1;

  /// What an entry points to is not needed after submission, but data.
  public static final int IORING_FEAT_SUBMIT_STABLE = 1 << 2;

  /// Offset -1 is the file's own position.
  public static final int IORING_FEAT_RW_CUR_POS = 1 << 3;

  /// Operations run with the credentials of the submitter.
  public static final int IORING_FEAT_CUR_PERSONALITY = 1 << 4;

  /// Files that can be polled need no worker.
  public static final int IORING_FEAT_FAST_POLL = 1 << 5;

  /// Masks of polls have 32 bits.
  public static final int IORING_FEAT_POLL_32BITS = 1 << 6;

  /// `IORING_SETUP_SQPOLL` works with ordinary descriptors.
  public static final int IORING_FEAT_SQPOLL_NONFIXED = 1 << 7;

  /// `IORING_ENTER_EXT_ARG` is known.
  public static final int IORING_FEAT_EXT_ARG = 1 << 8;

  /// Workers are threads of the process.
  public static final int IORING_FEAT_NATIVE_WORKERS = 1 << 9;

  /// Registered files and buffers can be tagged.
  public static final int IORING_FEAT_RSRC_TAGS = 1 << 10;

  /// `IOSQE_CQE_SKIP_SUCCESS` is known.
  public static final int IORING_FEAT_CQE_SKIP = 1 << 11;

  /// A linked entry's descriptor is looked up when it starts.
  public static final int IORING_FEAT_LINKED_FILE = 1 << 12;

  /// io_uring_register(2) takes registered rings.
  public static final int IORING_FEAT_REG_REG_RING = 1 << 13;

  /// `IORING_RECVSEND_BUNDLE` is known.
  public static final int IORING_FEAT_RECVSEND_BUNDLE = 1 << 14;

  /// `min_wait_usec` of [GeteventsArg] is known.
  public static final int IORING_FEAT_MIN_TIMEOUT = 1 << 15;

  /// `attr_ptr` of reads and writes is known.
  public static final int IORING_FEAT_RW_ATTR = 1 << 16;

  /// `IORING_ENTER_NO_IOWAIT` is known.
  public static final int IORING_FEAT_NO_IOWAIT = 1 << 17;

  // ---- `opcode` of io_uring_register(2).

  /// Registers buffers, [Iovec]s.
  public static final int IORING_REGISTER_BUFFERS = 0;

  /// Takes all registered buffers out.
  public static final int IORING_UNREGISTER_BUFFERS = 1;

  /// Registers descriptors, 4 bytes each; -1 leaves a slot empty.
  public static final int IORING_REGISTER_FILES = 2;

  /// Takes all registered files out.
  public static final int IORING_UNREGISTER_FILES = 3;

  /// An eventfd is signaled for completions.
  public static final int IORING_REGISTER_EVENTFD = 4;

  /// No more.
  public static final int IORING_UNREGISTER_EVENTFD = 5;

  /// Changes registered files, [FilesUpdate].
  public static final int IORING_REGISTER_FILES_UPDATE = 6;

  /// As [#IORING_REGISTER_EVENTFD], not for what completes while it is submitted.
  public static final int IORING_REGISTER_EVENTFD_ASYNC = 7;

  /// Tells which opcodes there are, [Probe].
  public static final int IORING_REGISTER_PROBE = 8;

  /// Registers the caller's credentials; the result is their id.
  public static final int IORING_REGISTER_PERSONALITY = 9;

  /// Forgets credentials; the count is their id.
  public static final int IORING_UNREGISTER_PERSONALITY = 10;

  /// Restricts a disabled ring, [Restriction]s.
  public static final int IORING_REGISTER_RESTRICTIONS = 11;

  /// Enables a ring of `IORING_SETUP_R_DISABLED`.
  public static final int IORING_REGISTER_ENABLE_RINGS = 12;

  /// Registers files, [RsrcRegister].
  public static final int IORING_REGISTER_FILES2 = 13;

  /// Changes registered files, [RsrcUpdate].
  public static final int IORING_REGISTER_FILES_UPDATE2 = 14;

  /// Registers buffers, [RsrcRegister].
  public static final int IORING_REGISTER_BUFFERS2 = 15;

  /// Changes registered buffers, [RsrcUpdate].
  public static final int IORING_REGISTER_BUFFERS_UPDATE = 16;

  /// Sets which CPUs workers use.
  public static final int IORING_REGISTER_IOWQ_AFF = 17;

  /// Lets workers use any CPU.
  public static final int IORING_UNREGISTER_IOWQ_AFF = 18;

  /// Limits workers: two numbers, bounded and unbounded.
  public static final int IORING_REGISTER_IOWQ_MAX_WORKERS = 19;

  /// Registers rings for this thread, [FilesUpdate].
  public static final int IORING_REGISTER_RING_FDS = 20;

  /// Takes registered rings out, [FilesUpdate].
  public static final int IORING_UNREGISTER_RING_FDS = 21;

  /// Registers a ring of provided buffers, [BufferRingLayout].
  public static final int IORING_REGISTER_PBUF_RING = 22;

  /// Takes a ring of provided buffers out, [BufferRingLayout].
  public static final int IORING_UNREGISTER_PBUF_RING = 23;

  /// Cancels and waits, [SyncCancelReg].
  public static final int IORING_REGISTER_SYNC_CANCEL = 24;

  /// Limits the slots that the kernel chooses from, [FileIndexRange].
  public static final int IORING_REGISTER_FILE_ALLOC_RANGE = 25;

  /// Tells the head of a ring of provided buffers, [BufferRingLayout].
  public static final int IORING_REGISTER_PBUF_STATUS = 26;

  /// Polls network queues while waiting.
  public static final int IORING_REGISTER_NAPI = 27;

  /// No more.
  public static final int IORING_UNREGISTER_NAPI = 28;

  /// Chooses the clock of waits, [ClockRegister].
  public static final int IORING_REGISTER_CLOCK = 29;

  /// Copies the registered buffers of another ring.
  public static final int IORING_REGISTER_CLONE_BUFFERS = 30;

  /// [#IORING_OP_MSG_RING] without a ring: an SQE, descriptor -1.
  public static final int IORING_REGISTER_SEND_MSG_RING = 31;

  /// Registers a receive queue of a network card for zero copy.
  public static final int IORING_REGISTER_ZCRX_IFQ = 32;

  /// Changes the sizes of a ring, [RingParams].
  public static final int IORING_REGISTER_RESIZE_RINGS = 33;

  /// Registers memory, such as for waits.
  public static final int IORING_REGISTER_MEM_REGION = 34;

  /// Tells what the kernel knows, [Query]; descriptor -1 (Linux 6.18).
  public static final int IORING_REGISTER_QUERY = 35;

  /// Controls zero-copy receive.
  public static final int IORING_REGISTER_ZCRX_CTRL = 36;

  /// Registers filters of operations (after Linux 6.18).
  public static final int IORING_REGISTER_BPF_FILTER = 37;

  /// One more than the highest of this header.
  public static final int IORING_REGISTER_LAST = 38;

  /// Added to the opcode: `fd` is an index of `IORING_REGISTER_RING_FDS`.
  public static final int IORING_REGISTER_USE_REGISTERED_RING = 1 << 31;

  // ---- Worker kinds, indices of `IORING_REGISTER_IOWQ_MAX_WORKERS`.

  /// Workers for files and block devices.
  public static final int IO_WQ_BOUND = 0;

  /// Workers for what may take for ever, such as sockets.
  public static final int IO_WQ_UNBOUND = 1;

  // ---- `io_uring_region_desc.flags`.

  /// The memory is the application's.
  public static final int IORING_MEM_REGION_TYPE_USER = 1;

  // ---- `io_uring_mem_region_reg.flags`.

  /// The region holds arguments of waits.
  public static final int IORING_MEM_REGION_REG_WAIT_ARG = 1 << 0;

  // ---- `io_uring_rsrc_register.flags`.

  /// All slots are empty at first.
  public static final int IORING_RSRC_REGISTER_SPARSE = 1 << 0;

  // ---- Values in the array of `IORING_REGISTER_FILES_UPDATE`.

  /// Leaves the slot as it is.
  public static final int IORING_REGISTER_FILES_SKIP = -2;

  // ---- `io_uring_probe_op.flags`.

  /// The opcode works.
  public static final int IO_URING_OP_SUPPORTED = 1 << 0;

  // ---- `io_uring_clone_buffers.flags`.

  /// The source is an index of `IORING_REGISTER_RING_FDS`.
  public static final int IORING_REGISTER_SRC_REGISTERED = 1 << 0;

  /// Registered buffers of the target may be replaced.
  public static final int IORING_REGISTER_DST_REPLACE = 1 << 1;

  // ---- `io_uring_buf_reg.flags`.

  /// The kernel provides the ring's memory, to be mapped at `IORING_OFF_PBUF_RING`.
  public static final int IOU_PBUF_RING_MMAP = 1 << 0;

  /// Buffers are used incrementally: a completion takes only what it needs.
  public static final int IOU_PBUF_RING_INC = 1 << 1;

  // ---- `io_uring_napi.opcode`.

  /// Registers.
  public static final int IO_URING_NAPI_REGISTER_OP = 0;

  /// Adds a queue by its id.
  public static final int IO_URING_NAPI_STATIC_ADD_ID = 1;

  /// Takes a queue out.
  public static final int IO_URING_NAPI_STATIC_DEL_ID = 2;

  // ---- `io_uring_napi.op_param`.

  /// Queues are found as sockets are used.
  public static final int IO_URING_NAPI_TRACKING_DYNAMIC = 0;

  /// Queues are those that were added.
  public static final int IO_URING_NAPI_TRACKING_STATIC = 1;

  /// No polling.
  public static final int IO_URING_NAPI_TRACKING_INACTIVE = 255;

  // ---- `io_uring_restriction.opcode`.

  /// Allows an `IORING_REGISTER_*`.
  public static final int IORING_RESTRICTION_REGISTER_OP = 0;

  /// Allows an `IORING_OP_*`.
  public static final int IORING_RESTRICTION_SQE_OP = 1;

  /// Allows `IOSQE_*`.
  public static final int IORING_RESTRICTION_SQE_FLAGS_ALLOWED = 2;

  /// Demands `IOSQE_*` in every entry.
  public static final int IORING_RESTRICTION_SQE_FLAGS_REQUIRED = 3;

  /// One more than the highest.
  public static final int IORING_RESTRICTION_LAST = 4;

  // ---- `io_uring_reg_wait.flags`.

  /// `ts` is set.
  public static final int IORING_REG_WAIT_TS = 1 << 0;

  // ---- `sqe.cmd_op` of `IORING_OP_URING_CMD` on a socket.

  /// Bytes that can be read.
  public static final int SOCKET_URING_OP_SIOCINQ = 0;

  /// Bytes that are not sent, or not acknowledged.
  public static final int SOCKET_URING_OP_SIOCOUTQ = 1;

  /// getsockopt(2).
  public static final int SOCKET_URING_OP_GETSOCKOPT = 2;

  /// setsockopt(2).
  public static final int SOCKET_URING_OP_SETSOCKOPT = 3;

  /// Transmit time stamps, one per completion (Linux 6.17).
  public static final int SOCKET_URING_OP_TX_TIMESTAMP = 4;

  /// getsockname(2) (after Linux 6.18).
  public static final int SOCKET_URING_OP_GETSOCKNAME = 5;

  // ---- `cqe.flags` of `SOCKET_URING_OP_TX_TIMESTAMP`, above the common ones.

  /// Bit of [#IORING_CQE_F_TSTAMP_HW].
  public static final int IORING_TIMESTAMP_HW_SHIFT = 16;

  /// Lowest bit of the stamp's type, `SCM_TSTAMP_*` of [Socket].
  public static final int IORING_TIMESTAMP_TYPE_SHIFT = 17;

  /// The network card made the stamp.
  public static final int IORING_CQE_F_TSTAMP_HW = 1 << 16;

  private IoUring() {}
}
