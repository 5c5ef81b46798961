package dev.ringshot.model;

import static dev.ringshot.abi.Errno.ECANCELED;
import static dev.ringshot.abi.Errno.EINVAL;
import static dev.ringshot.abi.IoUring.IORING_OP_LINK_TIMEOUT;
import static dev.ringshot.abi.IoUring.IOSQE_IO_HARDLINK;

import org.jspecify.annotations.Nullable;

/// A ring's chains of linked requests: how one is put together while it is submitted
/// (`io_submit_link`), and what becomes of the rest when a member ends (`io_req_find_next`).
/// Guarded by the ring's lock.
final class Links {
  private final RingContext ring;
  private @Nullable Request head; // of the chain that is being submitted
  private @Nullable Request last;

  Links(RingContext ring) {
    this.ring = ring;
  }

  /// The head of the chain that the next submission belongs to, or null.
  @Nullable Request head() {
    return head;
  }

  /// Takes a request that is prepared, or that failed to be: then nothing of its chain will run.
  ///
  /// @return what to start now: the request alone, or the head of the chain that it ends; null
  ///   while its chain goes on
  @Nullable Request add(Request request) {
    var first = head;
    if (first == null) {
      if (request.linkFlags == 0) return request;
      head = request;
      last = request;
      return null;
    }
    if (request.failed && !first.failed) first.fail(-ECANCELED);
    request.keepSqe();
    last().link = request;
    last = request;
    return request.linkFlags != 0 ? null : close();
  }

  /// Ends the chain that is being submitted.
  ///
  /// @return its head, to start now; null if there is none
  @Nullable Request close() {
    var first = head;
    head = null;
    last = null;
    return first;
  }

  /// Makes `timeout` the limit of the member before it.
  ///
  /// @return 0, or `-EINVAL` if there is none or it is a LINK_TIMEOUT itself
  int limitLast(LinkTimeout timeout) {
    if (head == null || last().opcode() == IORING_OP_LINK_TIMEOUT) return -EINVAL;
    timeout.limit(last());
    return 0;
  }

  private Request last() {
    if (last == null) throw new AssertionError("a chain without a last member");
    return last;
  }

  /// A member has completed: what is linked to it starts, or is cancelled.
  void ended(Request member) {
    var limit = member.limit;
    if (limit != null) limit.targetEnded();
    var next = member.link;
    member.link = null;
    if (next == null) return;
    if (member.failed && (member.linkFlags & IOSQE_IO_HARDLINK) == 0) {
      for (var each = next; each != null; each = each.link) each.skipCqe = member.skipsChain;
      next.queue(Request.Todo.CANCEL_CHAIN);
    } else if (member.endedOnWorker && !ring.isDeferred()) {
      ring.issuer.queueToWorker(next); // the same worker goes on with it (io_wq_free_work)
    } else {
      next.queue(Request.Todo.START);
    }
  }

  /// Ends all of a chain that will not run; what failed to be prepared says why
  /// (`io_req_tw_fail_links`).
  void cancel(Request first) {
    for (Request member = first, next; member != null; member = next) {
      next = member.link;
      member.link = null;
      var limit = member.limit;
      if (limit != null) limit.forget(member); // a member as well, which ends as such
      if (!member.failed) member.res = -ECANCELED;
      ring.complete(member);
    }
  }
}
