package dev.ringshot.ring;

import static dev.ringshot.abi.Errno.ENOMEM;
import static dev.ringshot.abi.IoUring.IORING_REGISTER_BUFFERS;
import static dev.ringshot.abi.IoUring.IORING_REGISTER_BUFFERS2;
import static dev.ringshot.abi.IoUring.IORING_RSRC_REGISTER_SPARSE;
import static dev.ringshot.abi.IoUring.IORING_UNREGISTER_BUFFERS;
import static dev.ringshot.abi.Kernel.PROT_READ;
import static dev.ringshot.abi.Kernel.PROT_WRITE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.ringshot.abi.ErrnoException;
import dev.ringshot.abi.Iovec;
import dev.ringshot.abi.Kernel;
import dev.ringshot.abi.RsrcRegister;
import java.lang.foreign.MemorySegment;

/// A ring's registered buffers, all of one size: memory that the kernel looks up and pins once, for
/// [dev.ringshot.abi.Sqe#readFixed] and [dev.ringshot.abi.Sqe#writeFixed]. The index of a buffer is
/// its `bufferIndex` there; any part of it may be named by its address.
///
/// A request keeps the buffer that it started with, so closing takes nothing from under one; but
/// the memory is the ring's, and goes with that.
public final class FixedBuffers implements AutoCloseable {
  private final Ring ring;
  private final Descriptor descriptor;
  private final MemorySegment memory;
  private final int size;
  private boolean isOpen = true;

  FixedBuffers(Ring ring, Kernel kernel, Descriptor descriptor, MemorySegment memory, int size) {
    this.ring = ring;
    this.descriptor = descriptor;
    this.memory = memory;
    this.size = size;
    register(kernel);
  }

  private void register(Kernel kernel) {
    int count = count();
    var vector = kernel.map(-1, 0, (long) count * Iovec.SIZE, PROT_READ | PROT_WRITE);
    for (int i = 0; i < count; i++) {
      vector.set(JAVA_LONG, (long) i * Iovec.SIZE + Iovec.IOV_BASE, address(i));
      vector.set(JAVA_LONG, (long) i * Iovec.SIZE + Iovec.IOV_LEN, size);
    }
    int result = descriptor.register(IORING_REGISTER_BUFFERS, vector.address(), count);
    kernel.unmap(vector);
    if (result >= 0) return;
    String advice = result == -ENOMEM ? "pinned memory counts; see RLIMIT_MEMLOCK, ulimit -l" : "";
    throw new ErrnoException("IORING_REGISTER_BUFFERS", -result, advice);
  }

  /// Registers a table without buffers.
  static void registerEmpty(Kernel kernel, Descriptor descriptor, int count) {
    var table = kernel.map(-1, 0, RsrcRegister.SIZE, PROT_READ | PROT_WRITE);
    table.set(JAVA_INT, RsrcRegister.NR, count);
    table.set(JAVA_INT, RsrcRegister.FLAGS, IORING_RSRC_REGISTER_SPARSE);
    int result = descriptor.register(IORING_REGISTER_BUFFERS2, table.address(), RsrcRegister.SIZE);
    kernel.unmap(table);
    if (result < 0) throw new ErrnoException("IORING_REGISTER_BUFFERS2", -result);
  }

  /// How many there are.
  public int count() {
    return (int) (memory.byteSize() / size);
  }

  /// The memory of a buffer.
  ///
  /// @param index 0 to [#count] - 1
  public MemorySegment buffer(int index) {
    return memory.asSlice((long) java.util.Objects.checkIndex(index, count()) * size, size);
  }

  /// Where it begins, without a segment made for it.
  public long address(int index) {
    return memory.address() + (long) java.util.Objects.checkIndex(index, count()) * size;
  }

  /// Takes them out of the ring, which may then register others. Again, or on a ring that is
  /// closed, does nothing.
  ///
  /// @throws ErrnoException `EEXIST` on another thread than the ring's
  @Override
  public void close() {
    if (!isOpen) return;
    isOpen = false;
    if (!ring.forgetFixedBuffers()) return;
    int result = descriptor.register(IORING_UNREGISTER_BUFFERS, 0, 0);
    if (result < 0) throw new ErrnoException("IORING_UNREGISTER_BUFFERS", -result);
  }
}
