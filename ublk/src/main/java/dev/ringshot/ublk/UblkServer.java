package dev.ringshot.ublk;

import static dev.ringshot.abi.Errno.EACCES;
import static dev.ringshot.abi.Errno.EBUSY;
import static dev.ringshot.abi.Errno.EINTR;
import static dev.ringshot.abi.Errno.ENODEV;
import static dev.ringshot.abi.ublk.Ublk.UBLK_F_UNPRIVILEGED_DEV;
import static dev.ringshot.abi.ublk.Ublk.UBLK_F_USER_RECOVERY;

import dev.ringshot.abi.ErrnoException;
import dev.ringshot.abi.Fcntl;
import dev.ringshot.abi.Kernel;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The life of a device and of its disk, `/dev/ublkbN`: adds it or takes it over, has its queues
/// made ready, starts it, stops and deletes it.
///
/// It is a state machine of the thread that made it, which calls [#step] or [#await]; either
/// returns false when the device has ended. As soon as [#queues] has some, each must be driven, on
/// a thread of its own or, by [#stepAll], on this one: the device does not start before they are
/// ready. [#stop] may come from any thread.
///
/// ```
///   NEGOTIATING ─► ADDING ─► SETTING ─┐
///                                     ├─► STARTING ─► LIVE ─► STOPPING ─► DRAINING ─► DELETING ─► ENDED
///   NEGOTIATING ─► INQUIRING ─► COMPARING ─► TAKING_OVER         (stop)    (queues end)
/// ```
///
/// Where something fails, [#failure] says what and the queues leave. A device that this server has
/// added is deleted then, unless it has been live and can be recovered. One that it has not taken
/// over, or that was quiesced or stopped by somebody else, is left as it is.
public final class UblkServer implements AutoCloseable {
  /// A server's life.
  public enum State {
    /// The driver tells its features.
    NEGOTIATING,
    /// The device is being made.
    ADDING,
    /// It hears its parameters.
    SETTING,
    /// The driver tells what the device is that is to be taken over,
    INQUIRING,
    /// and its parameters.
    COMPARING,
    /// The device is being taken over; its old server may still be dying.
    TAKING_OVER,
    /// Its queues are being made ready.
    STARTING,
    /// It serves.
    LIVE,
    /// Its disk goes, or its server; requests end.
    STOPPING,
    /// Its queues end.
    DRAINING,
    /// It goes.
    DELETING,
    /// It is over.
    ENDED
  }

  private static final long RETRY_NANOS = 10_000_000;
  private static final int RETRIES = 1000;

  private final Kernel kernel;
  private final BlockTarget target;
  private final ServerOptions options;
  private final DevicePlan plan;
  private final Troubles troubles;
  private final UblkControl control;
  private final Patience patience;
  private final boolean isTakingOver;
  private State state = State.NEGOTIATING;
  private @Nullable RuntimeException failure;
  private ControlCommand<Long> features;
  private @Nullable ControlCommand<DeviceInfo> described;
  private @Nullable ControlCommand<DeviceParameters> compared;
  private @Nullable ControlCommand<Integer> command;
  private @Nullable Supplier<ControlCommand<Integer>> preparation;
  private @Nullable DeviceInfo info;
  private final QueueSet queues = new QueueSet();
  private volatile boolean isStopWanted;
  private boolean isQuiescing;
  private boolean isToDelete;
  private boolean hasBeenLive;
  private boolean hasCancelled; // what it waits for
  private boolean hasAbandoned;
  private boolean hasUsers;
  private int retries;

  /// A server for a device that is to be added, [ServerOptions#deviceId].
  ///
  /// @throws ErrnoException if the driver is not there, see [UblkControl#open]
  public UblkServer(Kernel kernel, BlockTarget target, ServerOptions options) {
    this(kernel, target, options, Troubles.SILENT, false);
  }

