package dev.ringshot.ring;

import static dev.ringshot.abi.Errno.ECANCELED;
import static dev.ringshot.abi.Errno.ENOBUFS;
import static dev.ringshot.abi.IoUring.IORING_OP_ACCEPT;
import static dev.ringshot.abi.IoUring.IORING_OP_POLL_ADD;
import static dev.ringshot.abi.IoUring.IOSQE_IO_HARDLINK;
import static dev.ringshot.abi.IoUring.IOSQE_IO_LINK;

import dev.ringshot.abi.Cqe;
import dev.ringshot.abi.Sqe;
import dev.ringshot.abi.SqeFields;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// A multishot request: who hears its events and its end, and what it takes to submit it again. One
/// at a time is in flight. [BufferRing#onEvent] makes one whose events are buffers,
/// [Ring#subscription] one that takes none.
///
/// A multishot request ends when its group runs out of buffers, when the completion queue is full,
/// and when its operation says so. Whoever does not submit it again then hears nothing more, so:
/// [#rearm] does it once, [#rearmAutomatically] whenever more may come. Either way it is submitted
/// as it was, after all buffers that are free have been given to the kernel, and not before there
/// is one; and it is counted, [#rearms].
public final class Subscription {
  /// Automatic re-arms in a row without a sign of life, after which the end is told instead: no
  /// event came, and nobody else took a buffer of the group.
  public static final int FRUITLESS_MAX = 8;

  private enum State {
    IDLE,
    PREPARED,
    ARMED,
    REARMING,
    STARVING,
    CANCELLING
  }

  /// The completions' way in, so that they are no public method.
  private final class Delivery implements CqeHandler {
    @Override
    public void onCqe(int res, int flags) {
      try {
        if (observer != null) observer.onCqe(res, flags);
      } finally {
        handle(res, flags);
      }
    }

    @Override
    public void onCqe32(int res, int flags, long extra1, long extra2) {
      try {
        if (observer != null) observer.onCqe32(res, flags, extra1, extra2);
      } finally {
        handle(res, flags);
      }
    }

    Subscription subscription() {
      return Subscription.this;
    }
  }

  private final Ring ring;
  private final @Nullable BufferRing buffers;
  private final @Nullable EventHandler handler;
  private final Delivery delivery = new Delivery();
  private final AtRest rested = this::atRest;
  private final Sqe template = new Sqe().at(MemorySegment.ofArray(new long[16]), 0);
  private @Nullable EndHandler endHandler;
  private @Nullable CqeHandler observer;
  private State state = State.IDLE;
  private boolean isAutomatic;
  private boolean isAutomaticNow;
  private boolean isStopping;
  private boolean hasTemplate;
  private boolean isBundle;
  private boolean holdsBuffer;
  private int armedEpoch;
  private long userData;
  private long rearms;
  private long events;
  private long signsWhenArmed;
  private int fruitless;

  Subscription(Ring ring, @Nullable BufferRing buffers, @Nullable EventHandler handler) {
    this.ring = ring;
    this.buffers = buffers;
    this.handler = handler;
  }

  /// Tells `endHandler` how a request ended, unless that was answered by re-arming.
  ///
  /// @return this
  public Subscription onEnd(EndHandler endHandler) {
    this.endHandler = endHandler;
    return this;
  }

  /// Tells `observer` each completion as the kernel posted it, before its event or its end is
  /// handled: for who counts, prints or compares them.
  ///
  /// @return this
  public Subscription onCompletion(CqeHandler observer) {
    this.observer = observer;
    return this;
  }

  /// Re-arms without being asked after `-ENOBUFS` and after a last completion that brought an event
  /// (the completion queue was full, or a limit was reached). Every other end is told and stays
  /// one; so is the end after [#FRUITLESS_MAX] re-arms in a row without a sign of life, and any
  /// after a cancel.
  ///
  /// @return this
  public Subscription rearmAutomatically() {
    isAutomatic = true;
    return this;
  }

