package dev.ringshot.conformance.differ;

import static dev.ringshot.abi.IoUring.*;

import dev.ringshot.conformance.rig.Completion;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// What Linux leaves free, and what therefore may differ.
public enum Freedom {
  /// What a worker of the kernel's or a timer completes is posted when that is done, while what was
  /// submitted before it may be posting too: between other requests' CQEs it may stand anywhere.
  /// Its own CQEs, and all others, keep their order.
  ///
  /// Applies to what `IOSQE_IO_DRAIN` holds back, and to chains with `IOSQE_ASYNC`, an operation
  /// that always runs on a worker (so does a write to an eventfd that may block), a regular file,
  /// or a timeout that expires.
  ORDER_OF_WORKERS_AND_TIMERS,
  /// A worker raises `IORING_SQ_TASKRUN` after it has queued its task work, and so maybe after that
  /// ran. Applies to the steps that such a request is submitted in or completes in, and to those
  /// behind them until an enter clears the flag.
  ///
  /// It raises it once more if it is the last to let go of a request whose CQE has been seen; and
  /// the network, which has time stamps, may be late as well. When that is depends on who else has
  /// the processor: so behind the first such request the flag may differ in a program that agrees
  /// when it is run again; where there is one processor it comes again each time. These programs
  /// are counted, and their seeds kept.
  LATE_TASKRUN_FLAG,
  /// The CQE of a time stamp passes those that are completed and not yet posted, and how many these
  /// are depends on where task work was interrupted. Its own CQEs, and all others, keep their
  /// order.
  ORDER_OF_TIME_STAMPS,
  /// Task work is cut where its thread must make room for another (`io_handle_tw_list`): what was
  /// completed is then posted, and what it lets go, the next of a chain or of a drain, passes what
  /// the task work behind would have let go.
  ///
  /// Applies to a program that differs, and of which the model shows exactly what was seen when its
  /// task work is cut there, in places in a row or any two, if it agrees when it is run again.
  /// These programs are counted, and their seeds kept.
  PREEMPTED_TASK_WORK,
  /// A worker lets go of a request when it comes to it, which may be after its CQE was seen and
  /// what comes next was submitted. That then finds one more under way: to cancel it is -EALREADY,
  /// and behind a drain it waits for it, and runs on a worker itself.
  ///
  /// Applies as the one before, with the model's workers lagging so.
  LAGGING_WORKER,
  /// A worker may pause between what its operation wakes and its own completion, which then are two
  /// batches and not one: what counts completions sees that.
  ///
  /// Applies as the one before, with the model's workers pausing so.
  PAUSING_WORKER;

  /// The requests of a program that a worker or a timer completes, by user_data.
  static Set<Long> requests(Program program, Trace trace) {
    var drains = new Drains(program);
    for (int i = 0; i < program.steps().size(); i++) {
      if (program.steps().get(i) instanceof Step.Submit submit) drains.add(submit);
      drains.end(trace.moments().get(i).cqes());
    }
    return drains.free;
  }

  /// In which steps [#LATE_TASKRUN_FLAG] applies.
  static boolean[] lateFlags(Program program, Trace trace) {
    Set<Long> requests = requests(program, trace);
    boolean[] late = new boolean[program.steps().size()];
    boolean isLate = false;
    for (int i = 0; i < late.length; i++) {
      Step step = program.steps().get(i);
      if (step instanceof Step.Submit || step instanceof Step.Enter) isLate = false;
      isLate |= submits(step, requests);
      for (Completion each : trace.moments().get(i).cqes())
        isLate |= requests.contains(each.userData());
      late[i] = isLate;
    }
    return late;
  }

  /// In which it applies to a program that is counted.
  static boolean[] veryLateFlags(Program program, Trace trace) {
    Set<Long> requests = unordered(program, trace);
    boolean[] late = new boolean[program.steps().size()];
    for (int i = 0; i < late.length; i++)
      late[i] = (i > 0 && late[i - 1]) || submits(program.steps().get(i), requests);
    return late;
  }

  private static boolean submits(Step step, Set<Long> requests) {
    return step instanceof Step.Submit submit
        && submit.entries().stream().anyMatch(entry -> requests.contains(entry.userData()));
  }

  /// The same and those of [#ORDER_OF_TIME_STAMPS].
  static Set<Long> unordered(Program program, Trace trace) {
    Set<Long> all = requests(program, trace);
    for (Entry entry : program.entries()) if (stamps(entry)) all.add(entry.userData());
    return all;
  }

