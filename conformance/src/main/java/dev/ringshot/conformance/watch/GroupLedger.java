package dev.ringshot.conformance.watch;

import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import dev.ringshot.abi.BufferRingLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;

/// Which buffers of one buffer ring the kernel may hand out: those that the application put into
/// it, as often as it did, less those that a CQE gave away.
final class GroupLedger {
  private static final VarHandle SHORT = JAVA_SHORT.varHandle().withInvokeExactBehavior();

  private final MemorySegment ring;
  private final int entries;
  private final short[] provided = new short[1 << 16];
  private int tail;

  /// @param ring the shared memory, from its first entry
  GroupLedger(MemorySegment ring, int entries) {
    this.ring = ring;
    this.entries = entries;
  }

  /// Whether its memory goes when `mapping` does.
  boolean isIn(MemorySegment mapping) {
    return ring.address() - mapping.address() >= 0
        && ring.address() - mapping.address() < mapping.byteSize();
  }

  /// Takes in what was added since the last look.
  void look() {
    int now = Short.toUnsignedInt((short) SHORT.getAcquire(ring, (long) BufferRingLayout.TAIL));
    for (; tail != now; tail = tail + 1 & 0xffff) {
      long entry = (long) (tail & entries - 1) * BufferRingLayout.BUF_SIZE;
      int bid = Short.toUnsignedInt(ring.get(JAVA_SHORT, entry + BufferRingLayout.BUF_BID));
      provided[bid]++;
    }
  }

  /// A CQE named `bid`.
  ///
  /// @param last whether the buffer is the application's again
  /// @return false if the kernel did not have it
  boolean delivered(int bid, boolean last) {
    if (provided[bid] <= 0) return false;
    if (last) provided[bid]--;
    return true;
  }
}
