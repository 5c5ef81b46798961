package dev.ringshot.conformance.rig;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.ringshot.abi.Cqe;
import dev.ringshot.abi.Errno;
import dev.ringshot.abi.GeteventsArg;
import dev.ringshot.abi.IoUring;
import dev.ringshot.abi.Kernel;
import dev.ringshot.abi.RingParams;
import dev.ringshot.abi.Sqe;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.List;

/// A ring poked by hand: nothing between a case and the bytes.
///
/// Submission: [#sqe] hands out the next slot, [#submit] publishes what was handed out and enters.
/// Completion: [#visible] takes what can be seen without a call; [#expect] waits, never longer than
/// [#PATIENCE_NANOS], so that no case hangs.
public final class RawRing {
  /// How long a case waits for what must come.
  public static final long PATIENCE_NANOS = 3_000_000_000L;

  /// How long a case watches that nothing comes, where only time can tell.
  public static final long QUIET_NANOS = 10_000_000L;

  private static final VarHandle INT = JAVA_INT.varHandle().withInvokeExactBehavior();
  private static final int TIMESPEC = 64; // where in `arguments`

  private final Rig rig;
  private final Kernel kernel;
  private final int fd;
  private final RingParams params;
  private final MemorySegment rings;
  private final MemorySegment sqes;
  private final MemorySegment arguments;
  private final Sqe sqe = new Sqe();
  private final Cqe cqe = new Cqe();
  private int sqTail;
  private int sqTailPublished;
  private int cqHead; // what was read
  private int cqHeadPublished;
  private boolean closed;

  RawRing(Rig rig, int fd, RingParams params, MemorySegment rings, MemorySegment sqes) {
    this.rig = rig;
    this.kernel = rig.kernel();
    this.fd = fd;
    this.params = params;
    this.rings = rings;
    this.sqes = sqes;
    this.arguments = rig.memory(128);
    if (!noSqArray()) {
      for (int i = 0; i < params.sqEntries(); i++) setSqArray(i, i);
    }
  }

  /// The ring's descriptor.
  public int fd() {
    return fd;
  }

  /// What setup wrote.
  public RingParams params() {
    return params;
  }

  // ---- submission

  /// The next SQE slot, zeroed; it is published by the next [#submit].
  public Sqe sqe() {
    if (sqTail - sqHead() >= params.sqEntries()) throw new AssertionError("SQ full: a bad case");
    int stride = has(IoUring.IORING_SETUP_SQE128) ? 128 : 64;
    long offset = (long) (sqTail++ & params.sqEntries() - 1) * stride;
    sqes.asSlice(offset, stride).fill((byte) 0);
    return sqe.at(sqes, offset);
  }

  /// The next SQE slot with its user_data.
  public Sqe sqe(long userData) {
    return sqe().userData(userData);
  }

  /// The next two SQE slots as one of 128 bytes, for an opcode that has it so in a ring of mixed
  /// sizes.
  public Sqe sqe128(long userData) {
    Sqe first = sqe(userData);
    long offset = first.offset();
    sqe();
    return sqe.at(sqes, offset);
  }

  /// Makes the slots handed out so far visible to the kernel, without a call.
  ///
  /// @return how many became visible
  public int publish() {
    int count = sqTail - sqTailPublished;
    sqTailPublished = sqTail;
    INT.setRelease(rings, (long) params.sqOffTail(), sqTail);
    return count;
  }

  /// Publishes and submits, without GETEVENTS.
  ///
  /// @return what enter returned
  public int submit() {
    return enter(publish(), 0, wakeUp());
  }

  private int wakeUp() {
    return has(IoUring.IORING_SETUP_SQPOLL) ? IoUring.IORING_ENTER_SQ_WAKEUP : 0;
  }

  /// [#submit], which must take all of them.
  public void submitAll() {
    int count = publish();
    Claim.result("io_uring_enter", count, enter(count, 0, wakeUp()));
    if (has(IoUring.IORING_SETUP_SQPOLL)) awaitTaken();
  }

