package dev.ringshot.ring;

import static dev.ringshot.abi.Kernel.PROT_READ;
import static dev.ringshot.abi.Kernel.PROT_WRITE;

import dev.ringshot.abi.Kernel;
import dev.ringshot.abi.Timespec;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// Times of LINK_TIMEOUTs that are prepared, one for each place in the submission queue: the kernel
/// reads it when it takes the entry. Mapped when first used.
final class Limits {
  private final Kernel kernel;
  private final int places;
  private @Nullable MemorySegment times;

  Limits(Kernel kernel, int places) {
    this.kernel = kernel;
    this.places = places;
  }

  /// Writes the time of the entry at `place`.
  ///
  /// @return its address
  long timespec(int place, long nanos) {
    var mapped = times;
    if (mapped == null) {
      mapped = kernel.map(-1, 0, (long) places * Timespec.SIZE, PROT_READ | PROT_WRITE);
      times = mapped;
    }
    long at = (long) place * Timespec.SIZE;
    Timespec.set(mapped, at, nanos);
    return mapped.address() + at;
  }

  void close() {
    if (times != null) kernel.unmap(times);
  }
}
