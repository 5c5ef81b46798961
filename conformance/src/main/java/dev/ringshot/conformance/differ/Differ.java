package dev.ringshot.conformance.differ;

import dev.ringshot.abi.ErrnoException;
import dev.ringshot.abi.IoUring;
import dev.ringshot.abi.Kernel;
import dev.ringshot.conformance.Platforms;
import dev.ringshot.conformance.rig.Completion;
import dev.ringshot.conformance.rig.KeptMemory;
import dev.ringshot.conformance.rig.Platform;
import dev.ringshot.model.Faults;
import dev.ringshot.model.Faults.Point;
import dev.ringshot.model.Release;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/// Runs generated programs on two kernels and compares what they saw.
public final class Differ implements AutoCloseable {
  private static final long PATIENCE_NANOS = 10_000_000_000L;
  private static final long SHORT_PATIENCE_NANOS = 1_000_000_000L;
  private static final int SENTINEL_EACH = 64; // programs
  private static final int ATTEMPTS = 1_500; // of a shrinker
  private static final int REPEATS = 20; // of a program that was preempted
  private static final long EXPLANATION_NANOS = 10_000_000_000L;
  private static final long SHRINK_NANOS = 60_000_000_000L;
  private static final int FILE_BYTES = 200;

  private final String against;
  private final Platform tested;
  private final KeptMemory memory;
  private final Release release;
  private final Path folder;
  private final Tally tally = new Tally();

