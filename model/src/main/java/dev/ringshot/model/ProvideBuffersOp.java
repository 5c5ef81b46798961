package dev.ringshot.model;

import static dev.ringshot.abi.Errno.E2BIG;
import static dev.ringshot.abi.Errno.EFAULT;
import static dev.ringshot.abi.Errno.EINVAL;
import static dev.ringshot.abi.Errno.ENOMEM;
import static dev.ringshot.abi.Errno.EOVERFLOW;

/// IORING_OP_PROVIDE_BUFFERS: `fd` buffers of `len` bytes each from `addr` on, with ids from `off`
/// on.
final class ProvideBuffersOp implements Operation {
  @Override
  public int prep(Request request) {
    if (request.opFlags() != 0 || request.fileIndex() != 0) return -EINVAL;
    int count = request.fd();
    if (count <= 0 || count > ListedBuffers.BUFFERS_MAX) return -E2BIG;
    long length = Integer.toUnsignedLong(request.len());
    if (length == 0) return -EINVAL;
    long bytes = length * count; // below 2^49
    if (Long.compareUnsigned(request.addr() + bytes, request.addr()) < 0) return -EOVERFLOW;
    if (!UserMemory.isUserRange(request.addr(), bytes)) return -EFAULT;
    if (Long.compareUnsigned(request.off(), 0xffff) > 0) return -E2BIG;
    return request.off() + count > ListedBuffers.BUFFERS_MAX ? -EINVAL : 0;
  }

  @Override
  public int issue(Request request, boolean mayBlock) {
    var groups = request.ring().groups;
    var known = groups.get(request.bufIndex());
    if (known instanceof RingBuffers) return request.complete(-EINVAL);
    var list =
        known instanceof ListedBuffers listed
            ? listed
            : new ListedBuffers(request.bufIndex(), request.ring().kernel().keptMemory());
    if (known == null) groups.put(list);
    int count = Math.min(request.fd(), ListedBuffers.BUFFERS_MAX - 1 - list.size());
    if (count <= 0) return request.complete(-EOVERFLOW);
    boolean kept = list.add(request.addr(), request.len(), (int) request.off(), count);
    return request.complete(kept ? 0 : -ENOMEM);
  }
}
