package dev.ringshot.model;

import static dev.ringshot.abi.Errno.EBADF;
import static dev.ringshot.abi.Errno.EINVAL;
import static dev.ringshot.abi.Errno.ENOBUFS;
import static dev.ringshot.abi.Errno.EOPNOTSUPP;
import static dev.ringshot.abi.Fcntl.RWF_HIPRI;
import static dev.ringshot.abi.Fcntl.RWF_NOWAIT;

/// IORING_OP_READ, READV, READ_FIXED: into memory that it names, or into a buffer of a group.
final class ReadOp implements Operation {
  /// `MAX_RW_COUNT`: the most bytes of one transfer.
  static final int BYTES_MAX = 0x7fff_f000;

  private static final int PRIORITY_CLASS_SHIFT = 13;
  private static final int PRIORITY_CLASS_IDLE = 3;
  private static final int PRIORITY_LEVEL_MASK = 7;
  private static final long ATTRIBUTES = 1; // IORING_RW_ATTR_FLAG_PI
  private static final int RWF_SUPPORTED = 0x1ff;

  private final Span span;

  ReadOp(Span span) {
    this.span = span;
  }

  @Override
  public int prep(Request request) {
    int error = prepCommon(request);
    return error != 0 ? error : span.prep(request);
  }

  /// What reads and writes have in common at prep (`__io_prep_rw`).
  ///
  /// @return 0 or `-errno`
  static int prepCommon(Request request) {
    boolean isUnclassed = request.ioprio() >>> PRIORITY_CLASS_SHIFT == 0;
    boolean isUnknown = request.ioprio() >>> PRIORITY_CLASS_SHIFT > PRIORITY_CLASS_IDLE;
    if (isUnknown || (isUnclassed && (request.ioprio() & PRIORITY_LEVEL_MASK) != 0)) return -EINVAL;
    return (request.attributes() & ~ATTRIBUTES) != 0 ? -EINVAL : 0;
  }

  @Override
  public int issue(Request request, boolean mayBlock) {
    var transfer = request.transfer();
    if (request.selectsBuffer()) {
      if (!request.selection.isHeld() && !select(request, mayBlock)) return -ENOBUFS;
      transfer.range(request.selection.address(), Math.min(request.selection.length(), BYTES_MAX));
    } else {
      int error = span.open(request, true);
      if (error != 0) return error;
    }
    int length = transfer.remaining();
    var file = request.openFile();
    int result = start(request, file.isReadable());
    if (result == 0) result = file.operations().read(file, transfer.at(request.off(), !mayBlock));
    if (result < 0) {
      request.selection.releaseHead(); // a legacy buffer it keeps, waiting or failed
      return result;
    }
    if (result != length) request.markFailed();
    return settle(request, result, mayBlock);
  }

  private boolean select(Request request, boolean onWorker) {
    var ring = request.ring();
    ring.lock(); // a worker does not have it yet
    try {
      int wanted = request.transfer().keptLength();
      if (!ring.groups.select(request.bufIndex(), request.selection, wanted)) return false;
      if (onWorker || !request.openFile().operations().canPoll()) request.selection.commitNow();
      return true;
    } finally {
      ring.unlock();
    }
  }

  private static int settle(Request request, int result, boolean onWorker) {
    if (!request.selection.isHeld()) return request.complete(result);
    var ring = request.ring();
    if (onWorker) ring.lock();
    try {
      request.cqeFlags = request.selection.put(result);
      return request.complete(result);
    } finally {
      if (onWorker) ring.unlock();
    }
  }

  /// What reads and writes have in common at issue (`io_rw_init_file`).
  static int start(Request request, boolean permitted) {
    if (!permitted) return -EBADF;
    if ((request.opFlags() & ~RWF_SUPPORTED) != 0) return -EOPNOTSUPP;
    if ((request.opFlags() & RWF_HIPRI) != 0) return -EINVAL; // for IOPOLL rings
    request.noWait = request.openFile().isNonBlocking() || (request.opFlags() & RWF_NOWAIT) != 0;
    return 0;
  }

  static int length(Request request) {
    return (int) Math.min(Integer.toUnsignedLong(request.len()), BYTES_MAX);
  }
}
