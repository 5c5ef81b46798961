package dev.ringshot.model;

import static dev.ringshot.abi.Errno.EAGAIN;
import static dev.ringshot.abi.Errno.EBADF;
import static dev.ringshot.abi.Errno.EBADFD;
import static dev.ringshot.abi.Errno.ECANCELED;
import static dev.ringshot.abi.Errno.EINVAL;
import static dev.ringshot.abi.Errno.EOPNOTSUPP;
import static dev.ringshot.abi.IoUring.IORING_SETUP_SUBMIT_ALL;
import static dev.ringshot.abi.IoUring.IOSQE_IO_DRAIN;
import static dev.ringshot.abi.IoUring.IOSQE_IO_HARDLINK;
import static dev.ringshot.abi.IoUring.IOSQE_IO_LINK;

import java.lang.foreign.MemorySegment;

/// Takes a ring's submissions, checks them, and has their operations do them: at once, when their
/// file is ready, or on a worker. Guarded by the ring's lock where it does not say otherwise.
final class Issuer {
  private static final int SQE_FLAGS = 0x7f;

  /// SQE flags that this model knows and refuses.
  private static final int SQE_FLAGS_REFUSED = IOSQE_IO_LINK | IOSQE_IO_HARDLINK | IOSQE_IO_DRAIN;

  /// `APOLL_MAX_RETRY`: a file that says it is ready this often and is not is left to a worker.
  private static final int WAITS_MAX = 128;

  private final RingContext ring;
  private final MemorySegment sqes;
  private boolean drainDisabled; // since the first IOSQE_CQE_SKIP_SUCCESS

  Issuer(RingContext ring, MemorySegment sqes) {
    this.ring = ring;
    this.sqes = sqes;
  }

  /// Takes up to `toSubmit` entries of the submission queue (`io_submit_sqes`).
  ///
  /// @return how many
  int submit(int toSubmit, Task task) {
    int entries = (int) Math.min(Integer.toUnsignedLong(toSubmit), ring.sq.available());
    int done = 0;
    boolean starved = false;
    while (done < entries) {
      starved = ring.kernel().options().faults().strikes(Faults.Point.NO_REQUEST);
      if (starved) break;
      long at = ring.sq.next();
      if (at < 0) break;
      done++;
      if (!start(ring.takeRequest(task).decode(sqes, at, ring.layout().isSqe128()))
          && !ring.has(IORING_SETUP_SUBMIT_ALL)) break;
    }
    ring.afterTaskWork();
    ring.sq.publishHead();
    return done == 0 && entries > 0 && starved ? -EAGAIN : done;
  }

  /// Checks and issues one request. A bad one completes with its error.
  ///
  /// @return false if it was bad, which stops the batch
  private boolean start(Request request) {
    int error = check(request);
    if (error == 0) error = request.row.operation().prep(request);
    if (error != 0) {
      request.fail(error);
      ring.complete(request);
      return false;
    }
    boolean toWorker = request.isForcedAsync() || request.row.forceAsync();
    if (toWorker || ring.kernel().options().faults().strikes(Faults.Point.WORKER))
      queueToWorker(request);
    else issueInline(request);
    return true;
  }

  /// What does not depend on the opcode's own fields (`io_init_req`), in the kernel's order.
  private int check(Request request) {
    int opcode = request.opcode();
    var operations = ring.kernel().operations();
    if (opcode >= operations.count()) {
      request.row = Operations.NONE;
      return -EINVAL;
    }
    var row = operations.get(opcode);
    request.row = row;
    if ((request.flags() & ~SQE_FLAGS) != 0) return -EINVAL;
    if (request.selectsBuffer() && !row.bufferSelect()) return -EOPNOTSUPP;
    request.skipCqe = request.wantsSkip();
    drainDisabled |= request.skipCqe;
    if (drainDisabled && (request.flags() & IOSQE_IO_DRAIN) != 0) return -EOPNOTSUPP;
    if ((request.flags() & SQE_FLAGS_REFUSED) != 0) return -EINVAL;
    if (!row.ioprio() && request.ioprio() != 0) return -EINVAL;
    return request.personality() != 0 ? -EINVAL : 0;
  }

  private void issueInline(Request request) {
    int result = issue(request, false);
    if (result == Request.QUEUED) return;
    if (result == Request.AGAIN) result = -EAGAIN;
    if (result == -EAGAIN && !request.noWait) {
      if (!parkOnFile(request)) queueToWorker(request);
      return;
    }
    if (result < 0) request.failIssue(result);
    ring.complete(request);
  }

  private int issue(Request request, boolean mayBlock) {
    if (request.row.needsFile() && request.file == null && !resolveFile(request)) return -EBADF;
    return request.row.operation().issue(request, mayBlock);
  }

  private boolean resolveFile(Request request) {
    request.file =
        request.isFixedFile()
            ? ring.fixedFiles.hold(request.fd())
            : ring.kernel().files().hold(request.fd());
    return request.file != null;
  }

  /// Waits until the file may be ready and issues again (`io_arm_poll_handler`).
  ///
  /// @return false if the operation or the file cannot be waited for
  private boolean parkOnFile(Request request) {
    int mask = request.row.pollMask();
    if (mask == 0 || !request.openFile().operations().canPoll()) return false;
    if (++request.waits >= WAITS_MAX) return false;
    request.selection.releaseHead();
    FilePoll.park(request, mask);
    return true;
  }

  /// A multishot request once more, that stays where it waits.
  ///
  /// @return `-EAGAIN` to wait on, [Request#AGAIN] to be issued again while its file is ready,
  ///   anything else to end
  int issueAgain(Request request) {
    return request.row.operation().issue(request, false);
  }

  /// Again, now that its file may be ready; in task work.
  void reissue(Request request) {
    issueInline(request);
  }

  void queueToWorker(Request request) {
    request.keepSqe();
    new WorkerItem(request).start();
  }

  /// Runs a request on a worker (`io_wq_submit_work`), without the lock if it may block.
  int issueOnWorker(Request request) {
    if (request.multishot) return armOnWorker(request);
    return request.row.blocks() ? issueUnlocked(request) : issueLocked(request);
  }

  /// What a worker does with the result.
  void finishOnWorker(Request request, int result) {
    if (result == Request.QUEUED) return;
    if (result == -EAGAIN && !request.noWait && parkOnFileLocked(request)) return;
    if (result < 0) request.failIssue(result);
    ring.addTaskWork(request);
  }

  /// Only the ring's own context posts completions of a multishot request.
  private int armOnWorker(Request request) {
    ring.lock();
    try {
      if (request.file == null && !resolveFile(request)) return -EBADF;
      if (!request.openFile().operations().canPoll()) return -EBADFD;
      return !ring.isDead() && parkOnFile(request) ? Request.QUEUED : -ECANCELED;
    } finally {
      ring.unlock();
    }
  }

  private int issueUnlocked(Request request) {
    ring.lock();
    try {
      if (request.row.needsFile() && request.file == null && !resolveFile(request)) return -EBADF;
    } finally {
      ring.unlock();
    }
    return issue(request, true);
  }

  private int issueLocked(Request request) {
    ring.lock();
    try {
      return issue(request, true);
    } finally {
      ring.unlock();
    }
  }

  private boolean parkOnFileLocked(Request request) {
    ring.lock();
    try {
      return !ring.isDead() && parkOnFile(request);
    } finally {
      ring.unlock();
    }
  }
}
