package dev.ringshot.conformance.fuzz;

import static dev.ringshot.abi.Errno.EAGAIN;
import static dev.ringshot.abi.Errno.EINTR;
import static dev.ringshot.abi.IoUring.*;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import dev.ringshot.abi.BufferRingLayout;
import dev.ringshot.abi.ErrnoException;
import dev.ringshot.abi.GeteventsArg;
import dev.ringshot.abi.Kernel;
import dev.ringshot.abi.RingParams;
import dev.ringshot.model.Faults;
import dev.ringshot.model.ModelOptions;
import dev.ringshot.model.Release;
import dev.ringshot.model.Scheduler;
import dev.ringshot.model.VirtualHangException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One hostile program in virtual time: a function of its bytes.
///
/// A call of it may throw nothing but [VirtualHangException], and that only where nothing is
/// scheduled; and what [Kernel#map] throws where Linux has no way but `-errno`.
final class HostileProgram {
  private static final int[] SETUPS = {
    0,
    0,
    IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN,
    IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN | IORING_SETUP_TASKRUN_FLAG,
    IORING_SETUP_COOP_TASKRUN,
    IORING_SETUP_COOP_TASKRUN | IORING_SETUP_TASKRUN_FLAG,
    IORING_SETUP_NO_SQARRAY,
    IORING_SETUP_NO_MMAP,
    IORING_SETUP_SQE128 | IORING_SETUP_CQE32,
    IORING_SETUP_SQE_MIXED | IORING_SETUP_CQE_MIXED,
    IORING_SETUP_SQ_REWIND | IORING_SETUP_NO_SQARRAY,
    IORING_SETUP_CQE_MIXED | IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN,
    IORING_SETUP_R_DISABLED | IORING_SETUP_SINGLE_ISSUER
  };
  private static final int READ_WRITE = Kernel.PROT_READ | Kernel.PROT_WRITE;
  private static final int SHORTEST = 4096; // bytes
  private static final List<Release> RELEASES = List.of(Release.values());
  private static final int RINGS_MAX = 4;
  private static final int TRIES = 1000;
  private static final long FRESH = 0x66_7265_7368L;

  private final Dice dice;
  private final World world;
  private final Tally tally;
  private final SqeForge forge;
  private final RegisterForge registers;
  private final Ledger announced = new Ledger();
  private final MemorySegment loose; // memory that it unmaps and maps again
  private final boolean corrupts;
  private @Nullable MemorySegment mapped;

  private HostileProgram(Dice dice, World world, Tally tally) {
    this.dice = dice;
    this.world = world;
    this.tally = tally;
    this.corrupts = dice.oneIn(3);
    this.forge = new SqeForge(world, dice);
    this.registers = new RegisterForge(world, dice);
    this.loose = world.kernel.map(-1, 0, 4096, READ_WRITE);
    this.mapped = loose;
  }

  /// Runs the program that `seed` stands for: short ones and long ones, by turns.
  ///
  /// @throws AssertionError that tells the seed
  static void run(long seed, @Nullable Path folder, Tally tally) {
    try {
      run(Dice.bytesOf(seed, SHORTEST << (seed & 3)), seed, folder, tally);
    } catch (RuntimeException | Error e) {
      throw new AssertionError(
          "hostile program "
              + seed
              + ": "
              + e
              + "; to run it again: -Dtest=HostileProgramTest -Dringshot.seed="
              + seed,
          e);
    }
  }

  /// Runs it.
  ///
  /// @param seed of its virtual time
  /// @param folder for its files
  /// @throws Failure if the model did what it may not
  static void run(byte[] bytes, long seed, @Nullable Path folder, Tally tally) {
    var dice = new Dice(bytes);
    var release = RELEASES.get(dice.below(RELEASES.size()));
    var options = ModelOptions.DEFAULT.withRelease(release);
    if (dice.oneIn(8)) options = options.withFaults(Faults.swarm(seed));
    if (dice.oneIn(32)) options = options.withCommands(false);
    boolean hasFiles = dice.oneIn(16);
    try (var world = new World(Scheduler.virtual(seed), options, hasFiles ? folder : null)) {
      var program = new HostileProgram(dice, world, tally);
      program.run();
      program.serveAFreshRing();
    }
    tally.programs++;
  }

  private void run() {
    open();
    if (dice.oneIn(2)) open();
    while (!dice.isEmpty()) {
      if (world.rings.isEmpty()) open();
      else act(world.rings.get(dice.below(world.rings.size())));
    }
  }

  private void act(FuzzedRing ring) {
    int action = dice.octet();
    if (action < 144) submit(ring);
    else if (action < 168) call(() -> registers.call(ring, announced));
    else if (action < 192) provide();
    else if (action < 208) feed();
    else if (action < 224) world.structures.scribble(dice);
    else if (action < 232) world.time.advance(Duration.ofNanos(dice.below(4) * 50_000L));
    else if (action < 240) strangeEnter(ring);
    else if (action < 244) remap();
    else if (action < 246) closeSomething();
    else if (action < 248) open();
    else if (action < 250) strangeSetup();
    else if (action < 252) leave(ring);
    else if (corrupts) corrupt(ring);
    reapAll();
  }

