package dev.ringshot.abi;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;

/// `struct __kernel_timespec`: seconds and nanoseconds.
public final class Timespec {
  /// Offset of `tv_sec` (8 bytes): seconds.
  public static final int TV_SEC = 0;

  /// Offset of `tv_nsec` (8 bytes): nanoseconds, 0 … 999999999.
  public static final int TV_NSEC = 8;

  /// Size of `struct __kernel_timespec` in bytes.
  public static final int SIZE = 16;

  /// Writes a span of time.
  ///
  /// @param offset in `memory`, in bytes, a multiple of 8
  /// @param nanos nanoseconds, not negative
  public static void set(MemorySegment memory, long offset, long nanos) {
    memory.set(JAVA_LONG, offset + TV_SEC, nanos / 1_000_000_000);
    memory.set(JAVA_LONG, offset + TV_NSEC, nanos % 1_000_000_000);
  }

  private Timespec() {}
}
