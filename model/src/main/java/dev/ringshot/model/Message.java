package dev.ringshot.model;

import static dev.ringshot.abi.Errno.EFAULT;
import static dev.ringshot.abi.Errno.EINVAL;
import static dev.ringshot.abi.Socket.MSG_OOB;
import static dev.ringshot.abi.Socket.MSG_PEEK;
import static dev.ringshot.abi.Socket.MSG_TRUNC;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// What one send or receive moves, from where or whereto (`struct msghdr`). One a request, used
/// again; nothing is allocated for a message of one range.
final class Message {
  /// `sizeof(struct sockaddr_storage)`.
  static final int NAME_MAX = 128;

  /// `MSG_*` of the call.
  int flags;

  /// `MSG_*` that receiving tells.
  int flagsOut;

  /// Bytes still to be read after this, or -1 where a socket cannot tell.
  int unread;

  /// Whom a message that was received is from.
  @Nullable SocketAddress source;

  /// Whom to send it to: a `struct sockaddr`, not looked into.
  final byte[] name = new byte[NAME_MAX];

  int nameLength;

  private final Transfer range;
  private long[] addresses = new long[1];
  private int[] lengths = new int[1];
  private int count;
  private int next;
  private int later; // bytes of the ranges after this one
  private int before; // bytes moved in the ranges before it

  /// @param range what moves one range at a time
  Message(Transfer range) {
    this.range = range;
  }

  /// Nothing but what is left of the range as it is, to no address.
  Message begin(int flags) {
    this.flags = flags;
    flagsOut = 0;
    unread = -1;
    source = null;
    nameLength = 0;
    clear();
    return this;
  }

  /// Takes all ranges away.
  void clear() {
    count = 0;
    next = 0;
    later = 0;
    before = 0;
  }

  /// One range alone.
  void range(long address, int length) {
    clear();
    range.range(address, length).at(0, true);
  }

  /// One more range, behind the others.
  void add(long address, int length) {
    if (count == addresses.length) {
      addresses = Arrays.copyOf(addresses, 2 * count);
      lengths = Arrays.copyOf(lengths, 2 * count);
    }
    addresses[count] = address;
    lengths[count] = length;
    count++;
    later += length;
    if (count == 1) turn();
  }

  private void turn() {
    range.range(addresses[next], lengths[next]).at(0, true);
    later -= lengths[next];
    next++;
  }

  /// Whether it is out of band, which is not served.
  boolean isUrgent() {
    return (flags & MSG_OOB) != 0;
  }

  /// Whether what is read stays there.
  boolean peeks() {
    return (flags & MSG_PEEK) != 0;
  }

  /// Whether the result is a message's own length.
  boolean tellsLength() {
    return (flags & MSG_TRUNC) != 0;
  }

  int remaining() {
    return range.remaining() + later;
  }

  int moved() {
    return before + range.moved();
  }

  /// How many ranges there are; 0 for one alone.
  int ranges() {
    return count;
  }

  /// How many of the ranges `bytes` bytes reach into.
  int rangesOf(int bytes) {
    int ranges = 0;
    for (int left = bytes; left > 0 && ranges < count; ranges++) left -= lengths[ranges];
    return ranges;
  }

  /// Moves up to `bytes` bytes of `source` to the program.
  ///
  /// @return how many, fewer than asked for and than [#remaining] only where its memory is bad
  int copyToUser(MemorySegment source, long offset, int bytes) {
    int copied = 0;
    while (copied < bytes && remaining() > 0) {
      turnIfDone();
      int part = Math.min(bytes - copied, range.remaining());
      int moved = range.copyToUser(source, offset + copied, part);
      if (moved > 0) copied += moved;
      if (moved < part) break;
    }
    return copied;
  }

  /// Moves up to `bytes` bytes from the program, as [#copyToUser] does.
  int copyFromUser(MemorySegment target, long offset, int bytes) {
    int copied = 0;
    while (copied < bytes && remaining() > 0) {
      turnIfDone();
      int part = Math.min(bytes - copied, range.remaining());
      int moved = range.copyFromUser(target, offset + copied, part);
      if (moved > 0) copied += moved;
      if (moved < part) break;
    }
    return copied;
  }

  /// Passes `bytes` bytes of the program's memory by, untouched.
  void skip(int bytes) {
    for (int left = bytes; left > 0; ) {
      turnIfDone();
      int part = Math.min(left, range.remaining());
      range.advance(part);
      left -= part;
    }
  }

  private void turnIfDone() {
    while (range.remaining() == 0 && next < count) {
      before += range.moved();
      turn();
    }
  }

  /// Keeps the address that the program has (`move_addr_to_kernel`).
  ///
  /// @return 0, `-EINVAL` or `-EFAULT`
  int keepName(UserMemory memory, long address, int length) {
    if (length < 0 || length > NAME_MAX) return -EINVAL;
    nameLength = length;
    return memory.copyFrom(address, MemorySegment.ofArray(name), 0, length);
  }

  /// Tells the program an address (`move_addr_to_user`).
  ///
  /// @param lengthAt where it has the length of its memory, and gets the address's own
  /// @return 0, `-EINVAL` or `-EFAULT`
  static int tellName(UserMemory memory, SocketAddress name, long address, long lengthAt) {
    var length = MemorySegment.ofArray(new int[1]);
    if (memory.copyFrom(lengthAt, length, 0, Integer.BYTES) != 0) return -EFAULT;
    int room = Math.min(length.get(java.lang.foreign.ValueLayout.JAVA_INT, 0), name.length());
    if (room < 0) return -EINVAL;
    if (memory.copyTo(address, name.bytes(), 0, room) != 0) return -EFAULT;
    length.set(java.lang.foreign.ValueLayout.JAVA_INT, 0, name.length());
    return memory.copyTo(lengthAt, length, 0, Integer.BYTES);
  }
}
