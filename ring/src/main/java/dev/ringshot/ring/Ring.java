package dev.ringshot.ring;

import static dev.ringshot.abi.Errno.*;
import static dev.ringshot.abi.IoUring.*;
import static dev.ringshot.abi.Kernel.PROT_READ;
import static dev.ringshot.abi.Kernel.PROT_WRITE;

import dev.ringshot.abi.Cqe;
import dev.ringshot.abi.ErrnoException;
import dev.ringshot.abi.Fcntl;
import dev.ringshot.abi.Kernel;
import dev.ringshot.abi.Sqe;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One io_uring: prepare requests, run it, and handlers hear how they went. See the package for how
/// to use one.
///
/// A ring belongs to the thread that opened it, a platform thread; only [#wake] may be called from
/// others. Its methods throw [ErrnoException] where the kernel refuses, and [IllegalStateException]
/// or [IllegalArgumentException] where the caller is wrong.
public final class Ring implements AutoCloseable {
  /// Refusals in a row (`-EAGAIN`, `-EBUSY`) after which they are reported.
  static final int REFUSALS_MAX = 16;

  private static final CqeHandler IGNORE = (res, flags) -> {};
  private static final CancelHandler NOBODY = outcome -> {};
  private static final StrayHandler STRAYS_ARE_BUGS = Ring::refuseStray;

  private final Kernel kernel;
  private final Scratch scratch;
  private final Descriptor descriptor;
  private final SubmissionQueue submissions;
  private final CompletionQueue completions;
  private final InFlight inFlight;
  private final Wakeup wakeup;
  private final Owner owner = new Owner();
  private final SubmissionRules rules = new SubmissionRules();
  private final List<BufferRing> groups = new ArrayList<>();
  private final List<MemorySegment> memory = new ArrayList<>();
  private final ArrayDeque<AtRest> atRest = new ArrayDeque<>();
  private final boolean mustLook;
  private StrayHandler strayHandler = STRAYS_ARE_BUGS;
  private long unchecked;
  private @Nullable Subscription uncheckedSubscription;
  private int nextGroup;
  private int refusals;
  private boolean isDispatching;
  private boolean isWoken;
  private boolean isOpen = true;

  private Ring(Kernel kernel, Scratch scratch, Descriptor descriptor) {
    this.kernel = kernel;
    this.scratch = scratch;
    this.descriptor = descriptor;
    submissions = descriptor.submissions();
    completions = descriptor.completions();
    inFlight = new InFlight(completions.capacity());
    wakeup = new Wakeup(kernel, scratch.page(), descriptor.fd());
    int deferred = IORING_SETUP_DEFER_TASKRUN | IORING_SETUP_TASKRUN_FLAG;
    mustLook = (descriptor.flags() & deferred) == IORING_SETUP_DEFER_TASKRUN;
  }

  /// A ring with [RingOptions#DEFAULT] but for its size.
  ///
  /// @param entries places in the submission queue, 1 … 32768
  public static Ring open(Kernel kernel, int entries) {
    return open(kernel, RingOptions.DEFAULT.withEntries(entries));
  }

  /// A ring of `kernel`, for the calling thread.
  ///
  /// @throws ErrnoException if the kernel refuses; its message says what to do
  public static Ring open(Kernel kernel, RingOptions options) {
    Scratch scratch = new Scratch(kernel);
    try {
      return new Ring(kernel, scratch, new Descriptor(kernel, scratch, options));
    } catch (ErrnoException e) {
      kernel.unmap(scratch.page());
      throw e;
    }
  }

  // ---- Prepare

  /// Begins a request. What it does, the cursor's verbs say; it is submitted by the next [#submit]
  /// or [#run()]. When the queue is full, this submits first.
  ///
  /// @param handler hears its completions
  /// @return a cursor over its entry, zeroed but for `user_data`; the same object each time, good
  ///   until the next call of a method of this ring
  /// @throws IllegalStateException if the request prepared before this one cannot be submitted; it
  ///   is dropped then
  public Sqe prepare(CqeHandler handler) {
    begin();
    return next(handler, true);
  }

