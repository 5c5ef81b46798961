package dev.ringshot.abi;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.MemorySegment;

/// The raw fields of a submission queue entry, `struct io_uring_sqe`, by their C names.
///
/// A setter writes one field and returns the entry; a getter of the same name reads it. Unsigned 8-
/// and 16-bit fields are read as non-negative `int`s; 32- and 64-bit fields keep their bits. The
/// entry must lie at an address that is a multiple of 8, as it does in a ring.
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
/// | 28 | 4 | [#opFlags]: `rw_flags`, `fsync_flags`, `poll32_events`, … | `uring_cmd_flags` |
/// | 32 | 8 | `user_data` | |
/// | 40 | 2 | `buf_index` | `buf_group` |
/// | 42 | 2 | `personality` | |
/// | 44 | 4 | `file_index` | `splice_fd_in`, `optlen`, `addr_len` (2 at 44) |
/// | 48 | 8 | `addr3` | `optval`, `attr_ptr`; `cmd` (16 bytes, or 80 with 128-byte entries) |
/// | 56 | 8 | `__pad2` | `attr_type_mask` |
public abstract sealed class SqeFields permits Sqe {
  /// Size in bytes of an entry.
  public static final int SIZE = 64;

  /// Size in bytes of an entry of an `IORING_SETUP_SQE128` ring, and of a 128-byte opcode.
  public static final int SIZE128 = 128;

  /// Offset of `opcode`.
  public static final int OPCODE = 0;

  /// Offset of `flags`.
  public static final int FLAGS = 1;

  /// Offset of `ioprio`.
  public static final int IOPRIO = 2;

  /// Offset of `fd`.
  public static final int FD = 4;

  /// Offset of `off`, alias `addr2`.
  public static final int OFF = 8;

  /// Offset of `cmd_op`.
  public static final int CMD_OP = 8;

  /// Offset of `__pad1`.
  public static final int PAD1 = 12;

  /// Offset of `addr`.
  public static final int ADDR = 16;

  /// Offset of `level`, of socket options.
  public static final int LEVEL = 16;

  /// Offset of `optname`, of socket options.
  public static final int OPTNAME = 20;

  /// Offset of `len`.
  public static final int LEN = 24;

  /// Offset of `rw_flags` and the other flags of single operations.
  public static final int OP_FLAGS = 28;

  /// Offset of `uring_cmd_flags`.
  public static final int URING_CMD_FLAGS = 28;

  /// Offset of `user_data`.
  public static final int USER_DATA = 32;

  /// Offset of `buf_index`.
  public static final int BUF_INDEX = 40;

  /// Offset of `buf_group`.
  public static final int BUF_GROUP = 40;

  /// Offset of `personality`.
  public static final int PERSONALITY = 42;

  /// Offset of `file_index`.
  public static final int FILE_INDEX = 44;

  /// Offset of `splice_fd_in`.
  public static final int SPLICE_FD_IN = 44;

  /// Offset of `optlen`, of socket options.
  public static final int OPTLEN = 44;

  /// Offset of `addr_len`.
  public static final int ADDR_LEN = 44;

  /// Offset of `addr3`.
  public static final int ADDR3 = 48;

  /// Offset of `optval`, of socket options.
  public static final int OPTVAL = 48;

  /// Offset of `cmd`, the payload of a command.
  public static final int CMD = 48;

  /// Offset of `__pad2`.
  public static final int PAD2 = 56;

  private MemorySegment memory = MemorySegment.NULL;
  private long offset;

  SqeFields() {}

  /// Moves the cursor.
  ///
  /// @param memory where the entry lies; kept until the next call
  /// @param offset of the entry in `memory`, in bytes
  /// @return this
  public Sqe at(MemorySegment memory, long offset) {
    this.memory = memory;
    this.offset = offset;
    return self();
  }

  /// The segment that the entry lies in; `MemorySegment.NULL` before [#at].
  public MemorySegment memory() {
    return memory;
  }

  /// Where the entry begins in [#memory], in bytes.
  public long offset() {
    return offset;
  }

  /// Zeroes the 64 bytes.
  public Sqe clear() {
    for (int at = 0; at < SIZE; at += Long.BYTES) setLong(at, 0);
    return self();
  }

  /// Zeroes the 128 bytes of an entry of an `IORING_SETUP_SQE128` ring.
  public Sqe clear128() {
    for (int at = 0; at < SIZE128; at += Long.BYTES) setLong(at, 0);
    return self();
  }

  public int opcode() {
    return Byte.toUnsignedInt(getByte(OPCODE));
  }

  public Sqe opcode(int opcode) {
    return setByte(OPCODE, opcode);
  }

  public int flags() {
    return Byte.toUnsignedInt(getByte(FLAGS));
  }

  public Sqe flags(int flags) {
    return setByte(FLAGS, flags);
  }

  public int ioprio() {
    return Short.toUnsignedInt(getShort(IOPRIO));
  }

  public Sqe ioprio(int ioprio) {
    return setShort(IOPRIO, ioprio);
  }

  public int fd() {
    return getInt(FD);
  }

  public Sqe fd(int fd) {
    return setInt(FD, fd);
  }

  public long off() {
    return getLong(OFF);
  }

  public Sqe off(long off) {
    return setLong(OFF, off);
  }

  public int cmdOp() {
    return getInt(CMD_OP);
  }

  public Sqe cmdOp(int cmdOp) {
    return setInt(CMD_OP, cmdOp);
  }

  public int pad1() {
    return getInt(PAD1);
  }

  public Sqe pad1(int pad1) {
    return setInt(PAD1, pad1);
  }

