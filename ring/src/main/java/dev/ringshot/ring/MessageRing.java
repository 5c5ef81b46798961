package dev.ringshot.ring;

import static dev.ringshot.abi.Errno.EINTR;
import static dev.ringshot.abi.IoUring.IORING_ENTER_GETEVENTS;

import dev.ringshot.abi.ErrnoException;
import dev.ringshot.abi.Kernel;

/// A ring of two entries that only sends messages, for kernels where a message needs a sender
/// (before Linux 6.13). Not bound to a thread; one at a time uses it.
final class MessageRing {
  private static final RingOptions OPTIONS =
      RingOptions.DEFAULT.withEntries(2).withFlags(0).withRegistered(false);

  private final Kernel kernel;
  private final Scratch scratch;
  private final Descriptor descriptor;
  private final SubmissionQueue submissions;
  private final CompletionQueue completions;

  MessageRing(Kernel kernel) {
    this.kernel = kernel;
    scratch = new Scratch(kernel);
    try {
      descriptor = new Descriptor(kernel, scratch, OPTIONS);
    } catch (ErrnoException e) {
      kernel.unmap(scratch.page());
      throw e;
    }
    submissions = descriptor.submissions();
    completions = descriptor.completions();
  }

  /// Posts a wake-up to a ring.
  ///
  /// @return 0 or `-errno`
  int send(int ringFd) {
    submissions.next().msgRing(ringFd, 0, Wakeup.USER_DATA, 0);
    int entered;
    do {
      entered = descriptor.enter(submissions.publish(), 1, IORING_ENTER_GETEVENTS);
    } while (entered == -EINTR);
    if (entered < 0) return entered;
    int result = 0;
    while (completions.ready() > 0) {
      long at = completions.first();
      result = completions.res(at);
      completions.advance(completions.flags(at));
    }
    return result;
  }

  void close() {
    descriptor.close();
    kernel.unmap(scratch.page());
  }
}
