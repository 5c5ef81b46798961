package dev.ringshot.conformance.fuzz;

import static dev.ringshot.abi.IoUring.*;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.ringshot.abi.ErrnoException;
import dev.ringshot.abi.GeteventsArg;
import dev.ringshot.abi.Kernel;
import dev.ringshot.abi.Timespec;
import dev.ringshot.model.ModelOptions;
import dev.ringshot.model.Release;
import dev.ringshot.model.Scheduler;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;

/// Threads of one hostile program, in real time, on the same rings: they write over each other's
/// entries, indices and structures, unmap and close what the others use, and call from threads that
/// may not. Nothing but the ends of calls can be claimed of it.
final class HostileThreads {
  private static final List<Release> RELEASES = List.of(Release.values());
  private static final int THREADS = 3;
  private static final int BYTES = 4096; // of decisions, of each thread
  private static final int[] SETUPS = {
    IORING_SETUP_SUBMIT_ALL,
    IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN,
    IORING_SETUP_SUBMIT_ALL | IORING_SETUP_COOP_TASKRUN | IORING_SETUP_NO_SQARRAY,
    IORING_SETUP_SUBMIT_ALL | IORING_SETUP_SQE_MIXED | IORING_SETUP_CQE_MIXED
  };
  private static final long WAIT_NANOS = 50_000;
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final World world;
  private final FuzzedRing[] rings;
  private final Dice dice;
  private final SqeForge forge;
  private final RegisterForge registers;
  private final MemorySegment own;
  private long sqes;
  private long calls;

  private HostileThreads(World world, FuzzedRing[] rings, Dice dice) {
    this.world = world;
    this.rings = rings;
    this.dice = dice;
    this.forge = new SqeForge(world, dice);
    this.registers = new RegisterForge(world, dice);
    this.own = world.kernel.map(-1, 0, 4096, Kernel.PROT_READ | Kernel.PROT_WRITE);
    own.set(JAVA_LONG, GeteventsArg.TS, own.address() + 64);
    own.set(JAVA_LONG, 64 + Timespec.TV_NSEC, WAIT_NANOS);
  }

  /// Runs the threads that `seed` stands for. What they do is the seed's; in which order, nobody's.
  static void run(long seed, Tally tally) throws InterruptedException {
    var release = RELEASES.get(Math.floorMod(seed, RELEASES.size()));
    var bugs = new ConcurrentLinkedQueue<Throwable>();
    var handler = Thread.getDefaultUncaughtExceptionHandler();
    Thread.setDefaultUncaughtExceptionHandler(
        (_, bug) -> bugs.add(bug)); // the model's threads', too
    try {
      var options = ModelOptions.DEFAULT.withRelease(release);
      try (var world = new World(Scheduler.real(), options, null)) {
        run(world, openRings(world), seed, tally);
        if (bugs.isEmpty()) serveAFreshRing(world);
      }
      expectNoThreads();
    } finally {
      Thread.setDefaultUncaughtExceptionHandler(handler);
    }
    var bug = bugs.peek();
    if (bug != null) throw new AssertionError("hostile threads " + seed + ": " + bug, bug);
    tally.programs++;
  }

  private static FuzzedRing[] openRings(World world) {
    for (int flags : SETUPS) {
      var ring = FuzzedRing.open(world, flags, 16, 0, world.structures.roomOf(0));
      if (ring != null) world.rings.add(ring);
    }
    return world.rings.toArray(FuzzedRing[]::new);
  }

