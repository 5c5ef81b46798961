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
  /// @param isAwaited whether [Ring#run()] waits for it
  /// @throws IllegalStateException if the one before must not be submitted; it is dropped then
  Sqe begin(CqeHandler handler, boolean isAwaited) {
    makeRoom();
    return next(handler, isAwaited);
  }

  /// Begins a request for a subscription.
  Sqe begin(Subscription subscription) {
    makeRoom();
    Sqe sqe = next(subscription.begin(), true);
    uncheckedSubscription = subscription;
    return sqe;
  }

  /// A request as it was submitted before.
  ///
  /// @return its new `user_data`
  long again(CqeHandler handler, Sqe template) {
    makeRoom();
    Sqe sqe = next(handler, true);
    long userData = unchecked;
    MemorySegment.copy(template.memory(), 0, sqe.memory(), sqe.offset(), submissions.entrySize());
    sqe.userData(userData);
    unchecked = 0;
    return userData;
  }

  private void makeRoom() {
    checkLast();
    for (int i = 0; submissions.isFull(); i++) {
      if (i == Ring.REFUSALS_MAX) {
        throw new ErrnoException("io_uring_enter", EBUSY, "the submission queue stays full");
      }
      gate.submit();
    }
  }

  private Sqe next(CqeHandler handler, boolean isAwaited) {
    unchecked = inFlight.take(handler, isAwaited);
    return submissions.next().userData(unchecked);
  }

  /// Looks at the request begun last, before the kernel may.
  ///
  /// @throws IllegalStateException if it must not be submitted; it is dropped then
  void checkLast() {
    if (unchecked == 0) return;
    long userData = unchecked;
    Subscription subscription = uncheckedSubscription;
    unchecked = 0;
    uncheckedSubscription = null;
    Sqe sqe = submissions.last();
    try {
      rules.check(sqe, userData);
      boolean takesBuffers = subscription != null && subscription.takesBuffers();
      if (!takesBuffers && (sqe.flags() & IOSQE_BUFFER_SELECT) != 0) checkNobodysBuffers(sqe);
      if (subscription != null) subscription.capture(sqe, userData, submissions.entrySize());
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
}
