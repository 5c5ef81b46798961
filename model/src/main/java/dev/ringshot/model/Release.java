package dev.ringshot.model;

import static dev.ringshot.abi.Errno.EINVAL;
import static dev.ringshot.abi.Errno.ENOMEM;

/// Whose behaviour a [ModelKernel] shows. The releases differ in few, named places; each is one
/// property here and is consulted at one line of the engine.
public enum Release {
  /// The last release without `IORING_URING_CMD_MULTISHOT`: the flag is unknown to it.
  LINUX_6_17,

  /// The proposal itself: "[PATCH V4] io_uring: uring_cmd: add multishot support", 20 August 2025,
  /// on 6.17-rc.
  PATCH_V4,

  /// The first release with the feature, as measured on 6.18.44.
  LINUX_6_18,

  /// As measured on 7.3.4.
  LINUX_7_3;

  /// Whether `IORING_URING_CMD_MULTISHOT` is in `IORING_URING_CMD_MASK`, and URING_CMD accepts
  /// buffer select.
  boolean hasMultishotCommands() {
    return this != LINUX_6_17;
  }

  /// Whether a driver that answers a multishot command with a value ≥ 0 completes it
  /// (`io_uring_cmd`). Before, such a command is left pending for ever.
  boolean completesMultishotResult() {
    return this == LINUX_7_3;
  }

  /// Whether a buffer selected on a file that cannot be polled is committed at once
  /// (`io_ring_buffer_select` before `io_should_commit`).
  boolean commitsCommandBufferAtSelect() {
    return this == PATCH_V4;
  }

  /// Whether an error returned by a driver recycles a selected buffer (the `io_kbuf_recycle` in the
  /// proposal's `io_uring_cmd` hunk).
  boolean recyclesOnDriverError() {
    return this == PATCH_V4;
  }

  /// Whether an address outside the user range in a buffer ring counts as "no buffer"
  /// (`io_ring_buffer_select`).
  boolean checksBufferRangeAtSelect() {
    return this == LINUX_7_3;
  }

  /// Whether ASYNC_CANCEL by opcode validates the opcode (`io_async_cancel_prep`).
  boolean checksCancelOpcode() {
    return this == LINUX_7_3;
  }

  /// Whether RECV looks whether its file is a socket before it polls first (`io_recv`).
  boolean findsSocketBeforePolling() {
    return this == LINUX_7_3;
  }

  /// Whether task work that comes while other waits is run with it, and what both completed posted
  /// together: the queue is one of first in, first out, and taken from one by one
  /// (`io_uring/mpscq.h`).
  boolean runsTaskWorkUntilNoneIsLeft() {
    return this == LINUX_7_3;
  }

  /// Whether a timeout that is cancelled is one that has completed, and so none of the completions
  /// that others count (`cq_timeouts`).
  boolean countsCancelledTimeouts() {
    return this == LINUX_7_3;
  }

  /// Whether what timeouts count never goes back behind where it was when they were last looked at,
  /// though one that ends is taken off before its completion is posted (`cq_last_tm_flush`).
  boolean countsTimeoutsFromLastLook() {
    return this == LINUX_7_3;
  }

  /// Whether `MSG_WAITALL` ends with a part of a bundle, or of an incremental buffer: its
  /// completion could not say what was used (`io_net_kbuf_can_retry`).
  boolean endsWithPartOfBuffers() {
    return this == LINUX_7_3;
  }

  /// Whether a bundle that has bytes enough knows that it took the last buffer, and so is the last
  /// (`io_ring_buffers_peek`).
  boolean bundlePassesItsLastBuffer() {
    return this == LINUX_7_3;
  }

  /// Whether draining ends with a request that drained by itself, not as a chain, and let no other
  /// drain go (`drain_req`). Before, one more request goes the way of those that are held back.
  boolean endsDrainWithItsRequest() {
    return this == LINUX_7_3;
  }

  /// Whether `IORING_SETUP_CQE_MIXED` is known.
  boolean hasMixedCqes() {
    return this == LINUX_6_18 || this == LINUX_7_3;
  }

  /// Whether `IORING_SETUP_SQE_MIXED` and `IORING_SETUP_SQ_REWIND` are.
  boolean hasMixedSqes() {
    return this == LINUX_7_3;
  }

  /// Whether TIMEOUT takes `IORING_TIMEOUT_IMMEDIATE_ARG`.
  boolean hasTimeoutImmediateArg() {
    return this == LINUX_7_3;
  }

  /// Whether sockets know `SOCKET_URING_OP_GETSOCKNAME`.
  boolean hasSocketNameCommand() {
    return this == LINUX_7_3;
  }

  /// Whether `SOCKET_URING_OP_TX_TIMESTAMP` ends when the completion queue is full.
  boolean endsTimestampsOnFullQueue() {
    return this == LINUX_7_3;
  }

  /// What mmap(2) of a ring area that is not there answers.
  int badMapErrno() {
    return this == LINUX_7_3 ? EINVAL : ENOMEM;
  }

  /// One more than the last opcode (`IORING_OP_LAST`).
  int opcodes() {
    return this == LINUX_7_3 ? 65 : 63;
  }

  /// One more than the last register opcode (`IORING_REGISTER_LAST`).
  int registerOpcodes() {
    return switch (this) {
      case LINUX_6_17, PATCH_V4 -> 35;
      case LINUX_6_18 -> 36;
      case LINUX_7_3 -> 38;
    };
  }

  /// Whether restrictions of opcodes leave register opcodes alone, and the reverse
  /// (`io_register_restrictions`).
  boolean restrictsKindsApart() {
    return this == LINUX_7_3;
  }

  /// One more than the last query (`__IO_URING_QUERY_MAX`).
  int queries() {
    return this == LINUX_7_3 ? 4 : 1;
  }

  /// The most bytes that a query's answer may have room for (`io_handle_query_entry`).
  long queryBytesMax() {
    return this == LINUX_7_3 ? 4096 : 0xffff_ffffL;
  }
}
