package dev.ringshot.model;

import static dev.ringshot.abi.Errno.ECANCELED;
import static dev.ringshot.abi.IoUring.*;
import static dev.ringshot.model.FilePoll.EPOLL_URING_WAKE;

import dev.ringshot.abi.Poll;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// One ring (`io_ring_ctx`): takes submissions, posts completions, keeps what is parked. Everything
/// in it is guarded by [#lock], the kernel's `uring_lock`, but task work, which any thread may add.
final class RingContext implements FileOperations {
  final CompletionRing cq;
  final SubmissionRing sq;
  final Issuer issuer;
  final Links links = new Links(this);
  final Drain drain = new Drain(this);
  final RequestPool requests;
  final BufferGroups groups = new BufferGroups();
  final FixedFiles fixedFiles = new FixedFiles();
  final BufferTable buffers = new BufferTable(this);
  final Personalities personalities = new Personalities();
  @Nullable Restrictions restrictions; // registered while disabled, in force from then on
  final ParkedTable polls;
  final ParkedTable workers;
  final Timeouts timeouts;
  final Commands commands = new Commands(this);
  final Waiters waiters = new Waiters();
  final LocalWork localWork;
  final WaitQueue pollers = new WaitQueue();

  private final ModelKernel kernel;
  private final RingLayout layout;
  private final MemorySegment rings;
  private final MemorySegment sqes;
  private final ReentrantLock lock = new ReentrantLock();

  private Request[] completed = new Request[64];
  private int completedCount;
  private List<OpenFile> toDrop = new ArrayList<>();
  private int droppedFirst; // of these, before there was task work
  private volatile @Nullable OpenFile eventFd;
  private boolean eventFdAsyncOnly;
  private @Nullable Task submitter;
  private volatile @Nullable DriverContractException failure;
  private volatile boolean disabled;
  private volatile boolean dead;

  RingContext(ModelKernel kernel, RingLayout layout, MemorySegment rings, MemorySegment sqes) {
    this.kernel = kernel;
    this.layout = layout;
    this.localWork = new LocalWork(this);
    this.rings = rings;
    this.sqes = sqes;
    this.requests = new RequestPool(this, kernel.keptMemory(), kernel.options().faults());
    this.polls = new ParkedTable(layout.cqEntries());
    this.workers = new ParkedTable(layout.cqEntries());
    this.cq = new CompletionRing(rings, layout, kernel.options().faults(), kernel.keptMemory());
    this.sq = new SubmissionRing(rings, layout);
    this.issuer = new Issuer(this, sqes);
    this.timeouts = new Timeouts(this);
    this.disabled = has(IORING_SETUP_R_DISABLED);
  }

  ModelKernel kernel() {
    return kernel;
  }

  RingLayout layout() {
    return layout;
  }

  boolean has(int setupFlag) {
    return (layout.setupFlags() & setupFlag) != 0;
  }

  boolean isDeferred() {
    return has(IORING_SETUP_DEFER_TASKRUN);
  }

  boolean isDisabled() {
    return disabled;
  }

  boolean isDead() {
    return dead;
  }

  @Nullable Task submitter() {
    return submitter;
  }

  void submitter(Task task) {
    submitter = task;
  }

  void enable() {
    disabled = false;
  }

  // ---- the lock

  void lock() {
    lock.lock();
  }

  boolean tryLock() {
    return lock.tryLock();
  }

  /// Lets go, then drops the files whose last holder went away meanwhile: their drivers are not
  /// called with the lock held.
  void unlock() {
    List<OpenFile> files = null;
    if (!toDrop.isEmpty() && lock.getHoldCount() == 1) {
      files = toDrop;
      toDrop = new ArrayList<>();
      droppedFirst = 0;
    }
    lock.unlock();
    if (files != null) for (var file : files) file.drop();
  }

  /// What [#unlock] would drop is now the caller's to drop.
  List<OpenFile> takeDropped() {
    return takeDropped(toDrop.size());
  }

  /// Likewise, of what was let go of before there was task work to do.
  List<OpenFile> takeDroppedFirst() {
    return takeDropped(droppedFirst);
  }

  private List<OpenFile> takeDropped(int count) {
    droppedFirst = 0;
    if (count == 0) return List.of();
    var first = toDrop.subList(0, count);
    var files = List.copyOf(first);
    first.clear();
    return files;
  }