  /// As [#prepare(CqeHandler)], for completions of 32 bytes.
  public Sqe prepare(Cqe32Handler handler) {
    return prepare((CqeHandler) handler);
  }

  /// As [#prepare(CqeHandler)], for a request that takes buffers of the subscription's group.
  public Sqe prepare(Subscription subscription) {
    begin();
    Sqe sqe = next(subscription.begin(), true);
    uncheckedSubscription = subscription;
    return sqe;
  }

  /// A request of the ring's own, which [#run()] does not wait for.
  private Sqe prepareUnawaited(CqeHandler handler) {
    begin();
    return next(handler, false);
  }

  /// A request as it was submitted before.
  ///
  /// @return its new `user_data`
  long prepareAgain(CqeHandler handler, Sqe template) {
    begin();
    Sqe sqe = next(handler, true);
    long userData = sqe.userData();
    MemorySegment.copy(template.memory(), 0, sqe.memory(), sqe.offset(), submissions.entrySize());
    sqe.userData(userData);
    unchecked = 0;
    return userData;
  }

  private void begin() {
    checkUse();
    checkLast();
    for (int i = 0; submissions.isFull(); i++) {
      if (i == REFUSALS_MAX) throw new ErrnoException("io_uring_enter", EBUSY, "the queue is full");
      submit();
    }
  }

  private Sqe next(CqeHandler handler, boolean isAwaited) {
    long userData = inFlight.take(handler, isAwaited);
    unchecked = userData;
    return submissions.next().userData(userData);
  }

  /// Looks at the request prepared last, before the kernel may.
  private void checkLast() {
    if (unchecked == 0) return;
    long userData = unchecked;
    Subscription subscription = uncheckedSubscription;
    unchecked = 0;
    uncheckedSubscription = null;
    Sqe sqe = submissions.last();
    try {
      rules.check(sqe, userData);
      if (subscription != null) {
        subscription.capture(sqe, userData, submissions.entrySize());
      } else if ((sqe.flags() & IOSQE_BUFFER_SELECT) != 0) {
        checkNobodysBuffers(sqe);
      }
    } catch (IllegalStateException e) {
      submissions.dropLast();
      inFlight.free(userData);
      if (subscription != null) subscription.refused();
      throw e;
    }
  }

  private void checkNobodysBuffers(Sqe sqe) {
    for (BufferRing buffers : groups) {
      if (buffers.isSelectedBy(sqe)) {
        throw new IllegalStateException(
            "group "
                + buffers.group()
                + " lends its buffers: prepare(buffers.onEvent(…)) instead of a plain handler");
      }
    }
  }

  // ---- Submit and dispatch

  /// Lets the kernel have what was prepared. Waits for nothing, calls no handler.
  ///
  /// @return how many it took; what it has no memory for now (`-EAGAIN`, `-EBUSY`) stays prepared
  /// @throws ErrnoException if it goes on refusing, or cannot go on at all
  public int submit() {
    checkUse();
    checkLast();
    if (submissions.pending() == 0) return 0;
    int submitted;
    do {
      submitted = enter(0);
    } while (submitted == -EINTR);
    return Math.max(submitted, 0);
  }

  /// As [#submit], and waits until there are completions to dispatch. May come back early: with
  /// fewer, or with something prepared not yet submitted.
  ///
  /// @param completionsMin how many
  public int submitAndWait(int completionsMin) {
    checkUse();
    checkLast();
    refuseInHandler("wait");
    return Math.max(enter(completionsMin), 0);
  }

  /// @return entries submitted; `-EINTR`, `-EAGAIN` or `-EBUSY` if none could be
  private int enter(int minComplete) {
    int toSubmit = submissions.publish();
    int flags = minComplete > 0 ? IORING_ENTER_GETEVENTS : 0;
    int result = descriptor.enter(toSubmit, minComplete, flags);
    if (result >= 0) {
      if (result > 0) refusals = 0;
      return result;
    }
    if (result == -EINTR) return result;
    boolean isBusy = result == -EAGAIN || result == -EBUSY;
    if (!isBusy || ++refusals > REFUSALS_MAX) throw enterFailed(-result);
    runTaskWork(); // what completes makes room; waiting for it might be waiting for ever
    return result;
  }

