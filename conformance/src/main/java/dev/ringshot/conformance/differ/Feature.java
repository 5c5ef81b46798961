package dev.ringshot.conformance.differ;

/// A part of io_uring that a seed has or has not (swarm testing): what is off lets what is on go
/// further.
public enum Feature {
  /// READ and WRITE of pipes.
  PIPES(70),
  /// SEND and RECV on streams.
  STREAMS(60),
  /// The same with messages.
  MESSAGES(40),
  /// SENDMSG and RECVMSG.
  MSGHDRS(35),
  /// Eventfds.
  EVENTFDS(25),
  /// Regular files, and what always needs a worker.
  FILES(20),
  /// READV and WRITEV.
  VECTORS(30),
  /// Rings of provided buffers.
  BUFFER_RINGS(75),
  /// The same, used bit by bit.
  INCREMENTAL(30),
  /// The same in the kernel's memory.
  MAPPED_GROUPS(20),
  /// PROVIDE_BUFFERS and REMOVE_BUFFERS.
  LEGACY_BUFFERS(30),
  /// Several buffers a completion.
  BUNDLES(20),
  /// `IOSQE_IO_LINK`.
  LINKS(50),
  /// `IOSQE_IO_HARDLINK`.
  HARDLINKS(25),
  /// LINK_TIMEOUT that never expires.
  LINK_TIMEOUTS(25),
  /// `IOSQE_IO_DRAIN`.
  DRAINS(20),
  /// `IOSQE_CQE_SKIP_SUCCESS`.
  SKIPS(20),
  /// TIMEOUT that never expires, or by count.
  TIMEOUTS(40),
  /// Timeouts that expire at once.
  EXPIRY(25),
  /// POLL_ADD.
  POLLS(50),
  /// The same, multishot.
  MULTISHOT_POLLS(35),
  /// READ_MULTISHOT.
  MULTISHOT_READS(45),
  /// RECV multishot.
  MULTISHOT_RECEIVES(45),
  /// ACCEPT.
  ACCEPTS(20),
  /// TX_TIMESTAMP.
  TX_TIMESTAMPS(10),
  /// ASYNC_CANCEL, POLL_REMOVE, TIMEOUT_REMOVE.
  CANCELS(55),
  /// `IOSQE_ASYNC`.
  WORKERS(25),
  /// URING_CMD to devices and sockets.
  COMMANDS(30),
  /// Registered files.
  FIXED_FILES(35),
  /// Registered buffers.
  FIXED_BUFFERS(25),
  /// MSG_RING.
  MESSAGES_TO_RINGS(25),
  /// io_uring_register, rightly and wrongly.
  REGISTRATIONS(35),
  /// io_uring_enter, rightly and wrongly.
  ENTERS(35),
  /// CQEs are left in a small CQ.
  OVERFLOW(25),
  /// Files are closed, or shut down, under the requests.
  CLOSES(40),
  /// SQEs with a field that is wrong.
  INVALID(55),
  /// `IORING_SETUP_SUBMIT_ALL`.
  SUBMIT_ALL(30),
  /// `IORING_SETUP_COOP_TASKRUN`.
  COOPERATIVE(25),
  /// `IORING_SETUP_DEFER_TASKRUN`.
  DEFERRED(30),
  /// `IORING_SETUP_CQE32`.
  WIDE_CQES(15),
  /// `IORING_SETUP_CQE_MIXED`.
  MIXED_CQES(15),
  /// `IORING_SETUP_SQE128`.
  WIDE_SQES(15),
  /// `IORING_SETUP_SQE_MIXED`, where the release has it.
  MIXED_SQES(15),
  /// `IORING_SETUP_NO_SQARRAY`.
  NO_ARRAY(20),
  /// `IORING_SETUP_R_DISABLED`.
  DISABLED(8);

  private final int percent;

  Feature(int percent) {
    this.percent = percent;
  }

  /// How many of a hundred seeds have it.
  int percent() {
    return percent;
  }
}
