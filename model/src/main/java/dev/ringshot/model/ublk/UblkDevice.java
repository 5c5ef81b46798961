package dev.ringshot.model.ublk;

import static dev.ringshot.abi.Errno.EACCES;
import static dev.ringshot.abi.Errno.EBUSY;
import static dev.ringshot.abi.Errno.EEXIST;
import static dev.ringshot.abi.Errno.EINVAL;
import static dev.ringshot.abi.Errno.ENODEV;
import static dev.ringshot.abi.Errno.EOPNOTSUPP;
import static dev.ringshot.abi.ublk.Ublk.*;

import dev.ringshot.model.Scheduler;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// One device: `/dev/ublkcN` from ADD_DEV to DEL_DEV, and a disk while it is started (`struct
/// ublk_device`).
///
/// Its fields are guarded by its monitor, which is taken inside a ring's lock and outside a
/// queue's. Control commands take [#turn] as well, which may last: what waits is called back.
final class UblkDevice {
  private static final long LEASES_CHECK_NANOS = 4_000_000; // a jiffy

  final int id;
  final DeviceInfo info;
  final Turn turn;
  private final DeviceParams params = new DeviceParams();
  private final UblkDriver driver;
  private final Scheduler scheduler;
  private final long flags;
  private final int depth;
  private final int ioDescSize;
  private final Recovery recovery;
  private final List<UblkQueue> queues;
  private final List<Runnable> whenReady = new ArrayList<>();
  private final List<Runnable> whenFreed = new ArrayList<>();
  private @Nullable UblkDisk disk;
  private int readyQueues;
  private boolean wasReady; // since the start, or the last recovery
  private boolean isOpen;
  private boolean isDeleted;
  private boolean isStopping;
  private boolean isCancelling;

  UblkDevice(UblkDriver driver, DeviceInfo info, Recovery recovery) {
    this.driver = driver;
    this.scheduler = driver.scheduler();
    this.id = info.id();
    this.info = info;
    this.turn = new Turn(scheduler);
    this.flags = info.flags();
    this.depth = info.depth();
    this.ioDescSize = info.ioDescSize();
    this.recovery = recovery;
    this.queues =
        IntStream.range(0, info.queues())
            .mapToObj(number -> new UblkQueue(this, number, recovery, scheduler))
            .toList();
  }

  // ---- what it is

  boolean has(long feature) {
    return (flags & feature) != 0;
  }

  /// Whether the driver copies data to and from the server.
  boolean copies() {
    return Features.copies(flags);
  }

  int depth() {
    return depth;
  }

  int ioDescSize() {
    return ioDescSize;
  }

  List<UblkQueue> queues() {
    return queues;
  }

  /// The tag that a command names, or null.
  @Nullable Tag tag(IoCommand command) {
    if (command.queue() >= queues.size() || command.tag() >= depth) return null;
    return queues.get(command.queue()).tags.get(command.tag());
  }

  synchronized @Nullable UblkDisk disk() {
    return disk;
  }

  synchronized boolean isAlive() {
    return info.state() != UBLK_S_DEV_DEAD;
  }

  // ---- the server's file

  synchronized int open() {
    if (isOpen) return -EBUSY;
    isOpen = true;
    return 0;
  }

  void release() {
    scheduler.execute(this::serverHasGone);
  }

  int unregister(IoCommand command) {
    if (!has(UBLK_F_SUPPORT_ZERO_COPY)) return -EINVAL;
    return command.cmd().takeBackBuffer((int) command.address());
  }

  /// Whether the server may show a tag now.
  ///
  /// @return 0 or `-errno`
  synchronized int checkShowing(Tag tag) {
    if (isStopping) return -ENODEV;
    if (isReady()) return -EBUSY;
    return tag.isActive ? -EINVAL : 0;
  }

  /// The server has shown a tag, whose queue's lock is held.
  synchronized void countReady(UblkQueue queue) {
    if (!queue.countReady() || ++readyQueues < queues.size()) return;
    isCancelling = false;
    wasReady = true;
    whenReady.forEach(scheduler::execute);
    whenReady.clear();
  }

