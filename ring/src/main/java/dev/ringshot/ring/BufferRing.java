package dev.ringshot.ring;

import static dev.ringshot.abi.IoUring.IOSQE_BUFFER_SELECT;
import static dev.ringshot.abi.Kernel.PROT_READ;
import static dev.ringshot.abi.Kernel.PROT_WRITE;

import dev.ringshot.abi.Cqe;
import dev.ringshot.abi.Kernel;
import dev.ringshot.abi.Sqe;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/// A group of provided buffers: the kernel takes one for each event, this lends it to the event's
/// handler and gives it back.
///
/// **Every buffer is somewhere.** It is the kernel's to take, or a completion has named it and it
/// is lent or kept. One case is neither: when the completion queue is full the kernel uses a buffer
/// up and posts nothing that names it. So after the last completion of a request, when all
/// completions at hand were handled, the kernel's own count (`IORING_REGISTER_PBUF_STATUS`) is
/// compared, and what nobody named is given back: [#recovered]. With requests that hold a buffer
/// for a while (one shot, bundles, or `IOSQE_ASYNC`) it waits until those that were in flight then
/// have ended.
///
/// **Bundles.** A completion of a request with `IORING_RECVSEND_BUNDLE` names the first of its
/// buffers, and its bytes run on through those that follow in the order of the ring, each of them
/// full but the last. All of them leave the kernel's hands with the completion; the handler is lent
/// one after the other ([EventHandler#onPart]), and each goes back or is kept for itself.
///
/// **Incremental** buffers serve events until they are full. A completion does not say where in the
/// buffer its event lies; it follows the one before. Where bytes were used up with no completion,
/// the entry in the ring's memory tells where the kernel goes on: [#skippedBytes]. This is exact
/// for multishot requests on a ring with `DEFER_TASKRUN`; keep commands, and everything else, on
/// incremental groups of their own.
public final class BufferRing implements AutoCloseable {
  private final Ring ring;
  private final Kernel kernel;
  private final BufferOptions options;
  private final int group;
  private final BufferEntries entries;
  private final MemorySegment memory;
  private final MemorySegment[] buffers;
  private final @Nullable FreeBuffers free;
  private final int[] positions;
  private final int[] lengths;
  private final boolean[] isProvided;
  private final int[] used;
  private final int[] keeps;
  private final Bundle bundle;
  private final ArrayDeque<Subscription> starving = new ArrayDeque<>();
  private final Census census = new Census();
  private int provided;
  private int kept;
  private int next;
  private int lent = -1;
  private int users;
  private long turnover;
  private long recovered;
  private long skippedBytes;
  private boolean isOpen = true;
  private boolean isMapped = true;

  /// @param free where buffers go that come back, instead of to the kernel, or null
  BufferRing(
      Ring ring,
      Kernel kernel,
      BufferEntries entries,
      int group,
      BufferOptions options,
      @Nullable FreeBuffers free) {
    this.ring = ring;
    this.free = free;
    this.kernel = kernel;
    this.options = options;
    this.group = group;
    this.entries = entries;
    int count = options.count();
    long stride = (long) options.size() + 7 & -8; // so that any buffer may begin with a long
    memory = kernel.map(-1, 0, count * stride, PROT_READ | PROT_WRITE);
    buffers = new MemorySegment[count];
    positions = new int[count];
    lengths = new int[count];
    isProvided = new boolean[count];
    used = new int[count];
    keeps = new int[count];
    bundle = new Bundle(count);
    for (int bid = 0; bid < count; bid++) {
      buffers[bid] = memory.asSlice(bid * stride, options.size());
      if (free == null) add(bid, options.size());
      else free.add(bid);
    }
    entries.publish();
  }

  /// Its id in the ring, `buf_group` of a submission: the smallest that is free, from 0.
  public int group() {
    return group;
  }

  /// Bytes of each buffer.
  public int size() {
    return options.size();
  }

  /// Buffers in all.
  public int count() {
    return options.count();
  }

  /// Buffers that the kernel may take, as far as its completions were handled.
  public int available() {
    return provided;
  }

  /// A request's events go to `handler`, to be submitted with [Ring#prepare(Subscription)].
  public Subscription onEvent(EventHandler handler) {
    return new Subscription(ring, this, handler);
  }

  /// As [#onEvent(EventHandler)], to a handler that tells the parts of a bundle from each other.
  public Subscription onEvent(BundleHandler handler) {
    return onEvent((EventHandler) handler);
  }

  // ---- Events

