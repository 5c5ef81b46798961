package dev.ringshot.model;

import static dev.ringshot.abi.Errno.EAGAIN;
import static dev.ringshot.abi.Errno.EALREADY;
import static dev.ringshot.abi.Errno.ECANCELED;
import static dev.ringshot.abi.Errno.EINVAL;
import static dev.ringshot.abi.IoUring.IORING_OP_ACCEPT;
import static dev.ringshot.abi.IoUring.IORING_OP_READ_MULTISHOT;
import static dev.ringshot.abi.Poll.EPOLLET;
import static dev.ringshot.abi.Poll.EPOLLEXCLUSIVE;
import static dev.ringshot.abi.Poll.EPOLLONESHOT;

import dev.ringshot.abi.Poll;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// A request that waits for a file (`io_poll`): a POLL_ADD, or any other that tries again when its
/// file may be ready.
///
/// Wakers only count; the first to count queues the task work, which looks, acts, and takes off
/// what it saw:
///
/// ```text
///   waker                          task
///   if (wakes++ == 0) queue        seen = wakes; act; wakes -= seen; again if not 0
/// ```
final class FilePoll extends Parked implements WaitQueue.Waiter, PollTable {
  /// Among the events of a wake-up: it comes from a ring (the kernel's own flag).
  static final int EPOLL_URING_WAKE = 1 << 27;

  private static final int HUNG_UP = Poll.POLLHUP | Poll.POLLRDHUP;
  private static final int ALWAYS = Poll.POLLERR | Poll.POLLHUP | Poll.POLLNVAL | Poll.POLLRDHUP;

  private enum Next {
    OVER,
    WAIT,
    AGAIN,
    AT_ONCE
  }

  private final AtomicInteger wakes = new AtomicInteger();
  private final List<WaitQueue> queues = new ArrayList<>(1);
  private final boolean retries;
  private volatile @Nullable WaitQueue onlyQueue; // if it waits in one; for who wakes it
  private int events;
  private volatile int wokenMask;
  private volatile boolean cancelled;
  private volatile boolean lastShot;
  private boolean done;

  private FilePoll(Request request, int events, boolean retries) {
    super(request);
    this.events = events | ALWAYS;
    this.retries = retries;
  }

  /// Lets `request` try again when its file has one of `mask`; a multishot one each time.
  ///
  /// @return whether it has already, and the request is on its way
  static boolean park(Request request, int mask) {
    int once = request.multishot ? 0 : EPOLLONESHOT;
    int alone = request.opcode() == IORING_OP_ACCEPT ? EPOLLEXCLUSIVE : 0;
    var poll = new FilePoll(request, mask | EPOLLET | once | alone, true);
    int ready = poll.arm();
    if (ready == 0) return false;
    if (request.multishot) {
      poll.woken(ready);
      return false;
    }
    poll.finishQuietly(); // it is ready (IO_APOLL_READY), and not to be found meanwhile
    request.queue(Request.Todo.START);
    return true;
  }

  /// A POLL_ADD for its events, among them `EPOLLONESHOT` and `EPOLLET`.
  static FilePoll ofPollAdd(Request request) {
    return new FilePoll(request, request.pollEvents, false);
  }

  /// Issues the POLL_ADD.
  int start() {
    int ready = arm();
    if (queues.isEmpty()) {
      finishQuietly();
      return ready != 0 && has(EPOLLET) ? request.complete(ready & 0xffff) : -EINVAL;
    }
    if (ready != 0 && has(EPOLLET) && has(EPOLLONESHOT)) {
      finishQuietly();
      return request.complete(ready & 0xffff);
    }
    if (ready != 0) woken(ready);
    return Request.QUEUED;
  }

  private boolean has(int flag) {
    return (events & flag) != 0;
  }

  private int arm() {
    ring().polls.add(this);
    return request.openFile().operations().poll(request.openFile(), this) & events;
  }

  @Override
  public void add(WaitQueue queue) {
    queues.add(queue);
    onlyQueue = queues.size() == 1 ? queue : null;
    queue.add(this);
  }

  @Override
  public boolean waitsBehind() {
    return has(EPOLLEXCLUSIVE);
  }

