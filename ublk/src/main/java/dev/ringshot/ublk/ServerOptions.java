package dev.ringshot.ublk;

import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/// How a [UblkServer] serves.
///
/// @param pid process id of this program, which the driver compares with who opened `/dev/ublkcN`
/// @param deviceId number of the device to add; -1 for the first that is free
/// @param queues how many, 1 … 4096; the driver makes no more than there are processors
/// @param depth tags of each queue: requests at a time, 1 … 4096
/// @param maxIoSize longest read or write in bytes, whole pages; each tag has as much memory
/// @param fetch how requests come
/// @param data how their data does
/// @param recovery what becomes of the device if the server dies
/// @param partitionScan whether the kernel looks for partitions when the disk appears
/// @param unprivileged whether a user without CAP_SYS_ADMIN owns the device, with its data copied
///   by the driver: `UBLK_F_UNPRIVILEGED_DEV`
/// @param resizable whether [UblkServer#resize] and [UblkServer#quiesce] shall work, where the
///   driver can
/// @param grace how long a stop waits for requests that a target has before it fails them
/// @param fetchBuffers how many buffers each of a queue's two fetch commands has
/// @param fetchBufferSize bytes of each, 2 a tag; a buffer serves many completions until it is full
/// @param nanoTime a clock, for latencies; the module has none of its own
public record ServerOptions(
    long pid,
    int deviceId,
    int queues,
    int depth,
    int maxIoSize,
    FetchMode fetch,
    DataMode data,
    Recovery recovery,
    boolean partitionScan,
    boolean unprivileged,
    boolean resizable,
    Duration grace,
    int fetchBuffers,
    int fetchBufferSize,
    LongSupplier nanoTime) {
  /// One queue of 128 tags, requests of up to 512 KiB, batches where the driver offers them, data
  /// copied by the driver, no recovery, 5 s of grace, no latencies.
  ///
  /// @param pid as the component
  public static ServerOptions of(long pid) {
    return new ServerOptions(
        pid,
        -1,
        1,
        128,
        512 << 10,
        FetchMode.AUTO,
        DataMode.COPY,
        Recovery.NONE,
        true,
        false,
        true,
        Duration.ofSeconds(5),
        2,
        4096,
        () -> 0);
  }

  /// Checks the numbers.
  public ServerOptions {
    require(pid > 0, "pid", pid);
    require(deviceId >= -1, "deviceId", deviceId);
    require(queues >= 1 && queues <= 4096, "queues", queues);
    require(depth >= 1 && depth <= 4096, "depth", depth);
    require(maxIoSize >= 4096 && maxIoSize % 4096 == 0, "maxIoSize", maxIoSize);
    require(maxIoSize <= 32 << 20, "maxIoSize", maxIoSize);
    require(!grace.isNegative(), "grace in ms", grace.toMillis());
    require(fetchBuffers >= 1 && fetchBuffers <= 32768, "fetchBuffers", fetchBuffers);
    require(fetchBufferSize >= 2 && fetchBufferSize % 2 == 0, "fetchBufferSize", fetchBufferSize);
  }

  private static void require(boolean isFine, String name, long value) {
    if (!isFine) throw new IllegalArgumentException("bad " + name + ": " + value);
  }

  /// As the device of this number.
  public ServerOptions withDeviceId(int deviceId) {
    return with(draft -> draft.deviceId = deviceId);
  }

  /// With so many queues of so many tags.
  public ServerOptions withQueues(int queues, int depth) {
    return with(draft -> {
      draft.queues = queues;
      draft.depth = depth;
    });
  }

  /// With another longest read or write, in bytes.
  public ServerOptions withMaxIoSize(int maxIoSize) {
    return with(draft -> draft.maxIoSize = maxIoSize);
  }

  /// With requests that come in another way.
  public ServerOptions withFetch(FetchMode fetch) {
    return with(draft -> draft.fetch = fetch);
  }

  /// With data that comes in another way.
  public ServerOptions withData(DataMode data) {
    return with(draft -> draft.data = data);
  }

  /// With another answer to its own death.
  public ServerOptions withRecovery(Recovery recovery) {
    return with(draft -> draft.recovery = recovery);
  }

  /// With a look for partitions, or without.
  public ServerOptions withPartitionScan(boolean partitionScan) {
    return with(draft -> draft.partitionScan = partitionScan);
  }

  /// Of a user without privileges, or not.
  public ServerOptions withUnprivileged(boolean unprivileged) {
    return with(draft -> draft.unprivileged = unprivileged);
  }

  /// With or without what else the driver can do.
  public ServerOptions withResizable(boolean resizable) {
    return with(draft -> draft.resizable = resizable);
  }

  /// With another time for targets to end.
  public ServerOptions withGrace(Duration grace) {
    return with(draft -> draft.grace = grace);
  }

  /// With other buffers for tags.
  public ServerOptions withFetchBuffers(int fetchBuffers, int fetchBufferSize) {
    return with(draft -> {
      draft.fetchBuffers = fetchBuffers;
      draft.fetchBufferSize = fetchBufferSize;
    });
  }

  /// With a clock for latencies, in nanoseconds.
  public ServerOptions withNanoTime(LongSupplier nanoTime) {
    return with(draft -> draft.nanoTime = nanoTime);
  }

  private ServerOptions with(Consumer<Draft> change) {
    var draft = new Draft(this);
    change.accept(draft);
    return draft.options();
  }

  /// Options under change.
  private static final class Draft {
    private final long pid;
    private int deviceId;
    private int queues;
    private int depth;
    private int maxIoSize;
    private FetchMode fetch;
    private DataMode data;
    private Recovery recovery;
    private boolean partitionScan;
    private boolean unprivileged;
    private boolean resizable;
    private Duration grace;
    private int fetchBuffers;
    private int fetchBufferSize;
    private LongSupplier nanoTime;

    Draft(ServerOptions options) {
      pid = options.pid;
      deviceId = options.deviceId;
      queues = options.queues;
      depth = options.depth;
      maxIoSize = options.maxIoSize;
      fetch = options.fetch;
      data = options.data;
      recovery = options.recovery;
      partitionScan = options.partitionScan;
      unprivileged = options.unprivileged;
      resizable = options.resizable;
      grace = options.grace;
      fetchBuffers = options.fetchBuffers;
      fetchBufferSize = options.fetchBufferSize;
      nanoTime = options.nanoTime;
    }

    ServerOptions options() {
      return new ServerOptions(
          pid,
          deviceId,
          queues,
          depth,
          maxIoSize,
          fetch,
          data,
          recovery,
          partitionScan,
          unprivileged,
          resizable,
          grace,
          fetchBuffers,
          fetchBufferSize,
          nanoTime);
    }
  }
}