  /// Until the kernel's own thread took what was published: it moves the head after it has issued
  /// the entries.
  private void awaitTaken() {
    for (long millis = 0; sqHead() != sqTailPublished; millis++) {
      Claim.that("the SQ thread takes what is there", millis * 1_000_000 < PATIENCE_NANOS);
      rig.host().poll(fd, 0, 1);
    }
  }

  /// [#submitAll], but one call an entry, so that a bad one stops no other.
  public void submitEach() {
    int count = publish();
    for (int i = 0; i < count; i++) Claim.result("io_uring_enter", 1, enter(1, 0, wakeUp()));
  }

  /// Fills the whole SQE array, what was submitted too.
  public void overwriteEntries(byte value) {
    sqes.fill(value);
  }

  /// io_uring_enter without an argument.
  public int enter(int toSubmit, int minComplete, int flags) {
    return kernel.enter(fd, toSubmit, minComplete, flags, 0, 0);
  }

  /// io_uring_enter that waits for `minComplete` CQEs, at most `timeoutNanos`.
  public int enterTimed(int toSubmit, int minComplete, long timeoutNanos) {
    int flags = IoUring.IORING_ENTER_GETEVENTS | IoUring.IORING_ENTER_EXT_ARG;
    return kernel.enter(fd, toSubmit, minComplete, flags, timeout(timeoutNanos), GeteventsArg.SIZE);
  }

  private long timeout(long nanos) {
    arguments.set(JAVA_LONG, TIMESPEC, nanos / 1_000_000_000L);
    arguments.set(JAVA_LONG, TIMESPEC + 8, nanos % 1_000_000_000L);
    arguments.set(JAVA_LONG, GeteventsArg.TS, arguments.address() + TIMESPEC);
    return arguments.address();
  }

  /// Enter with GETEVENTS that waits for nothing: runs pending task work, flushes the overflow
  /// list.
  ///
  /// @return what enter returned
  public int getEvents() {
    return enter(0, 0, IoUring.IORING_ENTER_GETEVENTS);
  }

  /// io_uring_register.
  public int register(int opcode, long argument, int count) {
    return kernel.register(fd, opcode, argument, count);
  }

  // ---- completion

  /// Takes the CQEs that can be seen, without a call.
  public List<Completion> visible() {
    List<Completion> taken = look();
    release(Integer.MAX_VALUE);
    return taken;
  }

  /// The CQEs that can be seen and were not seen before; they stay in the CQ until [#release].
  public List<Completion> look() {
    int tail = (int) INT.getAcquire(rings, (long) params.cqOffTail());
    List<Completion> taken = new ArrayList<>();
    while (tail - cqHead > 0) {
      Completion next = read(cqHead);
      boolean twoSlots = (next.flags() & IoUring.IORING_CQE_F_32) != 0;
      cqHead += twoSlots ? 2 : 1;
      taken.add(next);
    }
    return taken;
  }

  /// Gives slots of the CQ back, oldest first, as many of them as were looked at.
  public void release(int slots) {
    cqHeadPublished += Math.min(slots, cqHead - cqHeadPublished);
    INT.setRelease(rings, (long) params.cqOffHead(), cqHeadPublished);
  }

  /// CQE slots that hold something, as the kernel counts them.
  public int cqHeld() {
    return cqTail() - cqHeadPublished;
  }

  /// How many SQEs can be handed out before the next enter.
  public int sqSpace() {
    return params.sqEntries() - (sqTail - sqHead());
  }

  /// SQEs that are published and not yet consumed.
  public int sqPending() {
    return sqTailPublished - sqHead();
  }

  private Completion read(int index) {
    boolean cqe32 = has(IoUring.IORING_SETUP_CQE32);
    int stride = cqe32 ? 32 : 16;
    cqe.at(rings, params.cqOffCqes() + (long) (index & params.cqEntries() - 1) * stride);
    boolean wide = cqe32 || (cqe.flags() & IoUring.IORING_CQE_F_32) != 0;
    return new Completion(
        cqe.userData(), cqe.res(), cqe.flags(), wide ? cqe.extra(0) : 0, wide ? cqe.extra(1) : 0);
  }