  private static ErrnoException enterFailed(int errno) {
    String advice =
        switch (errno) {
          case EEXIST -> "a ring belongs to the thread that opened it";
          case EBADR -> "the kernel had no memory for a completion and lost it; close this ring";
          case EBUSY, EAGAIN -> "the kernel takes no more requests; dispatch completions first";
          default -> "";
        };
    return new ErrnoException("io_uring_enter", errno, advice);
  }

  /// Calls the handlers of the completions that are there. Waits for nothing. Then looks after
  /// buffers and re-arms; what that prepares is submitted by the next [#submit] or [#run()].
  ///
  /// @return completions handled
  public int dispatch() {
    checkUse();
    int handled = dispatchReady();
    if (handled > 0 || !(mustLook || (submissions.flags() & IORING_SQ_TASKRUN) != 0)) {
      return handled;
    }
    runTaskWork();
    return dispatchReady();
  }

  private int dispatchReady() {
    refuseInHandler("dispatch");
    isDispatching = true;
    try {
      int handled = handleReady();
      while (isOverflowing()) {
        runTaskWork(); // alone: so that nothing new is posted before what had no room
        int flushed = handleReady();
        if (flushed == 0) break;
        handled += flushed;
      }
      settle();
      return handled;
    } finally {
      isDispatching = false;
    }
  }

  private int handleReady() {
    int ready = completions.ready();
    for (int i = 0; i < ready && completions.hasLoaded(); i++) handleOne();
    if (ready > 0) refusals = 0;
    return ready;
  }

  private void handleOne() {
    CompletionQueue queue = completions;
    long at = queue.first();
    long userData = queue.userData(at);
    int res = queue.res(at);
    int flags = queue.flags(at);
    if (queue.isBig(flags)) {
      long extra1 = queue.extra1(at);
      long extra2 = queue.extra2(at);
      queue.advance(flags);
      CqeHandler handler = handler(userData, res, flags);
      if (handler != null) handler.onCqe32(res, flags, extra1, extra2);
    } else {
      queue.advance(flags);
      CqeHandler handler = handler(userData, res, flags);
      if (handler != null) handler.onCqe(res, flags);
    }
  }

  /// Finds the handler, and forgets the request if this is its last completion.
  private @Nullable CqeHandler handler(long userData, int res, int flags) {
    CqeHandler handler = inFlight.find(userData);
    if (handler != null) {
      if (!Cqe.more(flags)) inFlight.free(userData);
    } else if (!Cqe.skip(flags)) {
      stray(userData, res, flags);
    }
    return handler;
  }

  private void stray(long userData, int res, int flags) {
    if (userData != 0) {
      strayHandler.onStray(userData, res, flags);
      return;
    }
    wakeup.received();
    isWoken = true;
  }

  private static void refuseStray(long userData, int res, int flags) {
    throw new IllegalStateException(
        "a completion for no request in flight: user_data 0x%x, res %d, flags %s"
            .formatted(userData, res, Cqe.describe(flags)));
  }

  /// Completions for no request of this ring, as messages from other rings are, go to `handler`.
  /// Without one they are taken for a bug and thrown, [IllegalStateException].
  public void onStray(StrayHandler handler) {
    strayHandler = handler;
  }

  private void runTaskWork() {
    int result = descriptor.enter(0, 0, IORING_ENTER_GETEVENTS);
    if (result < 0 && result != -EINTR && result != -EAGAIN && result != -EBUSY) {
      throw enterFailed(-result);
    }
  }

  private boolean isOverflowing() {
    return (submissions.flags() & IORING_SQ_CQ_OVERFLOW) != 0;
  }

  /// Whether no completion is at hand.
  boolean isAtRest() {
    return completions.ready() == 0 && !isOverflowing();
  }

  /// Runs `task` once, when no completion is at hand and no buffer is missing.
  void whenAtRest(AtRest task) {
    atRest.add(task);
  }

