package dev.ringshot.conformance.rig;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import dev.ringshot.abi.BufferRingLayout;
import dev.ringshot.abi.IoUring;
import dev.ringshot.abi.Kernel;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/// A provided buffer ring, filled by hand.
public final class BufferGroup {
  private static final VarHandle SHORT = JAVA_SHORT.varHandle().withInvokeExactBehavior();

  private final Rig rig;
  private final RawRing ring;
  private final int id;
  private final int entries;
  private final MemorySegment memory;
  private final MemorySegment status;
  private final Map<Integer, MemorySegment> buffers = new HashMap<>();
  private int tail;

  private BufferGroup(Rig rig, RawRing ring, int id, int entries, MemorySegment memory) {
    this.rig = rig;
    this.ring = ring;
    this.id = id;
    this.entries = entries;
    this.memory = memory;
    this.status = rig.memory((long) BufferRingLayout.STATUS_SIZE);
  }

  /// Registers a ring in memory of the application's.
  ///
  /// @param flags `IOU_PBUF_RING_INC` or 0
  static BufferGroup register(Rig rig, RawRing ring, int id, int entries, int flags, int minLeft) {
    MemorySegment memory = rig.memory((long) entries * BufferRingLayout.BUF_SIZE);
    var registration = new BufferRegistration(rig, id, entries, memory.address());
    registration.flags(flags).minLeft(minLeft);
    Claim.result("REGISTER_PBUF_RING", 0, registration.register(ring));
    return new BufferGroup(rig, ring, id, entries, memory);
  }

  /// Registers a ring in memory of the kernel's and maps it.
  static BufferGroup registerMapped(Rig rig, RawRing ring, int id, int entries, int flags) {
    var registration = new BufferRegistration(rig, id, entries, 0);
    registration.flags(flags | IoUring.IOU_PBUF_RING_MMAP);
    Claim.result("REGISTER_PBUF_RING", 0, registration.register(ring));
    long bytes = (long) entries * BufferRingLayout.BUF_SIZE;
    MemorySegment memory =
        rig.map(ring.fd(), mapOffset(id), bytes, Kernel.PROT_READ | Kernel.PROT_WRITE);
    return new BufferGroup(rig, ring, id, entries, memory);
  }

  /// Where a ring with `IOU_PBUF_RING_MMAP` is mapped.
  public static long mapOffset(int id) {
    return IoUring.IORING_OFF_PBUF_RING | (long) id << IoUring.IORING_OFF_PBUF_SHIFT;
  }

  /// The group's id.
  public int id() {
    return id;
  }

  /// Adds `count` fresh buffers of `size` bytes with ids from `firstBid`, and publishes them.
  ///
  /// @return this
  public BufferGroup provide(int firstBid, int count, int size) {
    MemorySegment block = rig.memory((long) Math.max(count, 1) * Math.max(size, 1));
    for (int i = 0; i < count; i++) {
      MemorySegment buffer = block.asSlice((long) i * size, size);
      buffers.put(firstBid + i, buffer);
      add(firstBid + i, buffer.address(), size);
    }
    publish();
    return this;
  }

  /// Gives a buffer of [#provide] back, and publishes it.
  public void giveBack(int bid) {
    MemorySegment buffer = buffer(bid);
    add(bid, buffer.address(), (int) buffer.byteSize());
    publish();
  }

  /// Writes one entry, whatever it says; [#publish] makes it visible.
  public void add(int bid, long address, int length) {
    long entry = entry(tail++);
    memory.set(JAVA_LONG, entry + BufferRingLayout.BUF_ADDR, address);
    memory.set(JAVA_INT, entry + BufferRingLayout.BUF_LEN, length);
    memory.set(JAVA_SHORT, entry + BufferRingLayout.BUF_BID, (short) bid);
  }

  /// Stores the tail.
  public void publish() {
    SHORT.setRelease(memory, (long) BufferRingLayout.TAIL, (short) tail);
  }

  private long entry(int index) {
    return (long) (index & entries - 1) * BufferRingLayout.BUF_SIZE;
  }

  /// What entry `index` says is its buffer's address now.
  public long entryAddress(int index) {
    return memory.get(JAVA_LONG, entry(index) + BufferRingLayout.BUF_ADDR);
  }

  /// What entry `index` says is its buffer's length now.
  public int entryLength(int index) {
    return memory.get(JAVA_INT, entry(index) + BufferRingLayout.BUF_LEN);
  }

  /// The buffer of [#provide] with that id.
  public MemorySegment buffer(int bid) {
    MemorySegment buffer = buffers.get(bid);
    if (buffer == null) throw new AssertionError("no buffer " + bid + ": a bad case");
    return buffer;
  }

  /// The first `length` bytes of a buffer, as text.
  public String text(int bid, int length) {
    byte[] bytes = buffer(bid).asSlice(0, length).toArray(JAVA_BYTE);
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }

  /// The kernel's head, by `IORING_REGISTER_PBUF_STATUS`.
  public int head() {
    status.set(JAVA_INT, BufferRingLayout.STATUS_BUF_GROUP, id);
    int result = ring.register(IoUring.IORING_REGISTER_PBUF_STATUS, status.address(), 1);
    Claim.result("REGISTER_PBUF_STATUS", 0, result);
    return status.get(JAVA_INT, BufferRingLayout.STATUS_HEAD);
  }

  /// Claims how many buffers were taken so far.
  public void expectHead(int expected) {
    Claim.equal("head of group " + id, expected, head());
  }

  /// Removes the group.
  public void unregister() {
    var registration = new BufferRegistration(rig, id, 0, 0);
    Claim.result("UNREGISTER_PBUF_RING", 0, registration.unregister(ring));
  }
}
