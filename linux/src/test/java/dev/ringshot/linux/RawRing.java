package dev.ringshot.linux;

import static dev.ringshot.abi.Errno.ENOSYS;
import static dev.ringshot.abi.Errno.EPERM;
import static dev.ringshot.abi.IoUring.IORING_OFF_SQES;
import static dev.ringshot.abi.IoUring.IORING_OFF_SQ_RING;
import static dev.ringshot.abi.Kernel.PROT_READ;
import static dev.ringshot.abi.Kernel.PROT_WRITE;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import dev.ringshot.abi.Kernel;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;
import org.junit.jupiter.api.Assumptions;

/// The smallest ring: bytes at the offsets of the headers. For one thread.
final class RawRing implements AutoCloseable {
  private static final int PARAMS_SIZE = 120;
  private static final VarHandle INT = JAVA_INT.varHandle();

  final Kernel kernel;
  final int fd;
  final MemorySegment ring;
  final MemorySegment sqes;
  private final int sqHead;
  private final int sqTail;
  private final int sqMask;
  private final int sqArray;
  private final int cqHead;
  private final int cqTail;
  private final int cqMask;
  private final int cqes;
  private boolean mapped = true;
  private boolean open = true;

  /// A ring, or a skipped test that says why this machine has none.
  RawRing(Kernel kernel, int entries, int flags) {
    this.kernel = kernel;
    try (var arena = Arena.ofConfined()) {
      var params = arena.allocate(PARAMS_SIZE, 8);
      params.set(JAVA_INT, 8, flags);
      fd = kernel.setup(entries, params.address());
      if (fd == -EPERM || fd == -ENOSYS) {
        Assumptions.abort(LinuxKernel.setupFailure(-fd).toString());
      }
      if (fd < 0) throw LinuxKernel.setupFailure(-fd);
      int sqEntries = params.get(JAVA_INT, 0);
      int cqEntries = params.get(JAVA_INT, 4);
      sqHead = params.get(JAVA_INT, 40);
      sqTail = params.get(JAVA_INT, 44);
      sqArray = params.get(JAVA_INT, 64);
      cqHead = params.get(JAVA_INT, 80);
      cqTail = params.get(JAVA_INT, 84);
      cqes = params.get(JAVA_INT, 100);
      long size = Math.max(cqes + cqEntries * 16L, sqArray + sqEntries * 4L);
      ring = kernel.map(fd, IORING_OFF_SQ_RING, size, PROT_READ | PROT_WRITE);
      sqes = kernel.map(fd, IORING_OFF_SQES, sqEntries * 64L, PROT_READ | PROT_WRITE);
      sqMask = ring.get(JAVA_INT, params.get(JAVA_INT, 48));
      cqMask = ring.get(JAVA_INT, params.get(JAVA_INT, 88));
    }
  }

  RawRing(Kernel kernel) {
    this(kernel, 8, 0);
  }

  /// Fills the next entry with its commonest fields and publishes it.
  void push(int opcode, int target, long address, int length, int opFlags, long userData) {
    int tail = ring.get(JAVA_INT, sqTail);
    long at = (tail & sqMask) * 64L;
    sqes.asSlice(at, 64).fill((byte) 0);
    sqes.set(JAVA_BYTE, at, (byte) opcode);
    sqes.set(JAVA_SHORT, at + 2, (short) 0);
    sqes.set(JAVA_INT, at + 4, target);
    sqes.set(JAVA_LONG, at + 16, address);
    sqes.set(JAVA_INT, at + 24, length);
    sqes.set(JAVA_INT, at + 28, opFlags);
    sqes.set(JAVA_LONG, at + 32, userData);
    ring.set(JAVA_INT, sqArray + (tail & sqMask) * 4L, tail & sqMask);
    INT.setRelease(ring, (long) sqTail, tail + 1);
  }

  /// Publishes `count` entries as they are: NOPs, in a ring that never had others.
  void pushNops(int count) {
    INT.setRelease(ring, (long) sqTail, (int) INT.get(ring, (long) sqTail) + count);
  }

  int unsubmitted() {
    return ring.get(JAVA_INT, sqTail) - (int) INT.getAcquire(ring, (long) sqHead);
  }

  int available() {
    return (int) INT.getAcquire(ring, (long) cqTail) - (int) INT.get(ring, (long) cqHead);
  }

  long userData() {
    return ring.get(JAVA_LONG, cqe());
  }

  int result() {
    return ring.get(JAVA_INT, cqe() + 8);
  }

  void consume(int count) {
    INT.setRelease(ring, (long) cqHead, (int) INT.get(ring, (long) cqHead) + count);
  }

  private long cqe() {
    return cqes + (ring.get(JAVA_INT, cqHead) & cqMask) * 16L;
  }

  int enter(int toSubmit, int minComplete, int flags) {
    return kernel.enter(fd, toSubmit, minComplete, flags, 0, 0);
  }

  void closeDescriptor() {
    if (!open) return;
    open = false;
    if (kernel.close(fd) != 0) throw new AssertionError("close");
  }

  void unmap() {
    if (!mapped) return;
    mapped = false;
    if (kernel.unmap(sqes) != 0) throw new AssertionError("unmap of the entries");
    if (kernel.unmap(ring) != 0) throw new AssertionError("unmap of the ring");
  }

  @Override
  public void close() {
    unmap();
    closeDescriptor();
  }
}
