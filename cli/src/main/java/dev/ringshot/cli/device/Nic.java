package dev.ringshot.cli.device;

import static dev.ringshot.abi.Errno.ECANCELED;
import static dev.ringshot.abi.Errno.EINVAL;
import static dev.ringshot.abi.Errno.EIOCBQUEUED;
import static dev.ringshot.abi.Errno.ENOBUFS;
import static dev.ringshot.abi.Errno.ENOTTY;
import static dev.ringshot.model.Shot.FINISHED;

import dev.ringshot.model.FileOperations;
import dev.ringshot.model.OpenFile;
import dev.ringshot.model.Scheduler;
import dev.ringshot.model.UringCmd;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;

/// A network card with several receive queues, each with an interrupt of its own, taken on whatever
/// thread is free.
///
/// [#LISTEN] is armed for one queue or for the whole device, and answered once a frame with
/// [#EVENT_BYTES] bytes: the queue (4 bytes), the length of the frame (4), its number in the queue,
/// from 0 (8). It ends with `-ECANCELED` by [#STOP], with `-ENOBUFS` when there is no buffer or no
/// completion for a frame, which then waits for the next listener. While nobody listens no frame
/// comes; a queue has one listener, the one that came first.
public final class Nic implements FileOperations {
  /// Multishot. Payload: the queue (4 bytes), or [#ALL_QUEUES].
  public static final int LISTEN = 1;

  /// Ends every [#LISTEN] of this open file; its result is their number.
  public static final int STOP = 2;

  /// Instead of a queue's number.
  public static final int ALL_QUEUES = -1;

  /// Bytes of one event.
  public static final int EVENT_BYTES = 16;

  private final List<NicQueue> queues;
  private final List<Listener> listeners = new CopyOnWriteArrayList<>();

  /// @param seed of the frames' times and lengths
  public Nic(Scheduler scheduler, int queues, long seed) {
    this.queues =
        IntStream.range(0, queues)
            .mapToObj(i -> new NicQueue(this, scheduler, i, seed + i))
            .toList();
  }

  @Override
  public int uringCmd(UringCmd cmd) {
    return switch (cmd.op()) {
      case LISTEN -> listen(cmd);
      case STOP -> stop(cmd.file());
      default -> -ENOTTY;
    };
  }

  private int listen(UringCmd cmd) {
    int queue = cmd.payloadInt(0);
    if (!cmd.isMultishot() || queue < ALL_QUEUES || queue >= queues.size()) return -EINVAL;
    var heard = queue == ALL_QUEUES ? queues : List.of(queues.get(queue));
    var listener = new Listener(cmd, heard);
    cmd.onCancel(() -> end(listener, -ECANCELED));
    listeners.add(listener);
    heard.forEach(NicQueue::start);
    return -EIOCBQUEUED;
  }

  private int stop(OpenFile file) {
    int ended = 0;
    for (Listener listener : listeners) {
      if (listener.cmd.file() == file && end(listener, -ECANCELED)) ended++;
    }
    return ended;
  }

  /// An interrupt of `queue`, on any thread: its listener takes its frames, in the context of its
  /// own ring.
  ///
  /// @return whether there is one
  boolean interrupt(NicQueue queue) {
    for (Listener listener : listeners) {
      if (!listener.queues.contains(queue)) continue;
      listener.cmd.inTask(() -> post(listener, queue));
      return true;
    }
    return false;
  }

  private void post(Listener listener, NicQueue queue) {
    UringCmd cmd = listener.cmd;
    synchronized (queue) { // a listener that has just ended may still be at it, in another ring
      while (queue.hasFrame() && !cmd.isDone() && !cmd.isRingClosing()) {
        var buffer = cmd.selectBuffer();
        if (buffer.errno() != 0) {
          end(listener, buffer.errno());
          return;
        }
        buffer.putInt(0, queue.index());
        buffer.putInt(4, queue.frameLength());
        buffer.putLong(8, queue.frameNumber());
        if (cmd.postMultishotCqe(buffer, EVENT_BYTES) == FINISHED) {
          end(listener, -ENOBUFS);
          return;
        }
        queue.removeFrame(); // not before somebody has it
      }
    }
  }

  private boolean end(Listener listener, int res) {
    listeners.remove(listener);
    return listener.cmd.done(res);
  }

  /// An armed command and the queues that it hears.
  private record Listener(UringCmd cmd, List<NicQueue> queues) {}
}