  private static boolean stamps(Entry entry) {
    return entry.opcode() == IORING_OP_URING_CMD
        && entry.off() instanceof Operand.Plain op
        && op.value() == SOCKET_URING_OP_TX_TIMESTAMP;
  }

  /// Which requests have to do with draining: once one has drained, what comes goes to a worker all
  /// the same until one has that does not drain.
  private static final class Drains {
    private final Program program;
    private final Set<Long> free = new HashSet<>();
    private final Set<Long> draining = new HashSet<>();
    private boolean isHeld;
    private boolean drainsNext; // the first behind a chain that drains in its middle, too

    private Drains(Program program) {
      this.program = program;
    }

    private void add(Step.Submit submit) {
      List<Long> chain = new ArrayList<>();
      boolean clears = draining.isEmpty() && !drainsNext && isPlain(submit.entries().getFirst());
      boolean isFree = false;
      for (Entry entry : submit.entries()) {
        boolean isFirst = chain.isEmpty();
        if (entry.has(IOSQE_IO_DRAIN) || (isFirst && drainsNext)) {
          draining.add(entry.userData());
          isHeld = true;
          drainsNext = !isFirst;
        }
        chain.add(entry.userData());
        isFree |= isHeld || isFree(entry, program);
        if ((entry.flags() & (IOSQE_IO_LINK | IOSQE_IO_HARDLINK)) != 0) continue;
        if (isFree) free.addAll(chain);
        if (clears && draining.isEmpty()) isHeld = false;
        chain.clear();
        isFree = false;
      }
      free.addAll(chain); // a chain that the submission cuts runs on a worker
    }

    /// Whether it surely gets as far as to be held: alone, and with nothing wrong.
    private static boolean isPlain(Entry entry) {
      return entry.opcode() == IORING_OP_NOP
          && (entry.flags() & ~IOSQE_ASYNC) == 0
          && (entry.opFlags() & ~IORING_NOP_INJECT_RESULT) == 0
          && entry.ioprio() == 0
          && entry.personality() == 0;
    }

    private void end(List<Completion> cqes) {
      for (Completion each : cqes) draining.remove(each.userData());
    }
  }

  private static boolean isFree(Entry entry, Program program) {
    if (entry.has(IOSQE_ASYNC)) return true;
    return switch (entry.opcode()) {
      case IORING_OP_FSYNC, IORING_OP_FTRUNCATE, IORING_OP_FALLOCATE, IORING_OP_OPENAT -> true;
      case IORING_OP_TIMEOUT, IORING_OP_LINK_TIMEOUT -> expires(entry.addr());
      case IORING_OP_WRITE ->
          isOn(FileKind.EVENTFD, entry, program) || isOn(FileKind.REGULAR, entry, program);
      default -> isOn(FileKind.REGULAR, entry, program);
    };
  }

  private static boolean isOn(FileKind kind, Entry entry, Program program) {
    return entry.fd() instanceof Operand.Fd fd
        && fd.file() < program.files().size()
        && program.files().get(fd.file()) == kind;
  }

  /// The same, with what a worker does on Linux done by one in the model too, which writes to an
  /// eventfd at once.
  static Program onWorkers(Program program) {
    List<Step> steps = new ArrayList<>();
    for (Step step : program.steps()) {
      if (!(step instanceof Step.Submit submit)) {
        steps.add(step);
        continue;
      }
      List<Entry> entries = new ArrayList<>();
      for (Entry entry : submit.entries()) {
        boolean isLeft =
            entry.opcode() == IORING_OP_WRITE && isOn(FileKind.EVENTFD, entry, program);
        entries.add(isLeft ? entry.withFlags(entry.flags() | IOSQE_ASYNC) : entry);
      }
      steps.add(new Step.Submit(entries, submit.flags()));
    }
    return program.withSteps(steps);
  }

  private static boolean expires(Operand timespec) {
    return timespec instanceof Operand.Block block
        && block.fields().getFirst().value().equals(Operand.ZERO);
  }

  /// Whether two orders of CQEs are the same, but for what `free` requests may change.
  static boolean allows(List<Completion> one, List<Completion> other, Set<Long> free) {
    if (one.equals(other)) return true;
    if (free.isEmpty() || one.size() != other.size()) return false;
    if (!without(one, free).equals(without(other, free))) return false;
    for (long request : free) if (!of(request, one).equals(of(request, other))) return false;
    return true;
  }

  private static List<Completion> without(List<Completion> cqes, Set<Long> free) {
    return cqes.stream().filter(each -> !free.contains(each.userData())).toList();
  }

  private static List<Completion> of(long request, List<Completion> cqes) {
    return cqes.stream().filter(each -> each.userData() == request).toList();
  }
}