  /// Submits the request again, as it was last submitted: with the next [Ring#run()] or
  /// [Ring#dispatch], once all completions at hand are handled, and when the group has a buffer.
  ///
  /// @throws IllegalStateException if it is in flight, or never was
  public void rearm() {
    if (state != State.IDLE || !hasTemplate) {
      throw new IllegalStateException(
          hasTemplate ? "cannot re-arm what is " + state : "nothing was submitted to re-arm");
    }
    isStopping = false;
    isAutomaticNow = false;
    rearmWhenAtRest();
  }

  /// How often it was re-armed, by [#rearm] or automatically.
  public long rearms() {
    return rearms;
  }

  /// Events delivered so far. A bundle is one, in however many parts.
  public long events() {
    return events;
  }

  /// Whether a request is in flight, or will be re-armed.
  public boolean isActive() {
    return state != State.IDLE;
  }

  /// The `user_data` of the request in flight. It changes with each re-arm: to cancel what may have
  /// been re-armed, say [Ring#cancel(Subscription)].
  public long userData() {
    return userData;
  }

  // ---- Submission

  boolean takesBuffers() {
    return buffers != null;
  }

  boolean isOf(Ring ring) {
    return this.ring == ring;
  }

  /// A request begins; what it is, [#capture] learns.
  CqeHandler begin() {
    if (state != State.IDLE) {
      throw new IllegalStateException(
          "a subscription has one request in flight, and this is "
              + state
              + "; make another with buffers.onEvent(…)");
    }
    isStopping = false;
    fruitless = 0;
    state = State.PREPARED;
    return delivery;
  }

  /// It was not submitted after all.
  void refused() {
    state = State.IDLE;
  }

  /// Nor was it, though [#capture] had taken it for granted.
  void dropped() {
    if (buffers != null) buffers.end(holdsBuffer, armedEpoch);
    refused();
  }

  /// Keeps what is submitted, to submit it again.
  ///
  /// @throws IllegalStateException if it takes no buffer of this group
  void capture(Sqe sqe, long userData, int size) {
    if (buffers != null && !buffers.isSelectedBy(sqe)) {
      throw new IllegalStateException(
          "a request for this subscription takes its buffers: bufferSelect("
              + buffers.group()
              + ")");
    }
    MemorySegment.copy(sqe.memory(), sqe.offset(), template.memory(), 0, size);
    template.flags(template.flags() & ~(IOSQE_IO_LINK | IOSQE_IO_HARDLINK)); // a chain is once
    hasTemplate = true;
    armed(userData);
  }

  private void armed(long userData) {
    this.userData = userData;
    state = State.ARMED;
    signsWhenArmed = signsOfLife();
    isBundle = SubmissionRules.isBundle(template);
    holdsBuffer = SubmissionRules.holdsBuffer(template);
    if (buffers != null) armedEpoch = buffers.begin(holdsBuffer);
  }

  // ---- Completions

  private void handle(int res, int flags) {
    boolean isLast = !Cqe.more(flags);
    boolean isEvent = isLast ? isEvent(res, flags) : res >= 0;
    if (isEvent) events++;
    try {
      deliver(res, flags);
    } finally {
      if (isLast) end(res, isEvent);
    }
  }

  /// Whether a last completion brings an event all the same: there was no room to say that more
  /// would come.
  private boolean isEvent(int res, int flags) {
    return switch (template.opcode()) {
      case IORING_OP_ACCEPT, IORING_OP_POLL_ADD -> res >= 0;
      default -> res > 0 && Cqe.hasBuffer(flags);
    };
  }

  private void deliver(int res, int flags) {
    if (buffers == null || handler == null) return;
    if (Cqe.hasBuffer(flags)) {
      hand(buffers, handler, isBundle, res, flags);
    } else if (res > 0 && Cqe.more(flags)) {
      handler.onEvent(MemorySegment.NULL, 0, res);
    }
  }

  private static void hand(
      BufferRing buffers, EventHandler handler, boolean isBundle, int res, int flags) {
    if (isBundle && res > 0) {
      buffers.deliverBundle(handler, res, flags);
    } else {
      buffers.deliver(handler, res, flags);
    }
  }

