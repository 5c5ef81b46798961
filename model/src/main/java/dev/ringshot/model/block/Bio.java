package dev.ringshot.model.block;

import dev.ringshot.abi.Errno;
import java.lang.foreign.MemorySegment;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;

/// One request to a [BlockDevice] (`struct bio`). Its memory belongs to the device from
/// [BlockDevice#submit] until [End#ended] is called.
public final class Bio {
  private final BioOp op;
  private final long offset;
  private final long length;
  private final MemorySegment data;
  private final int flags;
  private final End end;
  private final AtomicBoolean isEnded = new AtomicBoolean();

  /// The data is on stable storage before the request ends (`REQ_FUA`); of writes only.
  public static final int FUA = 1;

  /// Zeroes are written, not unmapped (`REQ_NOUNMAP`); of [BioOp#WRITE_ZEROES] only.
  public static final int NOUNMAP = 1 << 1;

  private Bio(BioOp op, long offset, long length, MemorySegment data, int flags, End end) {
    if (offset < 0 || length < 0 || offset > Long.MAX_VALUE - length)
      throw new IllegalArgumentException("bad range: " + length + " bytes at " + offset);
    this.op = op;
    this.offset = offset;
    this.length = length;
    this.data = data;
    this.flags = flags;
    this.end = Objects.requireNonNull(end);
  }

  /// Reads as many bytes as `data` has.
  public static Bio read(long offset, MemorySegment data, End end) {
    return new Bio(BioOp.READ, offset, data.byteSize(), data, 0, end);
  }

  /// Writes `data`.
  ///
  /// @param flags [#FUA] or 0
  public static Bio write(long offset, MemorySegment data, int flags, End end) {
    return new Bio(BioOp.WRITE, offset, data.byteSize(), data, flags, end);
  }

  /// Puts on stable storage whatever ended before this was submitted.
  public static Bio flush(End end) {
    return new Bio(BioOp.FLUSH, 0, 0, MemorySegment.NULL, 0, end);
  }

  /// Says that the content of a range is not needed any more; what it reads as is open.
  public static Bio discard(long offset, long length, End end) {
    return new Bio(BioOp.DISCARD, offset, length, MemorySegment.NULL, 0, end);
  }

  /// Makes a range read as zeroes.
  ///
  /// @param flags [#FUA], [#NOUNMAP] or 0
  public static Bio writeZeroes(long offset, long length, int flags, End end) {
    return new Bio(BioOp.WRITE_ZEROES, offset, length, MemorySegment.NULL, flags, end);
  }

  /// What to do.
  public BioOp op() {
    return op;
  }

  /// Where, in bytes.
  public long offset() {
    return offset;
  }

  /// How much, in bytes; 0 for a flush.
  public long length() {
    return length;
  }

  /// The memory read into or written from; empty for what has none.
  public MemorySegment data() {
    return data;
  }

  /// [#FUA] and [#NOUNMAP].
  public int flags() {
    return flags;
  }

  /// Ends the request (`bio_endio`); called by the device, once.
  ///
  /// @param errno 0 if all of it was done, else an errno, positive
  /// @throws IllegalStateException if it ended before
  public void end(int errno) {
    if (!isEnded.compareAndSet(false, true))
      throw new IllegalStateException(this + " ends twice, now with " + Errno.name(errno));
    end.ended(this, errno);
  }

  @Override
  public String toString() {
    return op + " " + length + " bytes at " + offset;
  }

  /// What hears of the end.
  @FunctionalInterface
  public interface End {
    /// The request is over and its memory the caller's again. Called on any thread, which it must
    /// not block; it may submit another request.
    ///
    /// @param errno 0 if all of it was done, else an errno, positive: then any part of it may have
    ///   been
    void ended(Bio bio, int errno);
  }
}
