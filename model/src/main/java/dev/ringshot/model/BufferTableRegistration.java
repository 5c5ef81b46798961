package dev.ringshot.model;

import static dev.ringshot.abi.Errno.EBUSY;
import static dev.ringshot.abi.Errno.EFAULT;
import static dev.ringshot.abi.Errno.EINVAL;
import static dev.ringshot.abi.Errno.ENXIO;
import static dev.ringshot.abi.Errno.EOVERFLOW;
import static dev.ringshot.abi.IoUring.IORING_RSRC_REGISTER_SPARSE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.ringshot.abi.Iovec;
import dev.ringshot.abi.RsrcRegister;
import dev.ringshot.abi.RsrcUpdate;
import org.jspecify.annotations.Nullable;

/// Registering buffers and changing what is registered.
final class BufferTableRegistration {
  private static final int BUFFERS_MAX = 1 << 14;
  private static final long BUFFER_BYTES_MAX = 1L << 30;

  private final RingContext ring;
  private final UserMemory memory;
  private final long vector; // of struct iovec; 0 for empty slots
  private final long tags;
  private @Nullable RegisteredBuffer read;
  private long base;
  private long length;

  private BufferTableRegistration(RingContext ring, long vector, long tags) {
    this.ring = ring;
    this.memory = ring.kernel().memory();
    this.vector = vector;
    this.tags = tags;
  }

  /// IORING_REGISTER_BUFFERS: `arg` is an array of `struct iovec`.
  static int register(RingContext ring, long arg, int count) {
    if (arg == 0) return -EFAULT; // BUFFERS2 takes it for a table of empty slots
    return new BufferTableRegistration(ring, arg, 0).register(count);
  }

  /// IORING_REGISTER_BUFFERS2: `arg` is a `struct io_uring_rsrc_register`.
  static int register2(RingContext ring, long arg, int size) {
    if (size != RsrcRegister.SIZE) return -EINVAL;
    var reg = ring.kernel().memory().read(arg, RsrcRegister.SIZE);
    if (reg == null) return -EFAULT;
    int flags = reg.get(JAVA_INT, RsrcRegister.FLAGS);
    int count = reg.get(JAVA_INT, RsrcRegister.NR);
    if (count == 0 || reg.get(JAVA_LONG, RsrcRegister.RESV2) != 0) return -EINVAL;
    if ((flags & ~IORING_RSRC_REGISTER_SPARSE) != 0) return -EINVAL;
    long data = reg.get(JAVA_LONG, RsrcRegister.DATA);
    if ((flags & IORING_RSRC_REGISTER_SPARSE) != 0 && data != 0) return -EINVAL;
    return new BufferTableRegistration(ring, data, reg.get(JAVA_LONG, RsrcRegister.TAGS))
        .register(count);
  }

  /// IORING_REGISTER_BUFFERS_UPDATE: `arg` is a `struct io_uring_rsrc_update2`.
  ///
  /// @return how many slots were done, or the error of the first
  static int update(RingContext ring, long arg, int size) {
    if (size != RsrcUpdate.SIZE) return -EINVAL;
    var update = ring.kernel().memory().read(arg, RsrcUpdate.SIZE);
    if (update == null) return -EFAULT;
    int count = update.get(JAVA_INT, RsrcUpdate.NR);
    if (count == 0
        || update.get(JAVA_INT, RsrcUpdate.RESV) != 0
        || update.get(JAVA_INT, RsrcUpdate.RESV2) != 0) return -EINVAL;
    long data = update.get(JAVA_LONG, RsrcUpdate.DATA);
    return new BufferTableRegistration(ring, data, update.get(JAVA_LONG, RsrcUpdate.TAGS))
        .update(update.get(JAVA_INT, RsrcUpdate.OFFSET), count);
  }

  private int register(int count) {
    if (ring.buffers.isRegistered()) return -EBUSY;
    if (count == 0 || Integer.compareUnsigned(count, BUFFERS_MAX) > 0) return -EINVAL;
    var buffers = new @Nullable RegisteredBuffer[count];
    for (int index = 0; index < count; index++) {
      int error = read(index, vector != 0);
      if (error != 0) return error;
      buffers[index] = read;
    }
    ring.buffers.register(buffers);
    return 0;
  }

  private int update(int offset, int count) {
    long end = Integer.toUnsignedLong(offset) + Integer.toUnsignedLong(count);
    if (end > 0xffff_ffffL) return -EOVERFLOW;
    if (!ring.buffers.isRegistered()) return -ENXIO;
    if (end > ring.buffers.size()) return -EINVAL;
    for (int done = 0; done < count; done++) {
      int error = read(done, true);
      if (error != 0) return done > 0 ? done : error;
      ring.buffers.set(offset + done, read);
    }
    return count;
  }

  /// Makes what entry `index` describes: null for an empty slot.
  private int read(int index, boolean described) {
    read = null;
    long tag = 0;
    int error = described ? readVector(vector + (long) index * Iovec.SIZE) : 0;
    if (error != 0) return error;
    if (tags != 0) {
      var bytes = memory.read(tags + 8L * index, Long.BYTES);
      if (bytes == null) return -EFAULT;
      tag = bytes.get(JAVA_LONG, 0);
    }
    if (described && (base != 0 || length != 0)) return pin(tag);
    return tag != 0 ? -EINVAL : 0;
  }

  private int readVector(long address) {
    var entry = memory.read(address, Iovec.SIZE);
    if (entry == null) return -EFAULT;
    base = entry.get(JAVA_LONG, Iovec.IOV_BASE);
    length = entry.get(JAVA_LONG, Iovec.IOV_LEN);
    return length < 0 ? -EINVAL : 0;
  }

  /// Takes the memory, which from now on outlives its mapping.
  private int pin(long tag) {
    if (base == 0 || length == 0 || length > BUFFER_BYTES_MAX) return -EFAULT;
    if (Long.compareUnsigned(base + UserMemory.pages(length), base) < 0) return -EOVERFLOW;
    var mapping = memory.find(base, length);
    if (mapping == null || !mapping.writable) return -EFAULT;
    var bytes = mapping.memory.asSlice(base - mapping.start, length);
    read = new RegisteredBuffer(new Mapping(base, bytes, true), tag);
    return 0;
  }
}
