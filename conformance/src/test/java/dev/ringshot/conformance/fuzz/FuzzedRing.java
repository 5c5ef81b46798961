package dev.ringshot.conformance.fuzz;

import static dev.ringshot.abi.IoUring.*;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.ringshot.abi.Kernel;
import dev.ringshot.abi.RingParams;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/// One ring of a hostile program, and what is claimed of its completions:
///
/// - the tail goes forward only, and never past what the program has left free;
/// - a CQE has flags that there are and a result or an errno that there is, unless a driver or
///   another program chose it;
/// - a CQE is of a request that was submitted, and none comes after one without
///   `IORING_CQE_F_MORE`. What is submitted again and again by corrupt indices is [#forgive]n that.
final class FuzzedRing {
  /// Buffer groups that there may be, 0 to this minus one.
  static final int GROUPS = 5;

  /// The last errno of Linux.
  static final int ERRNO_LAST = 133;

  private static final VarHandle INT = JAVA_INT.varHandle().withInvokeExactBehavior();
  private static final int READ_WRITE = Kernel.PROT_READ | Kernel.PROT_WRITE;
  private static final int CQE_FLAGS =
      IORING_CQE_F_BUFFER
          | IORING_CQE_F_MORE
          | IORING_CQE_F_SOCK_NONEMPTY
          | IORING_CQE_F_BUF_MORE
          | IORING_CQE_F_SKIP
          | IORING_CQE_F_32;

  final int fd;
  final int sqEntries;
  final int cqEntries;
  final MemorySegment rings;
  final MemorySegment sqes;
  private final int setupFlags;
  private final int array;
  private final Ledger ledger;
  private int tail;
  private int seen;
  private int freed;
  private boolean forgiven;

  private FuzzedRing(
      int fd, RingParams params, MemorySegment rings, MemorySegment sqes, Ledger ledger) {
    this.fd = fd;
    this.sqEntries = params.sqEntries();
    this.cqEntries = params.cqEntries();
    this.setupFlags = params.flags();
    this.array = params.sqOffArray();
    this.rings = rings;
    this.sqes = sqes;
    this.ledger = ledger;
  }

  /// Opens one, or answers null where the kernel refuses.
  static @Nullable FuzzedRing open(World world, int flags, int entries, int cqEntries, int room) {
    var kernel = world.kernel;
    var memory = world.structures.memory.asSlice(room, RingParams.SIZE);
    var params = new RingParams().at(memory, 0).clear().flags(flags).cqEntries(cqEntries);
    boolean ownMemory = (flags & IORING_SETUP_NO_MMAP) != 0;
    MemorySegment own = MemorySegment.NULL;
    if (ownMemory) {
      own = kernel.map(-1, 0, 5 << 14, READ_WRITE);
      memory.set(JAVA_LONG, RingParams.SQ_OFF_USER_ADDR, own.address());
      memory.set(JAVA_LONG, RingParams.CQ_OFF_USER_ADDR, own.address() + (1 << 14));
    }
    int fd = kernel.setup(entries, memory.address());
    if (fd < 0) return null;
    var ledger = new Ledger();
    var sqes = ownMemory ? own : kernel.map(fd, IORING_OFF_SQES, sqesBytes(params), READ_WRITE);
    var rings =
        ownMemory
            ? own.asSlice(1 << 14)
            : kernel.map(fd, IORING_OFF_SQ_RING, ringBytes(params), READ_WRITE);
    return new FuzzedRing(fd, params, rings, sqes, ledger);
  }

  private static long sqesBytes(RingParams params) {
    return (long) params.sqEntries() << ((params.flags() & IORING_SETUP_SQE128) != 0 ? 7 : 6);
  }

  private static long ringBytes(RingParams params) {
    int shift = (params.flags() & IORING_SETUP_CQE32) != 0 ? 5 : 4;
    long end = params.cqOffCqes() + ((long) params.cqEntries() << shift);
    return Math.max(end, params.sqOffArray() + 4L * params.sqEntries());
  }

  boolean has(int setupFlag) {
    return (setupFlags & setupFlag) != 0;
  }

  /// From now on a request may complete again and again.
  void forgive() {
    forgiven = true;
  }

  Ledger ledger() {
    return ledger;
  }

  // ---- submitting

  /// Writes an SQE behind the last.
  void push(SqeForge forge, Ledger announced) {
    boolean wide = has(IORING_SETUP_SQE128);
    int index = tail & sqEntries - 1;
    boolean takesTwo = has(IORING_SETUP_SQE_MIXED) && isWide(forge.opcode());
    if (takesTwo && (index == sqEntries - 1 || room() < 2)) takesTwo = false;
    forge.writeTo(sqes, (long) index << (wide ? 7 : 6), wide || takesTwo ? 128 : 64);
    setArray(index, index);
    tail++;
    if (takesTwo) {
      announced.announce(forge.words[12]); // should it be taken for an entry of its own
      setArray(index + 1, index + 1);
      tail++;
    }
    ledger.submitted(forge.words);
    if (forge.opcode() == IORING_OP_MSG_RING || forge.opcode() == IORING_OP_POLL_REMOVE)
      announced.announce(forge.words[1]);
  }

