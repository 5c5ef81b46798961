package dev.ringshot.conformance.differ;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.ringshot.abi.Errno;
import dev.ringshot.abi.IoUring;
import dev.ringshot.abi.Kernel;
import dev.ringshot.abi.Poll;
import dev.ringshot.abi.Sqe;
import dev.ringshot.conformance.rig.Completion;
import dev.ringshot.conformance.rig.Platform;
import dev.ringshot.conformance.rig.RawRing;
import dev.ringshot.conformance.rig.Rig;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One run of a [Program] on one kernel.
///
/// After each step it settles: all that can happen by itself happens. In virtual time a second
/// passes; what expires later never does. The ring looks at its end, and where workers pause, in
/// their pauses as well. On Linux as many CQEs are waited for as came in virtual time, for as long
/// as patience lasts.
final class Execution {
  private static final Duration REST = Duration.ofSeconds(1);
  private static final Duration START = Duration.ofNanos(150_000); // workers have, none has paused
  private static final int WAIT_MILLIS = 1;
  private static final long BEHIND_NANOS = 20_000_000; // for what workers still bring
  private static final int CALLS_MAX = 64; // of one submit step
  private static final int ROUNDS = 16; // as many as the longest chain

  /// What a descriptor's index is added to, where a CQE brings one.
  private static final int MADE = 1_000_000;

  private final Platform platform;
  private final Program program;
  private final Rig rig;
  private final World world;
  private final RawRing ring;
  private final @Nullable RawRing peer;
  private final Groups groups;
  private final MemorySegment scratch;
  private final Map<Long, Entry> entries = new HashMap<>();
  private final @Nullable Trace expected;
  private final long patienceNanos;
  private final boolean looksEarly;
  private boolean isBehind; // a difference: no use in waiting for long any more

  private Execution(
      Platform platform,
      Rig rig,
      Program program,
      Path folder,
      @Nullable Trace expected,
      long patienceNanos,
      boolean looksEarly) {
    this.platform = platform;
    this.program = program;
    this.rig = rig;
    this.expected = expected;
    this.patienceNanos = patienceNanos;
    this.looksEarly = looksEarly;
    world = new World(rig, program.files(), folder);
    ring =
        rig.ring(
            program.sqEntries(),
            params -> params.flags(program.setupFlags()).cqEntries(program.cqEntries()));
    peer = program.features().contains(Feature.MESSAGES_TO_RINGS) ? rig.ring(4) : null;
    groups = new Groups(rig, ring, world.data());
    world.use(ring, peer, groups);
    scratch = rig.memory(4096L);
    for (Entry entry : program.entries()) entries.put(entry.userData(), entry);
  }

  /// Runs `program`.
  ///
  /// @param folder has its file, fresh
  /// @param expected what another kernel showed, and what is waited for therefore
  /// @param looksEarly in virtual time, whether it looks while workers pause
  static Trace run(
      Platform platform,
      Kernel kernel,
      Program program,
      Path folder,
      @Nullable Trace expected,
      long patienceNanos,
      boolean looksEarly) {
    try (var rig = new Rig(platform, kernel)) {
      var execution =
          new Execution(platform, rig, program, folder, expected, patienceNanos, looksEarly);
      return execution.run();
    }
  }

  private Trace run() {
    List<Moment> moments = new ArrayList<>();
    try {
      for (Step step : program.steps()) moments.add(moment(step, moments.size()));
      List<String> end = new ArrayList<>(groups.end());
      end.add("data " + world.sums());
      return new Trace(moments, end);
    } finally {
      groups.close();
      ring.close();
      if (peer != null) peer.close();
      world.close();
    }
  }

  // ---- steps

  private Moment moment(Step step, int index) {
    List<String> facts = new ArrayList<>();
    long result = perform(step, facts);
    int sqHead = ring.sqHead();
    settle(index, facts);
    List<Completion> cqes = new ArrayList<>();
    for (Completion each : ring.look()) cqes.add(seen(each));
    if (program.takesAll()) ring.release(Integer.MAX_VALUE);
    return new Moment(
        result,
        sqHead,
        ring.cqTail(),
        ring.sqFlags(),
        ring.sqDropped(),
        ring.cqOverflow(),
        cqes,
        facts);
  }

