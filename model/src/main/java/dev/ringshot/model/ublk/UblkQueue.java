package dev.ringshot.model.ublk;

import static dev.ringshot.abi.Errno.EBUSY;
import static dev.ringshot.abi.Errno.EINVAL;
import static dev.ringshot.abi.Errno.EIO;
import static dev.ringshot.abi.Errno.EREMOTEIO;
import static dev.ringshot.abi.ublk.Ublk.*;

import dev.ringshot.model.Scheduler;
import dev.ringshot.model.UringCmd;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// One queue of a device: its tags, what waits for one, and what the server has (`struct
/// ublk_queue`, and the block layer's hardware queue).
///
/// All of it is guarded by [#lock], which is taken inside a ring's lock and inside the device's.
/// Bios end when it is free again.
final class UblkQueue {
  private static final long RETRY_NANOS = 3_000_000; // UBLK_REQUEUE_DELAY_MS

  final int number;
  final int depth;
  final List<Tag> tags = new ArrayList<>();
  final DescriptorArea descriptors;
  private final DataPath data;
  private final long flags;
  private final Recovery recovery;
  private final Scheduler scheduler;
  private final @Nullable Fetches fetches; // with commands for many tags
  private final ReentrantLock lock = new ReentrantLock();
  private final BitSet freeTags;
  private final ArrayDeque<DiskRequest> waiting = new ArrayDeque<>(); // for a tag
  private final ArrayDeque<Tag> requeued = new ArrayDeque<>(); // with requests to be issued again
  private List<DiskRequest> ended = new ArrayList<>();
  private int kicked; // of those requeued
  private int started;
  private int ready; // tags that the server has shown
  private boolean isCancelling;
  private boolean abortsAll;
  private boolean failsAll;
  private boolean isQuiesced;
  private @Nullable Runnable onIdle;

  UblkQueue(UblkDevice device, int number, Recovery recovery, Scheduler scheduler) {
    var info = device.info;
    this.number = number;
    this.depth = info.depth();
    this.flags = info.flags();
    this.recovery = recovery;
    this.scheduler = scheduler;
    this.descriptors = new DescriptorArea(depth, info.ioDescSize());
    this.data = new DataPath(flags, descriptors);
    this.freeTags = new BitSet(depth);
    freeTags.set(0, depth);
    for (int i = 0; i < depth; i++) tags.add(new Tag(this, i, device));
    this.fetches = has(UBLK_F_BATCH_IO) ? new Fetches(this) : null;
  }

  boolean has(long feature) {
    return (flags & feature) != 0;
  }

  Fetches fetches() {
    return Objects.requireNonNull(fetches);
  }

  void lock() {
    lock.lock();
  }

  /// Issues what can be, lets go, and then ends the bios whose requests have ended.
  void unlock() {
    List<DiskRequest> over = null;
    if (lock.getHoldCount() == 1) {
      admit();
      if (!ended.isEmpty()) {
        over = ended;
        ended = new ArrayList<>();
      }
    }
    lock.unlock();
    if (over != null) for (var request : over) request.bio.end(request.errno);
  }

  // ---- on the way to the server

  void submit(DiskRequest request) {
    lock();
    waiting.add(request);
    unlock();
  }

  private void admit() {
    for (; kicked > 0; kicked--) issue(requeued.remove());
    while (!waiting.isEmpty() && !freeTags.isEmpty()) {
      var tag = tags.get(freeTags.nextSetBit(0));
      freeTags.clear(tag.number);
      tag.request = waiting.remove();
      issue(tag);
    }
  }

  /// A request that has a tag goes to the server (`ublk_queue_rq`).
  private void issue(Tag tag) {
    if (isQuiesced) requeued.add(tag);
    else if (failsAll) end(tag, EREMOTEIO);
    else if (abortsAll && recovery.queues()) end(tag, EIO);
    else if (isCancelling) abort(tag);
    else start(tag);
  }

  private void start(Tag tag) {
    var request = request(tag);
    descriptors.describe(tag.number, request, tag.address);
    tag.isStarted = true;
    started++;
    if (fetches != null) fetches.queued(tag);
    else if (tag.command != null) tag.command.inTask(tag.dispatch());
  }

