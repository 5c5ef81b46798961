package dev.ringshot.model;

import static dev.ringshot.abi.Errno.ECANCELED;
import static dev.ringshot.abi.Errno.EFAULT;
import static dev.ringshot.abi.Errno.EINVAL;
import static dev.ringshot.abi.Errno.EIOCBQUEUED;
import static dev.ringshot.abi.Errno.ENOBUFS;
import static dev.ringshot.abi.Errno.EOPNOTSUPP;
import static dev.ringshot.abi.IoUring.IORING_CQE_F_32;
import static dev.ringshot.abi.IoUring.IORING_URING_CMD_FIXED;
import static dev.ringshot.abi.IoUring.IORING_URING_CMD_MULTISHOT;

import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/// One command in a driver's hands (`struct io_uring_cmd`).
///
/// A driver may keep it from [FileOperations#uringCmd] on, if that returned `-EIOCBQUEUED`, until
/// [#done]. [#inTask], [#done] and [#isDone] may be called from any thread; buffers are selected
/// and events posted only in the ring's context: during `uringCmd` itself (not on a worker), or in
/// a task given to [#inTask].
///
/// On a worker [#selectBuffer] and [#onCancel] take the ring's lock, which is held wherever else
/// the driver is called: there, call neither with a lock of the driver's own.
public final class UringCmd {
  private static final int SQE_BYTES = 64;

  /// What a driver returns to keep a command.
  static final int PARKED = -EIOCBQUEUED;

  /// What a file of the engine's own returns for a command that waits for it in the poll table.
  static final int POLLED = -3073;

  private static final int PAYLOAD_BYTES = 16;

  private final Request request;
  private final RingContext ring;
  private final SelectedBuffer buffer;
  private final SelectedBuffer refusal;
  private final CommandWork work = new CommandWork(this);
  private final AtomicBoolean workTaken = new AtomicBoolean();
  private final AtomicBoolean done = new AtomicBoolean();
  @Nullable UringCmd previousParked;
  @Nullable UringCmd nextParked;
  boolean isParked;
  @Nullable UringCmd nextOwing;

  /// Whether it has selected a buffer and not yet said what becomes of it. (It may hold one longer:
  /// what is committed when selected, and then not used, stays until the next post.)
  boolean owes;

  private @Nullable Runnable onCancel;
  private Task task;
  private @Nullable Transfer user;
  private boolean escaped;
  private volatile boolean isGone;
  private volatile @Nullable Thread worker; // that is issuing it
  private boolean owesOnWorker;
  private boolean sqeReadable;

  UringCmd(Request request) {
    this.request = request;
    this.ring = request.ring();
    this.task = request.task;
    this.buffer = new SelectedBuffer(ring.kernel().memory());
    this.refusal = new SelectedBuffer(ring.kernel().memory());
  }

  // ---- what was asked for

  /// The driver's own number for what to do (`cmd_op`).
  public int op() {
    return (int) request.off();
  }

  /// `IORING_URING_CMD_*`.
  public int flags() {
    return request.opFlags();
  }

  /// Whether it may be answered many times.
  public boolean isMultishot() {
    return (flags() & IORING_URING_CMD_MULTISHOT) != 0;
  }

  /// Whether it names a registered buffer.
  public boolean isFixed() {
    return (flags() & IORING_URING_CMD_FIXED) != 0;
  }

  /// The file it was sent to.
  public OpenFile file() {
    return request.openFile();
  }

  /// The thread that submitted it (`io_uring_cmd_get_task`).
  public Thread submitter() {
    return task.thread();
  }

  /// Whether who submitted it has `CAP_SYS_ADMIN`.
  public boolean isPrivileged() {
    return ring.kernel().options().privileged();
  }

  /// Whether `other` came by the same ring (`io_uring_cmd_ctx_handle`).
  public boolean isOfRing(UringCmd other) {
    return ring == other.ring;
  }

  /// The buffer group of a multishot command.
  public int bufferGroup() {
    return request.bufIndex();
  }