  boolean isLockedHere() {
    return lock.isHeldByCurrentThread();
  }

  void dropLater(OpenFile file) {
    if (!file.tryDropShared()) toDrop.add(file);
  }

  // ---- completions

  /// Its CQE is posted with the others of this batch.
  void complete(Request request) {
    if (completedCount == completed.length)
      completed = Arrays.copyOf(completed, completedCount * 2);
    completed[completedCount++] = request;
  }

  /// One more completion of a request that goes on (`io_req_post_cqe`), behind all that completed
  /// before. It never goes to the overflow list.
  ///
  /// @return false if there was no room for it
  boolean postMore(Request request, int res, int cqeFlags, long extra1, long extra2) {
    if (completedCount > 0) flushCompleted();
    return postAhead(request, res, cqeFlags, extra1, extra2);
  }

  /// The same, but it passes those of the batch under way (`io_req_post_cqe32`).
  boolean postAhead(Request request, int res, int cqeFlags, long extra1, long extra2) {
    if (dead || kernel.options().faults().strikes(Faults.Point.CQ_FULL)) return false;
    return cq.fill(request.userData(), res, cqeFlags | IORING_CQE_F_MORE, extra1, extra2);
  }

  /// A completion that belongs to no request of this ring (`io_post_aux_cqe`); kept if there is no
  /// room. It passes those of the batch under way.
  void postForeign(long userData, int res, int cqeFlags) {
    if (!dead) cq.fillOrKeep(userData, res, cqeFlags, 0, 0);
  }

  /// A resource that the program has tagged is not used any more (`io_free_rsrc_node`).
  void postTag(long tag) {
    if (!dead) cq.fillOrKeep(tag, 0, 0, 0, 0);
  }

  private void flushCompleted() {
    for (int i = 0; i < completedCount; i++) {
      var request = completed[i];
      // Of a ring that is gone only memory of the program's own can still be looked at.
      if (!request.skipCqe && (!dead || has(IORING_SETUP_NO_MMAP))) {
        cq.fillOrKeep(
            request.userData(), request.res, request.cqeFlags, request.extra1, request.extra2);
      }
    }
    timeouts.countCompletions();
    for (int i = 0; i < completedCount; i++) {
      var request = completed[i];
      if (request.linkFlags != 0) links.ended(request);
      if (drain.isActive()) drain.ended(request);
      requests.end(request);
    }
    completedCount = 0;
    if (drain.isActive()) drain.advance();
  }

  /// Drops the file of a request that has ended.
  void letGo(Request request) {
    var file = request.file;
    if (file == null) return;
    dropLater(file);
    if (!request.task.hasWork()) droppedFirst = toDrop.size();
  }

  /// Workers let go of what they hold: somebody would wait for that for ever.
  ///
  /// @return whether one did
  boolean freeHeld() {
    lock();
    try {
      boolean isFree = requests.freeHeld();
      if (isFree && drain.isActive()) drain.advance();
      if (isFree) publish(); // the tag of a buffer that it held
      return isFree;
    } finally {
      unlock();
    }
  }

  /// Workers let go of what has ended; a submission is over.
  void freeLagging() {
    if (!requests.freeLagging()) return;
    if (drain.isActive()) drain.advance();
    publish();
  }

  /// Ends a batch: everything completed so far becomes visible, and those who wait for it hear.
  void afterTaskWork() {
    if (completedCount > 0) flushCompleted();
    publish();
  }

  /// Moves kept completions into the queue and shows them.
  void flushOverflow() {
    if (!cq.hasOverflow()) return;
    cq.flushOverflow();
    publish();
  }

  void publish() {
    if (!cq.publish()) return;
    timeouts.countCompletions();
    signalEventFd();
    waiters.wake();
    pollers.wake(Poll.POLLIN | Poll.POLLRDNORM | EPOLL_URING_WAKE);
  }

  // ---- task work

  /// Has `work` run in this ring's context. Any thread.
  void addTaskWork(TaskWork work) {
    if (!isDeferred() && !dead) {
      taskOf(work).add(work, has(IORING_SETUP_COOP_TASKRUN));
      if (has(IORING_SETUP_TASKRUN_FLAG))
        cq.setSqFlag(IORING_SQ_TASKRUN); // after it: see runTask()
      return;
    }
    boolean first = localWork.add(work);
    if (dead) {
      kernel.scheduler().afterNanos(0, this::runOrphans);
      return;
    }
    if (first) announceLocalWork();
    waiters.wake();
  }