  private long perform(Step step, List<String> facts) {
    return switch (step) {
      case Step.Submit submit -> submit(submit, facts);
      case Step.Enter enter -> enter(enter);
      case Step.Register register ->
          ring.register(register.opcode(), world.value(register.arg()), register.count());
      case Step.AddGroup add -> groups.add(add);
      case Step.Provide provide -> {
        groups.provide(provide);
        yield 0;
      }
      case Step.Head head -> {
        facts.add(groups.head(head.group()));
        yield 0;
      }
      case Step.Reap reap -> {
        ring.release(reap.slots());
        yield 0;
      }
      case Step.Write write -> write(write);
      case Step.Read read -> read(read, facts);
      case Step.Close close -> {
        int fd = world.forget(close.file(), close.end());
        yield fd == Operand.CLOSED ? -Errno.EBADF : rig.host().close(fd);
      }
      case Step.Shutdown down -> rig.host().shutdown(world.fd(down.file(), down.end()), down.how());
      case Step.Connect connect -> {
        int listener = world.fd(connect.listener(), 0);
        if (listener == Operand.CLOSED) yield -Errno.EBADF;
        world.keep(rig.host().tcpConnect(listener));
        yield 0;
      }
      case Step.CqFlags flags -> {
        ring.setCqFlags(flags.flags());
        yield 0;
      }
      case Step.SqArray array -> {
        ring.setSqArray(array.index(), array.entry());
        yield 0;
      }
      case Step.Raise raise -> raise(raise);
    };
  }

  private long submit(Step.Submit step, List<String> facts) {
    for (Entry entry : step.entries()) {
      if (ring.sqSpace() < (entry.wide() ? 2 : 1)) break;
      fill(entry.wide() ? ring.sqe128(entry.userData()) : ring.sqe(entry.userData()), entry);
    }
    ring.publish();
    long first = ring.enter(ring.sqPending(), 0, step.flags());
    for (int call = 0; call < CALLS_MAX && ring.sqPending() > 0; call++) {
      int next = ring.enter(ring.sqPending(), 0, step.flags());
      facts.add("then " + Completion.result(next));
      if (next <= 0) break;
    }
    return first;
  }

  private void fill(Sqe sqe, Entry entry) {
    sqe.prepare(
        entry.opcode(),
        descriptor(entry),
        world.value(entry.addr()),
        entry.len(),
        world.value(entry.off()));
    sqe.flags(entry.flags()).ioprio(entry.ioprio()).opFlags(entry.opFlags());
    sqe.bufIndex(entry.bufIndex()).personality(entry.personality());
    sqe.fileIndex(entry.fileIndex()).addr3(world.value(entry.addr3())).pad2(entry.pad2());
  }

  /// What stands in `fd`; a number that is meant as a descriptor must not be somebody else's.
  private int descriptor(Entry entry) {
    int fd = (int) world.value(entry.fd());
    if (entry.has(IoUring.IOSQE_FIXED_FILE))
      return entry.fd() instanceof Operand.Plain ? fd : Operand.CLOSED; // no index
    if (!(entry.fd() instanceof Operand.Plain)) return fd;
    return switch (entry.opcode()) {
      case IoUring.IORING_OP_PROVIDE_BUFFERS, IoUring.IORING_OP_REMOVE_BUFFERS -> fd;
      default -> fd < 0 ? fd : Operand.CLOSED;
    };
  }

  private long enter(Step.Enter step) {
    return rig.kernel()
        .enter(
            ring.fd(),
            step.toSubmit(),
            step.minComplete(),
            step.flags(),
            world.value(step.arg()),
            step.size());
  }