  /// `sqe.addr`: the driver's to interpret. Like all that follows it is the program's memory, to be
  /// read in `uringCmd` and not later, unless that runs on a worker.
  public long addr() {
    requireSqe();
    return request.addr();
  }

  /// `sqe.len`.
  public int len() {
    requireSqe();
    return request.len();
  }

  /// `sqe.file_index`, also `optlen`.
  public int fileIndex() {
    requireSqe();
    return request.fileIndex();
  }

  /// Bytes of payload: 16, or 80 in a 128-byte SQE.
  public int payloadBytes() {
    return isSqe128() ? PAYLOAD_BYTES + SQE_BYTES : PAYLOAD_BYTES;
  }

  /// Eight bytes of the payload (`sqe.cmd`), in native order.
  ///
  /// @param at 0 to [#payloadBytes] - 8
  public long payloadLong(int at) {
    requireSqe();
    java.util.Objects.checkFromIndexSize(at, Long.BYTES, payloadBytes());
    return request.payload(at);
  }

  /// Four bytes of the payload.
  public int payloadInt(int at) {
    return at + Long.BYTES <= payloadBytes()
        ? (int) payloadLong(at)
        : (int) (payloadLong(at - Integer.BYTES) >>> Integer.SIZE);
  }

  /// Two bytes of the payload.
  public short payloadShort(int at) {
    return (short) (payloadInt(at & ~3) >>> ((at & 3) * Byte.SIZE));
  }

  /// Whether the driver must not block: it answers `-EAGAIN` to be asked again on a worker
  /// (`IO_URING_F_NONBLOCK`).
  public boolean nonBlocking() {
    return !isOnWorker();
  }

  /// Whether it is being issued on a worker, without the ring's lock (`IO_URING_F_IOWQ`).
  public boolean isOnWorker() {
    return Thread.currentThread() == worker;
  }

  /// Whether its SQE has 128 bytes (`IO_URING_F_SQE128`).
  public boolean isSqe128() {
    return request.isWide();
  }

  /// Whether completions may have 32 bytes (`IO_URING_F_CQE32`).
  public boolean isCqe32() {
    return ring.layout().isCqe32() || ring.layout().isCqeMixed();
  }

  // ---- the program's memory

  /// copy_from_user().
  ///
  /// @return 0 or `-EFAULT`
  public int copyFromUser(long address, MemorySegment target, long offset, long count) {
    return ring.kernel().memory().copyFrom(address, target, offset, count);
  }

  /// copy_to_user().
  ///
  /// @return 0 or `-EFAULT`
  public int copyToUser(long address, MemorySegment source, long offset, long count) {
    return ring.kernel().memory().copyTo(address, source, offset, count);
  }

  /// A range of the program's memory to move bytes to or from, as many as it has (`import_ubuf`).
  /// It is one a command: good until the next call.
  public Transfer importUser(long address, int length) {
    var transfer = user;
    if (transfer == null) {
      transfer = new Transfer(ring.kernel().memory());
      user = transfer;
    }
    return transfer.range(address, length);
  }

  // ---- registered buffers

  /// A part of the registered buffer that a command with `IORING_URING_CMD_FIXED` names, which is
  /// the command's until it ends (`io_uring_cmd_import_fixed`).
  ///
  /// @param into whether the driver will write to it
  /// @return null, for `-EFAULT`, if there is no such buffer or the range is not in it
  public @Nullable MemorySegment importFixed(long address, long length, boolean into) {
    var buffer = isFixed() && !isGone ? request.registeredBuffer() : null;
    if (buffer == null || !buffer.admits(address, length, into)) return null;
    return buffer.memory.memory.asSlice(address - buffer.memory.start, length);
  }

  /// Puts memory of the driver's into an empty slot of the ring's registered buffers, where the
  /// program's requests reach it at addresses from 0 (`io_buffer_register_bvec`).
  ///
  /// @param memory what a request into the buffer fills, if it can be written to; else what one out
  ///   of it takes: never both
  /// @param onRelease runs, with the ring's lock held, when it is out of the table and no request
  ///   uses it any more
  /// @return 0; `-EINVAL` beyond the end of the table, `-EBUSY` if the slot is taken
  public int lendBuffer(int index, MemorySegment memory, Runnable onRelease) {
    var mapping = new Mapping(0, memory, !memory.isReadOnly());
    ring.lock();
    try {
      return ring.buffers.lend(index, RegisteredBuffer.ofDriver(mapping, onRelease));
    } finally {
      ring.unlock();
    }
  }

