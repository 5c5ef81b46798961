package dev.ringshot.model;

import static dev.ringshot.abi.Errno.EALREADY;
import static dev.ringshot.abi.Errno.EINVAL;
import static dev.ringshot.abi.Errno.ENOENT;
import static dev.ringshot.abi.IoUring.IORING_POLL_ADD_MULTI;
import static dev.ringshot.abi.IoUring.IORING_POLL_UPDATE_EVENTS;
import static dev.ringshot.abi.IoUring.IORING_POLL_UPDATE_USER_DATA;

/// IORING_OP_POLL_REMOVE: ends a POLL_ADD, or changes it.
final class PollRemoveOp implements Operation {
  @Override
  public int prep(Request request) {
    if (request.bufIndex() != 0 || request.fileIndex() != 0) return -EINVAL;
    int flags = request.len();
    int known = IORING_POLL_UPDATE_EVENTS | IORING_POLL_UPDATE_USER_DATA | IORING_POLL_ADD_MULTI;
    if ((flags & ~known) != 0 || flags == IORING_POLL_ADD_MULTI) return -EINVAL;
    if ((flags & IORING_POLL_UPDATE_USER_DATA) == 0 && request.off() != 0) return -EINVAL;
    return (flags & IORING_POLL_UPDATE_EVENTS) == 0 && request.opFlags() != 0 ? -EINVAL : 0;
  }

  @Override
  public int issue(Request request, boolean mayBlock) {
    var found = request.ring().polls.find(CancelKey.ofUserData(request.addr()));
    if (!(found instanceof FilePoll poll) || !poll.isPollAdd()) return request.complete(-ENOENT);
    int flags = request.len();
    int updates = IORING_POLL_UPDATE_EVENTS | IORING_POLL_UPDATE_USER_DATA;
    if ((flags & updates) == 0) return request.complete(poll.remove());
    if (!poll.claim()) return request.complete(-EALREADY);
    update(poll, request, flags);
    return request.complete(0);
  }

  private static void update(FilePoll poll, Request request, int flags) {
    int events = poll.events();
    if ((flags & IORING_POLL_UPDATE_EVENTS) != 0) {
      events = (events & ~0xffff) | (PollAddOp.events(request.opFlags(), flags) & 0xffff);
    }
    request.ring().polls.remove(poll);
    if ((flags & IORING_POLL_UPDATE_USER_DATA) != 0) poll.request.userData(request.off());
    poll.rearm(events);
  }
}
