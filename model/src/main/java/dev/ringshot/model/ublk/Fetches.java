package dev.ringshot.model.ublk;

import static dev.ringshot.abi.Errno.EFAULT;
import static dev.ringshot.abi.Errno.EIOCBQUEUED;
import static dev.ringshot.abi.Errno.ENOBUFS;
import static dev.ringshot.abi.Errno.ENODEV;
import static dev.ringshot.abi.ublk.Ublk.UBLK_IO_RES_ABORT;

import dev.ringshot.model.SelectedBuffer;
import dev.ringshot.model.Shot;
import dev.ringshot.model.UringCmd;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/// A queue's multishot commands and the tags that wait for them: each completion brings the server
/// as many tags as its buffer takes. Guarded by the queue's lock.
///
/// One command at a time is active, the oldest, for as long as it has buffers. When it ends for
/// want of one, no other is made active by that: the next request does it, or the next command.
final class Fetches {
  private static final int TAGS_MAX = 128; // of one completion
  private static final int ROUNDS_MAX = 33; // of completions in one go

  private final UblkQueue queue;
  private final ArrayDeque<Fetch> parked = new ArrayDeque<>();
  private final int[] events; // tags, in order of arrival
  private int first;
  private int count;
  private final int[] batch = new int[TAGS_MAX];
  private @Nullable Fetch active;

  /// A command, and the task that lets it hand out tags.
  private final class Fetch {
    final UringCmd cmd;
    final Runnable dispatch = () -> dispatchInTask(this);

    Fetch(UringCmd cmd) {
      this.cmd = cmd;
    }
  }

  Fetches(UblkQueue queue) {
    this.queue = queue;
    this.events = new int[queue.depth];
  }

  /// A request has come.
  void queued(Tag tag) {
    add(tag.number);
    var fetch = acquire();
    if (fetch != null) fetch.cmd.inTask(fetch.dispatch);
  }

  /// Keeps a command until it has no buffers any more, or is cancelled (`ublk_batch_attach`).
  ///
  /// @return what the driver answers
  int attach(UringCmd cmd, Runnable onCancel) {
    if (queue.refusesCommands()) return -ENODEV;
    parked.add(new Fetch(cmd));
    var next = acquire();
    cmd.onCancel(onCancel);
    if (next == null) return -EIOCBQUEUED;
    if (next.cmd.isOfRing(cmd)) dispatch(next);
    else next.cmd.inTask(next.dispatch);
    return -EIOCBQUEUED;
  }

  private @Nullable Fetch acquire() {
    if (active != null) return null;
    active = parked.peek();
    return active;
  }

  private void dispatchInTask(Fetch fetch) {
    queue.lock();
    try {
      if (fetch.cmd.isRingClosing()) end(fetch, UBLK_IO_RES_ABORT);
      else dispatch(fetch);
    } finally {
      queue.unlock();
    }
  }

  /// Hands out what waits, in the context of the active command (`ublk_batch_dispatch`).
  private void dispatch(Fetch fetch) {
    for (int round = 0; count > 0; round++) {
      if (round == ROUNDS_MAX) {
        fetch.cmd.inTask(fetch.dispatch);
        return;
      }
      int error = post(fetch.cmd);
      if (error < 0) {
        end(fetch, error);
        return;
      }
    }
    active = null;
    if (queue.isAborting()) end(fetch, UBLK_IO_RES_ABORT); // it was too busy to be cancelled
  }

  /// One completion.
  ///
  /// @return 0, or why there can be none
  private int post(UringCmd cmd) {
    var buffer = cmd.selectBuffer();
    if (buffer.errno() != 0) return -ENOBUFS;
    int taken = Math.min(Math.min(buffer.length() / Short.BYTES, TAGS_MAX), count);
    int ready = prepare(cmd, taken);
    if (ready == 0 && taken > 0) {
      var _ = cmd.postMultishotCqe(buffer, 0); // the next one has the buffer
      return 0;
    }
    if (cmd.postMultishotCqe(buffer, fill(buffer, ready)) == Shot.POSTED) return 0;
    for (int i = 0; i < ready; i++) {
      queue.undo(queue.tags.get(batch[i]), cmd);
      add(batch[i]);
    }
    return -ENOBUFS;
  }

  /// Takes the first `taken` tags into [#batch], without those whose requests cannot be handed out.
  private int prepare(UringCmd cmd, int taken) {
    int ready = 0;
    for (int i = 0; i < taken; i++) {
      int tag = poll();
      if (queue.prepare(queue.tags.get(tag), cmd)) batch[ready++] = tag;
    }
    return ready;
  }

  private int fill(SelectedBuffer buffer, int tags) {
    for (int i = 0; i < tags; i++)
      if (buffer.putShort(i * Short.BYTES, (short) batch[i]) != 0) return -EFAULT;
    return tags * Short.BYTES;
  }

  private void end(Fetch fetch, int res) {
    parked.remove(fetch);
    active = null;
    fetch.cmd.done(res);
  }

  /// Ends `cmd`, unless it is about to hand out tags.
  void cancel(UringCmd cmd) {
    for (var fetch : parked) {
      if (fetch.cmd != cmd || fetch == active) continue;
      parked.remove(fetch);
      cmd.done(UBLK_IO_RES_ABORT);
      return;
    }
  }

  /// Ends all but the one that is about to hand out tags.
  void cancelAll() {
    var busy = active;
    for (var fetch : parked) if (fetch != busy) fetch.cmd.done(UBLK_IO_RES_ABORT);
    parked.clear();
    if (busy != null) parked.add(busy);
  }

  private void add(int tag) {
    events[(first + count++) % events.length] = tag;
  }

  /// The next tag that waits, or -1.
  int poll() {
    if (count == 0) return -1;
    int tag = events[first];
    first = (first + 1) % events.length;
    count--;
    return tag;
  }
}
