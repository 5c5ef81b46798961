package dev.ringshot.ublk;

import static dev.ringshot.abi.Kernel.PROT_READ;
import static dev.ringshot.abi.ublk.Ublk.UBLK_F_BATCH_IO;

import dev.ringshot.abi.ublk.IoDesc;
import dev.ringshot.ring.Ring;
import dev.ringshot.ring.RingOptions;
import java.lang.foreign.MemorySegment;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// One queue of a device: a ring, its commands that fetch and commit, and what its target does, all
/// on one thread.
///
/// The thread that calls [#step] or [#await] first owns it, and closes it. A thread of its own runs
///
/// ```java
/// try (queue) {
///   while (queue.await()) {}
/// }
/// ```
///
/// and who has no thread for it calls [#step] now and then. Both return false when the queue has
/// ended: after a stop of the device, from whichever side. Of other threads are [#leave], [#state],
/// [#failure] and, with numbers a little old, [#statistics].
public final class UblkQueue implements AutoCloseable {
  /// A queue's life.
  public enum State {
    /// Nobody has called [#step] yet.
    NEW,
    /// Its tags are being made ready.
    PREPARING,
    /// Requests may come.
    SERVING,
    /// No request comes any more.
    ENDED,
    /// Everything of it has been given back.
    CLOSED
  }

  private static final int ENTRIES_MAX = 32768;

  private final Device device;
  private final int number;
  private final Troubles troubles;
  private final AtomicReference<State> state = new AtomicReference<>(State.NEW);
  private final QueueStatistics statistics = new QueueStatistics();
  private final RuntimeException noMemory = new IllegalStateException("out of memory");
  private volatile @Nullable RuntimeException failure;
  private volatile @Nullable Ring ring;
  private volatile boolean isAbandoning;
  private volatile boolean isLeaving;
  private @Nullable Lane lane;
  private MemorySegment descriptors = MemorySegment.NULL;
  private Tag[] tags = new Tag[0];
  private boolean hasAbandoned;

  UblkQueue(Device device, int number, Troubles troubles) {
    this.device = device;
    this.number = number;
    this.troubles = troubles;
  }

  /// Which, from 0.
  public int number() {
    return number;
  }

  /// Where it is in its life. Any thread.
  public State state() {
    return Objects.requireNonNull(state.get());
  }

  /// What it ended of, if not of a stop. Any thread.
  public @Nullable RuntimeException failure() {
    return failure;
  }

  /// What it has done.
  public QueueStatistics statistics() {
    return statistics;
  }

  /// Tags that the driver knows to be ready.
  public int prepared() {
    Lane open = lane;
    return open == null ? 0 : open.fetch().prepared();
  }

  // ---- Open

  private Lane open() {
    Ring opened = Ring.open(device.kernel(), ringOptions());
    ring = opened;
    descriptors =
        device
            .kernel()
            .map(device.fd(), device.descriptorOffset(number), device.descriptorBytes(), PROT_READ);
    var info = device.info();
    var file = new QueueFile(opened, device.fd(), number);
    var memory =
        new TagMemory(opened, info.depth(), device.parameters().limits().maxIoSize(), info.data());
    Lane made =
        new Lane(
            opened,
            file,
            memory,
            device.target(),
            new Completions(opened),
            info.has(UBLK_F_BATCH_IO)
                ? new BatchFetch(opened, file, device.options(), memory, statistics, this::arrived)
                : new TagFetch(file, memory, statistics, this::arrived),
            new Lane.Outstanding(),
            statistics,
            troubles,
            device.options().nanoTime(),
            device.parameters().limits().logicalBlockSize());
    lane = made;
    tags = new Tag[info.depth()];
    for (int tag = 0; tag < tags.length; tag++) tags[tag] = new Tag(made, number, tag);
    device.target().attach(number, opened);
    made.fetch().arm();
    return made;
  }

  /// A request has one operation under way and its result one command; a target may need more. With
  /// four completions an entry, the completion queue has room for all of them and is not full
  /// before a target has eight operations for each tag.
  private RingOptions ringOptions() {
    int entries = Math.min(ENTRIES_MAX, Math.max(16, 2 * device.info().depth()));
    return RingOptions.DEFAULT
        .withEntries(entries)
        .withCompletionEntries(Math.min(65536, 4 * entries));
  }

  private void arrived(int tag) {
    tags[tag].arrive(descriptors, (long) tag * IoDesc.SIZE);
  }

  // ---- Serve

  /// Does what there is to do, and waits for nothing.
  ///
  /// @return false when it has ended: then [#close] it
  /// @throws RuntimeException if it cannot go on; see [#failure]
  public boolean step() {
    return turn(false);
  }

  /// Does what there is to do; if that is nothing, waits for something to do.
  ///
  /// @return as [#step]
  public boolean await() {
    return turn(true);
  }

  private boolean turn(boolean mayWait) {
    try {
      if (state.compareAndSet(State.NEW, State.PREPARING)) open();
      Lane open = lane;
      if (open == null || state() == State.ENDED || state() == State.CLOSED) return false;
      work(open);
      if (state() == State.ENDED) return false;
      if (mayWait) waitFor(open);
      else open.ring().submit();
      return true;
    } catch (RuntimeException e) {
      failure = e;
      state.set(State.ENDED);
      throw e;
    } catch (Error e) {
      failure = noMemory; // not even for words, maybe
      state.set(State.ENDED);
      failure = new IllegalStateException("queue " + number + " cannot go on: " + e, e);
      throw e;
    }
  }

  private void work(Lane open) {
    open.ring().dispatch();
    if (isAbandoning && !hasAbandoned) abandon();
    BlockRequest request = open.completions().takeAll();
    while (request != null) {
      BlockRequest next = request.next();
      tags[request.tag()].ended(request);
      request = next;
    }
    open.fetch().flush();
    statistics.fetches(open.fetch().submitted());
    statistics.refused(open.completions().refusals());
    if (state() == State.PREPARING && open.fetch().prepared() == tags.length) {
      state.set(State.SERVING);
    }
    if (isLeaving || (open.outstanding().count() == 0 && open.fetch().hasEnded())) {
      state.set(State.ENDED);
    }
  }

  private void waitFor(Lane open) {
    if (open.completions().beginWait()) open.ring().submitAndWait(1);
    open.completions().endWait();
  }

  // ---- End

  /// Fails the requests that the target has not completed, so that a stop of the device ends. Any
  /// thread.
  void abandonRequests() {
    isAbandoning = true;
    wake();
  }

  private void abandon() {
    hasAbandoned = true;
    for (Tag tag : tags) tag.abandon();
  }

  /// Has the queue end at once, as if its process had died: requests that it has are the driver's
  /// to deal with. Any thread.
  public void leave() {
    isLeaving = true;
    if (state.compareAndSet(State.NEW, State.CLOSED)) return;
    wake();
  }

  private void wake() {
    Ring open = ring;
    if (open != null && state() != State.CLOSED) open.wake();
  }

  /// Closes the ring and gives back what is the queue's; on the thread that owns it. Again, does
  /// nothing.
  @Override
  public void close() {
    if (state() == State.CLOSED) return;
    Ring open = ring;
    if (open != null) open.close();
    if (descriptors.byteSize() > 0) device.kernel().unmap(descriptors);
    state.set(State.CLOSED);
  }
}
