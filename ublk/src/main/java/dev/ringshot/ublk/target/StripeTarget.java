package dev.ringshot.ublk.target;

import dev.ringshot.abi.Errno;
import dev.ringshot.ring.Ring;
import dev.ringshot.ublk.BlockLimits;
import dev.ringshot.ublk.BlockOp;
import dev.ringshot.ublk.BlockRequest;
import dev.ringshot.ublk.BlockTarget;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/// One disk over several of equal size: chunk `i` is on disk `i` modulo their number (RAID 0).
///
/// A read or write goes to one of them: the kernel splits at chunks, and what crosses one all the
/// same ends short. What concerns a range or everything goes to all that it concerns, one piece
/// each: the chunks of a range that are on one disk lie one behind the other there.
public final class StripeTarget implements BlockTarget {
  private final List<BlockTarget> disks;
  private final int chunk;
  private final long diskSize;
  private final BlockLimits limits;
  private AtomicReferenceArray<Split[]> splits = new AtomicReferenceArray<>(0);

  /// @param disks at least one; closed with this
  /// @param chunk bytes, a power of two from 4096 on
  public StripeTarget(List<? extends BlockTarget> disks, int chunk) {
    if (disks.isEmpty() || chunk < 4096 || Integer.bitCount(chunk) != 1) {
      throw new IllegalArgumentException(disks.size() + " disks, chunks of " + chunk);
    }
    this.disks = List.copyOf(disks);
    this.chunk = chunk;
    long least = Long.MAX_VALUE;
    for (BlockTarget disk : disks) least = Math.min(least, disk.size());
    diskSize = least & -chunk;
    limits = common(disks, chunk);
  }

  /// What all of them can do.
  private static BlockLimits common(List<? extends BlockTarget> disks, int chunk) {
    BlockLimits all = disks.getFirst().limits();
    for (BlockTarget disk : disks) {
      BlockLimits one = disk.limits();
      all =
          new BlockLimits(
              Math.max(all.logicalBlockSize(), one.logicalBlockSize()),
              Math.max(all.physicalBlockSize(), one.physicalBlockSize()),
              chunk,
              shorter(all.maxIoSize(), one.maxIoSize()),
              chunk,
              all.isReadOnly() || one.isReadOnly(),
              all.isRotational() || one.isRotational(),
              all.hasWriteCache() || one.hasWriteCache(),
              all.hasFua() && one.hasFua(),
              Math.min(all.maxDiscardSize(), one.maxDiscardSize()) == 0
                  ? 0
                  : Math.max(all.discardGranularity(), one.discardGranularity()),
              Math.min(all.maxDiscardSize(), one.maxDiscardSize()),
              Math.min(all.maxWriteZeroesSize(), one.maxWriteZeroesSize()));
    }
    return all;
  }

  /// Of two limits, of which 0 is none.
  private static int shorter(int a, int b) {
    return a == 0 || b == 0 ? Math.max(a, b) : Math.min(a, b);
  }

  @Override
  public long size() {
    return diskSize * disks.size();
  }

  @Override
  public BlockLimits limits() {
    return limits;
  }

  @Override
  public boolean takesRegisteredBuffers() {
    return disks.stream().allMatch(BlockTarget::takesRegisteredBuffers);
  }

  @Override
  public void open(int queues, int depth) {
    splits = new AtomicReferenceArray<>(queues);
    for (int queue = 0; queue < queues; queue++) {
      var ofQueue = new Split[depth];
      for (int tag = 0; tag < depth; tag++) ofQueue[tag] = new Split(disks, queue, tag);
      splits.set(queue, ofQueue);
    }
    for (BlockTarget disk : disks) disk.open(queues, depth);
  }

  @Override
  public void attach(int queue, Ring ring) {
    for (BlockTarget disk : disks) disk.attach(queue, ring);
  }

  @Override
  public void submit(BlockRequest request, Ring ring) {
    if (request.offset() + request.length() > size()) {
      request.complete(-Errno.EIO);
      return;
    }
    Split split = splits.get(request.queue())[request.tag()];
    if (request.op().movesData()) split.one(request, ring, chunk);
    else split.all(request, ring, chunk);
  }

  @Override
  public void close() {
    disks.forEach(BlockTarget::close);
  }

  /// The pieces of one tag's request.
  private static final class Split {
    private final List<BlockTarget> disks;
    private final BlockRequest[] pieces;
    private final AtomicInteger open = new AtomicInteger();
    private final AtomicInteger error = new AtomicInteger();
    private int result;
    private @Nullable BlockRequest whole;

    Split(List<BlockTarget> disks, int queue, int tag) {
      this.disks = disks;
      pieces = new BlockRequest[disks.size()];
      for (int i = 0; i < pieces.length; i++) {
        pieces[i] = new BlockRequest(this::ended, queue, tag);
      }
    }

    void one(BlockRequest request, Ring ring, int chunk) {
      long number = request.offset() / chunk;
      int inChunk = (int) (request.offset() & chunk - 1);
      int length = Math.min(request.length(), chunk - inChunk);
      int disk = (int) (number % pieces.length);
      long offset = number / pieces.length * chunk + inChunk;
      begin(request, 1);
      submit(disk, request, ring, offset, length);
    }

    void all(BlockRequest request, Ring ring, int chunk) {
      begin(request, pieces.length + 1);
      for (int disk = 0; disk < pieces.length; disk++) {
        long from = part(request.offset(), disk, chunk);
        long to = part(request.offset() + request.length(), disk, chunk);
        boolean isConcerned = from < to || request.length() == 0;
        if (isConcerned) submit(disk, request, ring, from, (int) (to - from));
        else close();
      }
      close();
    }

    /// Bytes of a disk that lie before `offset` of the whole.
    private long part(long offset, int disk, int chunk) {
      long number = offset / chunk;
      long full = number / pieces.length * chunk;
      int at = (int) (number % pieces.length);
      if (disk < at) return full + chunk;
      return disk == at ? full + (offset & chunk - 1) : full;
    }

    private void begin(BlockRequest request, int count) {
      whole = request;
      error.set(0);
      result = 0;
      open.set(count);
    }

    private void submit(int disk, BlockRequest request, Ring ring, long offset, int length) {
      BlockRequest piece = pieces[disk];
      piece.beginAs(request, request.op() == BlockOp.FLUSH ? 0 : offset, length);
      disks.get(disk).submit(piece, ring);
    }

    private void ended(BlockRequest piece, int pieceResult) {
      if (pieceResult < 0) error.set(pieceResult);
      else if (piece.op().movesData()) result = pieceResult; // there is one piece then
      close();
    }

    private void close() {
      if (open.decrementAndGet() > 0) return;
      BlockRequest request = whole;
      whole = null;
      int failed = error.get();
      if (request != null) request.complete(failed != 0 ? failed : result);
    }
  }
}
