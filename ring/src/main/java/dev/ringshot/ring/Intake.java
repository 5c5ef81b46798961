package dev.ringshot.ring;

import static dev.ringshot.abi.Errno.EBUSY;
import static dev.ringshot.abi.IoUring.IOSQE_BUFFER_SELECT;

import dev.ringshot.abi.ErrnoException;
import dev.ringshot.abi.Sqe;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Requests on their way in. What a request will be is known only after its entry was handed out,
/// so each is looked at when the next one begins or the kernel is entered: until then it can be
/// dropped.
final class Intake {
  private final SubmissionQueue submissions;
  private final Gate gate;
  private final InFlight inFlight;
  private final SubmissionRules rules;
  private final List<BufferRing> groups;
  private long unchecked;
  private @Nullable Subscription uncheckedSubscription;
  private int chain; // members of the chain that is being prepared, all of them linking

  Intake(
      SubmissionQueue submissions,
      Gate gate,
      InFlight inFlight,
      SubmissionRules rules,
      List<BufferRing> groups) {
    this.submissions = submissions;
    this.gate = gate;
    this.inFlight = inFlight;
    this.rules = rules;
    this.groups = groups;
  }

  /// Begins a request.
  ///
  /// @throws IllegalStateException if the one before must not be submitted, or its chain has no
  ///   room left; that is dropped then
  Sqe begin(CqeHandler handler) {
    makeRoom();
    return next(handler, true);
  }

  /// Begins a request for a subscription.
  Sqe begin(Subscription subscription) {
    makeRoom();
    Sqe sqe = next(subscription.begin(), true);
    uncheckedSubscription = subscription;
    return sqe;
  }

  /// Begins a request of the ring's own.
  ///
  /// @param isAwaited whether [Ring#run()] waits for it
  /// @throws IllegalStateException if it would get into the caller's chain
  Sqe beginOwn(CqeHandler handler, boolean isAwaited) {
    requireWholeChain();
    makeRoom();
    return next(handler, isAwaited);
  }

  /// Begins the LINK_TIMEOUT of the request that was begun last, which is linked to it; what that
  /// was linked to follows behind.
  ///
  /// @throws IllegalStateException if there is no such request, or no room; it is dropped then
  Sqe beginLimit(CqeHandler handler) {
    if (unchecked == 0) throw new IllegalStateException("no request was prepared to limit");
    Sqe limited = submissions.last();
    boolean goesOn = SubmissionRules.isLinking(limited);
    if (!goesOn) limited.link();
    makeRoom();
    Sqe sqe = next(handler, false);
    return goesOn ? sqe.link() : sqe;
  }

  /// A request as it was submitted before.
  ///
  /// @return its new `user_data`
  long again(CqeHandler handler, Sqe template) {
    requireWholeChain();
    makeRoom();
    Sqe sqe = next(handler, true);
    long userData = unchecked;
    MemorySegment.copy(template.memory(), 0, sqe.memory(), sqe.offset(), submissions.entrySize());
    sqe.userData(userData);
    unchecked = 0;
    return userData;
  }

  /// Submits what is prepared if there is no room for `entries` more.
  void makeRoom(int entries) {
    if (entries > submissions.capacity()) {
      throw new IllegalArgumentException(
          entries + " requests do not fit into a queue of " + submissions.capacity());
    }
    requireWholeChain();
    for (int i = 0; submissions.room() < entries; i++) {
      if (i == Ring.REFUSALS_MAX) {
        throw new ErrnoException("io_uring_enter", EBUSY, "the submission queue stays full");
      }
      gate.submit();
    }
  }

  private void makeRoom() {
    checkLast();
    if (chain == 0) {
      makeRoom(1);
    } else if (submissions.isFull()) {
      dropChain();
      throw new IllegalStateException(
          "a chain of linked requests has to fit into the queue, which has "
              + submissions.capacity()
              + " places; before a chain of n requests: makeRoom(n)");
    }
  }

  private Sqe next(CqeHandler handler, boolean isAwaited) {
    unchecked = inFlight.take(handler, isAwaited);
    return submissions.next().userData(unchecked);
  }

  /// As [#checkLast], before something that would end a chain in its middle.
  ///
  /// @throws IllegalStateException also if the last request is linked to one that is not there yet
  void requireWholeChain() {
    checkLast();
    if (chain == 0) return;
    throw new IllegalStateException(
        "the request prepared last is linked to the next one: prepare that first");
  }

  /// Looks at the request begun last, before the kernel may.
  ///
  /// @throws IllegalStateException if it must not be submitted; it and the chain that it belongs to
  ///   are dropped then
  void checkLast() {
    if (unchecked == 0) return;
    long userData = unchecked;
    Subscription subscription = uncheckedSubscription;
    unchecked = 0;
    uncheckedSubscription = null;
    Sqe sqe = submissions.last();
    try {
      rules.check(sqe, userData, chain > 0);
      boolean takesBuffers = subscription != null && subscription.takesBuffers();
      if (!takesBuffers && (sqe.flags() & IOSQE_BUFFER_SELECT) != 0) checkNobodysBuffers(sqe);
      if (subscription != null) subscription.capture(sqe, userData, submissions.entrySize());
      chain = SubmissionRules.isLinking(sqe) ? chain + 1 : 0;
    } catch (IllegalStateException e) {
      submissions.dropLast();
      inFlight.free(userData);
      if (subscription != null) subscription.refused();
      dropChain();
      throw e;
    }
  }

  /// Forgets the members of a chain that will not be whole.
  private void dropChain() {
    for (; chain > 0; chain--) {
      long userData = submissions.last().userData();
      Subscription subscription = Subscription.of(inFlight.find(userData));
      if (subscription != null) subscription.dropped();
      inFlight.free(userData);
      submissions.dropLast();
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
}
