package dev.ringshot.model;

import static dev.ringshot.abi.Errno.EFAULT;
import static dev.ringshot.abi.Errno.EINVAL;
import static dev.ringshot.abi.Fcntl.RWF_APPEND;
import static dev.ringshot.abi.Fcntl.RWF_DSYNC;
import static dev.ringshot.abi.Fcntl.RWF_SYNC;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.ringshot.abi.Iovec;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// One read or write on its way (`kiocb` and `iov_iter`): where in the file, and the memory it
/// moves to or from: a range of the program's, several, or a part of a registered buffer. Valid
/// during the call that is given it.
public final class Transfer {
  private static final int VECTOR_MAX = 1024; // UIO_MAXIOV

  private final UserMemory memory;
  private @Nullable Mapping fixed;
  private long @Nullable [] vector; // addresses and lengths in turn
  private int entry; // the range of the vector that the cursor is in
  private long address;
  private int start; // bytes before that range
  private int end; // and to its end
  private int length;
  private int moved;
  private long position;
  private boolean nonBlocking;
  private int rwFlags;
  private @Nullable Message message;

  Transfer(UserMemory memory) {
    this.memory = memory;
  }

  // ---- what it is about

  /// A range of the program's memory.
  Transfer range(long address, int length) {
    fixed = null;
    vector = null;
    open(address, length);
    return this;
  }

  /// A part of a registered buffer.
  void within(Mapping buffer, long address, int length) {
    range(address, length);
    fixed = buffer;
  }

  private void open(long first, int bytes) {
    address = first;
    start = 0;
    end = bytes;
    length = bytes;
    moved = 0;
  }

  /// Keeps the ranges that the program has at `iovecs` (`import_iovec`), for [#rewind].
  ///
  /// @return 0 or `-errno`
  int keepVector(long iovecs, int count) {
    fixed = null;
    vector = null;
    if (Integer.compareUnsigned(count, VECTOR_MAX) > 0) return -EINVAL;
    var ranges = new long[2 * count];
    if (memory.copyFrom(iovecs, MemorySegment.ofArray(ranges), 0, (long) count * Iovec.SIZE) != 0)
      return -EFAULT;
    for (int i = 1; i < ranges.length; i += 2) if (ranges[i] < 0) return -EINVAL;
    int left = ReadOp.BYTES_MAX;
    for (int i = 0; i < ranges.length; i += 2) {
      int taken = (int) Math.min(ranges[i + 1], left);
      if (!UserMemory.isUserRange(ranges[i], count == 1 ? taken : ranges[i + 1])) return -EFAULT;
      ranges[i + 1] = taken;
      left -= taken;
    }
    vector = ranges;
    length = ReadOp.BYTES_MAX - left;
    return 0;
  }

  /// Keeps the length in the one `struct iovec` of a request that takes a provided buffer
  /// (`io_iov_buffer_select_prep`).
  ///
  /// @return 0 or `-errno`
  int keepLength(long iovec, int count) {
    if (count != 1) return -EINVAL;
    var bytes = memory.read(iovec + Iovec.IOV_LEN, Long.BYTES);
    if (bytes == null) return -EFAULT;
    length = (int) bytes.get(JAVA_LONG, 0);
    return 0;
  }

  /// Keeps the length that a request asks for that takes a provided buffer.
  ///
  /// @return 0
  int keepLength(int bytes) {
    length = bytes;
    return 0;
  }

  /// Bytes to ask for of a provided buffer, 0 for all of it. Once it has been pointed to a buffer,
  /// that is what the buffer had: a request that waits and selects again takes no more.
  int keptLength() {
    return length;
  }

  /// Goes back to the begin of what was kept.
  void rewind() {
    var ranges = vector;
    if (ranges == null || ranges.length == 0) {
      open(0, 0);
      return;
    }
    int all = length;
    open(ranges[0], (int) ranges[1]);
    length = all;
    entry = 0;
    seek();
  }

  Transfer at(long position, boolean nonBlocking) {
    this.position = position;
    this.nonBlocking = nonBlocking;
    rwFlags = 0;
    return this;
  }

