package dev.ringshot.nbd;

import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// Replies on their way from whatever thread a device ends a request on to the one thread that
/// sends them. Pushing never waits: it is one exchange of the head of a list, newest first.
final class ReplyQueue {
  /// At the head of a queue that takes no more.
  private static final Reply CLOSED = Reply.done(0);

  private final AtomicReference<@Nullable Reply> newest = new AtomicReference<>();

  /// What became of a reply.
  enum Push {
    /// It is the only one: whoever sends may be asleep.
    FIRST,
    /// It is behind others.
    BEHIND,
    /// Nobody will send it; it stays the caller's.
    REFUSED
  }

  Push push(Reply reply) {
    while (true) {
      Reply head = newest.get();
      if (head == CLOSED) return Push.REFUSED;
      reply.next = head;
      if (newest.compareAndSet(head, reply)) return head == null ? Push.FIRST : Push.BEHIND;
    }
  }

  boolean isEmpty() {
    return newest.get() == null;
  }

  /// Takes all, linked oldest first.
  @Nullable Reply takeAll() {
    return newest.get() == null ? null : oldestFirst(newest.getAndSet(null));
  }

  /// Takes all, and no more come. To be called once, by the one who takes.
  @Nullable Reply close() {
    return oldestFirst(newest.getAndSet(CLOSED));
  }

  private static @Nullable Reply oldestFirst(@Nullable Reply head) {
    Reply oldest = null;
    for (Reply reply = head; reply != null; ) {
      Reply older = reply.next;
      reply.next = oldest;
      oldest = reply;
      reply = older;
    }
    return oldest;
  }
}
