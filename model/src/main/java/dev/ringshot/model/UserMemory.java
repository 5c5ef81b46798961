package dev.ringshot.model;

import static dev.ringshot.abi.Errno.EFAULT;
import static dev.ringshot.abi.Errno.ENAMETOOLONG;
import static dev.ringshot.abi.Errno.ENOMEM;

import dev.ringshot.abi.ErrnoException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The program's memory as the kernel sees it: an address means something only where
/// [ModelKernel#map] put a mapping, and stops to the moment it is unmapped. Everything else is
/// `-EFAULT`.
///
/// Look-ups take no lock: they read a sorted, immutable table. No two mappings touch, so a range
/// that crosses the edge of one is bad from there on.
final class UserMemory {
  static final long PAGE = 4096;

  /// `PATH_MAX`: the most bytes of a path, its zero among them.
  static final int PATH_MAX = 4096;

  /// One more than the highest address a program can have (`TASK_SIZE_MAX` of x86-64 without
  /// five-level paging).
  static final long TASK_SIZE = 0x7fff_ffff_f000L;

  private static final Table EMPTY = new Table(new long[0], new Mapping[0]);

  private volatile Table table = EMPTY;

  private static final class Table {
    final long[] starts;
    final Mapping[] mappings;

    Table(long[] starts, Mapping[] mappings) {
      this.starts = starts;
      this.mappings = mappings;
    }
  }

  static long pages(long length) {
    return (length + PAGE - 1) & -PAGE;
  }

  /// Fresh zeroed pages with a gap behind them. The garbage collector frees them when no segment of
  /// them is left.
  ///
  /// @throws ErrnoException `ENOMEM` if there is not so much
  static MemorySegment allocate(long length) {
    long bytes = pages(length);
    try {
      return Arena.ofAuto().allocate(bytes + PAGE, PAGE).asSlice(0, bytes);
    } catch (OutOfMemoryError | IllegalArgumentException e) {
      throw new ErrnoException(
          "mmap",
          ENOMEM,
          bytes + " bytes wanted; the model's memory is limited by -XX:MaxDirectMemorySize");
    }
  }

  synchronized Mapping map(MemorySegment memory, boolean writable, @Nullable OpenFile file) {
    var known = find(memory.address(), memory.byteSize());
    if (known != null) {
      known.mapAgain();
      return known;
    }
    var mapping = new Mapping(memory, writable, file);
    var now = table;
    int at = -Arrays.binarySearch(now.starts, mapping.start) - 1;
    var starts = new long[now.starts.length + 1];
    var mappings = new Mapping[starts.length];
    System.arraycopy(now.starts, 0, starts, 0, at);
    System.arraycopy(now.mappings, 0, mappings, 0, at);
    System.arraycopy(now.starts, at, starts, at + 1, now.starts.length - at);
    System.arraycopy(now.mappings, at, mappings, at + 1, now.starts.length - at);
    starts[at] = mapping.start;
    mappings[at] = mapping;
    table = new Table(starts, mappings);
    return mapping;
  }

  /// Takes away one mapping that starts at `address`; from the last one on, its range is bad.
  ///
  /// @return it, or null if there is none
  synchronized @Nullable Mapping unmap(long address) {
    var now = table;
    int at = Arrays.binarySearch(now.starts, address);
    if (at < 0) return null;
    var mapping = now.mappings[at];
    if (!mapping.unmapOnce()) return mapping;
    var starts = new long[now.starts.length - 1];
    var mappings = new Mapping[starts.length];
    System.arraycopy(now.starts, 0, starts, 0, at);
    System.arraycopy(now.mappings, 0, mappings, 0, at);
    System.arraycopy(now.starts, at + 1, starts, at, starts.length - at);
    System.arraycopy(now.mappings, at + 1, mappings, at, starts.length - at);
    table = new Table(starts, mappings);
    return mapping;
  }

  /// Takes every mapping away.
  ///
  /// @return the files they held, one for each time they were mapped
  synchronized List<OpenFile> clear() {
    var held = new ArrayList<OpenFile>();
    for (var mapping : table.mappings) {
      boolean last = false;
      while (!last) {
        if (mapping.file != null) held.add(mapping.file);
        last = mapping.unmapOnce();
      }
    }
    table = EMPTY;
    return held;
  }

  /// Whether the range is one a program could have at all (`access_ok`).
  static boolean isUserRange(long address, long length) {
    return Long.compareUnsigned(address, TASK_SIZE) <= 0
        && Long.compareUnsigned(length, TASK_SIZE - address) <= 0;
  }

  /// The mapping that holds all `length` ≥ 0 bytes at `address`, or null.
  @Nullable Mapping find(long address, long length) {
    var mapping = at(address);
    return mapping != null && mapping.covers(address, length) ? mapping : null;
  }

  /// The mapping that holds the byte at `address`, or null.
  @Nullable Mapping at(long address) {
    var now = table;
    int low = 0;
    int high = now.starts.length - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      if (now.starts[middle] <= address) low = middle + 1;
      else high = middle - 1;
    }
    if (high < 0) return null;
    var mapping = now.mappings[high];
    return mapping.covers(address, 1) ? mapping : null;
  }

  /// copy_from_user(): all or `-EFAULT`.
  int copyFrom(long address, MemorySegment target, long offset, long length) {
    if (length == 0) return 0;
    var mapping = find(address, length);
    if (mapping == null) return -EFAULT;
    MemorySegment.copy(mapping.memory, address - mapping.start, target, offset, length);
    return 0;
  }

  /// copy_to_user(): all or `-EFAULT`.
  int copyTo(long address, MemorySegment source, long offset, long length) {
    if (length == 0) return 0;
    var mapping = find(address, length);
    if (mapping == null || !mapping.writable) return -EFAULT;
    MemorySegment.copy(source, offset, mapping.memory, address - mapping.start, length);
    return 0;
  }

  /// A private copy of `length` bytes, or null where they are bad.
  @Nullable MemorySegment read(long address, int length) {
    var copy = MemorySegment.ofArray(new long[(length + 7) / 8]).asSlice(0, length);
    return copyFrom(address, copy, 0, length) == 0 ? copy : null;
  }

  /// Copies a path (`strncpy_from_user`): all of it before it is looked at, as the program may
  /// change it at any time.
  ///
  /// @param path [#PATH_MAX] bytes
  /// @return its length without the zero; `-EFAULT`, or `-ENAMETOOLONG` if no zero ends it
  int readPath(long address, byte[] path) {
    var mapping = at(address);
    if (mapping == null) return -EFAULT;
    int bytes = (int) mapping.reach(address, path.length);
    MemorySegment.copy(
        mapping.memory, ValueLayout.JAVA_BYTE, address - mapping.start, path, 0, bytes);
    for (int length = 0; length < bytes; length++) if (path[length] == 0) return length;
    return bytes == path.length ? -ENAMETOOLONG : -EFAULT;
  }
}