  /// Hands one event to its handler, and its buffer back to the kernel.
  void deliver(EventHandler handler, int res, int flags) {
    int bid = named(Cqe.bufferId(flags));
    int offset = used[bid];
    int length = Math.max(res, 0);
    turnover++;
    if (staysWithKernel(bid, flags)) {
      used[bid] += length;
    } else {
      take(bid);
    }
    if (length > 0) {
      lent = bid;
      try {
        handler.onEvent(buffers[bid], offset, length);
      } finally {
        returned();
      }
    } else {
      giveBackIfFree(bid);
    }
  }

  private int named(int bid) {
    if (bid < isProvided.length && isProvided[bid]) return bid;
    throw new IllegalStateException(
        "group " + group + ": the kernel named buffer " + bid + ", which it does not have");
  }

  /// `IORING_CQE_F_BUF_MORE` says so; some kernels forget it, but leave a length in the entry.
  private boolean staysWithKernel(int bid, int flags) {
    return options.incremental() && (Cqe.bufferMore(flags) || entries.length(positions[bid]) != 0);
  }

  private void returned() {
    int bid = lent;
    lent = -1;
    giveBackIfFree(bid);
  }

  /// Hands one event that may lie in several buffers to its handler, part by part, and each buffer
  /// back to the kernel.
  ///
  /// @param res bytes, positive
  void deliverBundle(EventHandler handler, int res, int flags) {
    int first = named(Cqe.bufferId(flags));
    long offset = used[first];
    turnover++;
    takeBundle(first, res, flags);
    int left = res;
    int part = 0;
    try {
      while (part < bundle.size()) {
        lent = bundle.bid(part);
        int length = bundle.length(part++);
        left -= length;
        try {
          handler.onPart(buffers[lent], offset, length, left);
        } finally {
          returned();
        }
        offset = 0;
      }
    } finally {
      while (part < bundle.size()) giveBackIfFree(bundle.bid(part++));
    }
  }

  /// Each buffer is filled before the next is begun, so that all but the last are used up.
  private void takeBundle(int first, int res, int flags) {
    bundle.clear();
    int bid = first;
    int left = res;
    while (left > room(bid)) {
      left -= room(bid);
      bundle.add(bid, room(bid));
      take(bid);
      bid = after(bid);
    }
    bundle.add(bid, left);
    if (staysWithKernel(bid, flags)) {
      used[bid] += left;
    } else {
      take(bid);
    }
  }

  /// Bytes that the kernel puts into a buffer. It may have shortened the entry of one for a request
  /// that wanted less, and left it so; of an incremental one the entry tells what is left by now.
  private int room(int bid) {
    int position = positions[bid];
    boolean isOverwritten = entries.bid(position) != bid; // others went round while it was held
    if (options.incremental() || isOverwritten) return lengths[bid] - used[bid];
    return entries.length(position);
  }

  /// The buffer that the kernel takes after `bid`. Others' lie between if a request has waited in
  /// the middle of its bundle.
  private int after(int bid) {
    int position = positions[bid];
    int next = entries.bid(position + 1);
    if (isProvided[next] && positions[next] == position + 1) return next;
    int nearest = -1;
    for (int other = 0; other < positions.length; other++) {
      if (!isProvided[other] || positions[other] - position < 0) continue;
      if (nearest < 0 || positions[other] - positions[nearest] < 0) nearest = other;
    }
    if (nearest >= 0) return nearest;
    throw new IllegalStateException(
        "group " + group + ": the kernel named more bytes than the buffers have after " + bid);
  }

  /// From an event handler: the buffer of its event stays readable after the call, until
  /// [#giveBack]. While buffers are kept the kernel has fewer; keep none for ever.
  ///
  /// @return what to give back
  /// @throws IllegalStateException outside an event handler of this group
  public int keep() {
    if (lent < 0) throw new IllegalStateException("no event of group " + group + " is handled now");
    keep(lent);
    return lent;
  }

  /// As [#keep], of a buffer that nobody uses.
  void keep(int bid) {
    keeps[bid]++;
    kept++;
  }

  MemorySegment buffer(int bid) {
    return buffers[bid];
  }

  /// Ends the only [#keep] of a buffer that the kernel shall send.
  void provide(int bid, int length) {
    if (bid < 0 || bid >= keeps.length || keeps[bid] != 1 || !isOpen) {
      throw new IllegalStateException("buffer " + bid + " of group " + group + " is not at hand");
    }
    if (length < 1 || length > options.size()) {
      throw new IllegalArgumentException(length + " bytes of a buffer of " + options.size());
    }
    keeps[bid]--;
    kept--;
    giveBack(bid, length);
  }

