package dev.ringshot.model;

import org.jspecify.annotations.Nullable;

/// Memory in a ring's table of buffers (`io_mapped_ubuf`, and its `io_rsrc_node`): the program's,
/// which stays reachable here though it unmaps it, or a driver's. Guarded by the ring's lock.
final class RegisteredBuffer {
  /// The addresses that a request names it by, and what is behind them.
  final Mapping memory;

  final boolean readable;
  final boolean isDrivers;
  private final long tag;
  private final @Nullable Runnable onRelease;
  private int references = 1;

  /// The program's: `tag` is the `user_data` of a completion when nobody uses it any more, or 0.
  RegisteredBuffer(Mapping memory, long tag) {
    this(memory, true, false, tag, null);
  }

  private RegisteredBuffer(
      Mapping memory, boolean readable, boolean isDrivers, long tag, @Nullable Runnable onRelease) {
    this.memory = memory;
    this.readable = readable;
    this.isDrivers = isDrivers;
    this.tag = tag;
    this.onRelease = onRelease;
  }

  /// A driver's, to be read from or to be written to; `onRelease` runs when nobody uses it any
  /// more.
  static RegisteredBuffer ofDriver(Mapping memory, Runnable onRelease) {
    return new RegisteredBuffer(memory, !memory.writable, true, 0, onRelease);
  }

  /// Whether a request may move `length` bytes at `address`, into it or out of it
  /// (`io_import_fixed`).
  boolean admits(long address, long length, boolean into) {
    if (length < 0 || length > ReadOp.BYTES_MAX || !memory.covers(address, length)) return false;
    return into ? memory.writable : readable;
  }

  RegisteredBuffer hold() {
    references++;
    return this;
  }

  void drop(RingContext ring) {
    if (--references > 0) return;
    if (tag != 0) ring.postTag(tag);
    if (onRelease != null) onRelease.run();
  }
}
