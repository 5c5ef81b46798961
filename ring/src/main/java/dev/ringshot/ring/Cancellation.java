package dev.ringshot.ring;

import static dev.ringshot.abi.Errno.EALREADY;
import static dev.ringshot.abi.Errno.ENOENT;

import dev.ringshot.abi.ErrnoException;

/// One cancel on its way: what the kernel says to it, and what that means.
///
/// `-ENOENT` is said of what has ended, of what is parked in a driver, and of what is just
/// completing. Which it was is known when the completions behind it were handled.
final class Cancellation implements CqeHandler, AtRest {
  private final Ring ring;
  private final long target;
  private final CancelHandler handler;

  Cancellation(Ring ring, long target, CancelHandler handler) {
    this.ring = ring;
    this.target = target;
    this.handler = handler;
  }

  @Override
  public void onCqe(int res, int flags) {
    if (res >= 0) {
      handler.onOutcome(CancelOutcome.CANCELLED);
    } else if (res == -EALREADY) {
      handler.onOutcome(CancelOutcome.ALREADY_RUNNING);
    } else if (res == -ENOENT) {
      ring.whenAtRest(this);
    } else {
      throw new ErrnoException("IORING_OP_ASYNC_CANCEL", -res);
    }
  }

  @Override
  public void atRest() {
    handler.onOutcome(ring.letGo(target));
  }
}
