package dev.ringshot.ublk;

import dev.ringshot.ublk.UblkQueue.State;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// The queues of a device, and the file that they share.
final class QueueSet {
  private volatile List<UblkQueue> all = List.of();
  private @Nullable Device device;

  /// Opens what is to serve a device; its file is this set's from now on.
  void open(Device opened, Troubles troubles) {
    device = opened;
    int count = opened.info().queues();
    opened.target().open(count, opened.info().depth());
    all =
        IntStream.range(0, count)
            .mapToObj(queue -> new UblkQueue(opened, queue, troubles))
            .toList();
  }

  /// None before [#open]. Any thread.
  List<UblkQueue> all() {
    return all;
  }

  /// Steps each, on this thread.
  void step() {
    for (UblkQueue queue : all) {
      try {
        if (!queue.step()) queue.close();
      } catch (RuntimeException e) {
        queue.close(); // which failed: the next look sees it
      }
    }
  }

  /// Why one cannot go on, or null.
  @Nullable RuntimeException failure() {
    for (UblkQueue queue : all) {
      RuntimeException reason = queue.failure();
      if (reason != null) return reason;
    }
    return null;
  }

  /// What START_DEV waits for, in words.
  String waiting(int depth) {
    return all.stream()
        .filter(queue -> queue.state() != State.SERVING)
        .findFirst()
        .map(queue ->
            "queue %d has %d of %d tags ready".formatted(queue.number(), queue.prepared(), depth))
        .orElse("and all queues are ready");
  }

  void abandonRequests() {
    all.forEach(UblkQueue::abandonRequests);
  }

  void leave() {
    all.forEach(UblkQueue::leave);
  }

  /// Whether none will have a request any more.
  boolean haveEnded() {
    return all.stream()
        .allMatch(queue -> queue.state() == State.ENDED || queue.state() == State.CLOSED);
  }

  /// Whether each has given back what it had.
  boolean areClosed() {
    return all.stream().allMatch(queue -> queue.state() == State.CLOSED);
  }

  /// Lets go of the file; the queues are closed.
  void closeFile() {
    Device open = device;
    device = null;
    if (open != null) open.kernel().close(open.fd());
  }

  /// Ends all at once, as if this process had died.
  void close() {
    for (UblkQueue queue : all) {
      queue.leave();
      queue.close();
    }
    closeFile();
  }
}
