package dev.ringshot.model;

import java.util.ArrayDeque;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// An open file (`struct file`): what a descriptor, a mapping or a request in flight holds on to.
/// When the last of them lets go, its driver's [FileOperations#release] runs.
public final class OpenFile {
  private static final int O_NONBLOCK = 0x800;

  /// Files that a thread still has to release, while it does.
  private static final ThreadLocal<@Nullable ArrayDeque<OpenFile>> RELEASES = new ThreadLocal<>();

  private final FileOperations operations;
  private final String path;
  private final int flags;
  private final AtomicInteger references = new AtomicInteger(1);
  private volatile @Nullable Object privateData;
  private long position;

  OpenFile(FileOperations operations, String path, int flags) {
    this.operations = operations;
    this.path = path;
    this.flags = flags;
  }

  /// What serves it.
  public FileOperations operations() {
    return operations;
  }

  /// The path it was opened by, or a name in brackets.
  public String path() {
    return path;
  }

  /// `O_RDWR`, `O_NONBLOCK`, …
  public int flags() {
    return flags;
  }

  /// Whatever its driver keeps for this open file; null at first.
  public @Nullable Object privateData() {
    return privateData;
  }

  /// Keeps something for this open file.
  public void privateData(@Nullable Object data) {
    privateData = data;
  }

  boolean isNonBlocking() {
    return (flags & O_NONBLOCK) != 0;
  }

  boolean isReadable() {
    return (flags & 3) != 1;
  }

  boolean isWritable() {
    return (flags & 3) != 0;
  }

  synchronized long position() {
    return position;
  }

  synchronized void position(long next) {
    position = next;
  }

  /// Takes a reference, unless the last one is gone already.
  boolean tryHold() {
    for (int now = references.get(); now > 0; now = references.get()) {
      if (references.compareAndSet(now, now + 1)) return true;
    }
    return false;
  }

  /// Lets go of a reference that is not the last.
  ///
  /// @return false if it is; then it is still held
  boolean tryDropShared() {
    for (int now = references.get(); now > 1; now = references.get()) {
      if (references.compareAndSet(now, now - 1)) return true;
    }
    return false;
  }

  void drop() {
    if (references.decrementAndGet() == 0) release();
  }

  /// Has its driver release it, and after it those that it was the last to hold: one in the other
  /// they may be deeper than a stack is (`fput` leaves them to task work).
  private void release() {
    var waiting = RELEASES.get();
    if (waiting != null) {
      waiting.addLast(this);
      return;
    }
    var mine = new ArrayDeque<OpenFile>();
    RELEASES.set(mine);
    try {
      for (var next = this; next != null; next = mine.pollFirst()) next.operations.release(next);
    } finally {
      RELEASES.remove();
      for (var left : mine) left.release(); // a driver's release threw
    }
  }

  @Override
  public String toString() {
    return path;
  }
}
