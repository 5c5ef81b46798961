package dev.ringshot.model;

import static dev.ringshot.abi.BufferRingLayout.*;
import static dev.ringshot.abi.Errno.EEXIST;
import static dev.ringshot.abi.Errno.EFAULT;
import static dev.ringshot.abi.Errno.EINVAL;
import static dev.ringshot.abi.Errno.ENOENT;
import static dev.ringshot.abi.IoUring.IOU_PBUF_RING_INC;
import static dev.ringshot.abi.IoUring.IOU_PBUF_RING_MMAP;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import dev.ringshot.abi.ErrnoException;
import java.lang.foreign.MemorySegment;

/// Registering, removing and asking about buffer rings.
final class BufferRegistration {
  private static final int ENTRIES_MAX = 32768;

  private BufferRegistration() {}

  /// io_register_pbuf_ring(), in its order of checks.
  static int register(RingContext ring, long arg, int count) {
    if (arg == 0 || count != 1) return -EINVAL;
    var memory = ring.kernel().memory();
    var reg = memory.read(arg, REG_SIZE);
    if (reg == null) return -EFAULT;
    if (!isZero(reg, REG_RESV, REG_SIZE)) return -EINVAL;
    int flags = reg.get(JAVA_SHORT, REG_FLAGS) & 0xffff;
    if ((flags & ~(IOU_PBUF_RING_MMAP | IOU_PBUF_RING_INC)) != 0) return -EINVAL;
    int entries = reg.get(JAVA_INT, REG_RING_ENTRIES);
    if (Integer.bitCount(entries) != 1 || entries < 0 || entries > ENTRIES_MAX) return -EINVAL;
    int minLeft = reg.get(JAVA_INT, REG_MIN_LEFT);
    boolean incremental = (flags & IOU_PBUF_RING_INC) != 0;
    if (minLeft != 0 && !incremental) return -EINVAL;
    int id = reg.get(JAVA_SHORT, REG_BGID) & 0xffff;
    var known = ring.groups.get(id);
    if (known instanceof RingBuffers || (known instanceof ListedBuffers list && list.size() > 0))
      return -EEXIST;

    boolean mappable = (flags & IOU_PBUF_RING_MMAP) != 0;
    long bytes = (long) entries * BUF_SIZE;
    MemorySegment area;
    if (mappable) {
      try {
        area = UserMemory.allocate(bytes);
      } catch (ErrnoException e) {
        return -e.errno();
      }
    } else {
      long address = reg.get(JAVA_LONG, REG_RING_ADDR);
      if (address == 0) return -EFAULT;
      if ((address & (UserMemory.PAGE - 1)) != 0) return -EINVAL;
      var mapping = memory.find(address, bytes);
      if (mapping == null || !mapping.writable) return -EFAULT;
      area = mapping.memory.asSlice(address - mapping.start, bytes);
    }
    var release = ring.kernel().options().release();
    ring.groups.put(new RingBuffers(id, area, entries, mappable, incremental, minLeft, release));
    return 0;
  }

  static int unregister(RingContext ring, long arg, int count) {
    if (arg == 0 || count != 1) return -EINVAL;
    var reg = ring.kernel().memory().read(arg, REG_SIZE);
    if (reg == null) return -EFAULT;
    if (!isZero(reg, REG_RESV, REG_SIZE) || reg.get(JAVA_SHORT, REG_FLAGS) != 0) return -EINVAL;
    int id = reg.get(JAVA_SHORT, REG_BGID) & 0xffff;
    var group = ring.groups.get(id);
    if (group == null) return -ENOENT;
    if (!(group instanceof RingBuffers)) return -EINVAL;
    ring.groups.remove(id);
    return 0;
  }

  static int status(RingContext ring, long arg, int count) {
    if (arg == 0 || count != 1) return -EINVAL;
    var memory = ring.kernel().memory();
    var status = memory.read(arg, STATUS_SIZE);
    if (status == null) return -EFAULT;
    if (!isZero(status, STATUS_RESV, STATUS_SIZE)) return -EINVAL;
    int id = status.get(JAVA_INT, STATUS_BUF_GROUP);
    var group = id >>> 16 == 0 ? ring.groups.get(id) : null;
    if (group == null) return -ENOENT;
    if (!(group instanceof RingBuffers buffers)) return -EINVAL;
    status.set(JAVA_INT, STATUS_HEAD, buffers.head());
    return memory.copyTo(arg, status, 0, STATUS_SIZE);
  }

  private static boolean isZero(MemorySegment bytes, int from, int to) {
    for (int at = from; at < to; at += 4) if (bytes.get(JAVA_INT, at) != 0) return false;
    return true;
  }
}
