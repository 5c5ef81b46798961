package dev.ringshot.model;

import static dev.ringshot.abi.Errno.EBADFD;
import static dev.ringshot.abi.Errno.EFAULT;
import static dev.ringshot.abi.Errno.EINVAL;
import static dev.ringshot.abi.Errno.ENOBUFS;

/// IORING_OP_READ_MULTISHOT: a read each time the file is ready, each into a buffer of a group.
final class ReadMultishotOp implements Operation {
  @Override
  public int prep(Request request) {
    int error = ReadOp.prepCommon(request);
    if (error != 0) return error;
    if (!request.selectsBuffer()) return -EINVAL;
    if (request.addr() != 0 || request.len() != 0) return -EINVAL;
    request.multishot = true;
    return 0;
  }

  @Override
  public int issue(Request request, boolean mayBlock) {
    var file = request.openFile();
    if (!file.operations().canPoll()) return -EBADFD;
    var ring = request.ring();
    var selection = request.selection;
    if (!ring.groups.select(request.bufIndex(), selection, 0)) return -ENOBUFS;
    int result = read(request, file);
    if (result <= 0) {
      selection.recycle();
      return result == 0 ? request.complete(0) : result;
    }
    int cqeFlags = selection.put(result);
    if (ring.postMore(request, result, cqeFlags, 0, 0)) return Request.AGAIN;
    request.cqeFlags = cqeFlags;
    return request.complete(result);
  }

  private static int read(Request request, OpenFile file) {
    int error = ReadOp.start(request, file.isReadable());
    if (error != 0) return error;
    long address = request.selection.address();
    int length = Math.min(request.selection.length(), ReadOp.BYTES_MAX);
    if (!UserMemory.isUserRange(address, length)) return -EFAULT;
    return file.operations()
        .read(file, request.transfer().range(address, length).at(request.off(), true));
  }
}