  /// Submits what was handed out, then takes at least `count` CQEs, or what came in time.
  public List<Completion> take(int count) {
    if (sqTail != sqTailPublished) submitAll();
    List<Completion> taken = new ArrayList<>(visible());
    while (taken.size() < count) {
      int result = enterTimed(0, count - taken.size(), PATIENCE_NANOS);
      List<Completion> more = visible();
      taken.addAll(more);
      if (result < 0 && result != -Errno.EINTR) break;
      if (more.isEmpty() && result == 0 && sqFlags() == 0) break;
    }
    return taken;
  }

  /// Submits what was handed out, waits for as many CQEs as are `expected`, and claims that exactly
  /// these came, in this order.
  public void expect(Completion... expected) {
    List<Completion> taken = take(expected.length);
    rig.record(taken);
    Claim.equal("CQEs", List.of(expected), taken);
  }

  /// [#expect], in any order.
  public void expectInAnyOrder(Completion... expected) {
    List<Completion> taken = new ArrayList<>(take(expected.length));
    List<Completion> missing = new ArrayList<>(List.of(expected));
    List<Completion> surplus = new ArrayList<>(taken);
    for (Completion one : taken) if (missing.remove(one)) surplus.remove(one);
    if (missing.isEmpty() && surplus.isEmpty()) return;
    throw new AssertionError("CQEs: missing " + missing + ", unexpected " + surplus);
  }

  /// Takes one CQE whose result the case judges itself: a descriptor, a time.
  public Completion takeOne() {
    List<Completion> taken = take(1);
    if (taken.size() == 1) return taken.getFirst();
    throw new AssertionError("CQEs: expected one, got " + taken);
  }

  /// Claims that these can be seen without any call.
  public void expectVisible(Completion... expected) {
    List<Completion> taken = visible();
    rig.record(taken);
    Claim.equal("CQEs visible without a call", List.of(expected), taken);
  }

  /// Runs pending task work and claims that no CQE is there.
  public void expectNothing() {
    if (sqTail != sqTailPublished) submitAll();
    getEvents();
    Claim.equal("CQEs", List.of(), visible());
  }

  /// [#expectNothing], and that none comes in [#QUIET_NANOS] either.
  public void expectQuiet() {
    expectNothing();
    enterTimed(0, 1, QUIET_NANOS);
    Claim.equal("CQEs", List.of(), visible());
  }

  // ---- the shared words

  /// Kernel's index: SQEs consumed.
  public int sqHead() {
    return (int) INT.getAcquire(rings, (long) params.sqOffHead());
  }

  /// Kernel's index: CQEs posted.
  public int cqTail() {
    return (int) INT.getAcquire(rings, (long) params.cqOffTail());
  }

  /// `IORING_SQ_*` bits.
  public int sqFlags() {
    return (int) INT.getAcquire(rings, (long) params.sqOffFlags());
  }

  /// SQ array entries that named no SQE.
  public int sqDropped() {
    return (int) INT.getAcquire(rings, (long) params.sqOffDropped());
  }

  /// CQEs lost for good.
  public int cqOverflow() {
    return (int) INT.getAcquire(rings, (long) params.cqOffOverflow());
  }

  /// `IORING_CQ_*` bits, which the application sets.
  public void setCqFlags(int flags) {
    INT.setRelease(rings, (long) params.cqOffFlags(), flags);
  }

  /// Writes one entry of the SQ array.
  public void setSqArray(int index, int entry) {
    rings.set(JAVA_INT, params.sqOffArray() + 4L * index, entry);
  }

  private boolean noSqArray() {
    return has(IoUring.IORING_SETUP_NO_SQARRAY);
  }

  private boolean has(int setupFlag) {
    return (params.flags() & setupFlag) != 0;
  }

  // ---- the end

  /// Unmaps both areas and closes the descriptor, which ends the ring.
  public void close() {
    if (closed) return;
    closed = true;
    kernel.unmap(sqes);
    kernel.unmap(rings);
    kernel.close(fd);
  }

  /// Closes the descriptor alone; the mappings hold the ring.
  public void closeDescriptor() {
    Claim.result("close", 0, kernel.close(fd));
  }

  /// Unmaps both areas, after [#closeDescriptor].
  public void unmap() {
    closed = true;
    Claim.result("munmap", 0, kernel.unmap(sqes));
    Claim.result("munmap", 0, kernel.unmap(rings));
  }
}
