package dev.ringshot.model;

import static dev.ringshot.abi.Errno.EBADF;
import static dev.ringshot.abi.Errno.EINVAL;
import static dev.ringshot.abi.Errno.ENFILE;
import static dev.ringshot.abi.Errno.ENXIO;
import static dev.ringshot.abi.IoUring.IORING_FILE_INDEX_ALLOC;

import org.jspecify.annotations.Nullable;

/// A ring's registered files (`io_file_table`), guarded by its lock. Each slot holds a reference.
final class FixedFiles {
  private @Nullable OpenFile @Nullable [] slots;
  private int hint; // where a free slot is sought first (`alloc_hint`)
  private int rangeStart;
  private int rangeEnd;

  boolean isRegistered() {
    return slots != null;
  }

  int size() {
    var now = slots;
    return now == null ? 0 : now.length;
  }

  /// Takes over a table whose files are held for it.
  void register(@Nullable OpenFile[] files) {
    slots = files;
    setRange(0, files.length);
  }

  /// @return 0, or `-ENXIO` without a table
  int unregister(RingContext ring) {
    if (slots == null) return -ENXIO;
    clear(ring);
    return 0;
  }

  void clear(RingContext ring) {
    var now = slots;
    slots = null;
    setRange(0, 0);
    if (now == null) return;
    for (var file : now) if (file != null) ring.dropLater(file);
  }

  /// The file of slot `index` with a reference taken, or null.
  @Nullable OpenFile hold(int index) {
    var now = slots;
    if (now == null || index < 0 || index >= now.length) return null;
    var file = now[index];
    return file != null && file.tryHold() ? file : null;
  }

  /// Puts `file`, held for it, into slot `index`, or empties the slot with null.
  ///
  /// @return false if there is no such slot
  boolean set(RingContext ring, int index, @Nullable OpenFile file) {
    var now = slots;
    if (now == null || index < 0 || index >= now.length) return false;
    var before = now[index];
    now[index] = file;
    if (file != null) hint = index + 1;
    else if (before != null) hint = index;
    if (before != null) ring.dropLater(before);
    return true;
  }

  /// Empties slot `index`.
  ///
  /// @return 0; `-ENXIO` without a table, `-EBADF` for an empty slot, `-EINVAL` beyond the end
  int remove(RingContext ring, int index) {
    var now = slots;
    if (now == null) return -ENXIO;
    if (index < 0 || index >= now.length) return -EINVAL;
    if (now[index] == null) return -EBADF;
    var _ = set(ring, index, null);
    return 0;
  }

  /// Puts `file`, held for it, into a slot and drops it where that cannot be
  /// (`__io_fixed_fd_install`).
  ///
  /// @param fileIndex the slot plus one, or `IORING_FILE_INDEX_ALLOC`
  /// @return 0, or the slot that was chosen; `-ENFILE` if none is free, `-ENXIO` without a table,
  ///   `-EBADF` for a ring, `-EINVAL` beyond the end
  int install(RingContext ring, int fileIndex, OpenFile file) {
    boolean chooses = fileIndex == IORING_FILE_INDEX_ALLOC;
    int slot = chooses ? findFree() : fileIndex - 1;
    int error = 0;
    if (slot == -ENFILE) error = -ENFILE;
    else if (file.operations() instanceof RingContext) error = -EBADF;
    else if (slots == null) error = -ENXIO;
    else if (!set(ring, slot, file)) error = -EINVAL;
    if (error == 0) return chooses ? slot : 0;
    ring.dropLater(file);
    return error;
  }

  /// Confines [#install] to slots from `start` on where it chooses.
  ///
  /// @return 0; `-EINVAL` beyond the end
  int confine(int start, int length) {
    long end = Integer.toUnsignedLong(start) + Integer.toUnsignedLong(length);
    if (end > size()) return -EINVAL;
    setRange(start, (int) end);
    return 0;
  }

  private void setRange(int start, int end) {
    rangeStart = start;
    rangeEnd = end;
    hint = start;
  }

  /// An empty slot, or `-ENFILE`: the first behind the last that was filled, or from the last that
  /// was emptied on; then from the start (`io_file_bitmap_get`).
  private int findFree() {
    var now = slots;
    if (now == null) return -ENFILE;
    int found = findFree(now, hint, rangeEnd);
    if (found >= 0 || hint == rangeStart) return found;
    int end = hint;
    hint = rangeStart;
    return findFree(now, rangeStart, end);
  }

  private static int findFree(@Nullable OpenFile[] slots, int from, int end) {
    for (int index = from; index < end; index++) if (slots[index] == null) return index;
    return -ENFILE;
  }
}
