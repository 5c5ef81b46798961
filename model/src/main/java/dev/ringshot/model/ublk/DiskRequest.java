package dev.ringshot.model.ublk;

import static dev.ringshot.abi.ublk.Ublk.UBLK_IO_OP_READ;
import static dev.ringshot.abi.ublk.Ublk.UBLK_IO_OP_WRITE;

import java.lang.foreign.MemorySegment;

/// One request to the server, all of a bio or a part of it (`struct request`). What is done of it
/// is taken off its front. Guarded by its queue's lock, once submitted.
final class DiskRequest {
  final BioProgress bio;
  final int op;

  /// `UBLK_IO_F_*`.
  final int flags;

  private final MemorySegment data;
  private final long offset;
  private final long length;
  private long done;
  int errno; // when it has ended

  /// @param data memory of as many bytes as `length`, or none
  DiskRequest(BioProgress bio, int op, int flags, long offset, long length, MemorySegment data) {
    this.bio = bio;
    this.op = op;
    this.flags = flags;
    this.offset = offset;
    this.length = length;
    this.data = data;
  }

  boolean isRead() {
    return op == UBLK_IO_OP_READ;
  }

  boolean isWrite() {
    return op == UBLK_IO_OP_WRITE;
  }

  boolean hasData() {
    return isRead() || isWrite();
  }

  long sector() {
    return (offset + done) >>> DeviceParams.SECTOR_SHIFT;
  }

  /// Bytes not yet done.
  int left() {
    return (int) (length - done);
  }

  int sectors() {
    return (int) ((length - done) >>> DeviceParams.SECTOR_SHIFT);
  }

  MemorySegment data() {
    return data;
  }

  /// Where in [#data] the part not yet done begins.
  long dataStart() {
    return done;
  }

  /// Takes `bytes` off the front (`blk_update_request`).
  ///
  /// @return whether that was all
  boolean advance(int bytes) {
    done = Math.min(length, done + bytes);
    return done == length;
  }
}
