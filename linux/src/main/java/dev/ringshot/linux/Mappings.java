package dev.ringshot.linux;

import static dev.ringshot.abi.Errno.EACCES;
import static dev.ringshot.abi.Errno.EAGAIN;
import static dev.ringshot.abi.Errno.EBADF;
import static dev.ringshot.abi.Errno.EBUSY;
import static dev.ringshot.abi.Errno.EINVAL;
import static dev.ringshot.abi.Errno.ENODEV;
import static dev.ringshot.abi.Errno.ENOMEM;

import dev.ringshot.abi.Errno;
import dev.ringshot.abi.ErrnoException;
import dev.ringshot.abi.Kernel;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.ConcurrentHashMap;

/// What is mapped: each mapping is an arena of its own, so that ending it ends every access to it
/// before the pages go. Thread-safe.
final class Mappings {
  private static final int MAP_SHARED = 0x01;
  private static final int MAP_ANONYMOUS = 0x20;

  private static final String NO_SUCH_AREA =
      "a ring has areas at IORING_OFF_SQ_RING, IORING_OFF_SQES and, for each buffer ring that the"
          + " kernel allocated, IORING_OFF_PBUF_RING; one made with IORING_SETUP_NO_MMAP has none";

  private record Mapping(MemorySegment segment, Arena arena) {
    /// Whether `other` is this mapping as a whole. The scope tells it from an older one at the same
    /// address, and from memory that a caller made of the bare number.
    boolean isOf(MemorySegment other) {
      return segment.byteSize() == other.byteSize() && segment.scope().equals(other.scope());
    }
  }

  private final ConcurrentHashMap<Long, Mapping> byAddress = new ConcurrentHashMap<>();

  @SuppressWarnings("restricted")
  MemorySegment map(int fd, long offset, long length, int protection) {
    if (protection == 0 || (protection & ~(Kernel.PROT_READ | Kernel.PROT_WRITE)) != 0) {
      throw failure(EINVAL, fd, offset, length, protection);
    }
    int flags = fd == -1 ? MAP_SHARED | MAP_ANONYMOUS : MAP_SHARED;
    long address = SystemCalls.mmap(length, protection, flags, fd, offset);
    if (address < 0) throw failure((int) -address, fd, offset, length, protection);
    var arena = Arena.ofShared();
    var memory = MemorySegment.ofAddress(address).reinterpret(length, arena, null);
    var segment = (protection & Kernel.PROT_WRITE) == 0 ? memory.asReadOnly() : memory;
    byAddress.put(address, new Mapping(segment, arena));
    return segment;
  }

  int unmap(MemorySegment segment) {
    var mapping = byAddress.get(segment.address());
    if (mapping == null || !mapping.isOf(segment)) return -EINVAL;
    if (!byAddress.remove(segment.address(), mapping)) return -EINVAL; // another thread was first
    try {
      mapping.arena.close();
    } catch (IllegalStateException inUse) {
      byAddress.put(segment.address(), mapping);
      return -EBUSY;
    }
    // The table forgets the address before the kernel can give it to another thread.
    return SystemCalls.munmap(segment.address(), segment.byteSize());
  }

  private static ErrnoException failure(
      int errno, int fd, long offset, long length, int protection) {
    var what =
        length
            + " bytes of fd "
            + fd
            + " at 0x"
            + Long.toHexString(offset)
            + ", protection "
            + protection
            + ": ";
    return new ErrnoException("mmap", errno, what + advice(errno, fd));
  }

  private static String advice(int errno, int fd) {
    return switch (errno) {
      case EACCES -> "the descriptor was not opened for this protection";
      case EAGAIN -> "too much memory is locked; raise ulimit -l";
      case EBADF -> "no such descriptor is open";
      case ENODEV -> "such a file cannot be mapped";
      case EINVAL ->
          fd == -1
              ? "length must be positive, protection PROT_READ, PROT_WRITE or both"
              : NO_SUCH_AREA
                  + "; length must be positive, protection PROT_READ, PROT_WRITE or both";
      case ENOMEM ->
          fd == -1
              ? "not enough memory or address space"
              : NO_SUCH_AREA + "; or not enough address space";
      default -> Errno.describe(errno);
    };
  }
}