  private long write(Step.Write step) {
    int fd = world.fd(step.file(), step.end());
    if (fd == Operand.CLOSED) return -Errno.EBADF;
    if ((rig.host().poll(fd, Poll.POLLOUT, 0) & Poll.POLLOUT) == 0) return -Errno.EAGAIN;
    boolean counts = program.files().get(step.file()) == FileKind.EVENTFD;
    var bytes = scratch.asSlice(0, counts ? Long.BYTES : step.length());
    if (counts) bytes.set(JAVA_LONG, 0, step.length());
    else bytes.fill((byte) step.length());
    return rig.host().write(fd, bytes);
  }

  private long read(Step.Read step, List<String> facts) {
    int fd = world.fd(step.file(), step.end());
    if (fd == Operand.CLOSED) return -Errno.EBADF;
    var bytes = scratch.asSlice(0, step.length());
    int count = rig.host().read(fd, bytes);
    if (count > 0) facts.add("sum " + Arrays.hashCode(bytes.asSlice(0, count).toArray(JAVA_BYTE)));
    return count;
  }

  private long raise(Step.Raise step) {
    int fd = world.fd(step.file(), 0);
    if (fd == Operand.CLOSED) return -Errno.EBADF;
    var list = world.block(new Operand.Block(step.events().size() * 16, step.events()));
    return rig.host().write(fd, list);
  }

  // ---- settling

  private void settle(int index, List<String> facts) {
    if (expected == null) rest();
    else await(expected.moments().get(index).cqTail());
    if (peer == null) return;
    peer.getEvents();
    for (Completion each : peer.visible()) facts.add("peer " + each);
  }

  private void rest() {
    int before;
    do {
      before = ring.cqTail();
      runWork();
      if (looksEarly) {
        platform.rest(START);
        runWork();
      }
      platform.rest(REST);
      runWork();
    } while (ring.cqTail() != before);
  }

  /// Until as many CQEs were posted as elsewhere. It does not wait in io_uring_enter, which would
  /// run more task work at a time than one that waits for nothing.
  private void await(int tail) {
    runWork();
    long start = System.nanoTime();
    long patience = isBehind ? BEHIND_NANOS : patienceNanos;
    while (ring.cqTail() - tail < 0 && System.nanoTime() - start < patience) {
      var _ = rig.host().poll(ring.fd(), Poll.POLLIN, WAIT_MILLIS);
      runWork();
    }
    isBehind |= ring.cqTail() - tail < 0;
    runWork();
  }

  /// One enter runs what task work there is, not what comes of it.
  private void runWork() {
    boolean isDeferred = (program.setupFlags() & IoUring.IORING_SETUP_DEFER_TASKRUN) != 0;
    int rounds = isDeferred ? ROUNDS : 1;
    for (int i = 0; i < ROUNDS && rounds > 0; i++, rounds--) {
      ring.getEvents();
      if ((ring.sqFlags() & IoUring.IORING_SQ_TASKRUN) != 0) rounds = Math.max(rounds, 2);
    }
  }

  private Completion seen(Completion cqe) {
    Entry entry = entries.get(cqe.userData());
    if (entry == null) return Completion.cqe(cqe.userData(), cqe.res(), cqe.flags());
    if (cqe.res() >= 0 && makesDescriptor(entry))
      return Completion.cqe(cqe.userData(), MADE + world.keep(cqe.res()), cqe.flags());
    if (cqe.extra1() == 0) return cqe;
    // A time, or of a CQE that has no more than 16 bytes to say what was in the slot before.
    int said = entry.opcode() == IoUring.IORING_OP_URING_CMD ? 1 : 0;
    return new Completion(cqe.userData(), cqe.res(), cqe.flags(), said, said);
  }

  private static boolean makesDescriptor(Entry entry) {
    return switch (entry.opcode()) {
      case IoUring.IORING_OP_ACCEPT, IoUring.IORING_OP_SOCKET, IoUring.IORING_OP_OPENAT ->
          entry.fileIndex() == 0;
      default -> false;
    };
  }
}
