package dev.ringshot.conformance.differ;

import static dev.ringshot.abi.IoUring.*;
import static dev.ringshot.conformance.differ.Feature.*;

import dev.ringshot.abi.Poll;
import dev.ringshot.model.Release;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Draws SQEs.
final class Recipes {
  /// Seconds that no program lasts.
  static final long NEVER_NANOS = 1_000_000_000_000_000_000L;

  private static final int REMEMBERED = 24;
  private static final int TARGET_BASE = 1_000_000;

  private final Draw draw;
  private final Set<Feature> features;
  private final List<FileKind> files;
  private final List<Recipe> ordinary = new ArrayList<>();
  private final List<Recipe> free = new ArrayList<>();
  private final List<Entry> recent = new ArrayList<>();
  private final Mistakes mistakes;
  private int messages;

  Recipes(Draw draw, Set<Feature> features, List<FileKind> files, Release release) {
    this.draw = draw;
    this.features = features;
    this.files = files;
    this.mistakes = new Mistakes(draw, release);
    var transfers = new Transfers(draw, features, files);
    transfers.addTo(ordinary);
    add(8, this::nop);
    add(TIMEOUTS, 4, this::timeout);
    add(POLLS, 10, () -> poll(false));
    add(MULTISHOT_POLLS, 8, () -> poll(true));
    add(CANCELS, 6, this::cancel);
    add(CANCELS, 2, this::cancelMany);
    add(POLLS, 3, this::pollRemove);
    add(TIMEOUTS, 2, this::timeoutRemove);
    add(LEGACY_BUFFERS, 8, this::provideBuffers);
    add(LEGACY_BUFFERS, 2, this::removeBuffers);
    add(MESSAGES_TO_RINGS, 6, this::message);
    add(COMMANDS, 5, this::command);
    add(ACCEPTS, 5, this::accept);
    if (features.contains(EXPIRY)) free.add(new Recipe(5, true, this::expiring));
    if (!features.contains(OVERFLOW)) transfers.addFreeTo(free);
    if (features.contains(WORKERS)) free.add(new Recipe(6, true, this::onWorker));
  }

  private void add(Feature feature, int weight, Supplier<@Nullable Entry> make) {
    if (features.contains(feature)) add(weight, make);
  }

  private void add(int weight, Supplier<@Nullable Entry> make) {
    ordinary.add(new Recipe(weight, false, make));
  }

  boolean hasFree() {
    return !free.isEmpty();
  }

  /// An SQE that completes, if at all, when something else makes it.
  @Nullable Entry ordinary() {
    Entry entry = one(ordinary);
    if (entry == null) return null;
    if (features.contains(FIXED_FILES) && draw.chance(25)) entry = onFixedFile(entry);
    if (features.contains(INVALID) && draw.chance(12)) entry = mistakes.in(entry);
    return mistakes.harmless(entry, files);
  }

  /// One that a worker or a timer completes.
  @Nullable Entry free() {
    return one(free);
  }

  /// Remembers one, for others to aim at.
  void remember(Entry entry) {
    recent.add(entry);
    if (recent.size() > REMEMBERED) recent.removeFirst();
  }

  private @Nullable Entry one(List<Recipe> recipes) {
    int total = 0;
    for (Recipe each : recipes) total += each.weight();
    int at = draw.below(total);
    for (Recipe each : recipes) {
      at -= each.weight();
      if (at < 0) return each.make().get();
    }
    return null;
  }

  // ---- operations without data

  private Entry nop() {
    if (draw.chance(80)) return Entry.of(IORING_OP_NOP);
    return Entry.of(IORING_OP_NOP)
        .withLen(draw.of(0, 1, 77, -5, -125))
        .withOpFlags(IORING_NOP_INJECT_RESULT);
  }

  private static Operand timespec(long nanos) {
    return new Operand.Block(
        16,
        List.of(
            new Operand.Field(0, 8, Operand.of(nanos / 1_000_000_000L)),
            new Operand.Field(8, 8, Operand.of(nanos % 1_000_000_000L))));
  }