  private static boolean isWide(int opcode) {
    return opcode == IORING_OP_NOP128 || opcode == IORING_OP_URING_CMD128;
  }

  /// Has entry `at` of the SQ array name `index`.
  void setArray(int at, int index) {
    if (!has(IORING_SETUP_NO_SQARRAY)) rings.set(JAVA_INT, array + 4L * at, index);
  }

  /// Starts again at the first entry where every submission does.
  void begin() {
    if (has(IORING_SETUP_SQ_REWIND)) tail = 0;
  }

  /// Entries that a submission may take: one of 128 bytes in a ring of both sizes counts twice.
  int available() {
    if (has(IORING_SETUP_SQ_REWIND)) return tail; // or it takes old ones again
    int available = tail - (int) INT.getAcquire(rings, 0L);
    return available < 0 || available > sqEntries ? sqEntries : available;
  }

  /// Entries that may be pushed before the first unconsumed one is written over.
  int room() {
    return sqEntries - available();
  }

  void publish(int offset) {
    INT.setRelease(rings, 4L, tail + offset);
  }

  /// Moves the tail where other threads move it, too.
  void publishMore(int count) {
    var _ = (int) INT.getAndAdd(rings, 4L, count);
  }

  /// Says that it has taken all completions, unseen.
  void freeAll() {
    INT.setRelease(rings, 8L, (int) INT.getAcquire(rings, 12L));
  }

  /// Says that it has taken completions up to `offset` from what it has seen.
  void freeUpTo(int offset) {
    freed = seen + offset;
    INT.setRelease(rings, 8L, freed);
  }

  // ---- completions

  /// Takes its memory out of the program's: reads and receives find no address of it, and what is
  /// in it is the kernel's word. The ring goes on, and so does the view of it here.
  void hide(Kernel kernel) {
    int _ = kernel.unmap(rings);
    int _ = kernel.unmap(sqes);
  }

  /// Whether the queue has a CQE of that user_data, among others that may have come.
  boolean holds(long userData) {
    int end = (int) INT.getAcquire(rings, 12L);
    for (int at = 0; at < Math.min(end, cqEntries); at++)
      if (rings.get(JAVA_LONG, 64 + 16L * at) == userData) return true;
    return false;
  }

  /// Looks at what has come since the last time.
  void reap(Tally tally, Ledger announced) {
    int end = (int) INT.getAcquire(rings, 12L);
    int posted = end - seen;
    if (!forgiven) {
      Failure.unless(posted >= 0, "CQ tail went back from " + seen + " to " + end);
      Failure.unless(
          end - freed <= cqEntries, "CQ of " + cqEntries + " holds " + (end - freed) + " CQEs");
    }
    boolean lost = posted < 0 || posted > cqEntries;
    for (int at = lost ? end : seen; at != end; at++) if (look(at, tally, announced)) at++;
    seen = end;
  }

  /// @return whether it takes two slots
  private boolean look(int at, Tally tally, Ledger announced) {
    int shift = has(IORING_SETUP_CQE32) ? 5 : 4;
    long offset = 64 + ((long) (at & cqEntries - 1) << shift);
    long userData = rings.get(JAVA_LONG, offset);
    int res = rings.get(JAVA_INT, offset + 8);
    int flags = rings.get(JAVA_INT, offset + 12);
    boolean two = has(IORING_SETUP_CQE_MIXED) && (flags & IORING_CQE_F_32) != 0;
    if ((flags & IORING_CQE_F_SKIP) != 0 && userData == 0) return false;
    if (announced.isAnnounced(userData)) return two && (at & cqEntries - 1) != cqEntries - 1;
    int opcode = ledger.opcode(userData);
    if (opcode < 0) {
      if (forgiven) return two;
      throw new Failure("a CQE of nobody's: user_data " + userData + ", res " + res);
    }
    tally.completed(opcode, res);
    boolean free = isAnyResult(opcode);
    Failure.unless(free || res >= -ERRNO_LAST, "opcode " + opcode + " completed with " + res);
    int known = (flags & IORING_CQE_F_BUFFER) != 0 || free ? CQE_FLAGS | ~0xffff : CQE_FLAGS;
    Failure.unless(
        (flags & ~known) == 0, "opcode " + opcode + ": CQE flags 0x" + Integer.toHexString(flags));
    boolean owed = ledger.completed(userData, (flags & IORING_CQE_F_MORE) != 0);
    Failure.unless(
        owed || forgiven,
        "opcode " + opcode + ", user_data " + userData + ": a CQE after the last");
    return two;
  }

  /// What it completes with is the program's own number, or a driver's.
  private static boolean isAnyResult(int opcode) {
    return switch (opcode) {
      case IORING_OP_NOP, IORING_OP_NOP128, IORING_OP_URING_CMD, IORING_OP_URING_CMD128 -> true;
      default -> false;
    };
  }
}
