package dev.ringshot.model;

import static dev.ringshot.abi.Errno.EBUSY;
import static dev.ringshot.abi.Errno.EINVAL;

import java.util.BitSet;

/// Credentials that a program registered with a ring, by number. There is but one kind of them
/// here: what is done under a personality is what its program may do. Guarded by the ring's lock.
final class Personalities {
  private static final int IDS = 1 << 16;

  private final BitSet ids = new BitSet();
  private int next = 1;

  boolean has(int id) {
    return ids.get(id);
  }

  /// @return a number, 1 to 65535, each once before any comes again; `-EBUSY` if all are taken
  int register() {
    int id = ids.nextClearBit(next);
    if (id >= IDS) id = ids.nextClearBit(1);
    if (id >= IDS) return -EBUSY;
    ids.set(id);
    next = id + 1;
    return id;
  }

  /// @return 0, or `-EINVAL` if it is none
  int unregister(int id) {
    if (id < 0 || !ids.get(id)) return -EINVAL;
    ids.clear(id);
    return 0;
  }
}
