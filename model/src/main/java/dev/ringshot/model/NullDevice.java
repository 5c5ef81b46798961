package dev.ringshot.model;

/// /dev/null: swallows writes, has nothing to read, and answers every command with 0.
final class NullDevice implements FileOperations {
  @Override
  public int uringCmd(UringCmd cmd) {
    return 0;
  }

  @Override
  public int read(OpenFile file, Transfer transfer) {
    return 0;
  }

  @Override
  public int write(OpenFile file, Transfer transfer) {
    return transfer.remaining();
  }
}
