package dev.ringshot.ring;

import static dev.ringshot.abi.Errno.describe;
import static dev.ringshot.abi.IoUring.*;
import static dev.ringshot.abi.Kernel.PROT_READ;
import static dev.ringshot.abi.Kernel.PROT_WRITE;

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
  public static final int REFUSALS_MAX = 16;

  private static final CqeHandler IGNORE = (res, flags) -> {};
  private static final CancelHandler NOBODY = outcome -> {};

  private final Kernel kernel;
  private final Scratch scratch;
  private final Descriptor descriptor;
  private final SubmissionQueue submissions;
  private final Gate gate;
  private final InFlight inFlight;
  private final Wakeup wakeup;
  private final Intake intake;
  private final Dispatcher dispatcher;
  private final Owner owner = new Owner();
  private final SubmissionRules rules = new SubmissionRules();
  private final Limits limits;
  private final List<BufferRing> groups = new ArrayList<>();
  private final List<MemorySegment> memory = new ArrayList<>();
  private final ArrayDeque<Integer> freeGroups = new ArrayDeque<>();
  private final boolean mustLook;
  private int nextGroup;
  private boolean hasFixedBuffers;
  private boolean isOpen = true;

  private Ring(Kernel kernel, Scratch scratch, Descriptor descriptor) {
    this.kernel = kernel;
    this.scratch = scratch;
    this.descriptor = descriptor;
    submissions = descriptor.submissions();
    gate = new Gate(descriptor, submissions);
    limits = new Limits(kernel, submissions.capacity());
    var completions = descriptor.completions();
    inFlight = new InFlight(completions.capacity());
    wakeup = new Wakeup(kernel, scratch.page(), descriptor.fd());
    intake = new Intake(submissions, gate, inFlight, rules, groups);
    dispatcher = new Dispatcher(gate, submissions, completions, inFlight, wakeup, groups);
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
    checkUse();
    return intake.begin(handler);
  }

  /// As [#prepare(CqeHandler)], for completions of 32 bytes.
  public Sqe prepare(Cqe32Handler handler) {
    return prepare((CqeHandler) handler);
  }

  /// As [#prepare(CqeHandler)], for a request that takes buffers of the subscription's group.
  ///
  /// @throws IllegalStateException also if the subscription has a request in flight
  public Sqe prepare(Subscription subscription) {
    checkUse();
    if (!subscription.isOf(this)) {
      throw new IllegalArgumentException("the subscription's buffers are another ring's");
    }
    return intake.begin(subscription);
  }

  /// A multishot request that takes no buffer of this ring's ([Sqe#multishotAccept],
  /// [Sqe#pollMultishot], [Sqe#txTimestamps(int)]) and can be re-armed: give it an
  /// [Subscription#onCompletion] and prepare it.
  public Subscription subscription() {
    checkUse();
    return new Subscription(this, null, null);
  }

  /// Submits what is prepared unless there is room for `entries` more requests: before a chain of
  /// so many, which has to be submitted as a whole.
  ///
  /// @throws IllegalArgumentException if the queue has fewer places
  public void makeRoom(int entries) {
    checkUse();
    intake.makeRoom(entries);
  }

  /// Limits the request prepared last: if it has not ended so long after it began to wait, it is
  /// cancelled as by [#cancel] (`IORING_OP_LINK_TIMEOUT`, which takes a place in the queue). To be
  /// called right after its verbs, [Sqe#link] among them: what it is linked to is prepared next,
  /// and starts only if it ended in time. A command that is parked in a driver goes on.
  ///
  /// @param time not negative; up to 292 years count
  /// @throws IllegalStateException if no request was prepared
  public void limit(Duration time) {
    checkUse();
    requireNotNegative(time);
    Sqe sqe = intake.beginLimit(IGNORE);
    sqe.linkTimeout(limits.timespec(submissions.lastPlace(), nanos(time)), 0);
  }

  // ---- Submit and dispatch

  /// Lets the kernel have what was prepared. Waits for nothing, calls no handler.
  ///
  /// @throws IllegalStateException if the request prepared last is linked to one that is not
  /// @return how many it took; what it has no memory for now (`-EAGAIN`, `-EBUSY`) stays prepared
  /// @throws ErrnoException if it goes on refusing, or cannot go on at all
  public int submit() {
    checkUse();
    intake.requireWholeChain();
    return gate.submit();
  }

  /// As [#submit], and waits until there are completions to dispatch. May come back early: with
  /// fewer, or with something prepared not yet submitted.
  ///
  /// @param completionsMin how many
  public int submitAndWait(int completionsMin) {
    checkUse();
    intake.requireWholeChain();
    dispatcher.refuseInHandler("wait");
    return gate.submitAndWait(completionsMin);
  }

  /// Calls the handlers of the completions that are there. Waits for nothing. Then looks after
  /// buffers and re-arms; what that prepares is submitted by the next [#submit] or [#run()].
  ///
  /// @return completions handled
  public int dispatch() {
    checkUse();
    int handled = dispatcher.dispatch();
    if (handled > 0 || !(mustLook || (submissions.flags() & IORING_SQ_TASKRUN) != 0)) {
      return handled;
    }
    gate.runTaskWork();
    return dispatcher.dispatch();
  }

  /// Completions for no request of this ring, as messages from other rings are, go to `handler`.
  /// Without one they are taken for a bug and thrown, [IllegalStateException].
  public void onStray(StrayHandler handler) {
    dispatcher.onStray(handler);
  }

  boolean isAtRest() {
    return dispatcher.isAtRest();
  }

  void whenAtRest(AtRest task) {
    dispatcher.whenAtRest(task);
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
    requireNotNegative(time);
    checkUse();
    Deadline deadline = new Deadline();
    long timer =
        intake.beginOwn(deadline, false).timeout(scratch.timespec(nanos(time)), 0, 0).userData();
    try {
      return runUntil(deadline);
    } finally {
      if (!deadline.isOver()) {
        intake.beginOwn(IGNORE, false).timeoutRemove(timer, 0);
        submit();
      }
    }
  }

  private static void requireNotNegative(Duration time) {
    if (time.isNegative()) throw new IllegalArgumentException("a time of " + time);
  }

  private static long nanos(Duration time) {
    return time.toSeconds() > Long.MAX_VALUE / 1_000_000_000 - 1 ? Long.MAX_VALUE : time.toNanos();
  }

  private Pause runUntil(@Nullable Deadline deadline) {
    checkUse();
    dispatcher.refuseInHandler("run");
    while (true) {
      dispatcher.dispatch();
      if (dispatcher.takeWoken()) return Pause.WOKEN;
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
    intake.checkLast();
    Subscription subscription = Subscription.of(inFlight.find(userData));
    if (subscription != null) subscription.stop();
    var cancellation = new Cancellation(this, userData, handler);
    intake.beginOwn(cancellation, true).asyncCancel(userData, 0);
  }

  /// Cancels what the subscription has in flight, or its re-arm if that waits. It is not re-armed
  /// automatically after this.
  public void cancel(Subscription subscription) {
    checkUse();
    intake.checkLast();
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
    intake.checkLast();
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
    return group(options, null);
  }

  /// Buffers to send from, all of them free to be filled: `count` of `size` bytes.
  ///
  /// @throws ErrnoException if the kernel refuses
  public SendBuffers sendBuffers(int count, int size) {
    var options = BufferOptions.DEFAULT.withCount(count).withSize(size);
    var free = new FreeBuffers(count);
    return new SendBuffers(group(options, free), free);
  }

  private BufferRing group(BufferOptions options, @Nullable FreeBuffers free) {
    checkUse();
    Integer freed = freeGroups.peek();
    int group = freed != null ? freed : nextGroup;
    if (group > 0xffff) throw new IllegalStateException("a ring has 65536 groups of buffers");
    var entries = new BufferEntries(kernel, descriptor, scratch, group, options);
    BufferRing buffers = new BufferRing(this, kernel, entries, group, options, free);
    if (freed == null) nextGroup++;
    if (freed != null) freeGroups.remove();
    groups.add(buffers);
    return buffers;
  }

  /// The group is closed, and no request takes from it any more: another may have its number.
  void forget(BufferRing buffers) {
    groups.remove(buffers);
    freeGroups.add(buffers.group());
  }

  /// Registers `count` buffers of `size` bytes, zeroed, for [Sqe#readFixed] and [Sqe#writeFixed].
  ///
  /// @param size at most 1 GiB
  /// @throws IllegalStateException if this ring has registered buffers that are not closed
  /// @throws ErrnoException if the kernel refuses: more than 16384, or more memory than may be
  ///   pinned
  public FixedBuffers registerBuffers(int count, int size) {
    checkUse();
    if (count < 1 || size < 1)
      throw new IllegalArgumentException(count + " buffers of " + size + " bytes");
    requireNoFixedBuffers();
    var buffers = new FixedBuffers(this, kernel, descriptor, allocate((long) count * size), size);
    hasFixedBuffers = true;
    return buffers;
  }

  /// Registers a table of `count` empty places for buffers, which a driver fills: ublk does, with
  /// the pages of its requests. It goes with the ring.
  ///
  /// @throws IllegalStateException if this ring has registered buffers that are not closed
  /// @throws ErrnoException if the kernel refuses: more than 16384; before Linux 5.19
  public void registerEmptyBuffers(int count) {
    checkUse();
    if (count < 1) throw new IllegalArgumentException(count + " places");
    requireNoFixedBuffers();
    FixedBuffers.registerEmpty(kernel, descriptor, count);
    hasFixedBuffers = true;
  }

  private void requireNoFixedBuffers() {
    if (hasFixedBuffers)
      throw new IllegalStateException("the ring has registered buffers: close them");
  }

  /// They are closed.
  ///
  /// @return whether there is a ring to take them out of
  boolean forgetFixedBuffers() {
    if (!isOpen) return false;
    checkUse();
    hasFixedBuffers = false;
    return true;
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
    return new RingFile(this, fd, false);
  }

  /// A descriptor that a request of this ring gave, as a file to close and to send commands to.
  public RingFile file(int fd) {
    checkUse();
    return new RingFile(this, fd, false);
  }

  /// A file that is registered with this ring, to send commands to with [Sqe#fixedFile].
  ///
  /// @param index its place, which is its [RingFile#fd]
  public RingFile fixedFile(int index) {
    checkUse();
    return new RingFile(this, index, true);
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
    dispatcher.refuseInHandler("close");
    isOpen = false;
    for (BufferRing buffers : groups) buffers.closeEntries();
    descriptor.close();
    for (BufferRing buffers : groups) buffers.closeMemory();
    memory.forEach(kernel::unmap);
    limits.close();
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

  Intake intake() {
    return intake;
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
