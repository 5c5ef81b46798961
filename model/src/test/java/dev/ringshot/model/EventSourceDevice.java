package dev.ringshot.model;

import static dev.ringshot.abi.Errno.ECANCELED;
import static dev.ringshot.abi.Errno.EIOCBQUEUED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// A device with one command, which posts numbered events of eight bytes as they are raised, by any
/// thread, and allocates nothing for it.
final class EventSourceDevice implements FileOperations {
  private final AtomicInteger waiting = new AtomicInteger();
  private final Runnable task = this::postAll;
  private volatile @Nullable UringCmd command;
  private long number;

  /// The number of events posted.
  long posted() {
    return number;
  }

  @Override
  public int uringCmd(UringCmd cmd) {
    cmd.onCancel(() -> cmd.done(-ECANCELED));
    command = cmd;
    return -EIOCBQUEUED;
  }

  /// Raises `count` events.
  void raise(int count) {
    var cmd = command;
    if (cmd == null) throw new IllegalStateException("not armed");
    if (waiting.getAndAdd(count) == 0) cmd.inTask(task);
  }

  private void postAll() {
    var cmd = command;
    if (cmd == null || cmd.isRingClosing()) return;
    int count = waiting.get();
    for (int left = count; left > 0; left--) {
      var buffer = cmd.selectBuffer();
      int error = buffer.errno();
      if (error == 0 && number % 2 == 0) error = buffer.putLong(0, number);
      else if (error == 0) buffer.memory().set(JAVA_LONG_UNALIGNED, 0, number);
      if (error != 0) throw new IllegalStateException("event " + number + ": " + error);
      if (cmd.postMultishotCqe(buffer, Long.BYTES) == Shot.FINISHED)
        throw new IllegalStateException("event " + number + " found the queue full");
      number++;
    }
    if (waiting.addAndGet(-count) > 0) cmd.inTask(task);
  }
}
