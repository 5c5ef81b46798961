package dev.ringshot.conformance.watch;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.ringshot.abi.FilesUpdate;
import dev.ringshot.abi.IoUring;
import dev.ringshot.abi.Kernel;
import dev.ringshot.abi.RingParams;
import dev.ringshot.conformance.rig.RingAreas;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A kernel whose calls are remembered as far as a decorator needs them: which memory was mapped,
/// which rings there are and where their bytes lie. Passes every call on unchanged.
///
/// Good for one thread at a time. A registered ring index is resolved as if all threads shared it.
final class Watch implements Kernel {
  private final Kernel kernel;
  private final AddressBook memory = new AddressBook();
  private final Map<Integer, WatchedRing> rings = new HashMap<>();
  private final Map<Integer, WatchedRing> registered = new HashMap<>(); // may outlive its fd

  Watch(Kernel kernel) {
    this.kernel = kernel;
  }

  /// The bytes at `address`, or null where this watch saw no mapping of them.
  @Nullable MemorySegment memory(long address, long length) {
    return memory.find(address, length);
  }

  /// The ring that an enter or register means, or null for a stranger or one that is not mapped.
  @Nullable WatchedRing ring(int fd, boolean isIndex) {
    WatchedRing ring = isIndex ? registered.get(fd) : rings.get(fd);
    return ring != null && ring.isVisible() ? ring : null;
  }

  /// Whether `fd` is a ring made here of which nothing can be seen.
  boolean isHidden(int fd, boolean isIndex) {
    WatchedRing ring = isIndex ? registered.get(fd) : rings.get(fd);
    return ring != null && !ring.isVisible();
  }

  /// Every ring that can be seen.
  Iterable<WatchedRing> rings() {
    return all().filter(WatchedRing::isVisible).toList();
  }

  private Stream<WatchedRing> all() {
    return Stream.concat(rings.values().stream(), registered.values().stream()).distinct();
  }

  @Override
  public int setup(int entries, long params) {
    int fd = kernel.setup(entries, params);
    MemorySegment written = memory.find(params, RingParams.SIZE);
    if (fd >= 0 && written != null) {
      MemorySegment copy = MemorySegment.ofArray(new long[RingParams.SIZE / Long.BYTES]);
      copy.copyFrom(written);
      var ring = new WatchedRing(fd, new RingParams().at(copy, 0));
      rings.put(fd, ring);
      if (ring.has(IoUring.IORING_SETUP_NO_MMAP)) lookUp(ring);
    }
    return fd;
  }

  private void lookUp(WatchedRing ring) {
    MemorySegment sqes = memory.find(ring.params.sqOffUserAddr(), RingAreas.sqeBytes(ring.params));
    MemorySegment queues =
        memory.find(ring.params.cqOffUserAddr(), RingAreas.ringBytes(ring.params));
    if (sqes != null) ring.mapped(IoUring.IORING_OFF_SQES, sqes);
    if (queues != null) ring.mapped(IoUring.IORING_OFF_SQ_RING, queues);
  }

  @Override
  public int enter(int fd, int toSubmit, int minComplete, int flags, long arg, long argSize) {
    return kernel.enter(fd, toSubmit, minComplete, flags, arg, argSize);
  }

  @Override
  public int register(int fd, int opcode, long arg, int argCount) {
    int result = kernel.register(fd, opcode, arg, argCount);
    int op = opcode & ~IoUring.IORING_REGISTER_USE_REGISTERED_RING;
    if (op == IoUring.IORING_REGISTER_RING_FDS) {
      for (int i = 0; i < result; i++) {
        MemorySegment update = memory.find(arg + (long) i * FilesUpdate.SIZE, FilesUpdate.SIZE);
        if (update == null) break;
        WatchedRing named = rings.get((int) update.get(JAVA_LONG, FilesUpdate.FDS));
        if (named != null) registered.put(update.get(JAVA_INT, FilesUpdate.OFFSET), named);
      }
    }
    if (op == IoUring.IORING_REGISTER_RESIZE_RINGS && result >= 0) rings.remove(fd);
    return result;
  }

  @Override
  public int open(String path, int flags) {
    return kernel.open(path, flags);
  }

  @Override
  public int close(int fd) {
    int result = kernel.close(fd);
    if (result == 0) rings.remove(fd);
    return result;
  }

  @Override
  public MemorySegment map(int fd, long offset, long length, int protection) {
    MemorySegment mapping = kernel.map(fd, offset, length, protection);
    memory.add(mapping);
    WatchedRing ring = rings.get(fd);
    if (ring != null) ring.mapped(offset, mapping);
    return mapping;
  }

  @Override
  public int unmap(MemorySegment mapping) {
    memory.remove(mapping);
    all().forEach(ring -> ring.unmapped(mapping));
    return kernel.unmap(mapping);
  }
}