  /// Takes such memory out of the table again (`io_buffer_unregister_bvec`).
  ///
  /// @return 0; `-EINVAL` for a slot without a buffer, `-EBUSY` for one with the program's
  public int takeBackBuffer(int index) {
    ring.lock();
    try {
      return ring.buffers.takeBack(index);
    } finally {
      ring.unlock();
    }
  }

  // ---- multishot

  /// Selects a whole buffer of the command's own group.
  public SelectedBuffer selectBuffer() {
    return selectBuffer(bufferGroup(), 0);
  }

  /// Selects the next buffer of `group` (`io_uring_cmd_buffer_select`; the proposal's
  /// `io_uring_cmd_select_buffer`).
  ///
  /// @param lengthMax bytes wanted; 0 for all of the buffer
  /// @return the buffer, owed to [#postMultishotCqe]; or one whose [SelectedBuffer#errno] says why
  ///   there is none, `-ECANCELED` if the command has ended meanwhile
  /// @throws DriverContractException outside the ring's context
  public SelectedBuffer selectBuffer(int group, int lengthMax) {
    if (!ring.kernel().options().commands()) return refusal.refused(-EOPNOTSUPP);
    requireContext("selectBuffer");
    if (isGone) return refusal.refused(-ECANCELED);
    boolean onWorker = isOnWorker();
    if (!isMultishot() || request.selection.isHeld()) return refusal.refused(-EINVAL);
    if (onWorker) ring.lock();
    try {
      if (!take(group & 0xffff, lengthMax, onWorker)) return refusal.refused(-ENOBUFS);
    } finally {
      if (onWorker) ring.unlock();
    }
    return buffer.of(request.selection);
  }

  private boolean take(int group, int lengthMax, boolean onWorker) {
    if (ring.isDead() || ring.kernel().options().faults().strikes(Faults.Point.NO_BUFFER))
      return false;
    if (!ring.groups.select(group, request.selection, lengthMax)) return false;
    if (onWorker || commitsAtSelect()) request.selection.commitNow();
    if (onWorker) owesOnWorker = true;
    else ring.commands.selected(this);
    return true;
  }

  private boolean commitsAtSelect() {
    return ring.kernel().options().release().commitsCommandBufferAtSelect()
        && !file().operations().canPoll();
  }

  /// Posts one event (`io_uring_mshot_cmd_post_cqe`).
  ///
  /// @param selected the buffer it is in
  /// @param value bytes of it, > 0: a completion with `F_BUFFER | F_MORE`; 0 or `-errno`: no
  ///   completion, the buffer goes back
  /// @return [Shot#POSTED], or [Shot#FINISHED] if nothing visible was posted: also when `value` > 0
  ///   and the completion queue was full, and then the buffer is used up all the same
  /// @throws DriverContractException outside the ring's context, or for a buffer or value that
  ///   cannot be
  public Shot postMultishotCqe(SelectedBuffer selected, int value) {
    if (cannotPost()) return Shot.FINISHED;
    if (selected != buffer || !owes) {
      throw bug(
          "posted a buffer that it does not hold; select one with selectBuffer() first, and look at its errno()");
    }
    if (value > selected.length())
      throw bug("posted " + value + " bytes in a buffer of " + selected.length());
    return post(value);
  }

  /// Posts one event without a buffer: for `value` > 0 a completion with `F_MORE` alone.
  ///
  /// @throws DriverContractException outside the ring's context, or if a buffer is held
  public Shot postMultishotCqe(int value) {
    if (cannotPost()) return Shot.FINISHED;
    if (owes) throw bug("posted without the buffer that it holds");
    return post(value);
  }

  /// Whether posting does nothing: the command is not multishot, or its request has been completed
  /// and may be another's by now.
  private boolean cannotPost() {
    return isGone || !isMultishot() || !ring.kernel().options().commands();
  }

