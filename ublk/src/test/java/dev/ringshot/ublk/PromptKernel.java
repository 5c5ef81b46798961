package dev.ringshot.ublk;

import dev.ringshot.abi.Kernel;
import dev.ringshot.model.Scheduler;
import java.lang.foreign.MemorySegment;
import java.time.Duration;

/// A kernel whose workers are done with what was submitted before the program goes on.
record PromptKernel(Kernel kernel, Scheduler time) implements Kernel {
  @Override
  public int setup(int entries, long params) {
    return kernel.setup(entries, params);
  }

  @Override
  public int enter(int fd, int toSubmit, int minComplete, int flags, long arg, long argSize) {
    int result = kernel.enter(fd, toSubmit, minComplete, flags, arg, argSize);
    if (toSubmit > 0) time.advance(Duration.ofMillis(1));
    return result;
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
    return kernel.map(fd, offset, length, protection);
  }

  @Override
  public int unmap(MemorySegment mapping) {
    return kernel.unmap(mapping);
  }
}