  /// As the other, and says what the target does wrong; `troubles` hears it on the queues' threads.
  public UblkServer(Kernel kernel, BlockTarget target, ServerOptions options, Troubles troubles) {
    this(kernel, target, options, troubles, false);
  }

  private UblkServer(
      Kernel kernel,
      BlockTarget target,
      ServerOptions options,
      Troubles troubles,
      boolean isTakingOver) {
    this.kernel = kernel;
    this.target = target;
    this.options = options;
    plan = new DevicePlan(target, options);
    this.troubles = troubles;
    this.isTakingOver = isTakingOver;
    control = UblkControl.open(kernel);
    patience = new Patience(control);
    features = control.features();
  }

  /// A server for a device whose server has died, or was quiesced: [ServerOptions#deviceId], which
  /// keeps its queues, depth and flags. The target must be as large as the old one, or larger.
  ///
  /// @throws ErrnoException if the driver is not there, see [UblkControl#open]
  public static UblkServer recover(
      Kernel kernel, BlockTarget target, ServerOptions options, Troubles troubles) {
    if (options.deviceId() < 0) throw new IllegalArgumentException("which device to recover?");
    return new UblkServer(kernel, target, options, troubles, true);
  }

  // ---- What it is

  /// Where it is in its life.
  public State state() {
    return state;
  }

  /// What it ended of, if not of a stop.
  public @Nullable RuntimeException failure() {
    return failure;
  }

  /// The device as the driver made it.
  ///
  /// @throws IllegalStateException before there is one
  public DeviceInfo info() {
    DeviceInfo known = info;
    if (known == null) throw new IllegalStateException("there is no device yet: " + state);
    return known;
  }

  /// The device's queues; none before [State#STARTING]. Any thread.
  public List<UblkQueue> queues() {
    return queues.all();
  }

  /// What it waits for, in words: `START_DEV waits: queue 1 has 127 of 128 tags ready`.
  public String describe() {
    DeviceInfo known = info;
    if (state != State.STARTING || known == null) return state.toString();
    return "START_DEV waits: " + queues.waiting(known.depth());
  }

  // ---- Steps

  /// Goes as far as it can, and waits for nothing.
  ///
  /// @return false when the device has ended
  public boolean step() {
    if (state == State.ENDED) return false;
    control.step();
    State before;
    do {
      before = state;
      advance();
    } while (state != before);
    control.submit(); // and no more answers: an await() after this would wait for what was taken
    return state != State.ENDED;
  }

  /// As [#step]; if that comes to no other state, waits for an answer of the driver's, or a
  /// [#wake]. So whoever calls it sees every state that lasts, and [#queues] as soon as there are
  /// some.
  public boolean await() {
    State before = state;
    if (!step()) return false;
    if (state != before) return true;
    control.await();
    return step();
  }

  /// As [#step], and steps the queues as well, on this thread.
  public boolean stepAll() {
    boolean goesOn = step();
    queues.step();
    return goesOn;
  }

  /// Has [#await] look again: to be called when a queue has ended. Any thread.
  public void wake() {
    control.wake();
  }

  /// Stops the device, and deletes it. Requests that are under way end first, or are failed after
  /// [ServerOptions#grace]. Any thread; it is over when [#step] says so.
  public void stop() {
    isStopWanted = true;
    control.wake();
  }

  private void advance() {
    try {
      switch (state) {
        case NEGOTIATING -> negotiate();
        case ADDING -> set();
        case SETTING -> openAfter(command, false);
        case INQUIRING -> compare();
        case COMPARING -> takeOver();
        case TAKING_OVER -> openAfter(command, true);
        case STARTING -> goLive();
        case LIVE -> serve();
        case STOPPING -> drainAfterStop();
        case DRAINING -> delete();
        case DELETING -> endAfterDelete();
        case ENDED -> {}
      }
    } catch (RuntimeException e) {
      fail(e);
    }
  }

  // ---- To life

