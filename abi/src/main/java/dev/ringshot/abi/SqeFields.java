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
/// entry must lie at an address that is a multiple of 8, as it does in a ring. Where fields lie and
/// which of them share bytes is in [SqeLayout].
public abstract sealed class SqeFields implements SqeLayout permits Sqe {
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

  /// `opcode`: `IORING_OP_*`.
  public int opcode() {
    return Byte.toUnsignedInt(getByte(OPCODE));
  }

  /// Sets [#opcode()].
  public Sqe opcode(int opcode) {
    return setByte(OPCODE, opcode);
  }

  /// `flags`: `IOSQE_*`.
  public int flags() {
    return Byte.toUnsignedInt(getByte(FLAGS));
  }

  /// Sets [#flags()].
  public Sqe flags(int flags) {
    return setByte(FLAGS, flags);
  }

  /// `ioprio`: priority of reads and writes; flags of send, receive and accept.
  public int ioprio() {
    return Short.toUnsignedInt(getShort(IOPRIO));
  }

  /// Sets [#ioprio()].
  public Sqe ioprio(int ioprio) {
    return setShort(IOPRIO, ioprio);
  }

  /// `fd`: a descriptor, or with `IOSQE_FIXED_FILE` an index.
  public int fd() {
    return getInt(FD);
  }

  /// Sets [#fd()].
  public Sqe fd(int fd) {
    return setInt(FD, fd);
  }

  /// `off`: offset in the file, in bytes; or a second address.
  public long off() {
    return getLong(OFF);
  }

  /// Sets [#off()].
  public Sqe off(long off) {
    return setLong(OFF, off);
  }

  /// `cmd_op`: a command's number, the driver's.
  public int cmdOp() {
    return getInt(CMD_OP);
  }

  /// Sets [#cmdOp()].
  public Sqe cmdOp(int cmdOp) {
    return setInt(CMD_OP, cmdOp);
  }

  /// `__pad1`: zero for a command.
  public int pad1() {
    return getInt(PAD1);
  }

  /// Sets [#pad1()].
  public Sqe pad1(int pad1) {
    return setInt(PAD1, pad1);
  }

  /// `addr`: an address, often of a buffer.
  public long addr() {
    return getLong(ADDR);
  }

  /// Sets [#addr()].
  public Sqe addr(long addr) {
    return setLong(ADDR, addr);
  }

  /// `level`: of a socket option.
  public int level() {
    return getInt(LEVEL);
  }

  /// Sets [#level()].
  public Sqe level(int level) {
    return setInt(LEVEL, level);
  }

  /// `optname`: of a socket option.
  public int optname() {
    return getInt(OPTNAME);
  }

  /// Sets [#optname()].
  public Sqe optname(int optname) {
    return setInt(OPTNAME, optname);
  }

  /// `len`: bytes, or a count.
  public int len() {
    return getInt(LEN);
  }

  /// Sets [#len()].
  public Sqe len(int len) {
    return setInt(LEN, len);
  }

  /// Flags of the operation: `rw_flags`, `fsync_flags`, `poll32_events`, ….
  public int opFlags() {
    return getInt(OP_FLAGS);
  }

  /// Sets [#opFlags()].
  public Sqe opFlags(int opFlags) {
    return setInt(OP_FLAGS, opFlags);
  }

  /// `uring_cmd_flags`: `IORING_URING_CMD_*`.
  public int uringCmdFlags() {
    return getInt(URING_CMD_FLAGS);
  }

  /// Sets [#uringCmdFlags()].
  public Sqe uringCmdFlags(int uringCmdFlags) {
    return setInt(URING_CMD_FLAGS, uringCmdFlags);
  }

  /// `user_data`: what the completion will carry.
  public long userData() {
    return getLong(USER_DATA);
  }

  /// Sets [#userData()].
  public Sqe userData(long userData) {
    return setLong(USER_DATA, userData);
  }

  /// `buf_index`: which registered buffer.
  public int bufIndex() {
    return Short.toUnsignedInt(getShort(BUF_INDEX));
  }

  /// Sets [#bufIndex()].
  public Sqe bufIndex(int bufIndex) {
    return setShort(BUF_INDEX, bufIndex);
  }

  /// `buf_group`: which group of provided buffers.
  public int bufGroup() {
    return Short.toUnsignedInt(getShort(BUF_GROUP));
  }

  /// Sets [#bufGroup()].
  public Sqe bufGroup(int bufGroup) {
    return setShort(BUF_GROUP, bufGroup);
  }

  /// `personality`: which registered credentials, 0 for none.
  public int personality() {
    return Short.toUnsignedInt(getShort(PERSONALITY));
  }

  /// Sets [#personality()].
  public Sqe personality(int personality) {
    return setShort(PERSONALITY, personality);
  }

  /// `file_index`: slot of a registered file plus one, 0 for none.
  public int fileIndex() {
    return getInt(FILE_INDEX);
  }

  /// Sets [#fileIndex()].
  public Sqe fileIndex(int fileIndex) {
    return setInt(FILE_INDEX, fileIndex);
  }

  /// `splice_fd_in`: where splice(2) reads.
  public int spliceFdIn() {
    return getInt(SPLICE_FD_IN);
  }

  /// Sets [#spliceFdIn()].
  public Sqe spliceFdIn(int spliceFdIn) {
    return setInt(SPLICE_FD_IN, spliceFdIn);
  }

  /// `optlen`: bytes of a socket option.
  public int optlen() {
    return getInt(OPTLEN);
  }

  /// Sets [#optlen()].
  public Sqe optlen(int optlen) {
    return setInt(OPTLEN, optlen);
  }

  /// `addr_len`: bytes of the address in `off`.
  public int addrLen() {
    return Short.toUnsignedInt(getShort(ADDR_LEN));
  }

  /// Sets [#addrLen()].
  public Sqe addrLen(int addrLen) {
    return setShort(ADDR_LEN, addrLen);
  }

  /// `addr3`: a third address.
  public long addr3() {
    return getLong(ADDR3);
  }

  /// Sets [#addr3()].
  public Sqe addr3(long addr3) {
    return setLong(ADDR3, addr3);
  }

  /// `optval`: address of a socket option.
  public long optval() {
    return getLong(OPTVAL);
  }

  /// Sets [#optval()].
  public Sqe optval(long optval) {
    return setLong(OPTVAL, optval);
  }

  /// `__pad2`: zero, or part of a payload.
  public long pad2() {
    return getLong(PAD2);
  }

  /// Sets [#pad2()].
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