  private void reapAll() {
    for (var ring : world.rings) ring.reap(tally, announced);
  }

  private interface Call {
    int make();
  }

  private int call(Call call) {
    tally.calls++;
    try {
      int result = call.make();
      Failure.unless(result >= -FuzzedRing.ERRNO_LAST, "a call returned " + result);
      return result;
    } catch (VirtualHangException e) {
      tally.hangs++;
      Failure.unless(!world.time.step(), "a hang with something scheduled: " + e.getMessage());
      return 0;
    }
  }

  private void submit(FuzzedRing ring) {
    ring.begin();
    int batch = 1 + dice.below(dice.oneIn(4) ? 64 : 12);
    for (int i = 0; i < batch && ring.room() > 0; i++) {
      long userData = dice.oneIn(128) ? dice.strange() : ring.ledger().next();
      forge.make(userData, ring.ledger().recent(dice));
      if (userData != ring.ledger().next()) announced.announce(userData);
      ring.push(forge, announced);
    }
    ring.publish(0);
    int how = dice.octet();
    int flags = how < 224 ? IORING_ENTER_GETEVENTS : 0;
    int wanted = how < 32 ? 1 + dice.below(4) : 0;
    boolean exact = how < 250 || ring.has(IORING_SETUP_SQ_REWIND);
    int toSubmit = exact ? ring.available() : dice.below(100);
    int result =
        call(() ->
            wanted > 0 && how < 28
                ? timedEnter(ring, toSubmit, wanted)
                : world.kernel.enter(ring.fd, toSubmit, wanted, flags, 0, 0));
    Failure.unless(result <= toSubmit, "enter submitted " + result + " of " + toSubmit);
    tally.sqes += Math.max(result, 0);
    if (!dice.oneIn(8)) {
      ring.reap(tally, announced);
      ring.freeUpTo(0);
    }
  }

  private int timedEnter(FuzzedRing ring, int toSubmit, int wanted) {
    var memory = world.structures.memory;
    int at = world.structures.room(dice);
    memory.asSlice(at, GeteventsArg.SIZE).fill((byte) 0);
    memory.set(JAVA_LONG, at + (long) GeteventsArg.TS, world.structures.time(dice));
    if (dice.oneIn(8)) memory.set(JAVA_INT, at + 8L + 4L * dice.below(2), dice.octet());
    return world.kernel.enter(
        ring.fd,
        toSubmit,
        wanted,
        IORING_ENTER_GETEVENTS | IORING_ENTER_EXT_ARG,
        world.structures.base + at,
        GeteventsArg.SIZE);
  }

  private void strangeEnter(FuzzedRing ring) {
    int fd = dice.oneIn(2) ? ring.fd : world.fd(dice, world.all);
    int toSubmit = dice.oneIn(2) ? 0 : (int) dice.strange();
    int wanted = dice.oneIn(2) ? 0 : (int) dice.strange();
    int flags = dice.oneIn(8) ? (int) dice.strange() : dice.octet();
    long arg = dice.oneIn(2) ? 0 : dice.oneIn(2) ? world.structures.time(dice) : dice.strange();
    long size = dice.oneIn(2) ? GeteventsArg.SIZE : dice.strange();
    ring.forgive(); // it may submit what lies in the queue once more
    world.rings.forEach(FuzzedRing::forgive);
    call(() -> world.kernel.enter(fd, toSubmit, wanted, flags, arg, size));
  }

  /// Writes entries and the tail of some buffer ring.
  private void provide() {
    int base = world.structures.buffersAt() + dice.below(3) * 4096;
    var memory = world.structures.memory;
    for (int entries = dice.below(8); entries >= 0; entries--) {
      long at = base + dice.below(16) * 16L;
      boolean strange = dice.oneIn(8);
      memory.set(JAVA_LONG, at, strange ? dice.strange() : world.structures.buffer(dice));
      memory.set(
          JAVA_INT,
          at + BufferRingLayout.BUF_LEN,
          strange ? (int) dice.strange() : dice.below(128));
      memory.set(JAVA_SHORT, at + BufferRingLayout.BUF_BID, (short) dice.octet());
    }
    long tail = base + (long) BufferRingLayout.TAIL;
    int by = dice.oneIn(8) ? (int) dice.strange() : dice.below(8);
    memory.set(JAVA_SHORT, tail, (short) (memory.get(JAVA_SHORT, tail) + by));
  }

