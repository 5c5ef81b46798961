package dev.ringshot.model;

import static dev.ringshot.abi.Errno.EBUSY;
import static dev.ringshot.abi.Errno.EINVAL;
import static dev.ringshot.abi.Errno.ENXIO;

import org.jspecify.annotations.Nullable;

/// A ring's registered buffers (`io_rsrc_data`), guarded by its lock.
final class BufferTable {
  private final RingContext ring;
  private @Nullable RegisteredBuffer @Nullable [] slots;

  BufferTable(RingContext ring) {
    this.ring = ring;
  }

  boolean isRegistered() {
    return slots != null;
  }

  int size() {
    var now = slots;
    return now == null ? 0 : now.length;
  }

  void register(@Nullable RegisteredBuffer[] buffers) {
    slots = buffers;
  }

  /// @return 0, or `-ENXIO` without a table
  int unregister() {
    var now = slots;
    if (now == null) return -ENXIO;
    slots = null;
    for (int index = now.length - 1; index >= 0; index--) drop(now[index]);
    return 0;
  }

  /// The buffer of slot `index` with a reference taken, or null.
  @Nullable RegisteredBuffer hold(int index) {
    var found = get(index);
    return found == null ? null : found.hold();
  }

  /// Puts a buffer into a slot that there is, or empties that with null.
  void set(int index, @Nullable RegisteredBuffer buffer) {
    var now = slots;
    if (now == null) throw new AssertionError("slot " + index + " of no table");
    var before = now[index];
    now[index] = buffer;
    drop(before);
  }

  /// A driver puts a buffer of its own into an empty slot (`io_buffer_register_bvec`).
  ///
  /// @return 0; `-EINVAL` beyond the end, `-EBUSY` if the slot has one
  int lend(int index, RegisteredBuffer buffer) {
    if (Integer.compareUnsigned(index, size()) >= 0) return -EINVAL;
    if (get(index) != null) return -EBUSY;
    set(index, buffer);
    return 0;
  }

  /// A driver takes one back (`io_buffer_unregister_bvec`): requests that use it still may.
  ///
  /// @return 0; `-EINVAL` beyond the end or for an empty slot, `-EBUSY` for a program's
  int takeBack(int index) {
    var found = get(index);
    if (found == null) return -EINVAL;
    if (!found.isDrivers) return -EBUSY;
    set(index, null);
    return 0;
  }

  private @Nullable RegisteredBuffer get(int index) {
    var now = slots;
    return now == null || index < 0 || index >= now.length ? null : now[index];
  }

  private void drop(@Nullable RegisteredBuffer buffer) {
    if (buffer != null) buffer.drop(ring);
  }
}
