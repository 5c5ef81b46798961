package dev.ringshot.conformance.differ;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import dev.ringshot.abi.BufferRingLayout;
import dev.ringshot.abi.IoUring;
import dev.ringshot.abi.Kernel;
import dev.ringshot.conformance.rig.BufferGroup;
import dev.ringshot.conformance.rig.BufferRegistration;
import dev.ringshot.conformance.rig.Completion;
import dev.ringshot.conformance.rig.RawRing;
import dev.ringshot.conformance.rig.Rig;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The buffer rings of a program, with ids from 0 on.
final class Groups {
  /// How many there may be.
  static final int MAX = 5;

  /// Entries of the largest.
  static final int ENTRIES_MAX = 64;

  private static final VarHandle SHORT = JAVA_SHORT.varHandle().withInvokeExactBehavior();

  private final Rig rig;
  private final RawRing ring;
  private final MemorySegment data;
  private final @Nullable MemorySegment[] memories = new MemorySegment[MAX];
  private final int[] entries = new int[MAX];
  private final int[] tails = new int[MAX];
  private final MemorySegment status;
  private final List<MemorySegment> mapped = new ArrayList<>();

  Groups(Rig rig, RawRing ring, MemorySegment data) {
    this.rig = rig;
    this.ring = ring;
    this.data = data;
    this.status = rig.memory((long) BufferRingLayout.STATUS_SIZE);
  }

  /// Where a group's ring is; 0 if it has no memory.
  long address(int group) {
    MemorySegment memory = group < MAX ? memories[group] : null;
    return memory == null ? 0 : memory.address();
  }

  /// Registers one.
  ///
  /// @return the result
  int add(Step.AddGroup step) {
    int id = step.id();
    boolean isMapped = (step.flags() & IoUring.IOU_PBUF_RING_MMAP) != 0;
    MemorySegment own =
        isMapped ? null : rig.memory((long) ENTRIES_MAX * BufferRingLayout.BUF_SIZE);
    long address = own == null ? 0 : own.address();
    int result =
        new BufferRegistration(rig, id, step.entries(), address)
            .flags(step.flags())
            .minLeft(step.minLeft())
            .register(ring);
    if (result < 0) return result;
    if (own == null) {
      own =
          rig.kernel()
              .map(
                  ring.fd(),
                  BufferGroup.mapOffset(id),
                  (long) step.entries() * BufferRingLayout.BUF_SIZE,
                  Kernel.PROT_READ | Kernel.PROT_WRITE);
      mapped.add(own);
    }
    memories[id] = own;
    entries[id] = step.entries();
    tails[id] = 0;
    return result;
  }

  /// Gives buffers back.
  void provide(Step.Provide step) {
    MemorySegment memory = memories[step.group()];
    if (memory == null) return;
    for (int i = 0; i < step.count(); i++) {
      long entry = entry(step.group(), tails[step.group()]++);
      long address = data.address() + step.offset() + (long) i * step.length();
      memory.set(JAVA_LONG, entry + BufferRingLayout.BUF_ADDR, address);
      memory.set(JAVA_INT, entry + BufferRingLayout.BUF_LEN, step.length());
      memory.set(JAVA_SHORT, entry + BufferRingLayout.BUF_BID, (short) (step.firstBid() + i));
    }
    SHORT.setRelease(memory, (long) BufferRingLayout.TAIL, (short) tails[step.group()]);
  }

  private long entry(int group, int index) {
    return (long) (index & entries[group] - 1) * BufferRingLayout.BUF_SIZE;
  }

  /// The head of a group, or why there is none.
  String head(int group) {
    status.fill((byte) 0).set(JAVA_INT, BufferRingLayout.STATUS_BUF_GROUP, group);
    int result = ring.register(IoUring.IORING_REGISTER_PBUF_STATUS, status.address(), 1);
    return result == 0
        ? "head " + group + ": " + status.get(JAVA_INT, BufferRingLayout.STATUS_HEAD)
        : "head " + group + ": " + Completion.result(result);
  }

  /// What is left of them at the end: heads, and entries as the kernel left them.
  List<String> end() {
    List<String> lines = new ArrayList<>();
    for (int group = 0; group < MAX; group++) {
      MemorySegment memory = memories[group];
      if (memory == null) continue;
      var line = new StringBuilder(head(group));
      for (int i = 0; i < entries[group]; i++) {
        long at = entry(group, i);
        long address = memory.get(JAVA_LONG, at + BufferRingLayout.BUF_ADDR);
        line.append(' ').append(address == 0 ? 0 : address - data.address());
        line.append('+').append(memory.get(JAVA_INT, at + BufferRingLayout.BUF_LEN));
      }
      lines.add(line.toString());
    }
    return lines;
  }

  /// Unmaps what the kernel had mapped.
  void close() {
    mapped.forEach(rig.kernel()::unmap);
  }
}