  synchronized void forgetReady(Tag tag) {
    if (tag.queue.forgetReady(tag)) readyQueues--;
  }

  private boolean isReady() {
    return readyQueues == queues.size();
  }

  /// A ring with commands of the server's goes away (`ublk_start_cancel`).
  synchronized void startCancelling() {
    if (disk != null && !isCancelling) cancelling();
  }

  private synchronized void cancelling() {
    isCancelling = true;
    queues.forEach(queue -> queue.cancelling(true));
  }

  // ---- the server's end

  private void serverHasGone() {
    if (queues.stream().anyMatch(UblkQueue::hasLeases)) {
      scheduler.afterNanos(LEASES_CHECK_NANOS, this::serverHasGone);
      return;
    }
    if (disk() == null) {
      closed();
      return;
    }
    cancelling();
    queues.forEach(UblkQueue::abandon);
    queues.forEach(UblkQueue::kick);
    turn.take(this::loseServer);
  }

  private void loseServer() {
    if (disk() == null) {
      lostServer();
    } else if (recovery.stops()) {
      queues.forEach(UblkQueue::abortAll);
      removeDisk(this::lostServer);
    } else {
      boolean queuing = recovery.queues();
      if (!queuing) queues.forEach(UblkQueue::failAll);
      synchronized (this) {
        info.state(queuing ? UBLK_S_DEV_QUIESCED : UBLK_S_DEV_FAIL_IO);
      }
      lostServer();
    }
  }

  private void lostServer() {
    turn.pass();
    closed();
  }

  private void closed() {
    boolean isFree;
    synchronized (this) {
      queues.forEach(UblkQueue::reset);
      readyQueues = 0;
      isStopping = false;
      isOpen = false;
      isFree = isDeleted;
    }
    if (isFree) free();
  }

  // ---- starting

  void start(int pid, IntConsumer answer) {
    boolean hasBasics;
    synchronized (this) {
      hasBasics = params.has(UBLK_PARAM_TYPE_BASIC);
    }
    if (pid <= 0 || !hasBasics) answer.accept(-EINVAL);
    else whenReady(() -> turn.take(() -> pass(answer, startNow(pid))));
  }

  private void pass(IntConsumer answer, int result) {
    turn.pass();
    answer.accept(result);
  }

  private void whenReady(Runnable then) {
    synchronized (this) {
      if (!wasReady) {
        whenReady.add(then);
        return;
      }
    }
    then.run();
  }

  private int startNow(int pid) {
    UblkDisk added;
    synchronized (this) {
      if (!isOpen || pid != driver.processId()) return -EINVAL;
      if (!isReady()) return -EINVAL;
      if (isStopping) return -EBUSY;
      if (disk != null) return -EEXIST;
      added = new UblkDisk(driver, id, queues, params);
      disk = added;
      info.serverPid(pid);
      info.state(UBLK_S_DEV_LIVE);
    }
    driver.added(added);
    return 0;
  }

  // ---- stopping

  /// Stops once nothing is under way, then runs `then`.
  void stop(Runnable then) {
    turn.take(() ->
        stopNow(() -> {
          turn.pass();
          queues.forEach(UblkQueue::cancelCommands);
          then.run();
        }));
  }

  private void stopNow(Runnable then) {
    var now = disk();
    if (now == null) {
      then.run();
    } else if (recovery.queues()) {
      boolean waits;
      synchronized (this) {
        waits = info.state() == UBLK_S_DEV_LIVE;
      }
      abortAll(waits, () -> removeDisk(then));
    } else {
      removeDisk(then);
    }
  }

  /// Lets nothing more to the server; what is not under way yet fails (`ublk_force_abort_dev`).
  private void abortAll(boolean waits, Runnable then) {
    var left = new java.util.concurrent.atomic.AtomicInteger(queues.size());
    Runnable idle =
        () -> {
          if (left.decrementAndGet() > 0) return;
          queues.forEach(UblkQueue::abortAll);
          queues.forEach(UblkQueue::unquiesce);
          then.run();
        };
    if (!waits) {
      queues.forEach(UblkQueue::abortAll);
      queues.forEach(UblkQueue::kick);
      then.run();
      return;
    }
    for (var queue : queues) queue.quiesce(idle);
  }

