package dev.ringshot.conformance.watch;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import dev.ringshot.abi.BufferRingLayout;
import dev.ringshot.abi.Cqe;
import dev.ringshot.abi.IoUring;
import dev.ringshot.abi.Kernel;
import dev.ringshot.abi.RingParams;
import dev.ringshot.abi.Sqe;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Passes every call on and claims, before and after it, what holds of every kernel; breaking it
/// throws [Violation]:
///
/// - a result is a value or `-errno`; setup returns powers of two and masks that fit them;
/// - the kernel's indices only move forward: the SQ head by what enter returned and never past the
///   tail, the CQ tail never more than the CQ's size past the head;
/// - SQ flags and CQE flags have known bits only;
/// - no CQE for a `user_data` without a request that still owes one (`IORING_CQE_F_MORE`);
/// - a buffer id comes only from a group that holds it, and, without `IORING_CQE_F_BUF_MORE`, only
///   once until it is given back.
///
/// It sees CQEs when a call is made. If more were posted and taken between two calls than the CQ
/// holds, it drops what it knew of that ring's requests and goes on. SQPOLL rings are passed on
/// unchecked. After the first violation it checks nothing any more, so that what is open can be
/// closed. Good for one thread at a time.
public final class CheckedKernel implements Kernel {
  private static final int ERRNO_MAX = 4095;
  private static final int SQ_FLAGS =
      IoUring.IORING_SQ_NEED_WAKEUP | IoUring.IORING_SQ_CQ_OVERFLOW | IoUring.IORING_SQ_TASKRUN;
  private static final int CQE_FLAGS =
      IoUring.IORING_CQE_F_BUFFER
          | IoUring.IORING_CQE_F_MORE
          | IoUring.IORING_CQE_F_SOCK_NONEMPTY
          | IoUring.IORING_CQE_F_NOTIF
          | IoUring.IORING_CQE_F_BUF_MORE
          | IoUring.IORING_CQE_F_SKIP
          | IoUring.IORING_CQE_F_32;

  private final Watch kernel;
  private final Map<WatchedRing, Checks> checks = new HashMap<>();
  private final Cqe cqe = new Cqe();
  private boolean broken;

  /// Checks `kernel`.
  public CheckedKernel(Kernel kernel) {
    this.kernel = new Watch(kernel);
  }

  /// What is known of one ring.
  private static final class Checks {
    final InFlight inFlight = new InFlight();
    final Map<Integer, GroupLedger> groups = new HashMap<>();
    final Map<Integer, Integer> entriesToMap = new HashMap<>();
    int cqTail;
    boolean complete = true; // no CQE was missed
    boolean messaged; // MSG_RING may pass any flags

    void announced(long userData) {
      messaged = true;
      inFlight.announced(userData);
    }
  }

  @Override
  public int setup(int entries, long params) {
    int fd = result("io_uring_setup", kernel.setup(entries, params));
    MemorySegment written = kernel.memory(params, RingParams.SIZE);
    if (fd < 0 || written == null) return fd;
    RingParams p = new RingParams().at(written, 0);
    check(Integer.bitCount(p.sqEntries()) == 1, "sq_entries " + p.sqEntries());
    check(Integer.bitCount(p.cqEntries()) == 1, "cq_entries " + p.cqEntries());
    check(p.cqEntries() >= p.sqEntries(), "CQ smaller than SQ: " + p.cqEntries());
    return fd;
  }

