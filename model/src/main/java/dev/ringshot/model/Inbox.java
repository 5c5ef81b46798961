package dev.ringshot.model;

import static dev.ringshot.abi.Errno.EFAULT;
import static dev.ringshot.abi.Socket.MSG_TRUNC;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// What has arrived at a socket and was not read yet: messages, one behind the other in one circle
/// of bytes. Read as messages, or across them as a stream. Guarded by its socket; allocates only to
/// grow.
final class Inbox {
  private static final int BYTES_MIN = 1024;
  private static final int MESSAGES_MIN = 8;

  private MemorySegment bytes = MemorySegment.NULL;
  private int[] lengths = new int[MESSAGES_MIN];
  private int[] charges = new int[MESSAGES_MIN];
  private @Nullable SocketFile[] senders = new @Nullable SocketFile[MESSAGES_MIN];
  private @Nullable SocketAddress[] sources = new @Nullable SocketAddress[MESSAGES_MIN];
  private int firstByte; // running free, as are those below
  private int lastByte;
  private int first;
  private int last;

  boolean isEmpty() {
    return first == last;
  }

  /// Whether closing loses something (`unix_release_sock`): one empty message at the head does not
  /// count.
  boolean isUnread() {
    return messages() > 1 || firstLength() > 0;
  }

  int messages() {
    return last - first;
  }

  int byteCount() {
    return lastByte - firstByte;
  }

  /// Bytes of the first message; 0 if there is none.
  int firstLength() {
    return isEmpty() ? 0 : lengths[at(first)];
  }

  private int at(int index) {
    return index & (lengths.length - 1);
  }

  /// Adds a message of `length` bytes of `message`.
  ///
  /// @param charge what it takes of its sender's buffer until it is read
  /// @return `length`, or `-EFAULT`, and nothing was added
  int put(
      Message message,
      int length,
      int charge,
      @Nullable SocketFile sender,
      @Nullable SocketAddress source) {
    if (!copyIn(message, length)) return -EFAULT;
    if (messages() == lengths.length) growMessages();
    int at = at(last++);
    lengths[at] = length;
    charges[at] = charge;
    senders[at] = sender;
    sources[at] = source;
    return length;
  }

  private boolean copyIn(Message message, int length) {
    if (byteCount() + length > bytes.byteSize()) growBytes(byteCount() + length);
    int size = (int) bytes.byteSize();
    int start = lastByte & (size - 1);
    int head = Math.min(length, size - start);
    if (message.copyFromUser(bytes, start, head) < head) return false;
    if (message.copyFromUser(bytes, 0, length - head) < length - head) return false;
    lastByte += length;
    return true;
  }

  private void growBytes(int needed) {
    int size = Math.max(BYTES_MIN, Integer.highestOneBit(needed - 1) << 1);
    var next = MemorySegment.ofArray(new byte[size]);
    int count = byteCount();
    if (count > 0) {
      int old = (int) bytes.byteSize();
      int start = firstByte & (old - 1);
      int head = Math.min(count, old - start);
      MemorySegment.copy(bytes, start, next, 0, head);
      MemorySegment.copy(bytes, 0, next, head, count - head);
    }
    bytes = next;
    firstByte = 0;
    lastByte = count;
  }

  private void growMessages() {
    int old = lengths.length;
    int shift = at(first);
    lengths = rotated(lengths, shift);
    charges = rotated(charges, shift);
    var oldSenders = senders;
    var oldSources = sources;
    senders = Arrays.copyOf(oldSenders, 2 * old);
    sources = Arrays.copyOf(oldSources, 2 * old);
    for (int i = 0; i < old; i++) {
      senders[i] = oldSenders[(shift + i) & (old - 1)];
      sources[i] = oldSources[(shift + i) & (old - 1)];
    }
    first = 0;
    last = old;
  }

  private static int[] rotated(int[] from, int shift) {
    var to = new int[2 * from.length];
    System.arraycopy(from, shift, to, 0, from.length - shift);
    System.arraycopy(from, 0, to, from.length - shift, shift);
    return to;
  }

  /// Moves as many bytes as there are and fit.
  ///
  /// @param discards leaves the program's memory alone
  /// @return how many, or `-EFAULT`; what meets bad memory stays
  int readStream(Message message, boolean discards) {
    int done = 0;
    int index = first; // of the one that is read from
    int from = firstByte;
    while (index != last && message.remaining() > 0) {
      int length = lengths[at(index)];
      int part = Math.min(length, message.remaining());
      if (discards) message.skip(part);
      else if (!copyOut(message, from, part)) return done > 0 ? done : -EFAULT;
      done += part;
      from += part;
      if (!message.peeks()) consume(part);
      if (message.peeks() || part == length) index++;
    }
    return done;
  }

  private void consume(int part) {
    int at = at(first);
    firstByte += part;
    lengths[at] -= part;
    if (lengths[at] == 0) remove();
  }

  /// Moves what fits of the first message, which is gone then.
  ///
  /// @return bytes moved, or of the whole message if it [Message#tellsLength]; or `-EFAULT`
  int readMessage(Message message) {
    int at = at(first);
    int length = lengths[at];
    int part = Math.min(length, message.remaining());
    boolean copied = copyOut(message, firstByte, part);
    message.source = sources[at];
    if (part < length) message.flagsOut |= MSG_TRUNC;
    if (!message.peeks()) {
      firstByte += length;
      remove();
    }
    if (!copied) return -EFAULT;
    return message.tellsLength() ? length : part;
  }

  private boolean copyOut(Message message, int from, int length) {
    if (length == 0) return true;
    int size = (int) bytes.byteSize();
    int start = from & (size - 1);
    int head = Math.min(length, size - start);
    return message.copyToUser(bytes, start, head) == head
        && message.copyToUser(bytes, 0, length - head) == length - head;
  }

  private void remove() {
    int at = at(first++);
    var sender = senders[at];
    senders[at] = null;
    sources[at] = null;
    if (sender != null) sender.released(charges[at]);
  }

  /// Throws everything away.
  void clear() {
    firstByte = lastByte;
    while (!isEmpty()) remove();
  }
}