  public long addr() {
    return getLong(ADDR);
  }

  public Sqe addr(long addr) {
    return setLong(ADDR, addr);
  }

  public int level() {
    return getInt(LEVEL);
  }

  public Sqe level(int level) {
    return setInt(LEVEL, level);
  }

  public int optname() {
    return getInt(OPTNAME);
  }

  public Sqe optname(int optname) {
    return setInt(OPTNAME, optname);
  }

  public int len() {
    return getInt(LEN);
  }

  public Sqe len(int len) {
    return setInt(LEN, len);
  }

  public int opFlags() {
    return getInt(OP_FLAGS);
  }

  public Sqe opFlags(int opFlags) {
    return setInt(OP_FLAGS, opFlags);
  }

  public int uringCmdFlags() {
    return getInt(URING_CMD_FLAGS);
  }

  public Sqe uringCmdFlags(int uringCmdFlags) {
    return setInt(URING_CMD_FLAGS, uringCmdFlags);
  }

  public long userData() {
    return getLong(USER_DATA);
  }

  public Sqe userData(long userData) {
    return setLong(USER_DATA, userData);
  }

  public int bufIndex() {
    return Short.toUnsignedInt(getShort(BUF_INDEX));
  }

  public Sqe bufIndex(int bufIndex) {
    return setShort(BUF_INDEX, bufIndex);
  }

  public int bufGroup() {
    return Short.toUnsignedInt(getShort(BUF_GROUP));
  }

  public Sqe bufGroup(int bufGroup) {
    return setShort(BUF_GROUP, bufGroup);
  }

  public int personality() {
    return Short.toUnsignedInt(getShort(PERSONALITY));
  }

  public Sqe personality(int personality) {
    return setShort(PERSONALITY, personality);
  }

  public int fileIndex() {
    return getInt(FILE_INDEX);
  }

  public Sqe fileIndex(int fileIndex) {
    return setInt(FILE_INDEX, fileIndex);
  }

  public int spliceFdIn() {
    return getInt(SPLICE_FD_IN);
  }

  public Sqe spliceFdIn(int spliceFdIn) {
    return setInt(SPLICE_FD_IN, spliceFdIn);
  }

  public int optlen() {
    return getInt(OPTLEN);
  }

  public Sqe optlen(int optlen) {
    return setInt(OPTLEN, optlen);
  }

  public int addrLen() {
    return Short.toUnsignedInt(getShort(ADDR_LEN));
  }

  public Sqe addrLen(int addrLen) {
    return setShort(ADDR_LEN, addrLen);
  }

  public long addr3() {
    return getLong(ADDR3);
  }

  public Sqe addr3(long addr3) {
    return setLong(ADDR3, addr3);
  }

  public long optval() {
    return getLong(OPTVAL);
  }

  public Sqe optval(long optval) {
    return setLong(OPTVAL, optval);
  }

  public long pad2() {
    return getLong(PAD2);
  }

  public Sqe pad2(long pad2) {
    return setLong(PAD2, pad2);
  }

  /// Reads a byte of a command's payload.
  ///
  /// @param at offset in `cmd`, in bytes: 0 … 15, or … 79 in a 128-byte entry
  public byte cmdByte(int at) {
    return getByte(CMD + at);
  }

  /// Writes a byte of a command's payload.
  ///
  /// @param at as in [#cmdByte(int)]
  public Sqe cmdByte(int at, int value) {
    return setByte(CMD + at, value);
  }

  /// Reads 16 bits of a command's payload.
  ///
  /// @param at offset in `cmd`, in bytes, a multiple of 2
  public short cmdShort(int at) {
    return getShort(CMD + at);
  }

  /// Writes 16 bits of a command's payload.
  ///
  /// @param at as in [#cmdShort(int)]
  public Sqe cmdShort(int at, int value) {
    return setShort(CMD + at, value);
  }

  /// Reads 32 bits of a command's payload.
  ///
  /// @param at offset in `cmd`, in bytes, a multiple of 4
  public int cmdInt(int at) {
    return getInt(CMD + at);
  }

  /// Writes 32 bits of a command's payload.
  ///
  /// @param at as in [#cmdInt(int)]
  public Sqe cmdInt(int at, int value) {
    return setInt(CMD + at, value);
  }

  /// Reads 64 bits of a command's payload.
  ///
  /// @param at offset in `cmd`, in bytes, a multiple of 8
  public long cmdLong(int at) {
    return getLong(CMD + at);
  }

  /// Writes 64 bits of a command's payload.
  ///
  /// @param at as in [#cmdLong(int)]
  public Sqe cmdLong(int at, long value) {
    return setLong(CMD + at, value);
  }

  private Sqe self() {
    return (Sqe) this;
  }

  private byte getByte(int at) {
    return memory.get(JAVA_BYTE, offset + at);
  }

  private Sqe setByte(int at, int value) {
    memory.set(JAVA_BYTE, offset + at, (byte) value);
    return self();
  }

  private short getShort(int at) {
    return memory.get(JAVA_SHORT, offset + at);
  }

  private Sqe setShort(int at, int value) {
    memory.set(JAVA_SHORT, offset + at, (short) value);
    return self();
  }

  private int getInt(int at) {
    return memory.get(JAVA_INT, offset + at);
  }

  private Sqe setInt(int at, int value) {
    memory.set(JAVA_INT, offset + at, value);
    return self();
  }

  private long getLong(int at) {
    return memory.get(JAVA_LONG, offset + at);
  }

  private Sqe setLong(int at, long value) {
    memory.set(JAVA_LONG, offset + at, value);
    return self();
  }
}