  private void negotiate() {
    if (!features.isDone()) return;
    long offered = features.get();
    if (isStopWanted) {
      state = State.ENDED;
    } else if (isTakingOver) {
      described = control.info(options.deviceId());
      state = State.INQUIRING;
    } else {
      described = control.add(plan.device(offered));
      state = State.ADDING;
    }
  }

  private void set() {
    var added = Objects.requireNonNull(described);
    if (!added.isDone()) return;
    info = added.get();
    isToDelete = true;
    plan.check(info());
    var parameters = plan.parameters(info());
    prepare(() -> control.setParameters(info().id(), parameters));
    state = State.SETTING;
  }

  private void compare() {
    var found = Objects.requireNonNull(described);
    if (!found.isDone()) return;
    info = found.get();
    compared = control.parameters(info().id());
    state = State.COMPARING;
  }

  private void takeOver() {
    var known = Objects.requireNonNull(compared);
    if (!known.isDone()) return;
    plan.check(info(), known.get());
    prepare(() -> control.startRecovery(info().id()));
    state = State.TAKING_OVER;
  }

  /// Sends the last command before the file is opened, which may have to be sent again.
  private void prepare(Supplier<ControlCommand<Integer>> last) {
    preparation = last;
    command = last.get();
  }

  private void openAfter(@Nullable ControlCommand<Integer> before, boolean isRecovered) {
    if (before == null) {
      if (patience.takeUp()) command = Objects.requireNonNull(preparation).get();
      return;
    }
    if (!before.isDone()) return;
    if (isPassing(before.result(), isRecovered) && retries++ < RETRIES && !isStopWanted) {
      command = null;
      patience.begin(RETRY_NANOS);
      return;
    }
    if (isStopWanted) {
      leave();
      return;
    }
    before.get();
    open(isRecovered);
  }

  /// Whether it may go better later: an old server is on its way out, or nobody has given this user
  /// the device's file yet.
  private boolean isPassing(int result, boolean isRecovered) {
    if (isRecovered && result == -EBUSY) return true;
    return result == -EACCES && info().has(UBLK_F_UNPRIVILEGED_DEV);
  }

  private void open(boolean isRecovered) {
    int id = info().id();
    String path = info().charPath();
    var parameters = isRecovered ? Objects.requireNonNull(compared).get() : plan.parameters(info());
    int fd = kernel.open(path, Fcntl.O_RDWR | Fcntl.O_CLOEXEC);
    if (fd < 0) throw new ErrnoException("open", -fd, path + (fd == -EBUSY ? " has a server" : ""));
    queues.open(new Device(kernel, target, options, info(), parameters, fd), troubles);
    command =
        isRecovered ? control.endRecovery(id, options.pid()) : control.start(id, options.pid());
    state = State.STARTING;
  }

  private void goLive() {
    var start = Objects.requireNonNull(command);
    if (start.isDone()) {
      if (start.result() < 0 && isStopWanted) {
        leave();
      } else {
        start.get();
        isToDelete = true; // now it is this server's, also if it was another's
        hasBeenLive = true;
        state = State.LIVE;
      }
    } else if (isStopWanted && !hasCancelled) {
      control.cancel(start);
      hasCancelled = true;
    } else {
      failWithQueue();
    }
  }

  /// A queue that failed takes the device with it.
  private void failWithQueue() {
    RuntimeException reason = queues.failure();
    if (reason == null) return;
    if (state == State.STARTING) control.cancel(Objects.requireNonNull(command));
    fail(reason);
  }

  private void fail(RuntimeException reason) {
    if (failure == null) failure = reason;
    else if (failure != reason) failure.addSuppressed(reason);
    if (hasBeenLive && info().has(UBLK_F_USER_RECOVERY)) isToDelete = false; // for another server
    if (state == State.DELETING || state == State.DRAINING) state = State.ENDED;
    else leave();
  }

  // ---- Alive

