package dev.ringshot.ring;

import static dev.ringshot.abi.BufferRingLayout.*;
import static dev.ringshot.abi.IoUring.*;
import static dev.ringshot.abi.Kernel.PROT_READ;
import static dev.ringshot.abi.Kernel.PROT_WRITE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import dev.ringshot.abi.ErrnoException;
import dev.ringshot.abi.Kernel;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;

/// The ring of entries that says which buffers the kernel may take: `struct io_uring_buf_ring`.
///
/// A position is a free-running number; its entry is at `position & mask`. Memory ordering: the
/// tail is this side's, published with release after the entries before it; the head is the
/// kernel's, and not in memory.
final class BufferEntries {
  private static final VarHandle SHORT = JAVA_SHORT.varHandle().withInvokeExactBehavior();

  private final Kernel kernel;
  private final Descriptor descriptor;
  private final Scratch scratch;
  private final int group;
  private final int mask;
  private final MemorySegment entries;
  private int tail;

  /// Registers a group.
  ///
  /// @throws ErrnoException if the kernel refuses
  BufferEntries(
      Kernel kernel, Descriptor descriptor, Scratch scratch, int group, BufferOptions options) {
    this.kernel = kernel;
    this.descriptor = descriptor;
    this.scratch = scratch;
    this.group = group;
    int places = Integer.highestOneBit(2 * options.count() - 1);
    mask = places - 1;
    long bytes = (long) places * BUF_SIZE;
    int flags = options.incremental() ? IOU_PBUF_RING_INC : 0;
    entries = options.mapped() ? ofKernel(options, flags, bytes) : ofProcess(options, flags, bytes);
  }

  private MemorySegment ofKernel(BufferOptions options, int flags, long bytes) {
    register(0, options, flags | IOU_PBUF_RING_MMAP);
    long offset = IORING_OFF_PBUF_RING | (long) group << IORING_OFF_PBUF_SHIFT;
    try {
      return kernel.map(descriptor.fd(), offset, bytes, PROT_READ | PROT_WRITE);
    } catch (ErrnoException e) {
      unregister();
      throw e;
    }
  }

  private MemorySegment ofProcess(BufferOptions options, int flags, long bytes) {
    MemorySegment memory = kernel.map(-1, 0, bytes, PROT_READ | PROT_WRITE);
    try {
      register(memory.address(), options, flags);
      return memory;
    } catch (ErrnoException e) {
      kernel.unmap(memory);
      throw e;
    }
  }

  private void register(long address, BufferOptions options, int flags) {
    long arg = scratch.bufferRegistration(address, mask + 1, group, flags, options.minLeft());
    int result = descriptor.register(IORING_REGISTER_PBUF_RING, arg, 1);
    if (result >= 0) return;
    throw new ErrnoException(
        "io_uring_register",
        -result,
        "buffer ring of group "
            + group
            + " refused, "
            + options
            + "; Linux 5.19 or newer has them");
  }

  /// Writes the next entry. The kernel sees it after [#publish].
  ///
  /// @return its position
  int add(long address, int length, int bid) {
    long at = at(tail);
    entries.set(JAVA_LONG, at + BUF_ADDR, address);
    entries.set(JAVA_INT, at + BUF_LEN, length);
    entries.set(JAVA_SHORT, at + BUF_BID, (short) bid);
    return tail++;
  }

  void publish() {
    SHORT.setRelease(entries, (long) TAIL, (short) tail);
  }

  /// The next position.
  int tail() {
    return tail;
  }

  /// Asks the kernel for its head.
  ///
  /// @param otherwise what to answer where the kernel cannot tell (before Linux 6.8)
  /// @return the position of the entry that the kernel takes next
  int head(int otherwise) {
    int result = descriptor.register(IORING_REGISTER_PBUF_STATUS, scratch.bufferStatus(group), 1);
    return result < 0 ? otherwise : tail - (tail - scratch.bufferHead() & 0xffff);
  }

  /// The address in an entry: of an incremental buffer, where the kernel goes on.
  long address(int position) {
    return entries.get(JAVA_LONG, at(position) + BUF_ADDR);
  }

  /// The length in an entry: of an incremental buffer what is left, 0 when it is used up.
  int length(int position) {
    return entries.get(JAVA_INT, at(position) + BUF_LEN);
  }

  int bid(int position) {
    return Short.toUnsignedInt(entries.get(JAVA_SHORT, at(position) + BUF_BID));
  }

  private long at(int position) {
    return (long) (position & mask) * BUF_SIZE;
  }

  /// Takes the group from the kernel: the next event of a request that is armed on it ends with
  /// `-ENOBUFS`.
  void unregister() {
    descriptor.register(
        IORING_UNREGISTER_PBUF_RING, scratch.bufferRegistration(0, 0, group, 0, 0), 1);
  }

  void unmap() {
    kernel.unmap(entries);
  }
}
