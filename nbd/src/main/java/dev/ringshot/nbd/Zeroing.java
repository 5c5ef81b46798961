package dev.ringshot.nbd;

import dev.ringshot.model.block.Bio;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicInteger;

/// Writes zeroes piece by piece to a device that has no request for it. Each piece is submitted
/// when the one before has ended: by a loop and not by recursion, so that any number may end at
/// once.
final class Zeroing implements Bio.End {
  private static final MemorySegment ZEROES =
      MemorySegment.ofBuffer(ByteBuffer.allocateDirect(BufferPool.BYTES_MAX).asReadOnlyBuffer());

  private final Transaction transaction;
  private final int bioFlags;
  private final AtomicInteger turns = new AtomicInteger();
  private long offset;
  private long left;
  private int errno;

  /// Ends a part of the transaction when all is done.
  Zeroing(Transaction transaction, long offset, long length, int bioFlags) {
    this.transaction = transaction;
    this.offset = offset;
    this.left = length;
    this.bioFlags = bioFlags;
  }

  /// Takes a turn, or leaves it to the one whose turn it is.
  void run() {
    if (turns.getAndIncrement() != 0) return;
    do step();
    while (turns.decrementAndGet() != 0);
  }

  private void step() {
    if (left == 0 || errno != 0) {
      transaction.end(WireError.of(errno));
      return;
    }
    long length = Math.min(left, ZEROES.byteSize());
    long at = offset;
    offset += length;
    left -= length;
    transaction.connection().submit(Bio.write(at, ZEROES.asSlice(0, length), bioFlags, this), null);
  }

  @Override
  public void ended(Bio bio, int how) {
    errno = how;
    run();
  }
}