  /// Ends one [#keep].
  ///
  /// @param bid what it returned
  /// @throws IllegalStateException if that is not kept
  public void giveBack(int bid) {
    if (bid < 0 || bid >= keeps.length || keeps[bid] == 0) {
      throw new IllegalStateException("buffer " + bid + " of group " + group + " is not kept");
    }
    keeps[bid]--;
    kept--;
    giveBackIfFree(bid);
  }

  /// Buffers kept by [#keep], each as often as it is.
  public int kept() {
    return kept;
  }

  private void take(int bid) {
    isProvided[bid] = false;
    provided--;
    next = Math.max(next - positions[bid], 1) + positions[bid]; // also when numbers wrap
  }

  private void giveBackIfFree(int bid) {
    if (isProvided[bid] || keeps[bid] > 0 || bid == lent || !isOpen) return;
    if (free == null) giveBack(bid, options.size());
    else free.add(bid);
  }

  private void giveBack(int bid, int length) {
    add(bid, length);
    entries.publish();
    for (int i = starving.size(); i > 0; i--) starving.remove().fed();
  }

  private void add(int bid, int length) {
    positions[bid] = entries.add(buffers[bid].address(), length, bid);
    lengths[bid] = length;
    isProvided[bid] = true;
    used[bid] = 0;
    provided++;
  }

  // ---- Requests that take from the group

  boolean isSelectedBy(Sqe sqe) {
    return (sqe.flags() & IOSQE_BUFFER_SELECT) != 0 && sqe.bufGroup() == group;
  }

  /// A request that takes buffers is submitted.
  ///
  /// @param holds whether it may hold a buffer while nothing is posted
  /// @return to be handed to [#end]
  int begin(boolean holds) {
    users++;
    return census.begin(holds);
  }

  /// Its last completion was handled.
  void end(boolean held, int epoch) {
    users--;
    census.end(held, epoch);
    if (users == 0 && !isOpen) unmap();
  }

  /// Counts whenever the kernel has used a buffer, with a completion or without.
  long turnover() {
    return turnover + recovered + skippedBytes;
  }

  boolean isOpen() {
    return isOpen;
  }

  /// Wants to hear when a buffer comes back.
  void starve(Subscription subscription) {
    starving.add(subscription);
  }

  // ---- Buffers that nobody named

  /// Buffers that were used up with no completion, and were given back.
  public long recovered() {
    return recovered;
  }

  /// Bytes of incremental buffers that were used up with no completion.
  public long skippedBytes() {
    return skippedBytes;
  }

  /// Takes stock, when all completions at hand have been handled.
  void settle() {
    if (!isOpen) return;
    if (census.isComplete()) recover(census.close());
    if (census.isWanted() && provided > 0) {
      int ifNothingIsLost = entries.tail() - provided;
      census.open(entries.head(ifNothingIsLost));
      if (census.isComplete() && ring.isAtRest()) recover(census.close());
    }
    if (options.incremental() && !census.hasHolders()) follow();
  }

  /// All that lies before the kernel's head and was not named is lost.
  private void recover(int head) {
    if (provided == entries.tail() - head) return; // everything is still to be taken
    for (int bid = 0; bid < positions.length; bid++) {
      if (!isProvided[bid] || positions[bid] - head >= 0) continue;
      recovered++;
      if (options.incremental()) skippedBytes += options.size() - used[bid];
      take(bid);
      giveBackIfFree(bid);
    }
  }

  /// The kernel goes on in the first buffer that is not used up, where the entry says.
  private void follow() {
    while (next != entries.tail() && entries.length(next) == 0) {
      int bid = entries.bid(next);
      if (isProvided[bid] && positions[bid] == next) {
        recovered++;
        skippedBytes += options.size() - used[bid];
        take(bid);
        giveBackIfFree(bid);
      } else {
        next++;
      }
    }
    if (next == entries.tail()) return;
    int bid = entries.bid(next);
    int goesOn = (int) (entries.address(next) - buffers[bid].address());
    skippedBytes += goesOn - used[bid];
    used[bid] = goesOn;
  }

  // ---- End

  /// Takes the buffers from the kernel. A request that is armed on them ends with `-ENOBUFS` at its
  /// next event; the memory stays until the last of them has ended or the ring is closed.
  @Override
  public void close() {
    if (!isOpen) return;
    entries.unregister();
    isOpen = false;
    if (users == 0) unmap();
  }

  /// Lets go of what keeps the ring open, before that is closed.
  void closeEntries() {
    isOpen = false;
    if (isMapped) entries.unmap();
  }

  /// Lets go of the rest, after it.
  void closeMemory() {
    if (isMapped) kernel.unmap(memory);
    isMapped = false;
  }

  private void unmap() {
    closeEntries();
    closeMemory();
    ring.forget(this);
  }
}
