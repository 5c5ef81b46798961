package dev.ringshot.abi;

/// Layouts of `IORING_REGISTER_QUERY` (Linux 6.18), which needs no ring: a list of headers, each
/// with an address to fill in. From `<linux/io_uring/query.h>`.
public final class Query {
  /// Offset of `next_entry` (8 bytes): address of the next header, or 0.
  public static final int HDR_NEXT_ENTRY = 0;

  /// Offset of `query_data` (8 bytes): address of what is filled in.
  public static final int HDR_QUERY_DATA = 8;

  /// Offset of `query_op` (4 bytes): `IO_URING_QUERY_*`.
  public static final int HDR_QUERY_OP = 16;

  /// Offset of `size` (4 bytes): bytes at that address, and as a result what the kernel knows.
  public static final int HDR_SIZE_OF = 20;

  /// Offset of `result` (4 bytes): 0 or `-errno`.
  public static final int HDR_RESULT = 24;

  /// Size of `struct io_uring_query_hdr` in bytes.
  public static final int HDR_SIZE = 40;

  /// Offset of `nr_request_opcodes` (4 bytes): how many `IORING_OP_*`.
  public static final int NR_REQUEST_OPCODES = 0;

  /// Offset of `nr_register_opcodes` (4 bytes): how many `IORING_REGISTER_*`.
  public static final int NR_REGISTER_OPCODES = 4;

  /// Offset of `feature_flags` (8 bytes): `IORING_FEAT_*`.
  public static final int FEATURE_FLAGS = 8;

  /// Offset of `ring_setup_flags` (8 bytes): `IORING_SETUP_*`.
  public static final int RING_SETUP_FLAGS = 16;

  /// Offset of `enter_flags` (8 bytes): `IORING_ENTER_*`.
  public static final int ENTER_FLAGS = 24;

  /// Offset of `sqe_flags` (8 bytes): `IOSQE_*`.
  public static final int SQE_FLAGS = 32;

  /// Offset of `nr_query_opcodes` (4 bytes): how many `IO_URING_QUERY_*`.
  public static final int NR_QUERY_OPCODES = 40;

  /// Size of `struct io_uring_query_opcode` in bytes.
  public static final int OPCODES_SIZE = 48;

  /// Offset of `hdr_size` (8 bytes): bytes in front of the CQEs, as much of a ring as is no entry.
  public static final int SCQ_HDR_SIZE = 0;

  /// Offset of `hdr_alignment` (8 bytes).
  public static final int SCQ_HDR_ALIGNMENT = 8;

  /// Size of `struct io_uring_query_scq` in bytes (Linux 7.0).
  public static final int SCQ_SIZE = 16;

  /// Offset of `register_flags` (8 bytes): `ZCRX_REG_*`.
  public static final int ZCRX_REGISTER_FLAGS = 0;

  /// Offset of `area_flags` (8 bytes): `IORING_ZCRX_AREA_*`.
  public static final int ZCRX_AREA_FLAGS = 8;

  /// Offset of `nr_ctrl_opcodes` (4 bytes): how many `ZCRX_CTRL_*`.
  public static final int ZCRX_NR_CTRL_OPCODES = 16;

  /// Offset of `features` (4 bytes): `ZCRX_FEATURE_*`.
  public static final int ZCRX_FEATURES = 20;

  /// Offset of `rq_hdr_size` (4 bytes): bytes in front of a refill queue.
  public static final int ZCRX_RQ_HDR_SIZE = 24;

  /// Offset of `rq_hdr_alignment` (4 bytes).
  public static final int ZCRX_RQ_HDR_ALIGNMENT = 28;

  /// Size of `struct io_uring_query_zcrx` in bytes (Linux 7.0).
  public static final int ZCRX_SIZE = 40;

  /// Offset of `event_flags` (4 bytes): `ZCRX_EVENT_*`.
  public static final int ZCRX_EVENT_EVENT_FLAGS = 0;

  /// Offset of `stats_size` (4 bytes).
  public static final int ZCRX_EVENT_STATS_SIZE = 4;

  /// Offset of `stats_off_alignment` (4 bytes).
  public static final int ZCRX_EVENT_STATS_OFF_ALIGNMENT = 8;

  /// Size of `struct io_uring_query_zcrx_event` in bytes (Linux 7.3).
  public static final int ZCRX_EVENT_SIZE = 48;

  /// `query_op`: what `struct io_uring_query_opcode` tells.
  public static final int IO_URING_QUERY_OPCODES = 0;

  /// `query_op`: zero-copy receive.
  public static final int IO_URING_QUERY_ZCRX = 1;

  /// `query_op`: size and alignment of the rings' header.
  public static final int IO_URING_QUERY_SCQ = 2;

  /// `query_op`: events of zero-copy receive.
  public static final int IO_URING_QUERY_ZCRX_EVENT = 3;

  private Query() {}
}
