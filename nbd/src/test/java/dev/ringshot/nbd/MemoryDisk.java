package dev.ringshot.nbd;

import dev.ringshot.abi.Errno;
import dev.ringshot.model.block.Bio;
import dev.ringshot.model.block.BioOp;
import dev.ringshot.model.block.BlockDevice;
import dev.ringshot.model.block.QueueLimits;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/// A disk in memory that ends requests on an executor, and does wrong where it is told to. It knows
/// what is a hole, in granules of 4 KiB.
final class MemoryDisk implements BlockDevice, ExtentSource {
  static final int BLOCK = 512;
  static final int GRANULE = 4096;

  private static final byte HOLE = 0;
  private static final byte DATA = 1;
  private static final byte ZERO = 2;

  /// What becomes of a request.
  sealed interface Fate {
    /// It is done.
    record Good() implements Fate {}

    /// It ends with an errno and nothing is done.
    record Fails(int errno) implements Fate {}

    /// Submitting it throws, and it never ends.
    record Throws() implements Fate {}

    /// It is done, ends, and then submitting it throws.
    record EndsAndThrows() implements Fate {}

    /// It never ends, unless by [#endAll].
    record Stays() implements Fate {}

    /// It is done and ends twice.
    record EndsTwice() implements Fate {}
  }

  static final Fate GOOD = new Fate.Good();

  private final MemorySegment memory;
  private final byte[] states;
  private final Executor executor;
  private final Queue<Bio> staying = new ConcurrentLinkedQueue<>();
  private volatile Function<Bio, Fate> fates = _ -> GOOD;
  private volatile QueueLimits limits =
      new QueueLimits(
          BLOCK, GRANULE, GRANULE, 0, 1 << 20, GRANULE, 1L << 32, 1L << 32, false, true, true,
          false);

  final AtomicInteger flushes = new AtomicInteger();
  final AtomicInteger fuaWrites = new AtomicInteger();
  final AtomicInteger secondEnds = new AtomicInteger();

  MemoryDisk(long size, Executor executor) {
    this(Arena.ofAuto().allocate(size, GRANULE), executor);
  }

  /// One in memory that other disks were in before.
  MemoryDisk(MemorySegment memory, Executor executor) {
    this.memory = memory.fill((byte) 0);
    this.states = new byte[(int) ((memory.byteSize() + GRANULE - 1) / GRANULE)];
    this.executor = executor;
  }

  /// One that ends requests before it has taken them.
  MemoryDisk(long size) {
    this(size, Runnable::run);
  }

  void setFates(Function<Bio, Fate> newFates) {
    fates = newFates;
  }

  void setLimits(QueueLimits newLimits) {
    limits = newLimits;
  }

  MemorySegment memory() {
    return memory;
  }

  int stayingCount() {
    return staying.size();
  }

  /// Does and ends what stayed.
  void endAll() {
    for (Bio bio = staying.poll(); bio != null; bio = staying.poll()) bio.end(perform(bio));
  }

  @Override
  public String name() {
    return "memory";
  }

  @Override
  public long capacity() {
    return memory.byteSize();
  }

  @Override
  public QueueLimits limits() {
    return limits;
  }

  @Override
  public void submit(Bio bio) {
    switch (fates.apply(bio)) {
      case Fate.Good() -> executor.execute(() -> bio.end(perform(bio)));
      case Fate.Fails(int errno) -> executor.execute(() -> bio.end(errno));
      case Fate.Throws() -> throw new IllegalStateException("a target that throws");
      case Fate.EndsAndThrows() -> {
        bio.end(perform(bio));
        throw new IllegalStateException("a target that throws");
      }
      case Fate.Stays() -> staying.add(bio);
      case Fate.EndsTwice() -> executor.execute(() -> endTwice(bio));
    }
  }

  private void endTwice(Bio bio) {
    bio.end(perform(bio));
    try {
      bio.end(Errno.EIO);
    } catch (IllegalStateException _) {
      secondEnds.incrementAndGet();
    }
  }

  private int perform(Bio bio) {
    if (bio.offset() + bio.length() > memory.byteSize()) return Errno.EIO;
    if (((bio.offset() | bio.length()) & (BLOCK - 1)) != 0) return Errno.EINVAL;
    if ((bio.flags() & Bio.FUA) != 0) fuaWrites.incrementAndGet();
    long offset = bio.offset();
    long length = bio.length();
    switch (bio.op()) {
      case READ -> MemorySegment.copy(memory, offset, bio.data(), 0, length);
      case WRITE -> {
        MemorySegment.copy(bio.data(), 0, memory, offset, length);
        mark(offset, length, DATA);
      }
      case FLUSH -> flushes.incrementAndGet();
      case DISCARD, WRITE_ZEROES -> {
        memory.asSlice(offset, length).fill((byte) 0);
        boolean keeps = bio.op() == BioOp.WRITE_ZEROES && (bio.flags() & Bio.NOUNMAP) != 0;
        unmark(offset, length, keeps ? ZERO : HOLE);
      }
    }
    return 0;
  }

  private void mark(long offset, long length, byte state) {
    for (long at = offset / GRANULE; at * GRANULE < offset + length; at++) states[(int) at] = state;
  }

  private void unmark(long offset, long length, byte state) { // whole granules only
    for (long at = (offset + GRANULE - 1) / GRANULE; (at + 1) * GRANULE <= offset + length; at++)
      states[(int) at] = state;
  }

  @Override
  public Extent extentAt(long offset, long lengthMax) {
    int first = (int) (offset / GRANULE);
    int end = first + 1;
    while (end < states.length
        && states[end] == states[first]
        && (long) end * GRANULE < offset + lengthMax) end++;
    long length = Math.min((long) end * GRANULE, memory.byteSize()) - offset;
    return new Extent(
        length,
        switch (states[first]) {
          case HOLE -> Extent.Kind.HOLE;
          case ZERO -> Extent.Kind.ZERO;
          default -> Extent.Kind.DATA;
        });
  }
}