  /// Another place in the file.
  void moveTo(long newPosition) {
    position = newPosition;
  }

  /// @param flags `RWF_*`, of which it keeps what concerns writes
  Transfer with(int flags) {
    rwFlags = flags;
    return this;
  }

  /// Itself, for a socket.
  Message message() {
    var known = message;
    if (known != null) return known;
    known = new Message(this);
    message = known;
    return known;
  }

  /// Lets go of memory that it was about.
  void forget() {
    fixed = null;
    vector = null;
  }

  // ---- for drivers

  /// Where in the file, in bytes.
  public long position() {
    return position;
  }

  /// Bytes still to move.
  public int remaining() {
    return length - moved;
  }

  /// Bytes moved so far.
  public int moved() {
    return moved;
  }

  /// Whether the call must answer `-EAGAIN` rather than wait.
  public boolean nonBlocking() {
    return nonBlocking;
  }

  /// Whether what is written must be on stable storage when the call returns: `RWF_DSYNC`, and with
  /// [#isFullySynchronous] also what the system knows of the file.
  public boolean isSynchronous() {
    return (rwFlags & (RWF_DSYNC | RWF_SYNC)) != 0;
  }

  /// `RWF_SYNC`.
  public boolean isFullySynchronous() {
    return (rwFlags & RWF_SYNC) != 0;
  }

  /// Whether to write at the file's end, wherever [#position] is: `RWF_APPEND`.
  public boolean isAppending() {
    return (rwFlags & RWF_APPEND) != 0;
  }

  /// Moves up to `bytes` bytes of `source` to the program, as many as its memory takes.
  ///
  /// @return bytes moved, or `-EFAULT` if not even one could be
  public int copyToUser(MemorySegment source, long offset, long bytes) {
    int wanted = (int) Math.min(bytes, remaining());
    int done = 0;
    while (done < wanted) {
      var window = window(wanted - done, true);
      if (window == null) return done > 0 ? done : -EFAULT;
      int count = reach(window, wanted - done);
      MemorySegment.copy(source, offset + done, window.memory, cursor() - window.start, count);
      advance(count);
      done += count;
    }
    return done;
  }

  /// Moves up to `bytes` bytes from the program to `target`, as many as its memory has.
  ///
  /// @return bytes moved, or `-EFAULT` if not even one could be
  public int copyFromUser(MemorySegment target, long offset, long bytes) {
    int wanted = (int) Math.min(bytes, remaining());
    int done = 0;
    while (done < wanted) {
      var window = window(wanted - done, false);
      if (window == null) return done > 0 ? done : -EFAULT;
      int count = reach(window, wanted - done);
      MemorySegment.copy(window.memory, cursor() - window.start, target, offset + done, count);
      advance(count);
      done += count;
    }
    return done;
  }

  // ---- the cursor

  /// The mapping at the cursor: whoever uses it moves no more than [#reach], then says so to
  /// [#advance].
  @Nullable Mapping window(long bytes, boolean forWriting) {
    if (bytes <= 0) return null;
    var mapping = fixed != null ? fixed : memory.at(cursor());
    if (mapping == null || !mapping.covers(cursor(), 1)) return null;
    return forWriting && !mapping.writable ? null : mapping;
  }

  /// How many of the next `bytes` bytes lie together in `window`.
  int reach(Mapping window, long bytes) {
    return (int) window.reach(cursor(), Math.min(bytes, end - moved));
  }

  long cursor() {
    return address + (moved - start);
  }

  /// Goes on by so many bytes, or back if they are negative.
  void advance(int bytes) {
    moved += bytes;
    if (vector != null) seek();
  }

  /// Finds the range of the vector that the cursor is in.
  private void seek() {
    var ranges = vector;
    if (ranges == null) return;
    while (moved >= end && entry + 2 < ranges.length) {
      entry += 2;
      start = end;
      end += (int) ranges[entry + 1];
    }
    while (moved < start) {
      entry -= 2;
      end = start;
      start -= (int) ranges[entry + 1];
    }
    address = ranges[entry];
  }
}
