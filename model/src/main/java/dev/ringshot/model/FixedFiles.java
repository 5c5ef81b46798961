package dev.ringshot.model;

import static dev.ringshot.abi.Errno.EBADF;
import static dev.ringshot.abi.Errno.ENFILE;
import static dev.ringshot.abi.Errno.ENXIO;

import org.jspecify.annotations.Nullable;

/// A ring's registered files (`io_file_table`), guarded by its lock. Each slot holds a reference.
final class FixedFiles {
  private @Nullable OpenFile @Nullable [] slots;
  private int hint; // where a free slot is sought first (`alloc_hint`)

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
    hint = 0;
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
    if (index < 0 || index >= now.length) return -dev.ringshot.abi.Errno.EINVAL;
    if (now[index] == null) return -EBADF;
    var _ = set(ring, index, null);
    return 0;
  }

  /// An empty slot, or `-ENFILE`: the first behind the last that was filled, or from the last that
  /// was emptied on; then from the start (`io_file_bitmap_get`).
  int findFree() {
    var now = slots;
    if (now == null) return -ENFILE;
    int found = findFree(now, hint, now.length);
    if (found < 0) found = findFree(now, 0, hint);
    return found;
  }

  private static int findFree(@Nullable OpenFile[] slots, int from, int end) {
    for (int index = from; index < end; index++) if (slots[index] == null) return index;
    return -ENFILE;
  }
}