  private void stopped(Tag tag) {
    if (!tag.isStarted) return;
    tag.isStarted = false;
    if (--started > 0) return;
    var idle = onIdle;
    onIdle = null;
    if (idle != null) scheduler.execute(idle);
  }

  /// There is no server that could have it (`__ublk_abort_rq`).
  private void abort(Tag tag) {
    if (recovery.queues()) requeue(tag);
    else end(tag, EIO);
  }

  /// It will be issued again by the next [#kick].
  private void requeue(Tag tag) {
    stopped(tag);
    requeued.add(tag);
  }

  /// Issues what is requeued.
  void kick() {
    lock();
    kicked = requeued.size();
    unlock();
  }

  private void end(Tag tag, int errno) {
    stopped(tag);
    var request = request(tag);
    tag.request = null;
    tag.isCommitted = false;
    freeTags.set(tag.number);
    request.errno = errno;
    ended.add(request);
  }

  static DiskRequest request(Tag tag) {
    return Objects.requireNonNull(tag.request);
  }

  // ---- to the server

  /// Hands the request of a tag with a command of its own out, in that command's context
  /// (`ublk_dispatch_req`).
  void dispatch(Tag tag) {
    var cmd = Objects.requireNonNull(tag.command);
    lock();
    try {
      if (cmd.isRingClosing()) {
        abort(tag);
        cancelCommand(tag);
      } else if (has(UBLK_F_NEED_GET_DATA) && request(tag).isWrite()) {
        tag.needsAddress = true;
        tag.give();
        cmd.done(UBLK_IO_RES_NEED_GET_DATA);
      } else if (prepare(tag, cmd)) {
        cmd.done(UBLK_IO_RES_OK);
      }
    } finally {
      unlock();
    }
  }

  /// Brings the data where the server has it, and makes the tag the server's.
  ///
  /// @return false if that could not be: then the request is none of the server's business
  boolean prepare(Tag tag, UringCmd cmd) {
    if (!copyOut(tag, cmd)) return false;
    if (!data.fillSlot(tag, cmd)) {
      end(tag, EIO);
      return false;
    }
    tag.give();
    return true;
  }

  /// [DataPath#copyOut], again and again if it must be.
  boolean copyOut(Tag tag, UringCmd cmd) {
    if (data.copyOut(tag, cmd)) return true;
    requeue(tag);
    scheduler.afterNanos(RETRY_NANOS, this::kick);
    return false;
  }

  /// Takes a request back that the server has not heard of.
  void undo(Tag tag, UringCmd cmd) {
    DataPath.emptySlot(tag, cmd);
    tag.take();
  }

  /// A slot of registered buffers has the data of `tag` no more.
  void released(Tag tag) {
    lock();
    try {
      if (--tag.leases == 0 && tag.isCommitted) complete(tag, null);
    } finally {
      unlock();
    }
  }

  // ---- from the server

  /// Puts the data of a request that the server has into a slot of its ring's registered buffers.
  int register(Tag tag, UringCmd cmd, int index) {
    if (!has(UBLK_F_SUPPORT_ZERO_COPY)) return -EINVAL;
    lock();
    try {
      return hasData(tag) ? DataPath.lend(tag, cmd, index) : -EINVAL;
    } finally {
      unlock();
    }
  }

  /// Whether the server may reach the data of its request (`__ublk_check_and_get_req`).
  boolean hasData(Tag tag) {
    var request = tag.request;
    return (tag.isServers || tag.isCommitted) && request != null && request.hasData();
  }

  /// The server gives a request back, with its result and what the tag's next one needs.
  ///
  /// @return 0; `-EBUSY` if the server does not have it
  int commit(Tag tag, UringCmd cmd, int result, ServerBuffer buffer) {
    if (!tag.isServers) return -EBUSY;
    tag.result = result;
    DataPath.emptySlot(tag, cmd);
    buffer.give(tag);
    tag.take();
    if (tag.leases > 0) tag.isCommitted = true;
    else complete(tag, cmd);
    return 0;
  }

