package dev.ringshot.ring;

import static dev.ringshot.abi.Errno.ECANCELED;
import static dev.ringshot.abi.Errno.EINVAL;
import static dev.ringshot.abi.Errno.EIOCBQUEUED;
import static dev.ringshot.abi.Errno.ENOBUFS;
import static dev.ringshot.abi.Errno.ENOTTY;
import static dev.ringshot.model.Shot.FINISHED;

import dev.ringshot.model.FileOperations;
import dev.ringshot.model.SelectedBuffer;
import dev.ringshot.model.UringCmd;
import org.jspecify.annotations.Nullable;

/// A device with queues of events, one command a queue, that keeps what it could not deliver, as
/// ublk does: whatever goes wrong between it and a program, each event arrives once, in order.
///
/// The command is `SUBSCRIBE`, its queue `sqe.len`. An event is some bytes of one value, which both
/// follow from its queue and number; the last in a buffer may be cut short.
final class EventSource implements FileOperations {
  static final int SUBSCRIBE = 0x5b;

  private final Queue[] queues;

  EventSource(int queueCount) {
    queues = new Queue[queueCount];
    for (int i = 0; i < queueCount; i++) queues[i] = new Queue(i);
  }

  /// The value of an event's bytes.
  static byte value(int queue, long number) {
    return (byte) (number * 7 + queue * 31L + 1);
  }

  /// How many bytes an event wants.
  static int length(int queue, long number) {
    return 1 + (int) ((number * 5 + queue) % 40);
  }

  Queue queue(int index) {
    return queues[index];
  }

  @Override
  public int uringCmd(UringCmd cmd) {
    if (cmd.op() != SUBSCRIBE) return -ENOTTY;
    if (!cmd.isMultishot() || cmd.len() >= queues.length) return -EINVAL;
    return queues[cmd.len()].arm(cmd);
  }

  /// One queue. Used from the ring's thread, or in virtual time.
  static final class Queue {
    private final int index;
    private final Runnable deliver = this::deliver;
    private @Nullable UringCmd armed;
    private long produced;
    private long delivered;
    private long refusals;

    Queue(int index) {
      this.index = index;
    }

    private int arm(UringCmd cmd) {
      if (armed != null) return -EINVAL;
      armed = cmd;
      cmd.onCancel(() -> end(-ECANCELED));
      if (delivered < produced) cmd.inTask(deliver);
      return -EIOCBQUEUED;
    }

    /// Adds events.
    void produce(int count) {
      boolean wasEmpty = delivered == produced;
      produced += count;
      if (armed != null && wasEmpty) armed.inTask(deliver);
    }

    private void deliver() {
      UringCmd cmd = armed;
      if (cmd == null || cmd.isRingClosing()) return;
      while (delivered < produced) {
        SelectedBuffer buffer = cmd.selectBuffer();
        if (buffer.errno() != 0) {
          end(buffer.errno());
          return;
        }
        int length = Math.min(length(index, delivered), buffer.length());
        for (int i = 0; i < length; i++) {
          if (buffer.putByte(i, value(index, delivered)) != 0) throw new AssertionError("EFAULT");
        }
        if (cmd.postMultishotCqe(buffer, length) == FINISHED) {
          refusals++;
          end(-ENOBUFS);
          return;
        }
        delivered++;
      }
    }

    /// Ends the command, if there is one.
    void end(int res) {
      UringCmd cmd = armed;
      armed = null;
      if (cmd != null) cmd.done(res);
    }

    boolean isArmed() {
      return armed != null;
    }

    long produced() {
      return produced;
    }

    /// Events that had a buffer and no room in the completion queue.
    long refusals() {
      return refusals;
    }
  }
}