  @Override
  public int enter(int fd, int toSubmit, int minComplete, int flags, long arg, long argSize) {
    boolean isIndex = (flags & IoUring.IORING_ENTER_REGISTERED_RING) != 0;
    WatchedRing ring = kernel.ring(fd, isIndex);
    if (ring == null || ring.has(IoUring.IORING_SETUP_SQPOLL))
      return result("io_uring_enter", kernel.enter(fd, toSubmit, minComplete, flags, arg, argSize));
    lookAtAll();
    List<Sqe> pending = ring.pending(toSubmit);
    int head = ring.sqHead();
    int dropped = ring.sqDropped();
    int result =
        result("io_uring_enter", kernel.enter(fd, toSubmit, minComplete, flags, arg, argSize));
    boolean rewinds = ring.has(IoUring.IORING_SETUP_SQ_REWIND);
    int moved = rewinds ? Math.max(result, 0) : ring.sqHead() - head;
    int lost = ring.sqDropped() - dropped;
    check(
        moved >= 0 && ring.sqTail() - ring.sqHead() >= 0,
        "SQ head went from " + head + " by " + moved);
    check(result <= Math.max(0, toSubmit), "enter submitted " + result + " of " + toSubmit);
    if (result >= 0)
      check(moved == result + lost, "enter returned " + result + ", SQ head moved by " + moved);
    int consumed = Math.min(moved - lost, pending.size());
    for (Sqe sqe : pending.subList(0, consumed)) announce(ring, sqe);
    lookAtAll();
    return result;
  }

  private void announce(WatchedRing ring, Sqe sqe) {
    checksOf(ring).inFlight.submitted(sqe);
    if (sqe.opcode() != IoUring.IORING_OP_MSG_RING) return;
    if ((sqe.flags() & IoUring.IOSQE_FIXED_FILE) != 0) {
      for (WatchedRing any : kernel.rings()) checksOf(any).announced(sqe.off());
      return;
    }
    WatchedRing target = kernel.ring(sqe.fd(), false);
    if (target != null) checksOf(target).announced(sqe.off());
  }

  @Override
  public int register(int fd, int opcode, long arg, int argCount) {
    lookAtAll();
    int op = opcode & ~IoUring.IORING_REGISTER_USE_REGISTERED_RING;
    if (op == IoUring.IORING_REGISTER_SEND_MSG_RING) announceMessage(arg);
    int result = result("io_uring_register", kernel.register(fd, opcode, arg, argCount));
    WatchedRing ring = kernel.ring(fd, op != opcode);
    if (ring != null && result == 0) groupChanged(ring, op, arg);
    lookAtAll();
    return result;
  }

  private void announceMessage(long arg) {
    MemorySegment sqe = kernel.memory(arg, Sqe.SIZE);
    if (sqe == null) return;
    Sqe message = new Sqe().at(sqe, 0);
    WatchedRing target = kernel.ring(message.fd(), false);
    if (target != null) checksOf(target).announced(message.off());
  }

  private void groupChanged(WatchedRing ring, int op, long arg) {
    if (op != IoUring.IORING_REGISTER_PBUF_RING && op != IoUring.IORING_UNREGISTER_PBUF_RING)
      return;
    MemorySegment reg = kernel.memory(arg, BufferRingLayout.REG_SIZE);
    if (reg == null) return;
    int group = Short.toUnsignedInt(reg.get(JAVA_SHORT, BufferRingLayout.REG_BGID));
    Checks known = checksOf(ring);
    known.groups.remove(group);
    known.entriesToMap.remove(group);
    if (op == IoUring.IORING_UNREGISTER_PBUF_RING) return;
    int entries = reg.get(JAVA_INT, BufferRingLayout.REG_RING_ENTRIES);
    if ((reg.get(JAVA_SHORT, BufferRingLayout.REG_FLAGS) & IoUring.IOU_PBUF_RING_MMAP) != 0) {
      known.entriesToMap.put(group, entries);
      return;
    }
    long bytes = (long) entries * BufferRingLayout.BUF_SIZE;
    MemorySegment memory = kernel.memory(reg.get(JAVA_LONG, BufferRingLayout.REG_RING_ADDR), bytes);
    if (memory != null) known.groups.put(group, new GroupLedger(memory, entries));
  }

  @Override
  public int open(String path, int flags) {
    return result("open", kernel.open(path, flags));
  }

  @Override
  public int close(int fd) {
    lookAtAll();
    return result("close", kernel.close(fd));
  }

