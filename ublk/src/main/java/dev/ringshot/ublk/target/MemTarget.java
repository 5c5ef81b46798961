package dev.ringshot.ublk.target;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import dev.ringshot.abi.Errno;
import dev.ringshot.ring.Ring;
import dev.ringshot.ublk.BlockLimits;
import dev.ringshot.ublk.BlockOp;
import dev.ringshot.ublk.BlockRequest;
import dev.ringshot.ublk.BlockTarget;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/// A disk on the heap, that lives as long as this object. What was never written takes no memory,
/// and what is discarded gives it back.
public final class MemTarget implements BlockTarget {
  private static final int CHUNK_SHIFT = 16;

  /// Bytes that are there or not as a whole.
  public static final int CHUNK = 1 << CHUNK_SHIFT;

  private static final BlockLimits LIMITS =
      BlockLimits.DEFAULT.withDiscard(4096, BlockLimits.RANGE_MAX, BlockLimits.RANGE_MAX);

  private final long size;
  private final AtomicReferenceArray<byte @Nullable []> chunks;

  /// @param size bytes, a multiple of 512, less than 128 TiB
  /// @throws IllegalArgumentException if there is no memory for the table of its chunks
  public MemTarget(long size) {
    this.size = size;
    chunks = table(size);
  }

  private static AtomicReferenceArray<byte @Nullable []> table(long size) {
    try {
      return new AtomicReferenceArray<>(Math.toIntExact((size + CHUNK - 1) >> CHUNK_SHIFT));
    } catch (ArithmeticException | OutOfMemoryError e) {
      throw new IllegalArgumentException(
          "a disk of " + size + " bytes is too large for this memory, even if it is empty", e);
    }
  }

  @Override
  public long size() {
    return size;
  }

  @Override
  public BlockLimits limits() {
    return LIMITS;
  }

  @Override
  public void submit(BlockRequest request, Ring ring) {
    long from = request.offset();
    long to = from + request.length();
    if (to > size) {
      request.complete(-Errno.EIO);
      return;
    }
    for (long at = from; at < to; ) {
      int inChunk = (int) (at & CHUNK - 1);
      int length = (int) Math.min(CHUNK - inChunk, to - at);
      move(request, (int) (at >> CHUNK_SHIFT), inChunk, (int) (at - from), length);
      at += length;
    }
    request.complete();
  }

  /// @param at in the request
  private void move(BlockRequest request, int chunk, int inChunk, int at, int length) {
    long inBuffer = request.bufferOffset() + at;
    switch (request.op()) {
      case READ -> read(request.buffer(), inBuffer, chunk, inChunk, length);
      case WRITE ->
          MemorySegment.copy(
              request.buffer(), JAVA_BYTE, inBuffer, provide(chunk), inChunk, length);
      case DISCARD, WRITE_ZEROES -> clear(chunk, inChunk, length, request);
      case FLUSH -> {}
    }
  }

  private void read(MemorySegment buffer, long at, int chunk, int inChunk, int length) {
    byte[] bytes = chunks.get(chunk);
    if (bytes != null) MemorySegment.copy(bytes, inChunk, buffer, JAVA_BYTE, at, length);
    else for (long i = at; i < at + length; i++) buffer.set(JAVA_BYTE, i, (byte) 0);
  }

  private byte[] provide(int chunk) {
    byte[] bytes = chunks.get(chunk);
    if (bytes != null) return bytes;
    byte[] fresh = new byte[CHUNK];
    byte[] winner = chunks.compareAndExchange(chunk, null, fresh);
    return winner == null ? fresh : winner;
  }

  private void clear(int chunk, int inChunk, int length, BlockRequest request) {
    boolean keeps = request.op() == BlockOp.WRITE_ZEROES && !request.mayUnmap();
    if (length == CHUNK && !keeps) {
      chunks.set(chunk, null);
      return;
    }
    byte[] bytes = keeps ? provide(chunk) : chunks.get(chunk);
    if (bytes != null) Arrays.fill(bytes, inChunk, inChunk + length, (byte) 0);
  }

  /// Whether the chunk of the byte at `offset` has been written, and not discarded since.
  public boolean hasData(long offset) {
    return chunks.get((int) (offset >> CHUNK_SHIFT)) != null;
  }

  /// Bytes of the heap that what was written takes.
  public long allocated() {
    long sum = 0;
    for (int i = 0; i < chunks.length(); i++) if (chunks.get(i) != null) sum += CHUNK;
    return sum;
  }
}