  @Override
  public boolean woken(int mask) {
    if (mask != 0 && (mask & events & ~Poll.POLLPRI) == 0) return false;
    boolean isAlone = has(EPOLLEXCLUSIVE) && mask != 0;
    if (wakes.getAndIncrement() != 0) return isAlone && !has(EPOLLONESHOT);
    // A multishot poll that its own completions wake would go on until the queue is full.
    if ((mask & EPOLL_URING_WAKE) != 0) lastShot = true;
    wokenMask = mask;
    // What wakes it once will not again: then the work would look, find nothing and go on waiting.
    // Who else wakes it meanwhile goes on to the next.
    var queue = onlyQueue;
    if (mask != 0 && has(EPOLLONESHOT) && queue != null) isAlone &= queue.remove(this);
    ring().addTaskWork(this);
    return isAlone;
  }

  @Override
  void runInTask() {
    int seen;
    do {
      if (done) return;
      seen = wakes.get();
      if (cancelled) {
        finishQuietly();
        request.failIssue(-ECANCELED);
        ring().complete(request);
        return;
      }
      int ready = seen == 1 ? wokenMask & events : 0;
      if (ready == 0)
        ready = request.openFile().operations().poll(request.openFile(), NONE) & events;
      if (ready == 0 && has(EPOLLONESHOT)) {
        reissue(); // woken for nothing, it begins anew (IOU_POLL_REISSUE)
        return;
      }
      if (ready != 0) {
        var next = act(ready & 0xffff);
        if (next == Next.OVER) return;
        wokenMask = 0;
        if (next == Next.AT_ONCE) wakes.incrementAndGet();
        if (next == Next.AGAIN) {
          ring().addTaskWork(this);
          return;
        }
        // What was read may not have been all, and nothing else will say so.
        if (!isPollAdd() && seen != 1 && (ready & HUNG_UP) != 0) seen--;
      }
    } while (wakes.addAndGet(-seen) != 0);
  }

  private Next act(int ready) {
    if (retries && request.multishot) return issueAgain();
    if (retries) {
      reissue();
      return Next.OVER;
    }
    if (has(EPOLLONESHOT) || lastShot || !ring().postMore(request, ready, 0, 0, 0)) {
      finish(ready);
      return Next.OVER;
    }
    return Next.WAIT;
  }

  private void reissue() {
    finishQuietly();
    ring().issuer.reissue(request);
  }

  private Next issueAgain() {
    int result = ring().issuer.issueAgain(request);
    if (result == -EAGAIN) return Next.WAIT;
    if (result == Request.AGAIN)
      return request.opcode() == IORING_OP_READ_MULTISHOT ? Next.AT_ONCE : Next.AGAIN;
    finishQuietly();
    if (result < 0) request.failIssue(result);
    ring().complete(request);
    return Next.OVER;
  }

  /// Ends it with `-ECANCELED`, by task work; until that runs it can be found, and cancelled once
  /// more.
  @Override
  int cancel() {
    cancelled = true;
    if (wakes.getAndIncrement() == 0) ring().addTaskWork(this);
    return 0;
  }

  /// POLL_REMOVE of it (`io_poll_disarm`).
  ///
  /// @return 0, or `-EALREADY` if its task work is on the way
  int remove() {
    if (!claim()) return -EALREADY;
    cancelled = true;
    ring().polls.remove(this);
    ring().addTaskWork(this);
    return 0;
  }

  /// Takes it from its wakers (`io_poll_get_ownership`); if its task work is on the way, that looks
  /// once more.
  ///
  /// @return whether it is the caller's now
  boolean claim() {
    return wakes.getAndIncrement() == 0;
  }

  /// Takes it out of its queues so that it can be armed anew with other events or another key.
  void rearm(int newEvents) {
    events = newEvents | ALWAYS;
    request.pollEvents = events;
    ring().polls.remove(this);
    leaveQueues();
    wakes.set(0);
    int ready = arm();
    if (ready == 0) return;
    if (!has(EPOLLONESHOT)) {
      woken(ready);
      return;
    }
    finishQuietly();
    var _ = request.complete(ready & 0xffff);
    ring().addTaskWork(request);
  }

  int events() {
    return events;
  }

  boolean isPollAdd() {
    return !retries;
  }

  private void finish(int res) {
    finishQuietly();
    var _ = request.complete(res);
    ring().complete(request);
  }

  private void finishQuietly() {
    done = true;
    ring().polls.remove(this);
    leaveQueues();
  }

  private void leaveQueues() {
    onlyQueue = null;
    for (var queue : queues) {
      var _ = queue.remove(this);
    }
    queues.clear();
  }
}
