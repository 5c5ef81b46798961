package dev.ringshot.model;

import static dev.ringshot.abi.Errno.EINVAL;
import static dev.ringshot.abi.IoUring.IORING_POLL_ADD_LEVEL;
import static dev.ringshot.abi.IoUring.IORING_POLL_ADD_MULTI;
import static dev.ringshot.abi.Poll.EPOLLET;
import static dev.ringshot.abi.Poll.EPOLLEXCLUSIVE;
import static dev.ringshot.abi.Poll.EPOLLONESHOT;

/// IORING_OP_POLL_ADD, once or multishot.
final class PollAddOp implements Operation {
  @Override
  public int prep(Request request) {
    if (request.bufIndex() != 0 || request.off() != 0 || request.addr() != 0) return -EINVAL;
    int flags = request.len();
    if ((flags & ~(IORING_POLL_ADD_MULTI | IORING_POLL_ADD_LEVEL)) != 0) return -EINVAL;
    if ((flags & IORING_POLL_ADD_MULTI) != 0 && request.wantsSkip()) return -EINVAL;
    request.pollEvents = events(request.opFlags(), flags);
    return 0;
  }

  @Override
  public int issue(Request request, boolean mayBlock) {
    return FilePoll.ofPollAdd(request).start();
  }

  /// io_poll_parse_events()
  static int events(int mask, int flags) {
    int events = mask & (0xffff | EPOLLEXCLUSIVE | EPOLLONESHOT | EPOLLET);
    if ((flags & IORING_POLL_ADD_MULTI) == 0) events |= EPOLLONESHOT;
    if ((flags & IORING_POLL_ADD_LEVEL) == 0) events |= EPOLLET;
    return events;
  }
}