  private void end(int res, boolean isEvent) {
    state = State.IDLE;
    if (buffers != null) buffers.end(holdsBuffer, armedEpoch);
    boolean mayGoOn = isAutomatic && !isStopping && !isClosed();
    if (mayGoOn && (isEvent || res == -ENOBUFS)) {
      isAutomaticNow = true;
      rearmWhenAtRest();
    } else {
      tell(res);
    }
  }

  /// Counts what happens, to this or to the buffers it waits for.
  private long signsOfLife() {
    return buffers != null ? events + buffers.turnover() : events;
  }

  private boolean isClosed() {
    return buffers != null && !buffers.isOpen();
  }

  private void tell(int res) {
    if (endHandler != null) endHandler.onEnd(End.of(res));
  }

  private void rearmWhenAtRest() {
    state = State.REARMING;
    ring.whenAtRest(rested);
  }

  /// A buffer has come back to the group.
  void fed() {
    if (state == State.STARVING) rearmWhenAtRest();
  }

  private void atRest() {
    switch (state) {
      case REARMING -> rearmNow();
      case CANCELLING -> {
        state = State.IDLE;
        tell(-ECANCELED);
      }
      case IDLE, PREPARED, ARMED, STARVING -> {} // overtaken by a cancel
    }
  }

  private void rearmNow() {
    if (isClosed() || isFruitless()) {
      state = State.IDLE;
      tell(-ENOBUFS);
      return;
    }
    if (buffers != null && buffers.available() == 0) {
      state = State.STARVING;
      buffers.starve(this);
      return;
    }
    try {
      userData = ring.intake().again(delivery, template);
    } catch (RuntimeException e) {
      rearmWhenAtRest(); // it was not this one's fault
      throw e;
    }
    rearms++;
    armed(userData);
  }

  private boolean isFruitless() {
    if (!isAutomaticNow) return false;
    isAutomaticNow = false;
    fruitless = signsOfLife() == signsWhenArmed ? fruitless + 1 : 0;
    return fruitless > FRUITLESS_MAX;
  }

  // ---- Ends that the client makes

  /// The subscription whose request `handler` serves, or null.
  static @Nullable Subscription of(@Nullable CqeHandler handler) {
    return handler instanceof Delivery found ? found.subscription() : null;
  }

  /// No automatic re-arm from here on.
  void stop() {
    isStopping = true;
  }

  /// Ends it if it is not in the kernel's hands.
  ///
  /// @return whether a request is in flight and has to be cancelled
  boolean cancelHere() {
    stop();
    if (state == State.REARMING || state == State.STARVING) {
      state = State.CANCELLING;
      ring.whenAtRest(rested);
    }
    return state == State.ARMED;
  }

  /// Whether the kernel cannot cancel it.
  boolean isCommand() {
    return SubmissionRules.isMultishotCommand(template);
  }

  /// Lets go of the request in flight.
  ///
  /// @return what takes its late completions
  CqeHandler detach() {
    state = State.IDLE;
    return new Discard(buffers, isBundle, holdsBuffer, armedEpoch);
  }

  /// Says so, once that is done.
  void tellDetached() {
    if (endHandler != null) endHandler.onEnd(new End.Detached());
  }

  /// Takes the late completions of a request that the ring has let go of: gives their buffers back.
  private record Discard(
      @Nullable BufferRing buffers, boolean isBundle, boolean holdsBuffer, int armedEpoch)
      implements CqeHandler {
    private static final EventHandler NOBODY = (buffer, offset, length) -> {};

    @Override
    public void onCqe(int res, int flags) {
      if (buffers == null) return;
      if (Cqe.hasBuffer(flags)) hand(buffers, NOBODY, isBundle, res, flags);
      if (!Cqe.more(flags)) buffers.end(holdsBuffer, armedEpoch);
    }
  }

  static {
    assert SqeFields.SIZE128 == 16 * Long.BYTES;
  }
}
