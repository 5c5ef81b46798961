package dev.ringshot.model;

import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/// Linux's own unhappy answers on demand: each is a named point that strikes with a probability,
/// drawn from a seed, or at chosen chances, one after another. Any thread.
public final class Faults {
  /// Where a fault can strike.
  public enum Point {
    /// A wait in io_uring_enter(2) is interrupted: `-EINTR`.
    WAIT_INTERRUPTED,

    /// io_uring_enter(2) finds no memory for a request: it submits fewer, or answers `-EAGAIN`.
    NO_REQUEST,

    /// A multishot completion finds no free CQE, as when the queue is full.
    CQ_FULL,

    /// A buffer selection finds its group empty.
    NO_BUFFER,

    /// An overflowing completion is lost for want of memory: the `overflow` counter moves and a
    /// wait answers `-EBADR` once.
    OVERFLOW_LOST,

    /// A request that could be issued at once goes to a worker, as if it would block.
    WORKER,

    /// A read or write of a host file moves fewer bytes than it could.
    SHORT_TRANSFER,

    /// A worker still holds a request that it ran and that has completed, or waits, until after the
    /// next submission, where it may strike again (`io_wq_free_work`): to cancel it is `-EALREADY`,
    /// and behind a drain the first that is submitted waits for it. Then host files are read and
    /// written on workers in virtual time, too.
    WORKER_LAG,

    /// A worker pauses for 200 µs between what its operation wakes and its completion: the ring may
    /// deal with the one before it hears of the other. Then host files are read and written on
    /// workers in virtual time, too.
    WORKER_PAUSE,

    /// Task work makes room for another thread between two requests (`need_resched`): what has
    /// completed is posted, and what that lets go comes before the rest. Not in rings with
    /// `IORING_SETUP_DEFER_TASKRUN`.
    PREEMPTION
  }

  /// No faults.
  public static final Faults NONE = new Faults(0, Map.of(), Set.of());

  private final long seed;
  private final Map<Point, Double> probabilities;
  private final Set<Long> chances; // instead, for the one point that there is then
  private long chance;
  private final SplittableRandom random;
  private final Map<Point, LongAdder> struck = new EnumMap<>(Point.class);

  private Faults(long seed, Map<Point, Double> probabilities, Set<Long> chances) {
    this.seed = seed;
    this.probabilities = probabilities.isEmpty() ? Map.of() : new EnumMap<>(probabilities);
    this.chances = chances;
    this.random = new SplittableRandom(seed);
    for (var point : probabilities.keySet()) struck.put(point, new LongAdder());
  }

  /// `point` strikes at these of its chances, counted from 1, and at no other: with one after
  /// another every way through an error is met. There are no more when [#count] says that fewer
  /// have struck.
  public static Faults at(Point point, long... chances) {
    if (chances.length == 0)
      throw new IllegalArgumentException("at which chances of " + point + "?");
    var chosen = LongStream.of(chances).boxed().collect(Collectors.toUnmodifiableSet());
    return new Faults(0, Map.of(point, 1.0), chosen);
  }

  /// No faults yet; [#with] adds them.
  ///
  /// @param seed decides when they strike
  public static Faults seeded(long seed) {
    return new Faults(seed, Map.of(), Set.of());
  }

  /// Draws from `seed` which points strike at all, and how often: about half of them never do.
  public static Faults swarm(long seed) {
    var draw = new SplittableRandom(seed ^ 0x5eedL);
    var probabilities = new EnumMap<Point, Double>(Point.class);
    for (var point : Point.values()) {
      double probability = draw.nextDouble() * draw.nextDouble() / 4;
      if (draw.nextBoolean()) probabilities.put(point, probability);
    }
    return new Faults(seed, probabilities, Set.of());
  }

  /// The same seed and points, and `point` with this probability, 0 to 1; what was chosen with
  /// [#at] is forgotten.
  public Faults with(Point point, double probability) {
    if (!(probability >= 0 && probability <= 1)) {
      throw new IllegalArgumentException(
          "probability of " + point + " must be 0 to 1, not " + probability);
    }
    var next = new EnumMap<Point, Double>(Point.class);
    if (chances.isEmpty()) next.putAll(probabilities);
    next.put(point, probability);
    return new Faults(seed, next, Set.of());
  }

  /// How often `point` has struck.
  public long count(Point point) {
    var count = struck.get(point);
    return count == null ? 0 : count.sum();
  }

  /// Whether workers do not work as they are expected to.
  boolean concernWorkers() {
    return concern(Point.WORKER_LAG) || concern(Point.WORKER_PAUSE);
  }

  boolean concern(Point point) {
    return probabilities.containsKey(point);
  }

  boolean strikes(Point point) {
    if (probabilities.isEmpty()) return false;
    var probability = probabilities.get(point);
    var count = struck.get(point);
    if (probability == null || count == null || !draw(probability)) return false;
    count.increment();
    return true;
  }

  /// A number from 1 to `bound`, for how short a short transfer is.
  synchronized int lengthUpTo(int bound) {
    return 1 + random.nextInt(bound);
  }

  private synchronized boolean draw(double probability) {
    if (!chances.isEmpty()) return chances.contains(++chance);
    return random.nextDouble() < probability;
  }

  @Override
  public String toString() {
    if (!chances.isEmpty()) return "Faults[" + probabilities.keySet() + " at " + chances + "]";
    return "Faults[seed=" + Long.toUnsignedString(seed) + ", " + probabilities + "]";
  }
}