  private void announceLocalWork() {
    if (has(IORING_SETUP_TASKRUN_FLAG)) cq.setSqFlag(IORING_SQ_TASKRUN);
    signalEventFd();
    pollers.wake(Poll.POLLIN | Poll.POLLRDNORM | EPOLL_URING_WAKE);
  }

  private static Task taskOf(TaskWork work) {
    return switch (work) {
      case Request request -> request.task;
      case Parked parked -> parked.request.task;
      case LinkTimeout timeout -> timeout.request.task;
      case CommandWork command -> command.task();
      default -> throw new AssertionError("task work of no task: " + work);
    };
  }

  void runTask(TaskWork work) {
    if (!isDeferred() && has(IORING_SETUP_TASKRUN_FLAG)) cq.clearSqFlag(IORING_SQ_TASKRUN);
    try {
      work.runInTask();
    } catch (DriverContractException e) {
      fail(e);
    }
  }

  /// What still comes for a ring that is gone.
  private void runOrphans() {
    lock();
    try {
      localWork.runAll();
    } finally {
      unlock();
    }
  }

  // ---- a driver's bug

  /// Keeps a driver's bug for the ring's next system call to throw.
  void fail(DriverContractException bug) {
    if (failure == null) failure = bug;
    waiters.wake();
  }

  boolean hasFailed() {
    return failure != null;
  }

  void throwFailure() {
    var bug = failure;
    if (bug == null) return;
    failure = null;
    throw bug;
  }

  // ---- eventfd

  void eventFd(@Nullable OpenFile next, boolean asyncOnly) {
    eventFd = next;
    eventFdAsyncOnly = asyncOnly;
  }

  @Nullable OpenFile eventFd() {
    return eventFd;
  }

  private void signalEventFd() {
    var notified = eventFd;
    if (notified == null || (cq.flags() & IORING_CQ_EVENTFD_DISABLED) != 0) return;
    if (!eventFdAsyncOnly) EventFd.of(notified).signal();
  }

  // ---- as a file

  @Override
  public boolean hasUringCmd() {
    return false;
  }

  @Override
  public boolean canPoll() {
    return true;
  }

  @Override
  public int poll(OpenFile file, PollTable table) {
    table.add(pollers);
    int mask = 0;
    if (sq.hasRoom()) mask |= Poll.POLLOUT | Poll.POLLWRNORM;
    if (cq.hasPending() || cq.hasOverflow() || localWork.isPending())
      mask |= Poll.POLLIN | Poll.POLLRDNORM;
    return mask;
  }

  @Override
  public MemorySegment map(OpenFile file, long offset, long length, int protection) {
    return RingMemory.map(this, rings, sqes, offset, length);
  }

  /// The last descriptor, mapping and request on the ring are gone: everything in it ends, and
  /// nobody sees how (`io_ring_ctx_wait_and_kill`).
  @Override
  public void release(OpenFile file) {
    lock();
    try {
      dead = true;
      var _ = cancelAll(CancelKey.ANY) + timeouts.cancelAll(CancelKey.ANY);
      drain.cancelAll();
      commands.cancelAll();
      do {
        afterTaskWork();
        localWork.runAll(); // and lets go of what was cancelled
      } while (localWork.isPending());
      var _ = freeHeld();
      fixedFiles.clear(this);
      var _ = buffers.unregister();
      groups.clear();
      cq.forgetOverflow();
      requests.close();
      var notified = eventFd;
      eventFd = null;
      if (notified != null) dropLater(notified);
    } finally {
      unlock();
    }
    var bug = failure;
    if (bug != null) kernel.fail(bug); // no more calls come to this ring
  }

  // ---- cancellation

  /// Cancels what waits for a worker or a file and matches.
  ///
  /// @return how many
  int cancelAll(CancelKey key) {
    return workers.cancelAll(key) + polls.cancelAll(key);
  }

  /// `-ECANCELED` for `request`, by task work.
  void cancelRequest(Request request) {
    request.failIssue(-ECANCELED);
    addTaskWork(request);
  }
}
