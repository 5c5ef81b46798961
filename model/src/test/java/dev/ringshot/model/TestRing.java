package dev.ringshot.model;

import static dev.ringshot.abi.IoUring.*;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import dev.ringshot.abi.BufferRingLayout;
import dev.ringshot.abi.GeteventsArg;
import dev.ringshot.abi.Kernel;
import dev.ringshot.abi.RingParams;
import dev.ringshot.abi.Sqe;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/// A ring by its bytes, for tests of the model: no client, no help.
final class TestRing implements AutoCloseable {
  static final int READ_WRITE = Kernel.PROT_READ | Kernel.PROT_WRITE;

  /// A completion.
  record Completion(long userData, int res, int flags) {}

  final Kernel kernel;
  final int fd;
  final MemorySegment rings;
  final MemorySegment sqes;
  final MemorySegment scratch;
  private final RingLayout layout;
  private int tail;

  /// The entries of the group provided last.
  MemorySegment bufferRing = MemorySegment.NULL;

  TestRing(Kernel kernel, int entries, int flags) {
    this(kernel, entries, 0, flags);
  }

  TestRing(Kernel kernel, int entries, int cqEntries, int flags) {
    this.kernel = kernel;
    scratch = kernel.map(-1, 0, 4096, READ_WRITE);
    scratch.set(JAVA_INT, RingParams.FLAGS, flags | (cqEntries > 0 ? IORING_SETUP_CQSIZE : 0));
    scratch.set(JAVA_INT, RingParams.CQ_ENTRIES, cqEntries);
    fd = kernel.setup(entries, scratch.address());
    if (fd < 0) throw new IllegalStateException("setup: " + fd);
    layout =
        new RingLayout(
            scratch.get(JAVA_INT, RingParams.SQ_ENTRIES),
            scratch.get(JAVA_INT, RingParams.CQ_ENTRIES),
            flags);
    rings = kernel.map(fd, IORING_OFF_SQ_RING, layout.ringBytes(), READ_WRITE);
    sqes = kernel.map(fd, IORING_OFF_SQES, layout.sqesBytes(), READ_WRITE);
    scratch.fill((byte) 0);
  }

  /// The next SQE, cleared.
  Sqe sqe(long userData) {
    int index = tail & (layout.sqEntries() - 1);
    if (layout.hasSqArray()) rings.set(JAVA_INT, layout.sqArrayOffset() + 4L * index, index);
    tail++;
    rings.set(JAVA_INT, RingLayout.SQ_TAIL, tail);
    return new Sqe().at(sqes, (long) index << layout.sqeShift()).clear().userData(userData);
  }

  int submit(int count) {
    return kernel.enter(fd, count, 0, IORING_ENTER_GETEVENTS, 0, 0);
  }

  int await(int count) {
    return kernel.enter(fd, 0, count, IORING_ENTER_GETEVENTS, 0, 0);
  }

  int await(int count, long nanos) {
    scratch.set(JAVA_LONG, 1024 + GeteventsArg.TS, scratch.address() + 2048);
    scratch.set(JAVA_LONG, 2048, nanos / 1_000_000_000L);
    scratch.set(JAVA_LONG, 2056, nanos % 1_000_000_000L);
    return kernel.enter(
        fd,
        0,
        count,
        IORING_ENTER_GETEVENTS | IORING_ENTER_EXT_ARG,
        scratch.address() + 1024,
        GeteventsArg.SIZE);
  }

  List<Completion> reap() {
    var all = new ArrayList<Completion>();
    int head = rings.get(JAVA_INT, RingLayout.CQ_HEAD);
    int end = rings.get(JAVA_INT, RingLayout.CQ_TAIL);
    for (; head != end; head++) {
      long at = RingLayout.CQES + ((long) (head & (layout.cqEntries() - 1)) << layout.cqeShift());
      all.add(
          new Completion(
              rings.get(JAVA_LONG, at), rings.get(JAVA_INT, at + 8), rings.get(JAVA_INT, at + 12)));
    }
    rings.set(JAVA_INT, RingLayout.CQ_HEAD, head);
    return all;
  }

  /// Registers a group of `count` buffers of `size` bytes each and provides them all, ids from 0
  /// on.
  MemorySegment provide(int group, int count, int size, int flags) {
    var ring = kernel.map(-1, 0, 16L * count, READ_WRITE);
    bufferRing = ring;
    var buffers = kernel.map(-1, 0, (long) count * size, READ_WRITE);
    var reg = scratch.asSlice(3072, BufferRingLayout.REG_SIZE).fill((byte) 0);
    reg.set(JAVA_LONG, BufferRingLayout.REG_RING_ADDR, ring.address());
    reg.set(JAVA_INT, BufferRingLayout.REG_RING_ENTRIES, count);
    reg.set(JAVA_SHORT, BufferRingLayout.REG_BGID, (short) group);
    reg.set(JAVA_SHORT, BufferRingLayout.REG_FLAGS, (short) flags);
    int result = kernel.register(fd, IORING_REGISTER_PBUF_RING, reg.address(), 1);
    if (result != 0) throw new IllegalStateException("PBUF_RING: " + result);
    for (int id = 0; id < count; id++) {
      ring.set(JAVA_LONG, 16L * id, buffers.address() + (long) id * size);
      ring.set(JAVA_INT, 16L * id + 8, size);
      ring.set(JAVA_SHORT, 16L * id + 12, (short) id);
    }
    ring.set(JAVA_SHORT, 14, (short) count);
    return buffers;
  }

  int head(int group) {
    var status = scratch.asSlice(3072, BufferRingLayout.STATUS_SIZE).fill((byte) 0);
    status.set(JAVA_INT, BufferRingLayout.STATUS_BUF_GROUP, group);
    int result = kernel.register(fd, IORING_REGISTER_PBUF_STATUS, status.address(), 1);
    return result < 0 ? result : status.get(JAVA_INT, BufferRingLayout.STATUS_HEAD);
  }

  @Override
  public void close() {
    int _ = kernel.unmap(rings);
    int _ = kernel.unmap(sqes);
    int _ = kernel.close(fd);
  }
}
