package dev.ringshot.model;

import static dev.ringshot.abi.Errno.ECANCELED;

import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/// Requests that `IOSQE_IO_DRAIN` holds back until all before them have ended, and those that came
/// behind them (`io_drain_req`). What it lets go runs on a worker. Guarded by the ring's lock.
final class Drain {
  private final RingContext ring;
  private final ArrayDeque<Request> waiting = new ArrayDeque<>(); // heads of chains, in order
  private int held; // requests in those chains
  private boolean disabled;
  private boolean active; // requests queue up here
  private boolean drainsNext; // the first behind the chain that is being submitted, too
  private @Nullable Request alone; // the request that drains now, if it is no chain
  private boolean aloneEnded;

  Drain(RingContext ring) {
    this.ring = ring;
  }

  /// From the first `IOSQE_CQE_SKIP_SUCCESS` on there is no draining: requests that end unseen
  /// cannot be counted.
  void disable() {
    disabled = true;
  }

  /// A request wants to drain (`io_init_drain`). In the middle of a chain the chain drains, and
  /// what comes behind it.
  ///
  /// @param head of the chain that is being submitted, or null
  /// @return whether the ring still can
  boolean begin(@Nullable Request head) {
    if (disabled) return false;
    active = true;
    if (head == null) return true;
    head.drains = true;
    head.forceAsync = true;
    drainsNext = true;
    return true;
  }

  /// Looks at each request that is submitted.
  void meet(Request request, boolean inChain) {
    if (active) request.forceAsync = true;
    if (!drainsNext || inChain) return;
    drainsNext = false;
    active = true;
    request.drains = true;
    request.forceAsync = true;
  }

  boolean isActive() {
    return active;
  }

  /// Holds a request or the chain that it heads.
  void add(Request head) {
    head.keepSqe();
    held += head.chainLength();
    waiting.addLast(head);
    var _ = release();
    if (!head.drains && waiting.isEmpty()) active = false;
  }

  /// Lets go of those that have nothing to wait for any more (`io_queue_deferred`).
  ///
  /// @return whether one of them drains
  private boolean release() {
    if (ring.requests.taken() == held) alone = null;
    boolean drainSeen = false;
    boolean drainReleased = false;
    boolean first = true;
    while (!waiting.isEmpty()) {
      var head = waiting.getFirst();
      drainSeen |= head.drains;
      if ((drainSeen || first) && ring.requests.taken() != held) return drainReleased;
      waiting.removeFirst();
      held -= head.chainLength();
      if (head.drains) {
        drainReleased = true;
        if (head.link == null) alone = head;
      }
      head.queue(Request.Todo.START);
      first = false;
    }
    return drainReleased;
  }

  /// A request has completed, and is about to be freed.
  void ended(Request request) {
    if (request != alone) return;
    alone = null;
    aloneEnded = true;
  }

  /// Those that have completed are freed.
  void advance() {
    boolean isOver = aloneEnded;
    aloneEnded = false;
    if (release() || !waiting.isEmpty()) return;
    if (isOver && ring.kernel().options().release().endsDrainWithItsRequest()) active = false;
  }

  /// The ring goes away.
  void cancelAll() {
    while (!waiting.isEmpty()) {
      var head = waiting.removeFirst();
      held -= head.chainLength();
      head.fail(-ECANCELED);
      head.queue(Request.Todo.COMPLETE);
    }
  }
}
