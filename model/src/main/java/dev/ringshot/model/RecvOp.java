package dev.ringshot.model;

import static dev.ringshot.abi.Errno.EAGAIN;
import static dev.ringshot.abi.Errno.EFAULT;
import static dev.ringshot.abi.Errno.EINVAL;
import static dev.ringshot.abi.Errno.ENOBUFS;
import static dev.ringshot.abi.Errno.ENOTSOCK;
import static dev.ringshot.abi.Errno.EOPNOTSUPP;
import static dev.ringshot.abi.IoUring.IORING_CQE_F_BUF_MORE;
import static dev.ringshot.abi.IoUring.IORING_CQE_F_SOCK_NONEMPTY;
import static dev.ringshot.abi.IoUring.IORING_OP_RECVMSG;
import static dev.ringshot.abi.IoUring.IORING_RECVSEND_BUNDLE;
import static dev.ringshot.abi.IoUring.IORING_RECVSEND_POLL_FIRST;
import static dev.ringshot.abi.IoUring.IORING_RECV_MULTISHOT;
import static dev.ringshot.abi.Socket.MSG_CTRUNC;
import static dev.ringshot.abi.Socket.MSG_DONTWAIT;
import static dev.ringshot.abi.Socket.MSG_ERRQUEUE;
import static dev.ringshot.abi.Socket.MSG_TRUNC;
import static dev.ringshot.abi.Socket.MSG_WAITALL;
import static dev.ringshot.abi.Socket.SOCK_DGRAM;

/// IORING_OP_RECV and IORING_OP_RECVMSG, once or multishot.
final class RecvOp implements Operation {
  private static final int FLAGS =
      IORING_RECVSEND_POLL_FIRST | IORING_RECV_MULTISHOT | IORING_RECVSEND_BUNDLE;

  /// Receives in a row before others may run (`MULTISHOT_MAX_RETRY`).
  private static final int LOOPS_MAX = 32;

  /// What a later receive of a bundle says of all of it.
  private static final int CQE_LAST_SAYS = IORING_CQE_F_SOCK_NONEMPTY | IORING_CQE_F_BUF_MORE;

  private final boolean hasHeader;

  /// @param hasHeader whether it is RECVMSG
  RecvOp(boolean hasHeader) {
    this.hasHeader = hasHeader;
  }

  @Override
  public int prep(Request request) {
    if (request.off() != 0 || request.len() < 0) return -EINVAL;
    int how = request.ioprio();
    if ((how & ~FLAGS) != 0) return -EINVAL;
    int msgFlags = request.opFlags();
    request.noWait = (msgFlags & MSG_DONTWAIT) != 0;
    var exchange = request.exchange();
    exchange.begin(msgFlags);
    if ((how & IORING_RECV_MULTISHOT) != 0) {
      if (!request.selectsBuffer() || (msgFlags & MSG_WAITALL) != 0) return -EINVAL;
      if (hasHeader && request.fileIndex() != 0) return -EINVAL;
      request.multishot = true;
    } else if (request.fileIndex() != 0) {
      return -EINVAL;
    }
    if (hasHeader && (how & IORING_RECVSEND_BUNDLE) != 0) return -EINVAL;
    return hasHeader ? prepHeader(request, exchange) : prepRange(request, exchange);
  }

  private static int prepHeader(Request request, Exchange exchange) {
    var memory = request.ring().kernel().memory();
    int error = exchange.readHeader(memory, request.addr(), false, request.selectsBuffer());
    return error == 0 && request.multishot ? RecvmsgHead.check(exchange) : error;
  }

  private static int prepRange(Request request, Exchange exchange) {
    if (request.multishot && request.fileIndex() != 0) exchange.allowance = request.fileIndex();
    if (request.selectsBuffer()) {
      exchange.shotMax = request.len();
      return 0;
    }
    exchange.single(request.addr(), ReadOp.length(request));
    return Span.RANGE.prep(request);
  }

