package dev.ringshot.model;

import java.util.concurrent.atomic.AtomicLong;

/// What a kernel keeps for its program without an end that a ring's size sets, counted as a memory
/// control group counts it: a program that asks for ever more hears that there is none, and the JVM
/// does not run out of it.
final class KernelMemory {
  /// Bytes of a request and whatever it parks in.
  static final int REQUEST = 512;

  /// Bytes of a completion that has no room, or of a message under way.
  static final int COMPLETION = 64;

  /// Bytes of buffers provided together.
  static final int BUFFERS = 64;

  /// Half a million requests.
  private static final long BYTES_MAX = 256L << 20;

  private final AtomicLong used = new AtomicLong();

  /// @return false if there is not so much left
  boolean tryCharge(int bytes) {
    if (used.addAndGet(bytes) <= BYTES_MAX) return true;
    uncharge(bytes);
    return false;
  }

  /// Of what cannot be refused.
  void charge(int bytes) {
    var _ = used.addAndGet(bytes);
  }

  void uncharge(long bytes) {
    var _ = used.addAndGet(-bytes);
  }

  long used() {
    return used.get();
  }
}
