package dev.ringshot.model;

import static dev.ringshot.abi.Errno.ECANCELED;
import static dev.ringshot.abi.Errno.EINVAL;
import static dev.ringshot.abi.Errno.EIOCBQUEUED;
import static dev.ringshot.abi.Errno.ENOBUFS;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// A device of several queues, each filled by a thread of its own, which waits while its queue is
/// full. Events are numbered within their queue; one that cannot be posted stays where it is.
///
/// A command listens to the queue that its `addr` names, or to [#ALL].
final class QueueDevice implements FileOperations {
  static final int ALL = -1;
  private static final int CAPACITY = 512;
  private static final int POSTS_PER_TASK = 64;

  private final Queue[] queues;

  QueueDevice(int count) {
    queues = new Queue[count];
    for (int i = 0; i < count; i++) queues[i] = new Queue(i);
  }

  @Override
  public int uringCmd(UringCmd cmd) {
    int queue = (int) cmd.addr();
    if (queue < ALL || queue >= queues.length) return -EINVAL;
    var heard = queue == ALL ? queues : new Queue[] {queues[queue]};
    var listener = new Listener(cmd, heard);
    cmd.onCancel(() -> cmd.done(-ECANCELED));
    for (var each : heard) each.listener = listener;
    for (var each : heard) listener.tell(each);
    return -EIOCBQUEUED;
  }

  /// Raises `count` events on a queue: its thread's whole work.
  void produce(int queue, long count) {
    queues[queue].produce(count);
  }

  /// What an event's buffer holds.
  static long word(int queue, long number) {
    return (long) queue << 56 | number;
  }

  /// Events `taken` to `raised` of one source.
  private static final class Queue {
    final int id;
    volatile @Nullable Listener listener;
    volatile long raised;
    volatile long taken;
    private volatile @Nullable Thread blocked;

    Queue(int id) {
      this.id = id;
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // one thread raises
    void produce(long count) {
      for (long i = 0; i < count; i++) {
        if (raised - taken == CAPACITY) awaitRoom();
        raised++;
        var heard = listener;
        if (heard != null) heard.tell(this);
      }
    }

    private void awaitRoom() {
      blocked = Thread.currentThread();
      while (raised - taken == CAPACITY) LockSupport.park(this);
      blocked = null;
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // the ring's lock is held
    void take() {
      taken++;
      var thread = blocked;
      if (thread != null) LockSupport.unpark(thread);
    }
  }

  /// One command and its queues. Its task is sent when something is raised and none is under way.
  private static final class Listener {
    private final UringCmd cmd;
    private final Queue[] queues;
    private final AtomicBoolean told = new AtomicBoolean();
    private final Runnable task = this::post;

    Listener(UringCmd cmd, Queue[] queues) {
      this.cmd = cmd;
      this.queues = queues;
    }

    void tell(Queue queue) {
      if (queue.raised != queue.taken && told.compareAndSet(false, true)) cmd.inTask(task);
    }

    private void post() {
      told.set(false);
      if (cmd.isDone() || cmd.isRingClosing()) return;
      for (var queue : queues) {
        for (int posts = 0; queue.taken != queue.raised; posts++) {
          if (posts == POSTS_PER_TASK) {
            tell(queue); // the others have their turn
            break;
          }
          if (!post(queue)) return;
        }
      }
    }

    private boolean post(Queue queue) {
      var buffer = cmd.selectBuffer();
      if (buffer.errno() != 0) return end(buffer.errno());
      int fault = buffer.putLong(0, word(queue.id, queue.taken));
      if (fault != 0) throw new IllegalStateException("fault " + fault);
      if (cmd.postMultishotCqe(buffer, Long.BYTES) == Shot.FINISHED) return end(-ENOBUFS);
      queue.take();
      return true;
    }

    private boolean end(int error) {
      boolean _ = cmd.done(error);
      return false;
    }
  }
}