  private Shot post(int value) {
    requireContext("postMultishotCqe");
    if (isOnWorker()) throw bug("posted an event from a worker; use inTask()");
    ring.commands.settled(this);
    if (value > 0) {
      int cqeFlags = request.selection.put(value);
      boolean posted = !done.get() && ring.postMore(request, value, cqeFlags, 0, 0);
      return posted ? Shot.POSTED : Shot.FINISHED; // done() will say how it ends
    }
    request.selection.recycle();
    if (value < 0) request.markFailed();
    return Shot.FINISHED;
  }

  // ---- other contexts, other ends

  /// Runs `task` in the ring's context, from any thread (`io_uring_cmd_complete_in_task`): on its
  /// owner's way through the kernel, never inside this call. Tasks of one thread run in order. A
  /// driver that hands over the same preallocated task each time, one at a time, allocates nothing.
  ///
  /// When the ring has gone meanwhile it still runs, and [#isRingClosing] says so: buffers and
  /// memory are out of reach then.
  public void inTask(Runnable task) {
    escaped = true;
    if (work.tryLoad(task)) {
      ring.addTaskWork(work);
      return;
    }
    var another = new CommandWork(this);
    another.load(task);
    ring.addTaskWork(another);
  }

  /// Marks the command cancelable (`io_uring_cmd_mark_cancelable`): when its ring goes away,
  /// `handler` is called once, in the ring's context, unless the command is done by then; it must
  /// see to it that [#done] is called. Without it an armed command outlives its ring, until the
  /// driver ends it.
  public void onCancel(Runnable handler) {
    requireContext("onCancel");
    escaped = true;
    ring.lock();
    try {
      onCancel = handler;
      if (isParked && ring.isDead()) inTask(this::cancel);
    } finally {
      ring.unlock();
    }
  }

  /// Ends the command with one last completion, flags 0 (`io_uring_cmd_done`). Any thread; of
  /// several calls the first counts.
  ///
  /// @return whether this call was it
  public boolean done(int res) {
    return done(res, false, 0, 0);
  }

  /// The same with the extra words of a 32-byte completion (`io_uring_cmd_done32`); lost on a ring
  /// with 16-byte ones.
  public boolean done(int res, long extra1, long extra2) {
    return done(res, true, extra1, extra2);
  }

  private boolean done(int res, boolean big, long extra1, long extra2) {
    if (!done.compareAndSet(false, true)) return false;
    escaped = true;
    if (res < 0) request.fail(res);
    request.res = res;
    request.cqeFlags = 0;
    if (big) request.markBig();
    request.extra1 = extra1;
    request.extra2 = extra2;
    ring.commands.end(this, request);
    return true;
  }

  /// Whether [#done] has been called, or the command has ended by the driver's return value.
  public boolean isDone() {
    return done.get();
  }

  /// Whether its ring is gone (`tw.cancel`): nothing can be posted any more, only [#done].
  public boolean isRingClosing() {
    return ring.isDead();
  }

  // ---- polled commands, which only the engine's own files have

  /// Has the command issued again whenever its file has one of `mask` (`io_cmd_poll_multishot`):
  /// then it may [#postMore], and answers `-EAGAIN` to stay.
  ///
  /// @return 0 if it is, or what to answer now
  int pollMultishot(int mask) {
    if (request.multishot) return 0;
    escaped |= isOnWorker();
    ring.lock(); // a worker does not have it
    try {
      request.multishot = true;
      var _ = FilePoll.park(request, mask);
    } finally {
      ring.unlock();
    }
    return POLLED;
  }

  /// Posts a 32-byte completion (`io_uring_cmd_post_mshot_cqe32`).
  ///
  /// @return false if there is no room
  boolean postMore(int res, int cqeFlags, long extra1, long extra2) {
    int size = ring.layout().isCqeMixed() ? IORING_CQE_F_32 : 0;
    return ring.postAhead(request, res, cqeFlags | size, extra1, extra2);
  }

  // ---- the engine's side

  RingContext ring() {
    return ring;
  }

  Task task() {
    return task;
  }

