package dev.ringshot.ublk;

import static dev.ringshot.abi.Errno.EINVAL;
import static dev.ringshot.abi.Errno.EIO;
import static dev.ringshot.abi.Errno.ENOMEM;
import static dev.ringshot.abi.Errno.EOPNOTSUPP;
import static dev.ringshot.abi.ublk.Ublk.UBLK_IO_F_FUA;
import static dev.ringshot.abi.ublk.Ublk.UBLK_IO_F_NOUNMAP;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.ringshot.abi.ublk.IoDesc;
import dev.ringshot.ring.CqeHandler;
import java.lang.foreign.MemorySegment;

/// One tag of a queue: the way of its requests, from the driver to the target and back.
///
/// ```
///                     ┌── user copy: read the data ──┐                ┌── user copy: write it ──┐
///   IDLE ──► arrive ──┴──────────────────────────────┴─► IN_TARGET ───┴─────────────────────────┴─► IDLE
///                              COPYING                                        COPYING
/// ```
///
/// It handles the completions of those copies itself.
final class Tag implements CqeHandler {
  private static final int SECTOR_SHIFT = 9;
  private static final int ERRNO_MAX = 4095;

  private enum Phase {
    IDLE,
    COPYING_IN,
    IN_TARGET,
    COPYING_OUT
  }

  private final Lane lane;
  private final int number;
  private final MemorySegment buffer;
  private final BlockRequest[] requests = new BlockRequest[2];
  private int turn;
  private Phase phase = Phase.IDLE;
  private boolean isLost;
  private int done; // of the request, by earlier parts
  private int copied;
  private int toCopy;
  private long arrivedNanos;

  Tag(Lane lane, int queue, int number) {
    this.lane = lane;
    this.number = number;
    buffer = lane.memory().buffer(number);
    for (int i = 0; i < requests.length; i++) {
      requests[i] = new BlockRequest(lane.completions(), queue, number);
    }
  }

  private BlockRequest request() {
    return requests[turn];
  }

  // ---- From the driver to the target

  /// @param at of its descriptor
  void arrive(MemorySegment descriptors, long at) {
    if (phase != Phase.IDLE) {
      throw new IllegalStateException("tag " + number + " comes again, and is " + phase);
    }
    arrivedNanos = lane.nanoTime().getAsLong();
    turn ^= 1;
    done = 0;
    int opFlags = descriptors.get(JAVA_INT, at + IoDesc.OP_FLAGS);
    int sectors = descriptors.get(JAVA_INT, at + IoDesc.NR_SECTORS);
    long start = descriptors.get(JAVA_LONG, at + IoDesc.START_SECTOR);
    long length = Integer.toUnsignedLong(sectors) << SECTOR_SHIFT;
    BlockOp op = BlockOp.of(IoDesc.op(opFlags));
    if (op == null) {
      lane.fetch().commit(number, -EOPNOTSUPP);
      return;
    }
    if (op == BlockOp.FLUSH) length = 0;
    boolean isTooLong = length > (op.movesData() ? lane.memory().size() : BlockLimits.RANGE_MAX);
    int flags =
        ((opFlags & UBLK_IO_F_FUA) != 0 ? BlockRequest.FUA : 0)
            | ((opFlags & UBLK_IO_F_NOUNMAP) != 0 ? BlockRequest.NO_UNMAP : 0);
    begin(op, flags, start << SECTOR_SHIFT, isTooLong ? 0 : (int) length);
    phase = Phase.IN_TARGET;
    lane.outstanding().add(1);
    if (isTooLong || isLost) {
      request().complete(isLost ? -EIO : -EINVAL);
    } else if (lane.memory().isUserCopy() && op == BlockOp.WRITE) {
      phase = Phase.COPYING_IN;
      beginCopy(request().length());
    } else {
      submit();
    }
  }

  /// Begins what is still to be done of a request.
  private void begin(BlockOp op, int flags, long offset, int length) {
    if (lane.memory().isRegistered() && op.movesData())
      request().beginRegistered(op, flags, offset, length, number, done);
    else request().begin(op, flags, offset, length, buffer, done);
  }

  private void submit() {
    phase = Phase.IN_TARGET;
    BlockRequest request = request();
    try {
      lane.target().submit(request, lane.ring());
    } catch (RuntimeException | Error e) { // whatever it is, the disk goes on
      lane.statistics().misbehaves();
      lane.troubles().targetThrew(request, e);
      if (request.isActive()) request.complete(e instanceof OutOfMemoryError ? -ENOMEM : -EIO);
    }
  }

  // ---- From the target to the driver

  /// The target has completed a request.
  void ended(BlockRequest request) {
    if (request != request() || phase != Phase.IN_TARGET) return; // abandoned, and then completed
    int part = checked(request);
    if (part > 0 && part < request.length()) {
      goOn(request, part);
      return;
    }
    int result = part > 0 ? done + part : part;
    lane.statistics().ended(request.op(), done + request.length(), result);
    lane.statistics().latency().record(lane.nanoTime().getAsLong() - arrivedNanos);
    if (lane.memory().isUserCopy() && request.op() == BlockOp.READ && result > 0) {
      phase = Phase.COPYING_OUT;
      beginCopy(result);
    } else {
      commit(result);
    }
  }

  /// The target has the rest as another request: the driver would take a short write for a whole
  /// one.
  private void goOn(BlockRequest request, int part) {
    done += part;
    turn ^= 1;
    long offset = request.offset() + part;
    int rest = request.length() - part;
    begin(request.op(), request.flags(), offset, rest);
    submit();
  }

  /// What the driver may be told: it believes everything.
  private int checked(BlockRequest request) {
    int result = request.result();
    if (result < 0) return result >= -ERRNO_MAX ? result : wrong(request, result);
    if (!request.op().movesData()) return 0;
    if (result == request.length()) return result;
    if (result > request.length()) return wrong(request, result);
    int whole = result & -lane.blockSize();
    return whole == 0 ? -EIO : whole; // nothing done would be asked for again, and for ever
  }

  private int wrong(BlockRequest request, int result) {
    lane.statistics().misbehaves();
    lane.troubles().wrongResult(request, result);
    return -EIO;
  }

  private void commit(int result) {
    phase = Phase.IDLE;
    lane.outstanding().add(-1);
    lane.fetch().commit(number, result);
  }

  /// Fails the request that the target has. The memory may still be written to by what the target
  /// has under way, so the tag serves no other one.
  void abandon() {
    if (phase != Phase.IN_TARGET || !request().isActive()) return;
    if (!request().complete(-EIO)) return;
    isLost = true;
    lane.statistics().abandons();
  }

  // ---- User copy

  private void beginCopy(int bytes) {
    copied = 0;
    toCopy = bytes;
    copy();
  }

  private void copy() {
    long address = buffer.address() + copied;
    long offset = lane.file().dataOffset(number, copied);
    int rest = toCopy - copied;
    var sqe = lane.ring().prepare(this);
    if (phase == Phase.COPYING_IN) sqe.read(lane.file().fd(), address, rest, offset);
    else sqe.write(lane.file().fd(), address, rest, offset);
  }

  @Override
  public void onCqe(int res, int flags) {
    if (res <= 0) {
      commit(res < 0 ? res : -EIO);
      return;
    }
    copied += res;
    if (copied < toCopy) copy();
    else if (phase == Phase.COPYING_IN) submit();
    else commit(toCopy);
  }
}
