package dev.ringshot.ring;

import static dev.ringshot.abi.IoUring.IORING_REGISTER_SEND_MSG_RING;

import dev.ringshot.abi.Errno;
import dev.ringshot.abi.ErrnoException;
import dev.ringshot.abi.Kernel;
import dev.ringshot.abi.Sqe;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// Wakes a ring from any thread: posts a completion with `user_data` 0 to it.
///
/// Many calls before the ring has seen the first are one message. The state says who has to act:
///
/// ```
///   waking threads                              the ring's thread
///   IDLE ──► SENDING  (the one that sends)
///   SENDING ──► SENT  (it is sent)              SENT ──► IDLE            (received)
///                                               SENDING ──► RECEIVED     (received: too fast)
///   RECEIVED ──► AGAIN (another wake: send on)
///   RECEIVED ──► IDLE, AGAIN ──► SENDING (the one that sends)
///                                               SENDING, RECEIVED, AGAIN ──► CLOSING
///   CLOSING ──► CLOSED (the one that sends cleans up)
/// ```
///
/// So one thread sends at a time, no lock is held, and whoever is last unmaps.
final class Wakeup {
  /// What a wake-up's completion carries; no request has it.
  static final long USER_DATA = 0;

  private static final int IDLE = 0;
  private static final int SENDING = 1;
  private static final int SENT = 2;
  private static final int RECEIVED = 3;
  private static final int AGAIN = 4;
  private static final int CLOSING = 5;
  private static final int CLOSED = 6;

  private final AtomicInteger state = new AtomicInteger(IDLE);
  private final Kernel kernel;
  private final MemorySegment page;
  private final int ringFd;
  private @Nullable MessageRing messenger;

  /// @param page with room for a submission queue entry at [Scratch#WAKE]; unmapped in the end
  Wakeup(Kernel kernel, MemorySegment page, int ringFd) {
    this.kernel = kernel;
    this.page = page;
    this.ringFd = ringFd;
    new Sqe().at(page, Scratch.WAKE).clear().msgRing(ringFd, 0, USER_DATA, 0);
  }

  /// Any thread.
  void wake() {
    while (true) {
      switch (state.get()) {
        case IDLE -> {
          if (state.compareAndSet(IDLE, SENDING)) {
            send();
            return;
          }
        }
        case RECEIVED -> {
          if (state.compareAndSet(RECEIVED, AGAIN)) return;
        }
        default -> {
          return; // on its way, or nobody is left to wake
        }
      }
    }
  }

  private void send() {
    while (true) {
      int result = sendOnce();
      if (result < 0 && state.compareAndSet(SENDING, IDLE)) throw failure(-result);
      if (state.compareAndSet(SENDING, SENT) || state.compareAndSet(RECEIVED, IDLE)) return;
      if (state.get() == CLOSING) {
        release();
        return;
      }
      state.compareAndSet(AGAIN, SENDING);
    }
  }

  private static ErrnoException failure(int errno) {
    return new ErrnoException(
        "io_uring_register", errno, "cannot wake the ring: messages to rings need Linux 5.18");
  }

  /// Linux 6.13 sends for whoever asks; before that a ring has to be at hand to send from.
  private int sendOnce() {
    if (messenger == null) {
      long entry = page.address() + Scratch.WAKE;
      int result = kernel.register(-1, IORING_REGISTER_SEND_MSG_RING, entry, 1);
      if (result != -Errno.EINVAL && result != -Errno.EBADF) return result;
      try {
        messenger = new MessageRing(kernel);
      } catch (ErrnoException e) {
        return -e.errno();
      }
    }
    return messenger.send(ringFd);
  }

  /// The ring's thread has seen the completion.
  void received() {
    while (true) {
      int now = state.get();
      if (now == SENT && state.compareAndSet(SENT, IDLE)) return;
      if (now == SENDING && state.compareAndSet(SENDING, RECEIVED)) return;
      if (now != SENT && now != SENDING) return;
    }
  }

  /// No wake has an effect after this.
  void close() {
    while (true) {
      int now = state.get();
      boolean isSending = now == SENDING || now == RECEIVED || now == AGAIN;
      if (state.compareAndSet(now, isSending ? CLOSING : CLOSED)) {
        if (!isSending) release();
        return;
      }
    }
  }

  private void release() {
    state.set(CLOSED);
    if (messenger != null) messenger.close();
    kernel.unmap(page);
  }
}