  /// Its request has been completed; a task of its driver's may still come.
  void leave() {
    isGone = true;
  }

  boolean hasEscaped() {
    return escaped;
  }

  Selection selection() {
    return request.selection;
  }

  boolean claimWork() {
    return workTaken.compareAndSet(false, true);
  }

  void releaseWork(CommandWork finished) {
    if (finished == work) workTaken.set(false);
  }

  /// Makes it the view of its request's next submission; only if no driver can still hold it.
  void renew() {
    task = request.task;
    done.set(false);
    onCancel = null;
  }

  /// Has the driver take the command.
  ///
  /// @return what the request's operation answers
  int deliver(boolean worker) {
    this.worker = worker ? Thread.currentThread() : null;
    owesOnWorker = false;
    sqeReadable = true;
    int result;
    try {
      result = file().operations().uringCmd(this);
      if (result == POLLED) return result; // its request may have ended
      if (result < 0 && result != PARKED && isMultishot() && recyclesOnError()) giveBack();
      requireSettled();
    } catch (UserFault fault) {
      giveBack();
      requireSettled();
      result = -EFAULT;
    } catch (DriverContractException e) {
      if (isOnWorker()) giveBack();
      throw e;
    } catch (RuntimeException e) {
      if (isOnWorker()) giveBack();
      throw bug("threw " + e, e);
    } finally {
      this.worker = null;
      sqeReadable = false;
    }
    return result;
  }

  private boolean recyclesOnError() {
    return ring.kernel().options().release().recyclesOnDriverError();
  }

  /// Leaves a buffer that it holds to the next taker. On a worker the request may have ended and be
  /// another's by now, unless a buffer is owed.
  private void giveBack() {
    if (!isOnWorker()) {
      ring.commands.settled(this);
      request.selection.recycle();
      return;
    }
    if (!owesOnWorker) return;
    owesOnWorker = false;
    ring.lock();
    try {
      request.selection.recycle();
    } finally {
      ring.unlock();
    }
  }

  private void requireSettled() {
    if (!isOnWorker()) {
      ring.commands.requireSettled();
      return;
    }
    if (!owesOnWorker) return;
    giveBack();
    throw bug(Commands.UNSETTLED);
  }

  /// Keeps the command for its driver.
  void park() {
    escaped = true;
    ring.commands.park(this);
  }

  /// @return false if the driver has called [#done] as well
  boolean endByReturn() {
    return done.compareAndSet(false, true);
  }

  /// Runs a driver's code in the ring's context.
  void runInContext(Runnable code) {
    try {
      code.run();
    } catch (UserFault fault) {
      giveBack();
      var _ = done(-EFAULT);
    } catch (DriverContractException e) {
      ring.commands.takeBackOwed();
      throw e;
    } catch (RuntimeException e) {
      ring.commands.takeBackOwed();
      throw bug("threw " + e, e);
    }
    ring.commands.requireSettled();
  }

  void cancel() {
    var handler = onCancel;
    if (handler != null && !done.get()) runInContext(handler);
  }

  DriverContractException bug(String what) {
    return new DriverContractException(this + " " + what);
  }

  DriverContractException bug(String what, Throwable cause) {
    return new DriverContractException(this + " " + what, cause);
  }

  private void requireSqe() {
    if (!sqeReadable && !request.sqeKept) {
      throw bug(
          "read the SQE after uringCmd() had returned; it is the program's memory, which has reused it: read it in uringCmd()");
    }
  }

  private void requireContext(String method) {
    if (!isOnWorker() && !ring.isLockedHere()) {
      throw bug(
          "called "
              + method
              + "() outside the ring's context; hand a task to inTask() and call it there");
    }
  }

  @Override
  public String toString() {
    if (isGone) return "a command that has ended" + ring.kernel().seedNote();
    var file = request.file;
    return "driver "
        + (file == null ? "?" : file.operations().getClass().getSimpleName() + " of " + file.path())
        + ", command 0x"
        + Integer.toHexString(op())
        + " (user_data 0x"
        + Long.toHexString(request.userData())
        + ring.kernel().seedNote()
        + ")";
  }
}
