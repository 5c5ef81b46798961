package dev.ringshot.ring;

import static dev.ringshot.abi.Errno.EEXIST;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import dev.ringshot.abi.ErrnoException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// The thread that a ring belongs to: the one that made this.
///
/// The kernel refuses a second submitter (`-EEXIST`), but a registered descriptor means another
/// ring on another thread, or none, so the client has to ask before it enters. A confined segment
/// knows its thread, and asking it costs a compare.
final class Owner {
  private final Arena arena = Arena.ofConfined();
  private final MemorySegment confined = arena.allocate(1);

  /// @throws ErrnoException `EEXIST`, as the kernel has it, on any other thread
  void check() {
    try {
      byte ignored = confined.get(JAVA_BYTE, 0);
    } catch (WrongThreadException e) {
      throw new ErrnoException(
          "io_uring_enter",
          EEXIST,
          "a ring belongs to the thread that opened it; from others only Ring.wake() may be called");
    }
  }

  void close() {
    arena.close();
  }
}
