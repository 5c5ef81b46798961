package dev.ringshot.model;

import static dev.ringshot.abi.Errno.EAGAIN;
import static dev.ringshot.abi.Errno.EFAULT;
import static dev.ringshot.abi.Errno.EINVAL;
import static dev.ringshot.abi.Errno.ENOBUFS;
import static dev.ringshot.abi.Errno.ENOENT;
import static dev.ringshot.abi.Errno.ENOTSOCK;
import static dev.ringshot.abi.IoUring.IORING_RECVSEND_BUNDLE;
import static dev.ringshot.abi.IoUring.IORING_RECVSEND_POLL_FIRST;
import static dev.ringshot.abi.Socket.MSG_DONTWAIT;
import static dev.ringshot.abi.Socket.MSG_NOSIGNAL;
import static dev.ringshot.abi.Socket.MSG_WAITALL;
import static dev.ringshot.abi.Socket.SOCK_DGRAM;

/// IORING_OP_SEND and IORING_OP_SENDMSG.
final class SendOp implements Operation {
  private static final int FLAGS = IORING_RECVSEND_POLL_FIRST | IORING_RECVSEND_BUNDLE;

  private final boolean hasHeader;

  /// @param hasHeader whether it is SENDMSG
  SendOp(boolean hasHeader) {
    this.hasHeader = hasHeader;
  }

  @Override
  public int prep(Request request) {
    if (hasHeader && (request.off() != 0 || request.fileIndex() != 0)) return -EINVAL;
    if (request.len() < 0) return -EINVAL;
    int how = request.ioprio();
    if ((how & ~FLAGS) != 0) return -EINVAL;
    int msgFlags = request.opFlags() | MSG_NOSIGNAL;
    request.noWait = (msgFlags & MSG_DONTWAIT) != 0;
    if ((how & IORING_RECVSEND_BUNDLE) != 0) {
      if (hasHeader) return -EINVAL;
      msgFlags |= MSG_WAITALL;
    }
    var exchange = request.exchange();
    exchange.begin(msgFlags);
    var memory = request.ring().kernel().memory();
    if (hasHeader)
      return exchange.readHeader(memory, request.addr(), true, request.selectsBuffer());
    return prepRange(request, exchange, memory);
  }

  private static int prepRange(Request request, Exchange exchange, UserMemory memory) {
    if (request.fileIndex() >>> Short.SIZE != 0) return -EINVAL; // __pad3
    if (request.off() != 0) {
      int length = request.fileIndex() & 0xffff;
      int error = exchange.message.keepName(memory, request.off(), length);
      if (error != 0) return error;
    }
    if (request.selectsBuffer()) {
      exchange.shotMax = request.len();
      return 0;
    }
    exchange.single(request.addr(), ReadOp.length(request));
    return Span.RANGE.prep(request);
  }

  @Override
  public int issue(Request request, boolean mayBlock) {
    var socket = SocketFile.of(request.openFile());
    if (socket == null) return -ENOTSOCK;
    boolean pollsFirst = (request.ioprio() & IORING_RECVSEND_POLL_FIRST) != 0;
    if (pollsFirst && request.waits == 0) return -EAGAIN;
    int result;
    do result = send(request, socket);
    while (result == Request.QUEUED);
    return result;
  }

  @Override
  public int failure(Request request, int error) {
    int done = request.exchange().done;
    return done > 0 ? done : error;
  }

  /// One attempt.
  ///
  /// @return [Request#QUEUED] for the next at once
  private int send(Request request, SocketFile socket) {
    var exchange = request.exchange();
    var message = exchange.message;
    message.flags = exchange.flags;
    if (request.selectsBuffer()) {
      int error = select(request, exchange);
      if (error != 0) return error;
    } else {
      exchange.aimAtRanges();
    }
    int wanted = message.remaining();
    int result = socket.send(message);
    if (result == -EAGAIN) return -EAGAIN;
    boolean needsAll = (exchange.flags & MSG_WAITALL) != 0;
    if (result > 0 && result < wanted && needsAll && socket.options.type() != SOCK_DGRAM) {
      exchange.done += result;
      return -EAGAIN;
    }
    if (result < 0 || (needsAll && result < wanted)) request.markFailed();
    return finish(request, exchange, result);
  }

  /// Picks the buffers that it sends, which are used up by that (`io_send_select_buffer`).
  private static int select(Request request, Exchange exchange) {
    var selection = request.selection;
    var groups = request.ring().groups;
    boolean isListed = groups.get(request.bufIndex()) instanceof ListedBuffers;
    int most = isListed ? 0 : exchange.shotMax; // a list's buffer is sent whole, whatever is asked
    if (selection.isHeld()) {
      if (!isBundle(request)) aimAt(selection, exchange);
      return 0;
    }
    if (isBundle(request)) {
      int bytes = most == 0 ? Integer.MAX_VALUE : most;
      int error = groups.selectBundle(request.bufIndex(), selection, exchange, bytes);
      if (error != 0) return error;
      int all = exchange.message.remaining();
      selection.commitPart(all, exchange.message.rangesOf(all));
      return 0;
    }
    if (groups.get(request.bufIndex()) == null) return -ENOENT;
    if (!groups.select(request.bufIndex(), selection, most)) return -ENOBUFS;
    if (selection.length() == 0) { // used up bit by bit, and come by again (io_ring_buffers_peek)
      selection.forget();
      return -ENOBUFS;
    }
    selection.commitNow();
    if (!UserMemory.isUserRange(selection.address(), selection.length())) return -EFAULT;
    aimAt(selection, exchange);
    return 0;
  }

  private static void aimAt(Selection selection, Exchange exchange) {
    int done = exchange.done;
    exchange.message.range(selection.address() + done, selection.length() - done);
  }

  private static boolean isBundle(Request request) {
    return (request.ioprio() & IORING_RECVSEND_BUNDLE) != 0;
  }

  private static int finish(Request request, Exchange exchange, int sent) {
    boolean goesOn = isBundle(request) && sent > 0 && !exchange.usesLast && request.waits == 0;
    int result = sent >= 0 || exchange.done > 0 ? Math.max(sent, 0) + exchange.done : sent;
    int cqeFlags = request.selection.put(Math.max(result, 0));
    if (goesOn && request.ring().postMore(request, result, cqeFlags, 0, 0)) {
      exchange.nextShot();
      exchange.shotMax = 0; // what was asked for is sent; now all that there is
      exchange.single(0, 0);
      return Request.QUEUED;
    }
    var _ = request.complete(result);
    request.cqeFlags = cqeFlags;
    return Request.COMPLETE;
  }
}