  private static void run(World world, FuzzedRing[] rings, long seed, Tally tally)
      throws InterruptedException {
    List<HostileThreads> programs = new ArrayList<>();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < THREADS; i++) {
      var dice = new Dice(Dice.bytesOf(seed * THREADS + i, BYTES));
      var program = new HostileThreads(world, rings, dice);
      programs.add(program);
      threads.add(Thread.ofPlatform().daemon().name("hostile-" + i).unstarted(program::run));
    }
    threads.forEach(Thread::start);
    for (var thread : threads) thread.join();
    for (var program : programs) {
      tally.sqes += program.sqes;
      tally.calls += program.calls;
    }
  }

  private static void expectNoThreads() throws InterruptedException {
    for (var thread : Thread.getAllStackTraces().keySet()) {
      boolean isModels = thread.getName().startsWith("model-");
      Failure.unless(!isModels || thread.join(PATIENCE), thread.getName() + " is left over");
    }
  }

  private void run() {
    while (!dice.isEmpty()) act(rings[dice.below(rings.length)]);
  }

  private void act(FuzzedRing ring) {
    int action = dice.octet();
    if (action < 160) submit(ring);
    else if (action < 184 && rings.length > 0) register(ring);
    else if (action < 200) feed();
    else if (action < 232) world.structures.scribble(dice);
    else if (action < 240) ring.publish((int) dice.strange());
    else if (action < 248) ring.freeUpTo((int) dice.strange());
    else if (action < 250) ring.setArray(dice.below(ring.sqEntries), (int) dice.strange());
    else if (action < 252) close();
    else unmap(ring);
  }

  private int call(int result) {
    calls++;
    Failure.unless(result >= -FuzzedRing.ERRNO_LAST, "a call returned " + result);
    return result;
  }

  private void submit(FuzzedRing ring) {
    int batch = 1 + dice.below(ring.sqEntries);
    int shift = ring.has(IORING_SETUP_SQE128) ? 7 : 6;
    for (int i = 0; i < batch; i++) {
      forge.make(dice.octet(), dice.octet());
      forge.writeTo(ring.sqes, (long) dice.below(ring.sqEntries) << shift, 64);
      ring.setArray(dice.below(ring.sqEntries), dice.below(ring.sqEntries));
    }
    ring.publishMore(batch);
    boolean waits = dice.oneIn(8);
    int flags = IORING_ENTER_GETEVENTS | (waits ? IORING_ENTER_EXT_ARG : 0);
    int wanted = waits ? dice.below(4) : 0;
    int result =
        world.kernel.enter(
            ring.fd,
            batch,
            wanted,
            flags,
            waits ? own.address() : 0,
            waits ? GeteventsArg.SIZE : 0);
    sqes += Math.max(call(result), 0);
    ring.freeAll();
  }

  private void register(FuzzedRing ring) {
    // A wait for a cancelled worker could be for ever: its limit is where others scribble.
    call(registers.callNoWait(ring));
  }

  private void feed() {
    boolean writes = dice.oneIn(2);
    int fd = world.fd(dice, dice.oneIn(4) ? world.devices : world.streams);
    long address = dice.oneIn(8) ? dice.strange() : world.structures.buffer(dice);
    int length = dice.below(600);
    if (writes) call(world.kernel.write(fd, address, length));
    else call(world.kernel.read(fd, address, length));
  }

  private void close() {
    call(world.kernel.close(dice.oneIn(8) ? dice.pick(world.all) : 25 + dice.below(64)));
  }

  private void unmap(FuzzedRing ring) {
    if (dice.oneIn(8)) call(world.kernel.unmap(dice.oneIn(2) ? ring.rings : ring.sqes));
    try {
      var area = world.kernel.map(-1, 0, 1 + dice.below(8192), Kernel.PROT_READ);
      call(world.kernel.read(world.fd(dice, world.streams), area.address(), 10));
      call(world.kernel.unmap(area));
    } catch (ErrnoException e) {
      Failure.unless(e.errno() <= FuzzedRing.ERRNO_LAST, "map: " + e.errno());
    }
  }

  private static void serveAFreshRing(World world) {
    var ring = FuzzedRing.open(world, 0, 4, 0, world.structures.roomOf(0));
    if (ring == null) throw new Failure("no fresh ring afterwards");
    ring.sqes.asSlice(0, 64).fill((byte) 0);
    ring.publishMore(1);
    int result = world.kernel.enter(ring.fd, 1, 1, IORING_ENTER_GETEVENTS, 0, 0);
    Failure.unless(result == 1, "a NOP of a fresh ring was not taken: " + result);
    Failure.unless(ring.rings.get(JAVA_INT, 12) == 1, "a NOP of a fresh ring did not complete");
  }
}
