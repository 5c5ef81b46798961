package dev.ringshot.ublk;

import static dev.ringshot.abi.Errno.ENODEV;
import static dev.ringshot.abi.ublk.Ublk.*;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import dev.ringshot.abi.Errno;
import dev.ringshot.abi.ErrnoException;
import dev.ringshot.ring.BufferOptions;
import dev.ringshot.ring.BufferRing;
import dev.ringshot.ring.End;
import dev.ringshot.ring.Ring;
import dev.ringshot.ring.Subscription;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// Many tags a command: `UBLK_F_BATCH_IO`.
///
/// Two multishot commands fetch; the driver uses the one that is armed longest until that ends, so
/// that there is always one to go on with. Each has incremental buffers of its own. When one ends
/// for want of a buffer, or of room for its completion, the driver keeps the tags and does **not**
/// turn to the other one before another request or another command comes: so each is submitted
/// again whenever it ends, which is what makes the driver look.
final class BatchFetch implements Fetch {
  private static final int COMMANDS = 2;
  private static final int COMMITS = 4; // one is enough as long as the kernel takes them at once

  private final QueueFile file;
  private final QueueStatistics statistics;
  private final Arrival arrival;
  private final int depth;
  private final Subscription[] commands = new Subscription[COMMANDS];
  private final BufferRing[] groups = new BufferRing[COMMANDS];
  private final CommitBatch prepare;
  private final CommitBatch[] commits = new CommitBatch[COMMITS];
  private final int[] waitingTags;
  private final int[] waitingResults;
  private int waiting;
  private int ended;
  private int prepared;

  BatchFetch(
      Ring ring,
      QueueFile file,
      ServerOptions options,
      TagMemory memory,
      QueueStatistics statistics,
      Arrival arrival) {
    this.file = file;
    this.statistics = statistics;
    this.arrival = arrival;
    depth = memory.depth();
    waitingTags = new int[depth];
    waitingResults = new int[depth];
    prepare = new CommitBatch(file, memory, UBLK_U_IO_PREP_IO_CMDS, ring, this::prepared);
    for (int i = 0; i < COMMITS; i++) {
      commits[i] = new CommitBatch(file, memory, UBLK_U_IO_COMMIT_IO_CMDS, ring, this::committed);
    }
    ring.file(file.fd()).multishot(UBLK_U_IO_FETCH_IO_CMDS);
    var buffers =
        BufferOptions.DEFAULT
            .withCount(options.fetchBuffers())
            .withSize(options.fetchBufferSize())
            .withIncremental(true);
    for (int i = 0; i < COMMANDS; i++) {
      int number = i;
      groups[i] = ring.provideBuffers(buffers);
      commands[i] =
          groups[i]
              .onEvent(this::tags)
              .rearmAutomatically()
              .onEnd(end -> ended(commands[number], end));
    }
  }

  // ---- Tags that come

  @Override
  public void arm() {
    for (int tag = 0; tag < depth; tag++) prepare.add(tag, 0);
    prepare.send();
  }

  /// All or none were made ready. Only now may commands fetch: of a device that is recovered the
  /// driver would end them.
  private void prepared(CommitBatch batch, int result) {
    if (result < 0) {
      throw new ErrnoException(
          "PREP_IO_CMDS",
          -result,
          "queue " + file.queue() + ", " + depth + " tags: " + rule(result));
    }
    prepared = depth;
    for (int i = 0; i < COMMANDS; i++) file.fetchCommand(commands[i], groups[i].group());
  }

  private static String rule(int result) {
    return result == -ENODEV ? "the device is being stopped" : Errno.describe(result);
  }

  private void tags(MemorySegment buffer, long offset, int length) {
    int count = length / Short.BYTES;
    statistics.fetched(count);
    for (int i = 0; i < count; i++) {
      arrival.onTag(Short.toUnsignedInt(buffer.get(JAVA_SHORT, offset + (long) i * Short.BYTES)));
    }
  }

  private void ended(Subscription command, End end) {
    switch (end) {
      case End.OutOfBuffers ignored -> command.rearm(); // again and again, but there may be tags
      case End.Failed(int errno) when errno == ENODEV -> ended++;
      case End.Failed(int errno) ->
          throw new ErrnoException("FETCH_IO_CMDS", errno, "queue " + file.queue());
      case End.Finished ignored -> command.rearm();
      case End.Cancelled ignored -> ended++;
      case End.Detached ignored -> ended++;
    }
  }

  // ---- Tags that go

  @Override
  public void commit(int tag, int result) {
    waitingTags[waiting] = tag;
    waitingResults[waiting++] = result;
  }

  @Override
  public void flush() {
    if (waiting == 0) return;
    CommitBatch batch = freeBatch();
    if (batch == null) return; // when one comes back
    for (int i = 0; i < waiting; i++) batch.add(waitingTags[i], waitingResults[i]);
    waiting = 0;
    send(batch);
  }

  private @Nullable CommitBatch freeBatch() {
    for (CommitBatch batch : commits) if (batch.isEmpty()) return batch;
    return null;
  }

  private void send(CommitBatch batch) {
    statistics.commits();
    batch.send();
  }

  /// The driver takes elements from the front, up to the first that it does not like.
  private void committed(CommitBatch batch, int result) {
    int taken = batch.drop(Math.max(result, 0));
    statistics.committed(taken);
    if (taken == 0 && !isPassing(result)) reject(batch, result);
    if (!batch.isEmpty()) send(batch);
  }

  /// The driver has ended the tag itself, or all of them if the device is gone.
  private void reject(CommitBatch batch, int result) {
    do {
      batch.dropFirst();
      statistics.rejects();
    } while (result == -ENODEV && !batch.isEmpty());
  }

  /// Whether the same elements may be sent again.
  private static boolean isPassing(int result) {
    return result == -Errno.EAGAIN || result == -Errno.EINTR || result == -Errno.ENOMEM;
  }

  @Override
  public int prepared() {
    return prepared;
  }

  @Override
  public long submitted() {
    long count = 0;
    for (Subscription command : commands) count += command.rearms() + 1;
    return count;
  }

  @Override
  public boolean hasEnded() {
    if (ended < COMMANDS || waiting > 0) return false;
    for (CommitBatch batch : commits) if (!batch.isEmpty()) return false;
    return true;
  }
}