  private Entry timeout() {
    // A count and a timer that goes off race in Linux: io_timeout_fn() counts before it posts.
    // So does one that ends in silence, which is counted as if it had been posted.
    // And what waits in the overflow list is counted when it leaves it.
    boolean mayCount =
        Collections.disjoint(features, EnumSet.of(EXPIRY, SKIPS, OVERFLOW, TX_TIMESTAMPS));
    int count = mayCount && draw.chance(50) ? draw.between(1, 6) : 0;
    return Entry.of(IORING_OP_TIMEOUT, Operand.of(-1), timespec(NEVER_NANOS), 1, Operand.of(count))
        .withOpFlags(draw.chance(15) ? IORING_TIMEOUT_ETIME_SUCCESS : 0);
  }

  private Entry expiring() {
    int flags = draw.of(0, 0, IORING_TIMEOUT_ETIME_SUCCESS, IORING_TIMEOUT_BOOTTIME);
    long nanos = draw.of(1, 1_000, 100_000);
    int count = 0;
    if (draw.chance(30)) {
      flags |= IORING_TIMEOUT_MULTISHOT;
      count = draw.between(1, 3);
    }
    return Entry.of(IORING_OP_TIMEOUT, Operand.of(-1), timespec(nanos), 1, Operand.of(count))
        .withOpFlags(flags);
  }

  Entry linkTimeout() {
    return Entry.of(IORING_OP_LINK_TIMEOUT, Operand.of(-1), timespec(NEVER_NANOS), 1, Operand.ZERO);
  }

  private @Nullable Entry poll(boolean multishot) {
    int mask =
        draw.of(
            Poll.POLLIN, Poll.POLLIN, Poll.POLLOUT, Poll.POLLIN | Poll.POLLOUT, Poll.POLLRDHUP, 0);
    Entry entry = Entry.of(IORING_OP_POLL_ADD, anyEnd(), Operand.ZERO, 0, Operand.ZERO);
    return entry.withOpFlags(mask).withLen(multishot ? IORING_POLL_ADD_MULTI : 0);
  }

  /// Not of sockets that stamp: how often they wake depends on when memory is freed.
  private Operand.Fd anyEnd() {
    int file = draw.below(files.size());
    if (files.get(file) == FileKind.UDP) file = 0;
    return new Operand.Fd(file, draw.below(files.get(file).ends()));
  }

  private @Nullable Entry recent(int... opcodes) {
    if (recent.isEmpty()) return null;
    for (int attempt = 0; attempt < 8; attempt++) {
      Entry entry = draw.of(recent);
      if (opcodes.length == 0) return entry;
      for (int opcode : opcodes) if (entry.opcode() == opcode) return entry;
    }
    return draw.chance(20) ? draw.of(recent) : null;
  }

  private @Nullable Entry cancel() {
    Entry target =
        recent(
            IORING_OP_POLL_ADD,
            IORING_OP_READ,
            IORING_OP_RECV,
            IORING_OP_TIMEOUT,
            IORING_OP_READ_MULTISHOT,
            IORING_OP_ACCEPT,
            IORING_OP_RECVMSG,
            IORING_OP_READV);
    if (target == null) return null;
    return Entry.of(
            IORING_OP_ASYNC_CANCEL, Operand.of(-1), Operand.of(target.userData()), 0, Operand.ZERO)
        .withOpFlags(draw.chance(25) ? IORING_ASYNC_CANCEL_ALL : 0);
  }

  private Entry cancelMany() {
    int all = draw.chance(60) ? IORING_ASYNC_CANCEL_ALL : 0;
    Entry cancel = Entry.of(IORING_OP_ASYNC_CANCEL);
    return switch (draw.below(3)) {
      case 0 -> cancel.withFd(anyEnd()).withOpFlags(all | IORING_ASYNC_CANCEL_FD);
      case 1 -> cancel.withOpFlags(all | IORING_ASYNC_CANCEL_ANY);
      default ->
          cancel
              .withLen(draw.of(IORING_OP_POLL_ADD, IORING_OP_READ, IORING_OP_RECV))
              .withOpFlags(all | IORING_ASYNC_CANCEL_OP);
    };
  }