  private void removeDisk(Runnable then) {
    var gone = disk();
    if (gone == null) {
      then.run();
      return;
    }
    gone.remove(() ->
        scheduler.execute(() -> {
          synchronized (this) {
            disk = null;
            isStopping = true;
            info.state(UBLK_S_DEV_DEAD);
            info.serverPid(-1);
          }
          driver.removed(gone);
          then.run();
        }));
  }

  void tryStop(IntConsumer answer) {
    var now = disk();
    if (now == null) answer.accept(-ENODEV);
    else if (!now.refuseUsers()) answer.accept(-EBUSY);
    else stop(() -> answer.accept(0));
  }

  // ---- deleting

  /// @param freed runs when the number can be another's; null to not wait
  /// @param then runs when it is deleted
  void delete(Runnable then, @Nullable Runnable freed) {
    boolean wasDeleted;
    synchronized (this) {
      wasDeleted = isDeleted;
      if (freed != null) whenFreed.add(freed);
    }
    if (wasDeleted) then.run();
    else stop(() -> deleted(then));
  }

  private void deleted(Runnable then) {
    driver.removeFile(this);
    boolean isFree;
    synchronized (this) {
      isDeleted = true;
      isFree = !isOpen;
    }
    if (isFree) free();
    then.run();
  }

  private void free() {
    driver.forget(this);
    List<Runnable> waiting;
    synchronized (this) {
      waiting = List.copyOf(whenFreed);
      whenFreed.clear();
    }
    waiting.forEach(Runnable::run);
  }

  // ---- recovery

  int startRecovery() {
    synchronized (this) {
      if (recovery.stops()) return -EINVAL;
      if (isOpen || !isRecoverable()) return -EBUSY;
      wasReady = false;
    }
    return 0;
  }

  private boolean isRecoverable() {
    return info.state() == UBLK_S_DEV_QUIESCED || info.state() == UBLK_S_DEV_FAIL_IO;
  }

  void endRecovery(int pid, IntConsumer answer) {
    whenReady(() -> turn.take(() -> pass(answer, endRecoveryNow(pid))));
  }

  private int endRecoveryNow(int pid) {
    synchronized (this) {
      if (!isOpen || pid != driver.processId()) return -EINVAL;
      if (recovery.stops()) return -EINVAL;
      if (!isRecoverable()) return -EBUSY;
      info.serverPid(pid);
      info.state(UBLK_S_DEV_LIVE);
    }
    queues.forEach(UblkQueue::kick);
    return 0;
  }

  int quiesce() {
    if (!has(UBLK_F_QUIESCE)) return -EOPNOTSUPP;
    synchronized (this) {
      if (disk == null) return -ENODEV;
      if (info.state() != UBLK_S_DEV_LIVE) return 0;
      cancelling();
    }
    return 0;
  }

  void cancelCommands() {
    queues.forEach(UblkQueue::cancelCommands);
  }

  // ---- parameters

  /// @return 0 or `-errno`
  int setParams(ControlArgument argument, int length) {
    synchronized (this) {
      if (disk != null) return -EACCES;
      int error = argument.read(params.bytes, length);
      return error != 0 ? error : params.validate(info.maxIoBufBytes());
    }
  }

  int getParams(ControlArgument argument, int length) {
    synchronized (this) {
      params.numbers(id, disk != null);
      return argument.write(params.bytes, length);
    }
  }

  int resize(long sectors) {
    synchronized (this) {
      if (disk == null) return -ENODEV;
      params.sectors(sectors);
      disk.resize(sectors);
    }
    return 0;
  }

  int getInfo(ControlArgument argument) {
    synchronized (this) {
      return argument.write(info.bytes, (int) info.bytes.byteSize());
    }
  }
}