  @Override
  public MemorySegment map(int fd, long offset, long length, int protection) {
    MemorySegment mapping = kernel.map(fd, offset, length, protection);
    check(
        mapping.byteSize() == length, "mapped " + mapping.byteSize() + " of " + length + " bytes");
    WatchedRing ring = kernel.ring(fd, false);
    if (ring == null || (offset & IoUring.IORING_OFF_MMAP_MASK) != IoUring.IORING_OFF_PBUF_RING)
      return mapping;
    int group = (int) (offset >>> IoUring.IORING_OFF_PBUF_SHIFT) & 0xffff;
    Integer entries = checksOf(ring).entriesToMap.get(group);
    if (entries != null) checksOf(ring).groups.put(group, new GroupLedger(mapping, entries));
    return mapping;
  }

  @Override
  public int unmap(MemorySegment mapping) {
    lookAtAll();
    for (Checks each : checks.values()) each.groups.values().removeIf(g -> g.isIn(mapping));
    return result("munmap", kernel.unmap(mapping));
  }

  private void lookAtAll() {
    if (broken) return;
    for (WatchedRing ring : kernel.rings()) look(ring);
  }

  private void look(WatchedRing ring) {
    if (ring.has(IoUring.IORING_SETUP_SQPOLL)) return;
    Checks known = checksOf(ring);
    known.groups.values().forEach(GroupLedger::look);
    check((ring.sqFlags() & ~SQ_FLAGS) == 0, "SQ flags 0x" + Integer.toHexString(ring.sqFlags()));
    int tail = ring.cqTail();
    int posted = tail - known.cqTail;
    int size = ring.params.cqEntries();
    check(posted >= 0, "CQ tail went back from " + known.cqTail + " to " + tail);
    check(tail - ring.cqHead() <= size, "CQ holds " + (tail - ring.cqHead()) + " of " + size);
    if (posted > size) known.complete = false;
    int first = Math.max(known.cqTail, tail - size);
    for (int i = known.complete ? first : tail; i != tail; i++) {
      cqe.at(ring.rings(), ring.cqeOffset(i));
      check(ring, known);
      if ((cqe.flags() & IoUring.IORING_CQE_F_32) != 0 && ring.cqeStride() == 16) i++;
    }
    known.cqTail = tail;
  }

  private void check(WatchedRing ring, Checks known) {
    int flags = cqe.flags();
    if ((flags & IoUring.IORING_CQE_F_SKIP) != 0) return;
    String where = "ring " + ring.fd + ", user_data " + cqe.userData() + ": ";
    check(known.inFlight.completed(cqe), where + "a CQE, but no request owes one");
    boolean strange = (flags & 0xffff & ~CQE_FLAGS) != 0;
    check(!strange || known.messaged, where + "CQE flags 0x" + Integer.toHexString(flags));
    if ((flags & IoUring.IORING_CQE_F_BUFFER) == 0) return;
    GroupLedger group = known.groups.get(known.inFlight.group(cqe.userData()));
    if (group == null) return;
    boolean held = group.delivered(cqe.bufferId(), !cqe.bufferMore());
    if (!held && known.inFlight.isCommand(cqe.userData())) held = heldElsewhere(known, group);
    check(held, where + "buffer " + cqe.bufferId() + " delivered, but not given back");
  }

  /// Whether another group had the buffer: a driver may select from any.
  private boolean heldElsewhere(Checks known, GroupLedger group) {
    for (GroupLedger other : known.groups.values()) {
      if (other != group && other.delivered(cqe.bufferId(), !cqe.bufferMore())) return true;
    }
    return false;
  }

  private Checks checksOf(WatchedRing ring) {
    return checks.computeIfAbsent(ring, _ -> new Checks());
  }

  private int result(String call, int result) {
    check(result >= -ERRNO_MAX, call + " returned " + result);
    return result;
  }

  private void check(boolean holds, String what) {
    if (holds || broken) return;
    broken = true;
    throw new Violation(what);
  }
}
