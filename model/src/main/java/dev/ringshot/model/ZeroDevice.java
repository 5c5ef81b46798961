package dev.ringshot.model;

import java.lang.foreign.MemorySegment;

/// /dev/zero: swallows writes, reads zeroes, takes no commands.
final class ZeroDevice implements FileOperations {
  private static final MemorySegment ZEROES = MemorySegment.ofArray(new byte[4096]).asReadOnly();

  @Override
  public boolean hasUringCmd() {
    return false;
  }

  @Override
  public int read(OpenFile file, Transfer transfer) {
    while (transfer.remaining() > 0) {
      int moved = transfer.copyToUser(ZEROES, 0, ZEROES.byteSize());
      if (moved <= 0) return transfer.moved() > 0 ? transfer.moved() : moved;
    }
    return transfer.moved();
  }

  @Override
  public int write(OpenFile file, Transfer transfer) {
    return transfer.remaining();
  }

  @Override
  public MemorySegment map(OpenFile file, long offset, long length, int protection) {
    return UserMemory.allocate(length);
  }
}