  private void settle() {
    if (!isAtRest()) return;
    for (int i = 0; i < groups.size(); i++) groups.get(i).settle();
    if (!isAtRest()) return;
    for (int i = atRest.size(); i > 0; i--) atRest.remove().atRest();
  }

  // ---- Run

  /// Submits, waits and dispatches until nothing is in flight, or [#wake] was called. Does not wait
  /// for requests that were let go of, nor for re-arms that have no buffer.
  public Pause run() {
    return runUntil(null);
  }

  /// As [#run()], for at most a while: an `IORING_OP_TIMEOUT`.
  ///
  /// @param time not negative; up to 292 years count
  public Pause run(Duration time) {
    if (time.isNegative()) throw new IllegalArgumentException("cannot run for " + time);
    checkUse();
    Deadline deadline = new Deadline();
    long timer = prepareUnawaited(deadline).timeout(scratch.timespec(nanos(time)), 0, 0).userData();
    try {
      return runUntil(deadline);
    } finally {
      if (!deadline.isOver()) {
        prepareUnawaited(IGNORE).timeoutRemove(timer, 0);
        submit();
      }
    }
  }

  private static long nanos(Duration time) {
    return time.toSeconds() > Long.MAX_VALUE / 1_000_000_000 - 1 ? Long.MAX_VALUE : time.toNanos();
  }

  private Pause runUntil(@Nullable Deadline deadline) {
    checkUse();
    refuseInHandler("run");
    while (true) {
      dispatchReady();
      if (isWoken) {
        isWoken = false;
        return Pause.WOKEN;
      }
      if (deadline != null && deadline.isOver()) return Pause.TIME_UP;
      if (inFlight.awaited() == 0) return Pause.IDLE;
      submitAndWait(1);
    }
  }

  /// Requests in flight or prepared, without those that were let go of.
  public int inFlight() {
    return inFlight.awaited();
  }

  /// Makes a [#run()] that runs, or else the next one, come back with [Pause#WOKEN]; ends a wait.
  /// Any thread. Does nothing on a closed ring.
  ///
  /// @throws ErrnoException where the kernel has no messages to rings (before Linux 5.18)
  public void wake() {
    wakeup.wake();
  }

  // ---- Cancel

  /// As [#cancel(long, CancelHandler)], where nobody wants to know.
  public void cancel(long userData) {
    cancel(userData, NOBODY);
  }

  /// Asks the kernel to cancel a request (`IORING_OP_ASYNC_CANCEL`). The request ends with its last
  /// completion, as always; `handler` hears what the kernel could do.
  ///
  /// Linux does not look among commands that are parked in a driver (not on any release, and so
  /// neither does the model): only a command of the driver's own, closing the ring, or the end of
  /// the thread ends one. For a multishot command this then lets go of it, see [#detach], so that a
  /// [#run()] after it comes back; any other request is left as it is.
  ///
  /// @param userData of the request, from its entry
  public void cancel(long userData, CancelHandler handler) {
    checkUse();
    checkLast();
    Subscription subscription = Subscription.of(inFlight.find(userData));
    if (subscription != null) subscription.stop();
    begin();
    next(new Cancellation(this, userData, handler), true).asyncCancel(userData, 0);
  }

  /// Cancels what the subscription has in flight, or its re-arm if that waits. It is not re-armed
  /// automatically after this.
  public void cancel(Subscription subscription) {
    checkUse();
    checkLast();
    if (subscription.cancelHere()) cancel(subscription.userData(), NOBODY);
  }

  /// Lets go of a request that does not end: [#run()] does not wait for it any more, and its
  /// handler is not called again; a [Subscription] gets [End.Detached]. Late completions are still
  /// recognised and their buffers given back. It stays armed in the kernel, and what it may write
  /// to must stay, until [#close] ends it.
  ///
  /// @return whether it was in flight
  public boolean detach(long userData) {
    checkUse();
    checkLast();
    CqeHandler handler = inFlight.find(userData);
    if (handler == null) return false;
    Subscription subscription = Subscription.of(handler);
    if (subscription == null) {
      inFlight.detach(userData, IGNORE);
      return true;
    }
    inFlight.detach(userData, subscription.detach());
    subscription.tellDetached();
    return true;
  }

