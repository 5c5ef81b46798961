package dev.ringshot.ring;

/// What a [BufferRing] is made of, see io_uring_provided_buffers(7).
///
/// @param count buffers, 1 … 32768
/// @param size bytes of each
/// @param incremental a buffer serves events until it is full (`IOU_PBUF_RING_INC`, Linux 6.12)
///   instead of one event. For multishot requests; see [BufferRing] for what to keep apart
/// @param minLeft with `incremental`: a buffer with fewer bytes left is used up; 0 for none (Linux
///   6.18)
/// @param mapped the ring of entries is the kernel's memory (`IOU_PBUF_RING_MMAP`, Linux 6.4)
///   instead of this process's
public record BufferOptions(int count, int size, boolean incremental, int minLeft, boolean mapped) {
  /// 128 buffers of 4096 bytes, one event each.
  public static final BufferOptions DEFAULT = new BufferOptions(128, 4096, false, 0, false);

  /// Checks the numbers.
  public BufferOptions {
    if (count < 1 || count > 32768) {
      throw new IllegalArgumentException("count " + count + " is not in 1 … 32768");
    }
    if (size < 1) throw new IllegalArgumentException("size " + size + " is not positive");
    if (minLeft < 0 || (minLeft > 0 && !incremental)) {
      throw new IllegalArgumentException(
          "minLeft " + minLeft + " is for incremental buffers, and not negative");
    }
  }

  /// With another number of buffers.
  public BufferOptions withCount(int count) {
    return new BufferOptions(count, size, incremental, minLeft, mapped);
  }

  /// With buffers of another size.
  public BufferOptions withSize(int size) {
    return new BufferOptions(count, size, incremental, minLeft, mapped);
  }

  /// With buffers that serve more than one event, or not.
  public BufferOptions withIncremental(boolean incremental) {
    return new BufferOptions(count, size, incremental, minLeft, mapped);
  }

  /// With another end of incremental buffers.
  public BufferOptions withMinLeft(int minLeft) {
    return new BufferOptions(count, size, incremental, minLeft, mapped);
  }

  /// With entries in the kernel's memory, or not.
  public BufferOptions withMapped(boolean mapped) {
    return new BufferOptions(count, size, incremental, minLeft, mapped);
  }
}
