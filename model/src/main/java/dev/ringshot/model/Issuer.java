package dev.ringshot.model;

import static dev.ringshot.abi.Errno.EACCES;
import static dev.ringshot.abi.Errno.EAGAIN;
import static dev.ringshot.abi.Errno.EBADF;
import static dev.ringshot.abi.Errno.EBADFD;
import static dev.ringshot.abi.Errno.ECANCELED;
import static dev.ringshot.abi.Errno.EFAULT;
import static dev.ringshot.abi.Errno.EINVAL;
import static dev.ringshot.abi.Errno.EOPNOTSUPP;
import static dev.ringshot.abi.IoUring.IORING_SETUP_SUBMIT_ALL;
import static dev.ringshot.abi.IoUring.IOSQE_IO_DRAIN;
import static dev.ringshot.abi.IoUring.IOSQE_IO_LINK;

import java.lang.foreign.MemorySegment;

/// Takes a ring's submissions, checks them, and has their operations do them: at once, when their
/// file is ready, or on a worker. Guarded by the ring's lock where it does not say otherwise.
final class Issuer {
  private static final int SQE_FLAGS = 0x7f;

  /// `APOLL_MAX_RETRY`: a file that says it is ready this often and is not is left to a worker.
  private static final int WAITS_MAX = 128;

  private static final long PAUSE_NANOS = 200_000; // of a worker

  private final RingContext ring;
  private final MemorySegment sqes;
  private int left; // entries of the submission that are not taken yet

  Issuer(RingContext ring, MemorySegment sqes) {
    this.ring = ring;
    this.sqes = sqes;
  }

  /// Takes up to `toSubmit` entries of the submission queue (`io_submit_sqes`).
  ///
  /// @return how many
  int submit(int toSubmit, Task task) {
    int entries = (int) Math.min(Integer.toUnsignedLong(toSubmit), ring.sq.available());
    boolean starved = false; // of memory for a request
    left = entries;
    while (left > 0) {
      starved = ring.kernel().options().faults().strikes(Faults.Point.NO_REQUEST);
      if (starved) break;
      var request = ring.requests.take(task);
      starved = request == null;
      if (request == null) break;
      long at = ring.sq.next();
      if (at < 0) {
        ring.requests.giveBack(request);
        break;
      }
      left--;
      if (!start(request.decode(sqes, at, ring.layout().isSqe128()))
          && !ring.has(IORING_SETUP_SUBMIT_ALL)) break;
    }
    var open = ring.links.close();
    if (open != null) queueAside(open);
    ring.afterTaskWork();
    ring.freeLagging();
    ring.sq.publishHead();
    int done = entries - left;
    return done == 0 && entries > 0 && starved ? -EAGAIN : done;
  }

  /// Checks one request, and issues it or the chain that it ends. A bad one completes with its
  /// error (`io_submit_sqe`).
  ///
  /// @return false if it was bad and not in the middle of a chain, which stops the batch
  private boolean start(Request request) {
    int error = check(request);
    if (error == 0) error = request.row.operation().prep(request);
    if (error != 0) request.fail(error);
    else request.forceAsync |= request.row.forceAsync();
    var first = ring.links.add(request);
    if (first == null) return true;
    if (first.failed || first.forceAsync) queueAside(first);
    else issueFirst(first);
    return error == 0;
  }

  /// What is not issued at once (`io_queue_sqe_fallback`).
  private void queueAside(Request head) {
    if (head.failed) {
      head.linkFlags = IOSQE_IO_LINK; // were it a hard one, the next member would start
      ring.complete(head);
    } else if (ring.drain.isActive()) ring.drain.add(head);
    else queueToWorker(head);
  }

  private void issueFirst(Request request) {
    if (ring.kernel().options().faults().strikes(Faults.Point.WORKER)) queueToWorker(request);
    else issueInline(request);
  }

  /// Its turn has come: the chain is so far, or the drain is over (`io_req_task_submit`).
  void startInTask(Request request) {
    if (ring.isDead()) {
      request.fail(-EFAULT);
      ring.complete(request);
    } else if (request.forceAsync) queueToWorker(request);
    else issueFirst(request);
  }

  /// What does not depend on the opcode's own fields (`io_init_req`), in the kernel's order.
  private int check(Request request) {
    request.skipCqe = request.wantsSkip(); // whatever is wrong with it
    int opcode = request.opcode();
    var operations = ring.kernel().operations();
    if (opcode >= operations.count()) {
      request.row = Operations.NONE;
      return -EINVAL;
    }
    var row = operations.get(opcode);
    request.row = row;
    boolean isHalf = Operations.isWide(opcode) && !request.isWide();
    if (isHalf && !takeSecondHalf(request)) return -EINVAL;
    if ((request.flags() & ~SQE_FLAGS) != 0) return -EINVAL;
    if (request.selectsBuffer() && !row.bufferSelect()) return -EOPNOTSUPP;
    if (request.skipCqe) ring.drain.disable();
    var head = ring.links.head();
    if ((request.flags() & IOSQE_IO_DRAIN) != 0 && !ring.drain.begin(head)) return -EOPNOTSUPP;
    var restrictions = ring.restrictions;
    if (restrictions != null && !restrictions.admits(request)) return -EACCES;
    ring.drain.meet(request, head != null);
    if (!row.ioprio() && request.ioprio() != 0) return -EINVAL;
    int personality = request.personality();
    return personality != 0 && !ring.personalities.has(personality) ? -EINVAL : 0;
  }

  /// An opcode of 128 bytes on a ring of mixed sizes goes on in the entry behind.
  ///
  /// @return whether there is one, in this submission and in the array
  private boolean takeSecondHalf(Request request) {
    var layout = ring.layout();
    boolean isLast = request.sqeTailOffset >> layout.sqeShift() >= layout.sqEntries();
    if (!layout.isSqeMixed() || left == 0 || isLast) return false;
    request.widen(sqes);
    ring.sq.skip();
    left--;
    return true;
  }

  private void issueInline(Request request) {
    int result = issue(request, false);
    if (result == Request.QUEUED) {
      request.startLimit();
      return;
    }
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
    request.foundReady = FilePoll.park(request, mask);
    request.startLimit();
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
  void finishOnWorker(WorkerItem item, int result) {
    if (result == Request.QUEUED) return;
    var request = item.request;
    boolean mayWait = !request.noWait && !request.foundReady; // then it has tried for the last time
    if (result == -EAGAIN && mayWait && parkOnFileLocked(request)) return;
    if (result < 0) request.failIssue(result);
    else request.endedOnWorker = true;
    var kernel = ring.kernel();
    if (kernel.options().faults().strikes(Faults.Point.WORKER_PAUSE)) {
      var _ = kernel.scheduler().afterNanos(PAUSE_NANOS, () -> ring.addTaskWork(request));
    } else {
      ring.addTaskWork(request);
    }
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