  /// After the kernel did not find a request: what that means.
  CancelOutcome letGo(long userData) {
    CqeHandler handler = inFlight.find(userData);
    if (handler == null) return CancelOutcome.ALREADY_ENDED;
    Subscription subscription = Subscription.of(handler);
    if (subscription == null || !subscription.isCommand()) return CancelOutcome.NOT_REACHED;
    detach(userData);
    return CancelOutcome.DETACHED;
  }

  // ---- Buffers, memory, files

  /// Buffers for the kernel to choose from: `count` of `size` bytes, one event each.
  public BufferRing provideBuffers(int count, int size) {
    return provideBuffers(BufferOptions.DEFAULT.withCount(count).withSize(size));
  }

  /// Buffers for the kernel to choose from.
  ///
  /// @throws ErrnoException if the kernel refuses
  public BufferRing provideBuffers(BufferOptions options) {
    checkUse();
    int group = nextGroup;
    if (group > 0xffff) throw new IllegalStateException("a ring has 65536 groups of buffers");
    var entries = new BufferEntries(kernel, descriptor, scratch, group, options);
    BufferRing buffers = new BufferRing(this, kernel, entries, group, options);
    nextGroup++;
    groups.add(buffers);
    return buffers;
  }

  void forget(BufferRing buffers) {
    groups.remove(buffers);
  }

  /// Zeroed memory that the kernel can reach, for what requests point to. Page-aligned; the ring's,
  /// until it is closed.
  public MemorySegment allocate(long bytes) {
    checkUse();
    MemorySegment segment = kernel.map(-1, 0, bytes, PROT_READ | PROT_WRITE);
    memory.add(segment);
    return segment;
  }

  /// Opens an existing file for reading and writing: open(2).
  ///
  /// @throws ErrnoException if it cannot be opened
  public RingFile openFile(String path) {
    return openFile(path, Fcntl.O_RDWR);
  }

  /// Opens an existing file. Files are created with [Sqe#openat].
  ///
  /// @param flags of [Fcntl]; `O_CLOEXEC` is added
  public RingFile openFile(String path, int flags) {
    checkUse();
    int fd = kernel.open(path, flags | Fcntl.O_CLOEXEC);
    if (fd < 0) throw new ErrnoException("open", -fd, path + ": " + describe(-fd));
    return new RingFile(this, fd);
  }

  /// A descriptor that a request of this ring gave, as a file to close and to send commands to.
  public RingFile file(int fd) {
    checkUse();
    return new RingFile(this, fd);
  }

  // ---- The rest

  /// Ends the ring: requests in flight are cancelled by the kernel, which shows no completions for
  /// them, so no handler is called. Their buffers and all memory of this ring's are gone after
  /// this. Again, does nothing.
  ///
  /// @throws IllegalStateException from a handler
  @Override
  public void close() {
    if (!isOpen) return;
    owner.check();
    refuseInHandler("close");
    isOpen = false;
    for (BufferRing buffers : groups) buffers.closeEntries();
    descriptor.close();
    for (BufferRing buffers : groups) buffers.closeMemory();
    memory.forEach(kernel::unmap);
    wakeup.close();
    owner.close();
  }

  /// Its descriptor.
  public int fd() {
    return descriptor.fd();
  }

  /// The `IORING_SETUP_*` that it got, [RingOptions] may have asked for more.
  public int flags() {
    return descriptor.flags();
  }

  /// `IORING_FEAT_*` of the kernel.
  public int features() {
    return descriptor.features();
  }

  Kernel kernel() {
    return kernel;
  }

  SubmissionRules rules() {
    return rules;
  }

  private void checkUse() {
    if (!isOpen) throw new IllegalStateException("the ring is closed");
    owner.check();
  }

  private void refuseInHandler(String what) {
    if (isDispatching) throw new IllegalStateException("a handler cannot " + what + " its ring");
  }

  /// The end of a [#run(Duration)].
  private static final class Deadline implements CqeHandler {
    private boolean isOver;

    @Override
    public void onCqe(int res, int flags) {
      isOver = true;
    }

    boolean isOver() {
      return isOver;
    }
  }
}