  @Override
  public int issue(Request request, boolean mayBlock) {
    boolean pollsFirst = (request.ioprio() & IORING_RECVSEND_POLL_FIRST) != 0;
    boolean looksLater =
        !hasHeader && !request.ring().kernel().options().release().findsSocketBeforePolling();
    if (looksLater && pollsFirst && request.waits == 0) return -EAGAIN;
    var socket = SocketFile.of(request.openFile());
    if (socket == null) return -ENOTSOCK;
    if (pollsFirst && request.waits == 0) return -EAGAIN;
    if ((request.opFlags() & MSG_ERRQUEUE) != 0) return -EOPNOTSUPP;
    int result;
    do result = receive(request, socket, mayBlock);
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
  private int receive(Request request, SocketFile socket, boolean mayBlock) {
    var exchange = request.exchange();
    var message = exchange.message;
    message.flags = exchange.flags;
    message.unread = -1;
    if (!request.selectsBuffer()) exchange.aimAtRanges();
    int error = request.selectsBuffer() ? select(request, exchange, mayBlock) : 0;
    if (error != 0) return finish(request, exchange, error, true);
    message.flagsOut = 0;
    int wanted = message.remaining();
    int result = socket.receive(message, mayBlock);
    if (result == -EAGAIN) {
      request.selection.recycle();
      return -EAGAIN;
    }
    boolean waitsForAll = (exchange.flags & MSG_WAITALL) != 0;
    if (result > 0 && result < wanted && waitsForAll && goesOn(request, message, socket)) {
      exchange.done += result;
      request.selection.commitPart(result, 1);
      return -EAGAIN;
    }
    if (waitsForAll && (result < wanted || isTruncated(message))) request.markFailed();
    int told = hasHeader ? tellHeader(request, exchange, result) : result;
    return finish(request, exchange, told, result <= 0 || told < 0);
  }

  /// Whether more of the same may come (`io_net_retry`, `io_net_kbuf_can_retry`).
  private static boolean goesOn(Request request, Message message, SocketFile socket) {
    if (socket.options.type() == SOCK_DGRAM) return false;
    return !request.ring().kernel().options().release().endsWithPartOfBuffers()
        || request.selection.isOneOfItsOwn(message.ranges());
  }

  private static boolean isTruncated(Message message) {
    return (message.flagsOut & (MSG_TRUNC | MSG_CTRUNC)) != 0;
  }

  private int select(Request request, Exchange exchange, boolean onWorker) {
    var groups = request.ring().groups;
    var selection = request.selection;
    boolean isBundle = (request.ioprio() & IORING_RECVSEND_BUNDLE) != 0;
    if (isBundle && !onWorker) {
      if (selection.isHeld()) return 0;
      return groups.selectBundle(request.bufIndex(), selection, exchange, bundleMax(exchange));
    }
    if (!selection.isHeld()) {
      if (!groups.select(request.bufIndex(), selection, exchange.shotMax)) return -ENOBUFS;
      if (!hasHeader)
        exchange.shotMax = selection.length(); // also if it has to wait and selects anew
      if (onWorker) selection.commitNow();
    }
    int done = exchange.done;
    int head = hasHeader && request.multishot ? RecvmsgHead.length(exchange) : 0;
    int length = Math.min(selection.length(), ReadOp.BYTES_MAX);
    if (length < head || !UserMemory.isUserRange(selection.address(), length)) {
      selection.recycle();
      return -EFAULT;
    }
    exchange.message.range(selection.address() + head + done, length - head - done);
    return 0;
  }

  /// Bytes that a bundle may need buffers for, 0 if nobody knows.
  private static int bundleMax(Exchange exchange) {
    int most = exchange.shotMax;
    if (exchange.appends) most = exchange.bundleBytes;
    if (exchange.allowance >= 0)
      most = most == 0 ? exchange.allowance : Math.min(most, exchange.allowance);
    return most;
  }

  private static int tellHeader(Request request, Exchange exchange, int result) {
    var memory = request.ring().kernel().memory();
    if (result < 0) return result;
    if (request.multishot)
      return RecvmsgHead.write(memory, exchange, request.selection.address(), result);
    return exchange.tellHeader(memory, request.addr()) == 0 ? result : -EFAULT;
  }

  private static int finish(Request request, Exchange exchange, int received, boolean isLast) {
    var selection = request.selection;
    boolean isOver = isLast;
    int result =
        received > 0 || exchange.done > 0 ? Math.max(received, 0) + exchange.done : received;
    if (result <= 0) selection.recycle();
    int unread = exchange.message.unread;
    int cqeFlags = unread > 0 ? IORING_CQE_F_SOCK_NONEMPTY : 0;
    if (result > 0 && exchange.allowance >= 0) {
      exchange.allowance -= Math.min(result, exchange.allowance);
      isOver |= exchange.allowance == 0;
    }
    boolean isBundle = (request.ioprio() & IORING_RECVSEND_BUNDLE) != 0;
    if (isBundle && selection.isHeld()) {
      int used = Math.max(exchange.message.rangesOf(received), 1);
      cqeFlags |= selection.put(received, used);
      if (exchange.appends) cqeFlags = exchange.bundleFlags | (cqeFlags & CQE_LAST_SAYS);
      exchange.isCapped |= request.multishot && exchange.shotMax > 0 && result >= exchange.shotMax;
      if (exchange.usesLast) return complete(request, result, cqeFlags);
      if (goesOn(exchange, isOver, received)) {
        exchange.bundleFlags = cqeFlags & ~CQE_LAST_SAYS;
        exchange.bundleBytes = unread;
        exchange.done += received;
        exchange.appends = true;
        return Request.QUEUED;
      }
    } else {
      if (exchange.appends) cqeFlags = exchange.bundleFlags | (cqeFlags & CQE_LAST_SAYS);
      cqeFlags |= selection.put(received);
    }
    if (!request.multishot || isOver || !request.ring().postMore(request, result, cqeFlags, 0, 0))
      return complete(request, result, cqeFlags);
    boolean isHeadered = request.opcode() == IORING_OP_RECVMSG;
    exchange.shotMax = isHeadered ? 0 : request.len(); // a header's limit is for the first alone
    return nextShot(exchange, unread);
  }

  /// Whether a bundle takes what is left at once.
  private static boolean goesOn(Exchange exchange, boolean isOver, int received) {
    if (exchange.appends || exchange.isCut || exchange.isCapped || isOver) return false;
    return exchange.message.unread > 1 && received > 0 && exchange.message.remaining() == 0;
  }

  private static int nextShot(Exchange exchange, int unread) {
    exchange.nextShot();
    if (unread == 0) return -EAGAIN;
    if (exchange.loops++ < LOOPS_MAX && !exchange.isCapped) return Request.QUEUED;
    exchange.loops = 0;
    exchange.isCapped = false;
    return Request.AGAIN;
  }

  private static int complete(Request request, int result, int cqeFlags) {
    var _ = request.complete(result);
    request.cqeFlags = cqeFlags;
    return Request.COMPLETE;
  }
}
