package dev.ringshot.model;

import static dev.ringshot.abi.Errno.EINVAL;
import static dev.ringshot.abi.Errno.ENOENT;

/// IORING_OP_REMOVE_BUFFERS: takes back `fd` buffers of a legacy group.
final class RemoveBuffersOp implements Operation {
  @Override
  public int prep(Request request) {
    if (request.opFlags() != 0 || request.addr() != 0 || request.len() != 0) return -EINVAL;
    if (request.off() != 0 || request.fileIndex() != 0) return -EINVAL;
    return request.fd() <= 0 || request.fd() > ListedBuffers.BUFFERS_MAX ? -EINVAL : 0;
  }

  @Override
  public int issue(Request request, boolean mayBlock) {
    return request.complete(
        switch (request.ring().groups.get(request.bufIndex())) {
          case null -> -ENOENT;
          case RingBuffers _ -> -EINVAL;
          case ListedBuffers list -> list.remove(request.fd());
        });
  }
}