  /// Ends a request as the server said, or issues what is left of it (`__ublk_complete_rq`).
  private void complete(Tag tag, @Nullable UringCmd cmd) {
    var request = request(tag);
    int result = tag.result == 0 && request.isRead() ? -EIO : tag.result;
    tag.isCommitted = false;
    if (result < 0) {
      end(tag, BlockStatus.errno(result));
      return;
    }
    if (!request.hasData()) {
      end(tag, 0);
      return;
    }
    int bytes = cmd == null ? request.left() : data.copyIn(tag, cmd, result);
    if (bytes == 0) {
      end(tag, EIO);
    } else if (request.advance(bytes)) {
      end(tag, 0);
    } else {
      requeue(tag);
      kicked = requeued.size();
    }
  }

  // ---- beginning and end of service

  /// Counts one more tag that the server has shown.
  ///
  /// @return whether it was the last: then requests flow
  boolean countReady() {
    if (++ready < depth) return false;
    for (var tag : tags) tag.isCancelled = false;
    isCancelling = false;
    abortsAll = false;
    failsAll = false;
    return true;
  }

  /// Forgets a tag that the server has shown.
  ///
  /// @return whether the queue was ready
  boolean forgetReady(Tag tag) {
    boolean wasReady = isReady();
    if (wasReady) isCancelling = true;
    ready--;
    tag.isActive = false;
    return wasReady;
  }

  boolean isReady() {
    return ready == depth;
  }

  /// Whether commands are refused.
  boolean refusesCommands() {
    return isCancelling || abortsAll;
  }

  /// Whether nothing goes to the server any more.
  boolean isAborting() {
    return abortsAll;
  }

  void cancelling(boolean now) {
    lock();
    isCancelling = now;
    unlock();
  }

  void abortAll() {
    lock();
    abortsAll = true;
    unlock();
  }

  void failAll() {
    lock();
    failsAll = true;
    unlock();
  }

  /// Starts no more requests, then runs `idle` on a worker when none is under way.
  void quiesce(Runnable idle) {
    lock();
    isQuiesced = true;
    if (started == 0) scheduler.execute(idle);
    else onIdle = idle;
    unlock();
  }

  void unquiesce() {
    lock();
    isQuiesced = false;
    unlock();
    kick();
  }

  /// Ends the commands that wait for a request (`ublk_cancel_queue`).
  void cancelCommands() {
    lock();
    try {
      if (fetches != null) {
        abortsAll = true;
        fetches.cancelAll();
        return;
      }
      for (var tag : tags) if (tag.isActive && !tag.isStarted) cancelCommand(tag);
    } finally {
      unlock();
    }
  }

  /// The ring of the command of `tag` goes away.
  void cancel(Tag tag) {
    lock();
    try {
      if (tag.isActive && !tag.isStarted) cancelCommand(tag);
    } finally {
      unlock();
    }
  }

  private static void cancelCommand(Tag tag) {
    if (tag.isCancelled) return;
    tag.isCancelled = true;
    if (tag.command != null) tag.command.done(UBLK_IO_RES_ABORT);
  }

  /// Whether a slot of registered buffers has data of any request.
  boolean hasLeases() {
    lock();
    try {
      for (var tag : tags) if (tag.leases > 0) return true;
      return false;
    } finally {
      unlock();
    }
  }

  /// The server has gone with what it had (`ublk_abort_queue`).
  void abandon() {
    lock();
    try {
      for (var tag : tags) if (tag.isServers) fail(tag);
      if (fetches != null)
        for (int tag = fetches.poll(); tag >= 0; tag = fetches.poll()) fail(tags.get(tag));
    } finally {
      unlock();
    }
  }

  private void fail(Tag tag) {
    tag.isServers = false;
    if (recovery.reissues()) requeue(tag);
    else end(tag, EIO);
  }

  /// Nobody has it open any more (`ublk_queue_reinit`).
  void reset() {
    lock();
    ready = 0;
    for (var tag : tags) tag.reset();
    unlock();
  }

  /// The bytes that the server maps.
  MemorySegment area() {
    return descriptors.area();
  }
}
