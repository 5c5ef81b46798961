package dev.ringshot.conformance.rig;

import dev.ringshot.abi.Kernel;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;

/// Keeps memory that is unmapped for whoever maps the next: mapping is what short programs do most,
/// and in user-mode Linux it is what takes longest.
public final class KeptMemory implements Kernel, AutoCloseable {
  private static final int PAGE = 4096;
  private static final int READ_WRITE = PROT_READ | PROT_WRITE;

  private final Kernel kernel;
  private final Map<Long, Deque<MemorySegment>> spare = new HashMap<>(); // by size
  private final Map<Long, MemorySegment> used = new HashMap<>(); // by address

  /// Over `kernel`, which must see the memory of everything made here.
  public KeptMemory(Kernel kernel) {
    this.kernel = kernel;
  }

  @Override
  public MemorySegment map(int fd, long offset, long length, int protection) {
    if (fd != -1 || protection != READ_WRITE) return kernel.map(fd, offset, length, protection);
    long size = (length + PAGE - 1) / PAGE * PAGE;
    var kept = spare.computeIfAbsent(size, _ -> new ArrayDeque<>()).poll();
    var whole = kept != null ? kept.fill((byte) 0) : kernel.map(fd, offset, size, protection);
    used.put(whole.address(), whole);
    return whole.asSlice(0, length);
  }

  @Override
  public int unmap(MemorySegment mapping) {
    var whole = used.remove(mapping.address());
    if (whole == null) return kernel.unmap(mapping);
    spare.computeIfAbsent(whole.byteSize(), _ -> new ArrayDeque<>()).push(whole);
    return 0;
  }

  @Override
  public int setup(int entries, long params) {
    return kernel.setup(entries, params);
  }

  @Override
  public int enter(int fd, int toSubmit, int minComplete, int flags, long arg, long argSize) {
    return kernel.enter(fd, toSubmit, minComplete, flags, arg, argSize);
  }

  @Override
  public int register(int fd, int opcode, long arg, int argCount) {
    return kernel.register(fd, opcode, arg, argCount);
  }

  @Override
  public int open(String path, int flags) {
    return kernel.open(path, flags);
  }

  @Override
  public int close(int fd) {
    return kernel.close(fd);
  }

  @Override
  public void close() {
    for (var segments : spare.values()) segments.forEach(kernel::unmap);
  }
}