  private void serve() {
    if (isStopWanted) {
      command = control.stop(info().id());
      beginStop();
      return;
    }
    failWithQueue();
    if (state == State.LIVE && queues.haveEnded()) { // somebody else has stopped it
      isToDelete = false;
      state = State.DRAINING;
    }
  }

  private void beginStop() {
    patience.begin(options.grace().toNanos());
    hasAbandoned = false;
    hasCancelled = false;
    state = State.STOPPING;
  }

  /// Changes the size of the disk that is live. The target has that size already.
  ///
  /// @param bytes whole logical blocks
  /// @return the command under way
  /// @throws IllegalStateException if it is not live
  public ControlCommand<Integer> resize(long bytes) {
    requireLive();
    return control.resize(info().id(), bytes);
  }

  /// Lets go of the disk that is live, which stays and waits for another server: [#recover].
  ///
  /// @param millis for requests to end; 0 for ever
  /// @return the command under way. If it fails with `EBUSY`, there were requests until the time
  ///   was up: those may still end, and no new ones come before the disk is quiesced, or stopped
  /// @throws IllegalStateException if it is not live
  public ControlCommand<Integer> quiesce(long millis) {
    requireLive();
    isToDelete = false;
    isQuiescing = true;
    ControlCommand<Integer> quiesce = control.quiesce(info().id(), millis);
    command = quiesce;
    beginStop();
    return quiesce;
  }

  private void requireLive() {
    if (state != State.LIVE) throw new IllegalStateException("the device is not live: " + state);
  }

  // ---- To death

  private void drainAfterStop() {
    var stop = Objects.requireNonNull(command);
    if (patience.takeUp()) {
      if (hasAbandoned) queues.leave(); // operations of the target's that still have clients' pages
      queues.abandonRequests();
      hasAbandoned = true;
      patience.begin(options.grace().toNanos());
    }
    if (!stop.isDone()) return;
    if (stop.result() < 0 && isQuiescing) { // it serves on
      isQuiescing = false;
      isToDelete = true;
      state = State.LIVE;
      return;
    }
    if (stop.result() != -ENODEV) stop.get();
    patience.begin(options.grace().toNanos());
    state = State.DRAINING;
  }

  private void leave() {
    queues.leave();
    state = State.DRAINING;
  }

  /// Deletes the device when nobody has its file any more.
  private void delete() {
    if (patience.takeUp()) {
      queues.abandonRequests();
      queues.leave();
    }
    if (!queues.areClosed()) return;
    queues.closeFile();
    if (!isToDelete || info == null) {
      state = State.ENDED;
      return;
    }
    command = control.delete(info().id());
    patience.begin(options.grace().toNanos());
    hasCancelled = false;
    state = State.DELETING;
  }

  /// The driver waits for who still has the disk open, and need not be waited for: what it has been
  /// told to delete goes with its last user.
  private void endAfterDelete() {
    var delete = Objects.requireNonNull(command);
    if (!delete.isDone()) {
      if (!patience.takeUp()) return;
      if (hasCancelled) throw new IllegalStateException(stuck());
      control.cancel(delete);
      hasCancelled = true;
      patience.begin(options.grace().toNanos());
      return;
    }
    hasUsers = hasCancelled && delete.result() == -EINTR; // it has been told, and waited
    if (!hasUsers && delete.result() != -ENODEV) delete.get();
    state = State.ENDED;
  }

  private String stuck() {
    return "DEL_DEV of device " + info().id() + " does not end; another one's may be in its way";
  }

  /// Whether it has ended and somebody still had the disk open: the device goes when they close it.
  public boolean hasUsers() {
    return hasUsers;
  }

  /// Lets go of everything at once, as if this process had died: a device that can be recovered
  /// waits for another server, any other goes. After [#step] has said that it is over, only tidies
  /// up. Queues on threads of their own have to be closed before.
  @Override
  public void close() {
    queues.close();
    control.close();
    state = State.ENDED;
  }
}
