package dev.ringshot.conformance.watch;

import dev.ringshot.abi.Kernel;
import java.lang.foreign.MemorySegment;
import java.util.function.Consumer;

/// A kernel that is right but for one thing: after each enter something is done to its queues.
final class Meddler implements Kernel {
  private final Kernel kernel;
  private final Consumer<MemorySegment> afterEnter;
  private MemorySegment queues = MemorySegment.NULL;
  int resultOffset;

  Meddler(Kernel kernel, Consumer<MemorySegment> afterEnter) {
    this.kernel = kernel;
    this.afterEnter = afterEnter;
  }

  @Override
  public int setup(int entries, long params) {
    return kernel.setup(entries, params);
  }

  @Override
  public int enter(int fd, int toSubmit, int minComplete, int flags, long arg, long argSize) {
    int result = kernel.enter(fd, toSubmit, minComplete, flags, arg, argSize);
    afterEnter.accept(queues);
    return result + resultOffset;
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
  public MemorySegment map(int fd, long offset, long length, int protection) {
    MemorySegment mapping = kernel.map(fd, offset, length, protection);
    if (fd >= 0 && offset == 0) queues = mapping;
    return mapping;
  }

  @Override
  public int unmap(MemorySegment mapping) {
    return kernel.unmap(mapping);
  }
}
