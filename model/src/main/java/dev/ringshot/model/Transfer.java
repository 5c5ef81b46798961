package dev.ringshot.model;

import static dev.ringshot.abi.Errno.EFAULT;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// One read or write on its way (`kiocb` and `iov_iter`): where in the file, and the program's
/// memory it moves to or from. Valid during the call that is given it.
public final class Transfer {
  private final UserMemory memory;
  private long address;
  private int length;
  private int moved;
  private long position;
  private boolean nonBlocking;
  private @Nullable Message message;

  Transfer(UserMemory memory) {
    this.memory = memory;
  }

  Transfer start(long address, int length, long position, boolean nonBlocking) {
    this.address = address;
    this.length = length;
    this.moved = 0;
    this.position = position;
    this.nonBlocking = nonBlocking;
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

  /// Moves up to `bytes` bytes of `source` to the program, as many as its memory takes.
  ///
  /// @return bytes moved, or `-EFAULT` if not even one could be
  public int copyToUser(MemorySegment source, long offset, long bytes) {
    var window = window(Math.min(bytes, remaining()), true);
    if (window == null) return remaining() == 0 || bytes == 0 ? 0 : -EFAULT;
    int count = (int) window.reach(address + moved, Math.min(bytes, remaining()));
    MemorySegment.copy(source, offset, window.memory, address + moved - window.start, count);
    moved += count;
    return count;
  }

  /// Moves up to `bytes` bytes from the program to `target`, as many as its memory has.
  ///
  /// @return bytes moved, or `-EFAULT` if not even one could be
  public int copyFromUser(MemorySegment target, long offset, long bytes) {
    var window = window(Math.min(bytes, remaining()), false);
    if (window == null) return remaining() == 0 || bytes == 0 ? 0 : -EFAULT;
    int count = (int) window.reach(address + moved, Math.min(bytes, remaining()));
    MemorySegment.copy(window.memory, address + moved - window.start, target, offset, count);
    moved += count;
    return count;
  }

  /// The mapping at the cursor: whoever uses it moves no more than its [Mapping#reach], then says
  /// so to [#advance].
  @Nullable Mapping window(long bytes, boolean forWriting) {
    if (bytes <= 0) return null;
    var mapping = memory.at(address + moved);
    return mapping == null || (forWriting && !mapping.writable) ? null : mapping;
  }

  long cursor() {
    return address + moved;
  }

  void advance(int bytes) {
    moved += bytes;
  }
}