  /// Gives the other side of something bytes, or takes some, or raises a device's events.
  private void feed() {
    var kernel = world.kernel;
    int how = dice.octet();
    if (how < 64) {
      int fd = world.fd(dice, world.devices);
      int count = dice.below(9);
      call(() -> kernel.write(fd, world.structures.events(dice), count * 16));
      return;
    }
    int fd = world.fd(dice, world.streams);
    long address = how < 240 ? world.structures.buffer(dice) : dice.strange();
    int length = how < 250 ? dice.below(600) : (int) dice.strange();
    if (how < 160) call(() -> kernel.write(fd, address, length));
    else call(() -> kernel.read(fd, address, length));
  }

  private void remap() {
    var gone = mapped;
    if (gone != null) {
      call(() -> world.kernel.unmap(gone));
      mapped = null;
      return;
    }
    try {
      int fd = dice.oneIn(2) ? -1 : world.ringFd(dice);
      long offset = dice.oneIn(2) ? 0 : dice.oneIn(2) ? dice.strange() : 0x80000000L;
      // A length that there is no memory for is refused late: the JVM collects garbage first.
      long length = dice.oneIn(128) ? dice.strange() : dice.below(65536);
      mapped = world.kernel.map(fd, offset, length, READ_WRITE);
      if (fd != -1 && !corrupts) remap(); // see FuzzedRing.hide
    } catch (ErrnoException e) {
      Failure.unless(e.errno() <= FuzzedRing.ERRNO_LAST, "map: " + e.errno());
    }
  }

  private void closeSomething() {
    int fd = dice.oneIn(4) ? world.fd(dice, world.all) : 20 + dice.below(64);
    call(() -> world.kernel.close(fd));
    world.rings.removeIf(ring -> ring.fd == fd);
  }

  private void open() {
    if (world.rings.size() == RINGS_MAX) {
      leave(world.rings.getFirst());
      return;
    }
    int flags = dice.pick(SETUPS) | (dice.oneIn(4) ? 0 : IORING_SETUP_SUBMIT_ALL);
    int entries = 1 << dice.below(8);
    int cqEntries = dice.oneIn(2) ? entries << dice.below(2) : 0;
    if (cqEntries > 0) flags |= IORING_SETUP_CQSIZE;
    var ring = FuzzedRing.open(world, flags, entries, cqEntries, world.structures.room(dice));
    if (ring == null) return;
    if (corrupts) ring.forgive();
    else ring.hide(world.kernel);
    world.rings.add(ring);
  }

  private void strangeSetup() {
    int at = world.structures.room(dice);
    var memory = world.structures.memory;
    memory.asSlice(at, RingParams.SIZE).fill((byte) 0);
    memory.set(JAVA_INT, at + 8L, dice.oneIn(2) ? (int) dice.strange() : 1 << dice.below(32));
    memory.set(JAVA_INT, at + 4L * dice.below(30), (int) dice.strange());
    int entries = dice.oneIn(2) ? dice.below(64) : (int) dice.strange();
    long params = dice.oneIn(8) ? dice.strange() : world.structures.base + at;
    int fd = call(() -> world.kernel.setup(entries, params));
    if (fd >= 0) call(() -> world.kernel.close(fd));
  }

  /// Lets go of a ring, of its descriptor or memory first, or of a part only.
  private void leave(FuzzedRing ring) {
    int parts = dice.oneIn(2) ? 7 : dice.below(8);
    world.rings.remove(ring);
    if ((parts & 1) != 0) call(() -> world.kernel.close(ring.fd));
    if ((parts & 2) != 0) call(() -> world.kernel.unmap(ring.rings));
    if ((parts & 4) != 0) call(() -> world.kernel.unmap(ring.sqes));
  }

  private void corrupt(FuzzedRing ring) {
    switch (dice.below(6)) {
      case 0 -> ring.publish((int) dice.strange());
      case 1 -> ring.freeUpTo((int) dice.strange());
      case 2 -> ring.setArray(dice.below(ring.sqEntries), (int) dice.strange());
      case 3 -> ring.setArray(dice.below(ring.sqEntries), dice.below(ring.sqEntries));
      case 4 -> ring.rings.set(JAVA_INT, dice.below(16) * 4L, (int) dice.strange());
      default -> ring.sqes.set(JAVA_LONG, dice.below(8) * 8L, dice.strange());
    }
  }

  private void serveAFreshRing() {
    var ring = FuzzedRing.open(world, 0, 4, 0, world.structures.roomOf(0));
    if (ring == null) throw new Failure("no fresh ring afterwards");
    for (int i = 0; i < forge.words.length; i++) forge.words[i] = 0;
    forge.words[4] = FRESH;
    ring.push(forge, announced);
    ring.publish(0);
    for (int tries = 0; tries < TRIES && !ring.holds(FRESH); tries++) { // its faults may strike
      int result = world.kernel.enter(ring.fd, 1, 1, IORING_ENTER_GETEVENTS, 0, 0);
      Failure.unless(
          result >= 0 || result == -EAGAIN || result == -EINTR,
          "a fresh ring's enter returned " + result);
      world.time.advance(Duration.ofMillis(1));
    }
    Failure.unless(ring.holds(FRESH), "a NOP of a fresh ring did not complete");
  }
}
