package dev.ringshot.abi;

import static dev.ringshot.abi.IoUring.*;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;

/// A cursor over one completion queue entry, `struct io_uring_cqe`.
///
/// | offset | size | field |
/// |---|---|---|
/// | 0 | 8 | `user_data`: what the submission carried |
/// | 8 | 4 | `res`: a result, or `-errno` |
/// | 12 | 4 | `flags`: `IORING_CQE_F_*`; bits 16 … 31 are a buffer id with `IORING_CQE_F_BUFFER` |
/// | 16 | 16 | `big_cqe`: only in 32-byte entries |
///
/// What the flags say can be asked of an entry or, statically, of a flags value. Nothing is
/// allocated. Not thread-safe: a reader loads the tail of the ring with acquire before.
public final class Cqe {
  /// Size of an entry in bytes.
  public static final int SIZE = 16;

  /// Size in bytes of an entry of an `IORING_SETUP_CQE32` ring, and of one with `IORING_CQE_F_32`.
  public static final int SIZE32 = 32;

  /// Offset of `user_data`.
  public static final int USER_DATA = 0;

  /// Offset of `res`.
  public static final int RES = 8;

  /// Offset of `flags`.
  public static final int FLAGS = 12;

  /// Offset of `big_cqe`.
  public static final int BIG_CQE = 16;

  private MemorySegment memory = MemorySegment.NULL;
  private long offset;

  /// A cursor that points nowhere until [#at].
  public Cqe() {}

  /// Moves the cursor.
  ///
  /// @param memory where the entry lies; kept until the next call
  /// @param offset of the entry in `memory`, in bytes
  /// @return this
  public Cqe at(MemorySegment memory, long offset) {
    this.memory = memory;
    this.offset = offset;
    return this;
  }

  /// What the submission carried.
  public long userData() {
    return memory.get(JAVA_LONG, offset + USER_DATA);
  }

  /// The result, or `-errno`.
  public int res() {
    return memory.get(JAVA_INT, offset + RES);
  }

  /// `IORING_CQE_F_*`.
  public int flags() {
    return memory.get(JAVA_INT, offset + FLAGS);
  }

  /// The upper half of a 32-byte entry.
  ///
  /// @param index 0 or 1
  public long extra(int index) {
    return memory.get(JAVA_LONG, offset + BIG_CQE + (long) index * Long.BYTES);
  }

  /// Writes the 16 bytes.
  ///
  /// @return this
  public Cqe set(long userData, int res, int flags) {
    memory.set(JAVA_LONG, offset + USER_DATA, userData);
    memory.set(JAVA_INT, offset + RES, res);
    memory.set(JAVA_INT, offset + FLAGS, flags);
    return this;
  }

  /// Writes the upper half of a 32-byte entry.
  ///
  /// @return this
  public Cqe extra(long first, long second) {
    memory.set(JAVA_LONG, offset + BIG_CQE, first);
    memory.set(JAVA_LONG, offset + BIG_CQE + Long.BYTES, second);
    return this;
  }

  /// More completions of the same submission will follow.
  public boolean more() {
    return more(flags());
  }

  /// It names a buffer, [#bufferId()].
  public boolean hasBuffer() {
    return hasBuffer(flags());
  }

  /// Which buffer, if [#hasBuffer()]: 0 … 65535.
  public int bufferId() {
    return bufferId(flags());
  }

  /// The buffer is not used up: a later completion names it too.
  public boolean bufferMore() {
    return bufferMore(flags());
  }

  /// It is 32 bytes long, in a ring with both sizes.
  public boolean big() {
    return big(flags());
  }

  /// It only fills a gap: to be skipped.
  public boolean skip() {
    return skip(flags());
  }

  /// As [#more()], of a flags value.
  public static boolean more(int flags) {
    return (flags & IORING_CQE_F_MORE) != 0;
  }

  /// As [#hasBuffer()], of a flags value.
  public static boolean hasBuffer(int flags) {
    return (flags & IORING_CQE_F_BUFFER) != 0;
  }

  /// As [#bufferId()], of a flags value.
  public static int bufferId(int flags) {
    return flags >>> IORING_CQE_BUFFER_SHIFT;
  }

  /// As [#bufferMore()], of a flags value.
  public static boolean bufferMore(int flags) {
    return (flags & IORING_CQE_F_BUF_MORE) != 0;
  }

  /// As [#big()], of a flags value.
  public static boolean big(int flags) {
    return (flags & IORING_CQE_F_32) != 0;
  }

  /// As [#skip()], of a flags value.
  public static boolean skip(int flags) {
    return (flags & IORING_CQE_F_SKIP) != 0;
  }

  /// The socket has more to read than this completion brought.
  public static boolean socketNonempty(int flags) {
    return (flags & IORING_CQE_F_SOCK_NONEMPTY) != 0;
  }

  /// It is the second completion of a zero-copy send: the memory is free again.
  public static boolean notification(int flags) {
    return (flags & IORING_CQE_F_NOTIF) != 0;
  }

  /// Of a completion of `SOCKET_URING_OP_TX_TIMESTAMP`: its `SCM_TSTAMP_*` of [Socket].
  public static int timestampType(int flags) {
    return flags >>> IORING_TIMESTAMP_TYPE_SHIFT;
  }

  /// Of a completion of `SOCKET_URING_OP_TX_TIMESTAMP`: the network card made the stamp.
  public static boolean timestampFromHardware(int flags) {
    return (flags & IORING_CQE_F_TSTAMP_HW) != 0;
  }

  /// The flags by name, for people: `F_BUFFER|F_MORE bid=3`; `0` for none. Allocates.
  public static String describe(int flags) {
    StringBuilder text = new StringBuilder();
    if (hasBuffer(flags)) text.append("|F_BUFFER");
    if (more(flags)) text.append("|F_MORE");
    if (socketNonempty(flags)) text.append("|F_SOCK_NONEMPTY");
    if (notification(flags)) text.append("|F_NOTIF");
    if (bufferMore(flags)) text.append("|F_BUF_MORE");
    if (skip(flags)) text.append("|F_SKIP");
    if (big(flags)) text.append("|F_32");
    int rest = flags & 0x7fc0;
    if (rest != 0) text.append("|0x").append(Integer.toHexString(rest));
    int high = bufferId(flags);
    if (hasBuffer(flags)) {
      text.append(" bid=").append(high);
    } else if (high != 0) {
      text.append("|0x").append(Integer.toHexString(high)).append("<<16");
    }
    return text.isEmpty() ? "0" : text.substring(1);
  }
}
