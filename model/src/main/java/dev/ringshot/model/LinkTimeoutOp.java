package dev.ringshot.model;

import static dev.ringshot.abi.Errno.EINVAL;

/// IORING_OP_LINK_TIMEOUT: a limit to the request before it. It is never issued itself.
final class LinkTimeoutOp implements Operation {
  @Override
  public int prep(Request request) {
    if (TimeoutOp.hasStrayFields(request) || (int) request.off() != 0) return -EINVAL;
    int error = TimeoutOp.checkFlags(request);
    if (error == 0) error = TimeoutOp.readTime(request, request.addr(), request.opFlags());
    if (error != 0) return error;
    return request
        .ring()
        .links
        .limitLast(new LinkTimeout(request, request.nanos, request.opFlags()));
  }

  @Override
  public int issue(Request request, boolean mayBlock) {
    throw new AssertionError("a LINK_TIMEOUT is no member that starts");
  }
}