  /// Compares `kernel` with `against`, by their names.
  public Differ(String kernel, String against) {
    this.against = against;
    tested = Platforms.open(kernel);
    memory = new KeptMemory(tested.kernel());
    release = tested.release();
    try {
      folder = Files.createTempDirectory("ringshot-differ");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The model that shows the behaviour of the kernel of that name.
  public static String twin(String kernel) {
    return Platforms.modelLike(kernel);
  }

  /// The program of a seed, without what would not settle.
  public Program program(long seed) {
    Program program = ProgramGenerator.of(seed, release);
    Trace trace = expected(program);
    for (int unsettled = unsettled(program, trace);
        unsettled >= 0;
        unsettled = unsettled(program, trace)) {
      List<Step> steps = new ArrayList<>(program.steps());
      steps.remove(unsettled);
      program = program.withSteps(steps);
      trace = expected(program);
    }
    return program;
  }

  /// The first step with a request on a worker that does not complete in this step, or -1: what it
  /// meets later would depend on when the worker got there.
  private static int unsettled(Program program, Trace trace) {
    Set<Long> free = Freedom.requests(program, trace);
    if (free.isEmpty()) return -1;
    for (int i = 0; i < program.steps().size(); i++) {
      if (!(program.steps().get(i) instanceof Step.Submit submit)) continue;
      if (!isAlone(submit, free)) return i;
      boolean mayWork = !isIdle(submit) && hasAny(submit, free);
      if (mayWork && wakesPolls(program, trace.moments().get(i))) return i;
      for (Entry entry : submit.entries()) {
        boolean isIdle = entry.opcode() == IoUring.IORING_OP_NOP;
        if (isIdle && !entry.has(IoUring.IOSQE_ASYNC)) continue; // whenever it runs
        if (free.contains(entry.userData()) && entry.ioprio() != 0) return i; // not on a worker
        if (free.contains(entry.userData()) && entry.opcode() == IoUring.IORING_OP_ASYNC_CANCEL)
          return i; // which may find itself
        if (free.contains(entry.userData()) && !ends(entry, trace.moments().get(i).cqes()))
          return i;
      }
    }
    return -1;
  }

  /// Whether nothing else is in a submission with a request on a worker: the two might meet.
  private static boolean isAlone(Step.Submit submit, Set<Long> free) {
    int chains = 0;
    for (Entry entry : submit.entries())
      if ((entry.flags() & (IoUring.IOSQE_IO_LINK | IoUring.IOSQE_IO_HARDLINK)) == 0) chains++;
    return !hasAny(submit, free) || isIdle(submit) || chains <= 1;
  }

  private static boolean isIdle(Step.Submit submit) {
    for (Entry entry : submit.entries()) if (entry.opcode() != IoUring.IORING_OP_NOP) return false;
    return true;
  }

  private static boolean hasAny(Step.Submit submit, Set<Long> requests) {
    for (Entry entry : submit.entries()) if (requests.contains(entry.userData())) return true;
    return false;
  }

  /// Whether a POLL_ADD that goes on hears of anything in this step: how often depends on how much
  /// a worker does at a time.
  private static boolean wakesPolls(Program program, Moment moment) {
    for (Completion each : moment.cqes()) {
      if (!each.more()) continue;
      for (Entry entry : program.entries())
        if (entry.userData() == each.userData() && entry.opcode() == IoUring.IORING_OP_POLL_ADD)
          return true;
    }
    return false;
  }

  private static boolean ends(Entry entry, List<Completion> cqes) {
    for (Completion each : cqes)
      if (each.userData() == entry.userData() && !each.more()) return true;
    return false;
  }

  /// What the kernel that is compared with shows.
  public Trace expected(Program program) {
    try (Platform platform = Platforms.open(against)) {
      return run(platform, platform.kernel(), program, null, 0);
    }
  }

  /// Runs the program of a seed and counts it.
  ///
  /// @return where the kernels part in it, or null
  public @Nullable Difference run(long seed) {
    Program program = program(seed);
    Trace expected = expected(program);
    tally.add(program, expected);
    Trace seen = run(tested, memory, program, expected, PATIENCE_NANOS);
    Difference difference = Difference.between(program, expected, seen);
    boolean mayBeLate = difference != null && isLate(program, expected, seen);
    if (mayBeLate && (isAlone() || agreesLater(program, expected))) {
      tally.addLate(seed);
      difference = null;
    }
    if (difference != null && isPreempted(program, seen) && agreesLater(program, expected)) {
      tally.addPreempted(seed);
      difference = null;
    }
    if (tally.programs() % SENTINEL_EACH == 0) Sentinel.await(tested);
    return difference;
  }

  /// Whether a worker shares the only processor with who waits for it, and so comes late each time.
  private static boolean isAlone() {
    return Runtime.getRuntime().availableProcessors() == 1;
  }

  /// Whether only flags differ that may come late.
  private static boolean isLate(Program program, Trace expected, Trace seen) {
    boolean[] lateFlags = Freedom.veryLateFlags(program, expected);
    return Difference.between(program, expected, seen, lateFlags) == null;
  }

  /// Whether it sees what is expected when it is run again: what a thread does that is in the way
  /// does not come every time.
  private boolean agreesLater(Program program, Trace expected) {
    for (int i = 0; i < REPEATS; i++) {
      Trace again = run(tested, memory, program, expected, SHORT_PATIENCE_NANOS);
      if (Difference.between(program, expected, again) == null) return true;
    }
    return false;
  }

  /// Whether the model shows the same where a thread was in the way: [Freedom#PREEMPTED_TASK_WORK],
  /// [Freedom#LAGGING_WORKER], [Freedom#PAUSING_WORKER].
  boolean isPreempted(Program program, Trace seen) {
    return isExplained(program, seen, Point.PREEMPTION)
        || isExplained(program, seen, Point.WORKER_LAG)
        || isExplained(program, seen, Point.WORKER_PAUSE);
  }

  private static long[] run(long first, int length) {
    return LongStream.range(first, first + length).toArray();
  }

  /// Whether it is the same when `point` strikes at some chances in a row, or at any two.
  private boolean isExplained(Program program, Trace seen, Point point) {
    long until = System.nanoTime() + EXPLANATION_NANOS;
    int chances = 0;
    for (int first = 1; first == 1 || chances == first - 1; first++) {
      int struck = 0;
      for (int length = 1; struck == length - 1; length++) {
        if (System.nanoTime() > until) return false;
        Faults faults = Faults.at(point, run(first, length));
        boolean isSame = shows(program, point, faults, seen);
        struck = (int) faults.count(point);
        if (struck > 0 && isSame) return true;
        if (struck > 0) chances = first;
      }
    }
    for (long first = 1; first <= chances; first++) {
      for (long second = first + 2; second <= chances; second++) {
        if (System.nanoTime() > until) return false;
        if (shows(program, point, Faults.at(point, first, second), seen)) return true;
      }
    }
    return false;
  }

  private boolean shows(Program program, Point point, Faults faults, Trace seen) {
    return Difference.between(program, shown(program, point, faults), seen) == null;
  }

  /// What the model shows with faults at `point`.
  Trace shown(Program program, Point point, Faults faults) {
    try (Platform platform = Platforms.model(against, faults)) {
      boolean looksEarly = point == Point.WORKER_PAUSE;
      Program same = point == Point.PREEMPTION ? program : Freedom.onWorkers(program);
      return run(platform, platform.kernel(), same, null, 0, looksEarly);
    }
  }

  /// Counts a program without comparing it.
  void count(Program program) {
    tally.add(program, expected(program));
  }

  /// What was run so far.
  public Tally tally() {
    return tally;
  }

  /// The same difference, or another one, in the smallest program that shows one.
  public Difference shrink(Difference difference) {
    long start = System.nanoTime();
    var smallest = new AtomicReference<>(difference);
    Shrinker.shrink(
        difference.program(),
        candidate -> {
          if (System.nanoTime() - start >= SHRINK_NANOS) return false;
          Difference found = differenceIn(candidate);
          if (found != null) smallest.set(found);
          return found != null;
        },
        ATTEMPTS);
    return smallest.get();
  }

  private @Nullable Difference differenceIn(Program candidate) {
    if (cutsChains(candidate)) return null; // others may not have settled behind them
    try {
      Trace expected = expected(candidate);
      if (unsettled(candidate, expected) >= 0) return null;
      Trace seen = run(tested, memory, candidate, expected, SHORT_PATIENCE_NANOS);
      return Difference.between(candidate, expected, seen);
    } catch (ErrnoException e) {
      return null; // no such ring
    }
  }

  private static boolean cutsChains(Program program) {
    for (Step step : program.steps()) {
      if (!(step instanceof Step.Submit submit)) continue;
      int flags = submit.entries().getLast().flags();
      if ((flags & (IoUring.IOSQE_IO_LINK | IoUring.IOSQE_IO_HARDLINK)) != 0) return true;
    }
    return false;
  }

  private Trace run(
      Platform platform,
      Kernel kernel,
      Program program,
      @Nullable Trace expected,
      long patienceNanos) {
    return run(platform, kernel, program, expected, patienceNanos, false);
  }

  private Trace run(
      Platform platform,
      Kernel kernel,
      Program program,
      @Nullable Trace expected,
      long patienceNanos,
      boolean looksEarly) {
    try {
      if (program.files().contains(FileKind.REGULAR))
        Files.write(folder.resolve("file"), new byte[FILE_BYTES]);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return Execution.run(platform, kernel, program, folder, expected, patienceNanos, looksEarly);
  }

  @Override
  public void close() {
    memory.close();
    tested.close();
    try {
      Files.deleteIfExists(folder.resolve("file"));
      Files.delete(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