  private @Nullable Entry pollRemove() {
    Entry target = recent(IORING_OP_POLL_ADD);
    if (target == null) return null;
    Entry remove =
        Entry.of(
            IORING_OP_POLL_REMOVE, Operand.of(-1), Operand.of(target.userData()), 0, Operand.ZERO);
    if (draw.chance(60)) return remove;
    return remove
        .withLen(IORING_POLL_UPDATE_EVENTS | (draw.chance(50) ? IORING_POLL_ADD_MULTI : 0))
        .withOpFlags(draw.of(Poll.POLLIN, Poll.POLLOUT));
  }

  private @Nullable Entry timeoutRemove() {
    Entry target = recent(IORING_OP_TIMEOUT);
    if (target == null) return null;
    Entry remove =
        Entry.of(
            IORING_OP_TIMEOUT_REMOVE,
            Operand.of(-1),
            Operand.of(target.userData()),
            0,
            Operand.ZERO);
    if (draw.chance(70)) return remove;
    return remove.withOff(timespec(2 * NEVER_NANOS)).withOpFlags(IORING_TIMEOUT_UPDATE);
  }

  private Entry provideBuffers() {
    int length = draw.of(8, 32, 100);
    int count = draw.between(1, 4);
    int first = draw.below(8);
    return Entry.of(
            IORING_OP_PROVIDE_BUFFERS,
            Operand.of(count),
            new Operand.Data(Transfers.LEGACY_AT + first * 128),
            length,
            Operand.of(first))
        .withBufIndex(Transfers.LEGACY);
  }

  private Entry removeBuffers() {
    return Entry.of(
            IORING_OP_REMOVE_BUFFERS, Operand.of(draw.between(1, 3)), Operand.ZERO, 0, Operand.ZERO)
        .withBufIndex(Transfers.LEGACY);
  }

  private Entry message() {
    Operand ring = draw.chance(50) ? new Operand.Self() : new Operand.Peer();
    Entry message =
        Entry.of(
            IORING_OP_MSG_RING,
            ring,
            Operand.of(IORING_MSG_DATA),
            draw.between(-3, 100),
            Operand.of(TARGET_BASE + ++messages));
    if (draw.chance(80)) return message;
    return message.withOpFlags(IORING_MSG_RING_FLAGS_PASS).withFileIndex(draw.of(0, 2, 1 << 16));
  }

  private Entry command() {
    var kind = draw.of(List.of(FileKind.NULL, FileKind.ZERO, FileKind.STREAM));
    int file = files.indexOf(kind);
    Operand fd = file < 0 ? Operand.of(-1) : new Operand.Fd(file, 0);
    Entry command =
        Entry.of(IORING_OP_URING_CMD, fd, Operand.ZERO, 0, Operand.of(draw.of(0, 1, 0, 99)));
    if (kind != FileKind.ZERO || draw.chance(50)) return command;
    return command.selecting(0).withOpFlags(IORING_URING_CMD_MULTISHOT);
  }

  private @Nullable Entry accept() {
    int listener = files.indexOf(FileKind.LISTENER);
    if (listener < 0) return null;
    return Entry.of(IORING_OP_ACCEPT, new Operand.Fd(listener, 0), Operand.ZERO, 0, Operand.ZERO)
        .withIoprio(draw.chance(50) ? IORING_ACCEPT_MULTISHOT : 0);
  }

  private Entry onFixedFile(Entry entry) {
    if (!(entry.fd() instanceof Operand.Fd) || entry.isMultishotCommand()) return entry;
    return entry.withFd(Operand.of(draw.below(5))).plusFlags(IOSQE_FIXED_FILE);
  }

  /// What completes at once, on a worker.
  private @Nullable Entry onWorker() {
    for (int attempt = 0; attempt < 8; attempt++) {
      Entry entry = one(ordinary);
      // A cancelation there may find itself, and a command is its driver's to answer.
      if (entry != null
          && entry.opcode() != IORING_OP_ASYNC_CANCEL
          && entry.ioprio() == 0
          && entry.opcode() != IORING_OP_URING_CMD)
        return mistakes.harmless(entry, files).plusFlags(IOSQE_ASYNC);
    }
    return Entry.of(IORING_OP_NOP).plusFlags(IOSQE_ASYNC);
  }
}
