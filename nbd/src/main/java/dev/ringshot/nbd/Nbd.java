package dev.ringshot.nbd;

/// The numbers of the NBD protocol by their names in its specification, `doc/proto.md` of
/// NetworkBlockDevice/nbd. Everything on the wire is big-endian.
final class Nbd {
  // What a connection begins with.
  static final long NBDMAGIC = 0x4e42_444d_4147_4943L;
  static final long IHAVEOPT = 0x4948_4156_454f_5054L;
  static final long NBD_REP_MAGIC = 0x0003_e889_0455_65a9L;

  static final int NBD_FLAG_FIXED_NEWSTYLE = 1;
  static final int NBD_FLAG_NO_ZEROES = 1 << 1;

  // Options.
  static final int NBD_OPT_EXPORT_NAME = 1;
  static final int NBD_OPT_ABORT = 2;
  static final int NBD_OPT_LIST = 3;
  static final int NBD_OPT_INFO = 6;
  static final int NBD_OPT_GO = 7;
  static final int NBD_OPT_STRUCTURED_REPLY = 8;
  static final int NBD_OPT_LIST_META_CONTEXT = 9;
  static final int NBD_OPT_SET_META_CONTEXT = 10;

  // Answers to options.
  static final int NBD_REP_ACK = 1;
  static final int NBD_REP_SERVER = 2;
  static final int NBD_REP_INFO = 3;
  static final int NBD_REP_META_CONTEXT = 4;
  static final int NBD_REP_ERR_UNSUP = 1 << 31 | 1;
  static final int NBD_REP_ERR_INVALID = 1 << 31 | 3;
  static final int NBD_REP_ERR_UNKNOWN = 1 << 31 | 6;

  static final int NBD_INFO_EXPORT = 0;
  static final int NBD_INFO_NAME = 1;
  static final int NBD_INFO_DESCRIPTION = 2;
  static final int NBD_INFO_BLOCK_SIZE = 3;

  /// The longest string of the protocol, in bytes.
  static final int STRING_MAX = 4096;

  // What an export can do.
  static final int NBD_FLAG_HAS_FLAGS = 1;
  static final int NBD_FLAG_READ_ONLY = 1 << 1;
  static final int NBD_FLAG_SEND_FLUSH = 1 << 2;
  static final int NBD_FLAG_SEND_FUA = 1 << 3;
  static final int NBD_FLAG_ROTATIONAL = 1 << 4;
  static final int NBD_FLAG_SEND_TRIM = 1 << 5;
  static final int NBD_FLAG_SEND_WRITE_ZEROES = 1 << 6;
  static final int NBD_FLAG_SEND_DF = 1 << 7;
  static final int NBD_FLAG_CAN_MULTI_CONN = 1 << 8;
  static final int NBD_FLAG_SEND_CACHE = 1 << 10;
  static final int NBD_FLAG_SEND_FAST_ZERO = 1 << 11;

  // Requests.
  static final int NBD_REQUEST_MAGIC = 0x2560_9513;
  static final int REQUEST_BYTES = 28;

  static final int NBD_CMD_READ = 0;
  static final int NBD_CMD_WRITE = 1;
  static final int NBD_CMD_DISC = 2;
  static final int NBD_CMD_FLUSH = 3;
  static final int NBD_CMD_TRIM = 4;
  static final int NBD_CMD_CACHE = 5;
  static final int NBD_CMD_WRITE_ZEROES = 6;
  static final int NBD_CMD_BLOCK_STATUS = 7;

  static final int NBD_CMD_FLAG_FUA = 1;
  static final int NBD_CMD_FLAG_NO_HOLE = 1 << 1;
  static final int NBD_CMD_FLAG_DF = 1 << 2;
  static final int NBD_CMD_FLAG_REQ_ONE = 1 << 3;
  static final int NBD_CMD_FLAG_FAST_ZERO = 1 << 4;

  // Replies.
  static final int NBD_SIMPLE_REPLY_MAGIC = 0x6744_6698;
  static final int NBD_STRUCTURED_REPLY_MAGIC = 0x668e_33ef;
  static final int NBD_REPLY_FLAG_DONE = 1;

  static final int NBD_REPLY_TYPE_NONE = 0;
  static final int NBD_REPLY_TYPE_OFFSET_DATA = 1;
  static final int NBD_REPLY_TYPE_BLOCK_STATUS = 5;
  static final int NBD_REPLY_TYPE_ERROR = 1 << 15 | 1;
  static final int NBD_REPLY_TYPE_ERROR_OFFSET = 1 << 15 | 2;

  // The states of `base:allocation`.
  static final int NBD_STATE_HOLE = 1;
  static final int NBD_STATE_ZERO = 1 << 1;

  // The errors of replies: all there are.
  static final int NBD_EPERM = 1;
  static final int NBD_EIO = 5;
  static final int NBD_ENOMEM = 12;
  static final int NBD_EINVAL = 22;
  static final int NBD_ENOSPC = 28;
  static final int NBD_EOVERFLOW = 75;
  static final int NBD_ENOTSUP = 95;
  static final int NBD_ESHUTDOWN = 108;

  private Nbd() {}
}
