package dev.ringshot.abi;

/// `struct io_uring_sqe`, a submission queue entry: offsets of its fields in bytes, and its size.
///
/// | offset | size | field | other names |
/// |---|---|---|---|
/// | 0 | 1 | `opcode` | |
/// | 1 | 1 | `flags` | |
/// | 2 | 2 | `ioprio` | |
/// | 4 | 4 | `fd` | |
/// | 8 | 8 | `off` | `addr2`; `cmd_op` (4 at 8), `__pad1` (4 at 12) |
/// | 16 | 8 | `addr` | `splice_off_in`; `level` (4 at 16), `optname` (4 at 20) |
/// | 24 | 4 | `len` | |
/// | 28 | 4 | `rw_flags`, `fsync_flags`, `poll32_events`, … | `uring_cmd_flags` |
/// | 32 | 8 | `user_data` | |
/// | 40 | 2 | `buf_index` | `buf_group` |
/// | 42 | 2 | `personality` | |
/// | 44 | 4 | `file_index` | `splice_fd_in`, `optlen`, `addr_len` (2 at 44) |
/// | 48 | 8 | `addr3` | `optval`, `attr_ptr`; `cmd` (16 bytes, or 80 with 128-byte entries) |
/// | 56 | 8 | `__pad2` | `attr_type_mask` |
public sealed interface SqeLayout permits SqeFields {
  /// Size in bytes of an entry.
  int SIZE = 64;

  /// Size in bytes of an entry of an `IORING_SETUP_SQE128` ring, and of a 128-byte opcode.
  int SIZE128 = 128;

  /// Offset of `opcode`.
  int OPCODE = 0;

  /// Offset of `flags`.
  int FLAGS = 1;

  /// Offset of `ioprio`.
  int IOPRIO = 2;

  /// Offset of `fd`.
  int FD = 4;

  /// Offset of `off`, alias `addr2`.
  int OFF = 8;

  /// Offset of `cmd_op`.
  int CMD_OP = 8;

  /// Offset of `__pad1`.
  int PAD1 = 12;

  /// Offset of `addr`.
  int ADDR = 16;

  /// Offset of `level`, of socket options.
  int LEVEL = 16;

  /// Offset of `optname`, of socket options.
  int OPTNAME = 20;

  /// Offset of `len`.
  int LEN = 24;

  /// Offset of `rw_flags` and the other flags of single operations.
  int OP_FLAGS = 28;

  /// Offset of `uring_cmd_flags`.
  int URING_CMD_FLAGS = 28;

  /// Offset of `user_data`.
  int USER_DATA = 32;

  /// Offset of `buf_index`.
  int BUF_INDEX = 40;

  /// Offset of `buf_group`.
  int BUF_GROUP = 40;

  /// Offset of `personality`.
  int PERSONALITY = 42;

  /// Offset of `file_index`.
  int FILE_INDEX = 44;

  /// Offset of `splice_fd_in`.
  int SPLICE_FD_IN = 44;

  /// Offset of `optlen`, of socket options.
  int OPTLEN = 44;

  /// Offset of `addr_len`.
  int ADDR_LEN = 44;

  /// Offset of `addr3`.
  int ADDR3 = 48;

  /// Offset of `optval`, of socket options.
  int OPTVAL = 48;

  /// Offset of `cmd`, the payload of a command.
  int CMD = 48;

  /// Offset of `__pad2`.
  int PAD2 = 56;
}
