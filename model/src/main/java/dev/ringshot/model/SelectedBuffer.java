package dev.ringshot.model;

import static dev.ringshot.abi.Errno.EFAULT;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A provided buffer that a driver took with [UringCmd#selectBuffer] and owes an answer for: it
/// must be given to [UringCmd#postMultishotCqe] before the driver's call or task returns. (Linux's
/// `struct io_br_sel`.)
///
/// Valid until then; one a command, reused, never kept. Filling it by the `put…` and `copy…`
/// methods allocates nothing; [#memory] allocates a view of each buffer once, as long as ids stay
/// below 1024 and buffers where they are. The memory is the program's: it may be bad, and the
/// program may change it at any time.
public final class SelectedBuffer {
  private static final int VIEWS_MAX = 1024;

  private final UserMemory memory;
  private int errno;
  private long address;
  private int length;
  private @Nullable Mapping mapping;
  private int bufferId;
  private @Nullable MemorySegment[] views = {};

  SelectedBuffer(UserMemory memory) {
    this.memory = memory;
  }

  SelectedBuffer refused(int error) {
    errno = error;
    length = 0;
    address = 0;
    return this;
  }

  SelectedBuffer of(Selection selection) {
    errno = 0;
    address = selection.address();
    length = selection.length();
    bufferId = selection.bufferId();
    return this;
  }

  /// 0, or why there is no buffer: `-ENOBUFS`; `-EINVAL` for misuse (the command is not multishot,
  /// or holds a buffer already); `-ECANCELED` when it has ended; `-EOPNOTSUPP` from a kernel
  /// without commands. Nothing is owed then.
  public int errno() {
    return errno;
  }

  /// Bytes of it that may be filled: what was asked for, or what the buffer has if that is less. 0
  /// without a buffer.
  public int length() {
    return length;
  }

  /// Its bytes. A driver that touches a buffer the program did not map is ended with `-EFAULT`,
  /// quietly, unless it uses the methods that answer `-EFAULT`.
  public MemorySegment memory() {
    var window = window(0, length);
    if (window == null) throw new UserFault(address, length);
    int index = bufferId & VIEWS_MAX - 1;
    if (index >= views.length) views = Arrays.copyOf(views, Integer.highestOneBit(index | 1) * 2);
    var known = views[index];
    if (known != null && known.address() == address && known.byteSize() == length) return known;
    known = window.memory.asSlice(address - window.start, length);
    views[index] = known;
    return known;
  }

  /// Stores one byte.
  ///
  /// @return 0 or `-EFAULT`
  public int putByte(int at, byte value) {
    var window = window(at, 1);
    if (window == null) return -EFAULT;
    window.memory.set(JAVA_BYTE, address + at - window.start, value);
    return 0;
  }

  /// Stores two bytes in native order.
  ///
  /// @return 0 or `-EFAULT`
  public int putShort(int at, short value) {
    var window = window(at, 2);
    if (window == null) return -EFAULT;
    window.memory.set(JAVA_SHORT_UNALIGNED, address + at - window.start, value);
    return 0;
  }

  /// Stores four bytes in native order.
  ///
  /// @return 0 or `-EFAULT`
  public int putInt(int at, int value) {
    var window = window(at, 4);
    if (window == null) return -EFAULT;
    window.memory.set(JAVA_INT_UNALIGNED, address + at - window.start, value);
    return 0;
  }

  /// Stores eight bytes in native order.
  ///
  /// @return 0 or `-EFAULT`
  public int putLong(int at, long value) {
    var window = window(at, 8);
    if (window == null) return -EFAULT;
    window.memory.set(JAVA_LONG_UNALIGNED, address + at - window.start, value);
    return 0;
  }

  /// Stores `count` bytes of `source` (copy_to_user()).
  ///
  /// @return 0 or `-EFAULT`
  public int copyFrom(MemorySegment source, long offset, int at, int count) {
    if (count == 0) return 0;
    var window = window(at, count);
    if (window == null) return -EFAULT;
    MemorySegment.copy(source, offset, window.memory, address + at - window.start, count);
    return 0;
  }

  // Bytes beyond the buffer are the driver's mistake, bytes that are not mapped the program's.
  private @Nullable Mapping window(int at, int count) {
    Objects.checkFromIndexSize(at, count, length);
    var known = mapping;
    if (known == null || !known.covers(address + at, count)) {
      known = memory.find(address + at, count);
      if (known == null || !known.writable) return null;
      mapping = known;
    }
    return known;
  }
}
