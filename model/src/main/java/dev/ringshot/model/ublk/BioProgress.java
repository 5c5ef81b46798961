package dev.ringshot.model.ublk;

import static dev.ringshot.abi.ublk.Ublk.UBLK_IO_OP_FLUSH;

import dev.ringshot.model.block.Bio;
import java.lang.foreign.MemorySegment;

/// A bio on its way: how many of its parts have not ended, and what went wrong first.
final class BioProgress {
  private final UblkDisk disk;
  private final UblkQueue queue;
  private final Bio bio;
  private boolean flushes;
  private int partsLeft = 1; // the one of who makes the others
  private int errno;

  /// @param flushes whether a flush must follow before it ends
  BioProgress(UblkDisk disk, UblkQueue queue, Bio bio, boolean flushes) {
    this.disk = disk;
    this.queue = queue;
    this.bio = bio;
    this.flushes = flushes;
  }

  synchronized void add() {
    partsLeft++;
  }

  /// A part has ended.
  void end(int partErrno) {
    if (!isLast(partErrno)) return;
    if (!takeFlush()) disk.ended(bio, errno);
    else queue.submit(new DiskRequest(this, UBLK_IO_OP_FLUSH, 0, 0, 0, MemorySegment.NULL));
  }

  private synchronized boolean isLast(int partErrno) {
    if (errno == 0) errno = partErrno;
    return --partsLeft == 0;
  }

  private synchronized boolean takeFlush() {
    if (!flushes || errno != 0) return false;
    flushes = false;
    partsLeft = 1;
    return true;
  }
}
