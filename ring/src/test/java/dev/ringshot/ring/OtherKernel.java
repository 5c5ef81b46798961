package dev.ringshot.ring;

import dev.ringshot.abi.Kernel;
import java.lang.foreign.MemorySegment;

/// A kernel that answers some calls otherwise than the one it stands before.
class OtherKernel implements Kernel {
  private final Kernel kernel;

  OtherKernel(Kernel kernel) {
    this.kernel = kernel;
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
  public MemorySegment map(int fd, long offset, long length, int protection) {
    return kernel.map(fd, offset, length, protection);
  }

  @Override
  public int unmap(MemorySegment mapping) {
    return kernel.unmap(mapping);
  }
}
