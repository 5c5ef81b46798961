package dev.ringshot.conformance.device;

import static dev.ringshot.abi.Errno.EAGAIN;
import static dev.ringshot.abi.Errno.EFAULT;
import static dev.ringshot.abi.Errno.EINVAL;
import static dev.ringshot.abi.Errno.EIOCBQUEUED;
import static dev.ringshot.abi.Errno.EOPNOTSUPP;
import static dev.ringshot.conformance.device.Ref.*;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.ringshot.model.FileOperations;
import dev.ringshot.model.ModelKernel;
import dev.ringshot.model.OpenFile;
import dev.ringshot.model.Scheduler;
import dev.ringshot.model.Transfer;
import dev.ringshot.model.UringCmd;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The reference device for the model; its ABI is in this package's documentation. It uses the
/// model's public driver API and nothing else.
public final class ReferenceDevice implements FileOperations {
  private static final long NANOS_PER_MICRO = 1_000;

  private final Scheduler scheduler;
  private final boolean pollable;

  /// @param scheduler whose timers and threads raise events
  /// @param pollable whether it has a `->poll`
  public ReferenceDevice(Scheduler scheduler, boolean pollable) {
    this.scheduler = scheduler;
    this.pollable = pollable;
  }

  /// Adds both device files.
  ///
  /// @return `kernel`
  public static ModelKernel addTo(ModelKernel kernel) {
    return kernel
        .device(REF_PATH, new ReferenceDevice(kernel.scheduler(), false))
        .device(REF_PATH_POLL, new ReferenceDevice(kernel.scheduler(), true));
  }

  @Override
  public int open(OpenFile file) {
    file.privateData(new OpenDevice());
    return 0;
  }

  private static OpenDevice device(OpenFile file) {
    return (OpenDevice) Objects.requireNonNull(file.privateData());
  }

  @Override
  public boolean canPoll() {
    return pollable;
  }

  @Override
  public int uringCmd(UringCmd cmd) {
    return switch (cmd.op()) {
      case REF_ARM -> arm(cmd);
      case REF_TRIGGER -> trigger(cmd);
      case REF_STATUS -> status(cmd);
      case REF_DESCRIBE -> describe(cmd);
      default -> -EOPNOTSUPP;
    };
  }

  // ---- REF_ARM

  private int arm(UringCmd cmd) {
    int first = cmd.payloadInt(REF_ARM_COOKIE);
    int queue = first >>> (REF_ARM_QUEUE * Byte.SIZE) & 0xff;
    int flags = cmd.payloadInt(REF_ARM_FLAGS);
    var device = device(cmd.file());
    var command = new ArmedCommand(device, cmd, queue, first & 0xffff);
    device.log(REF_L_ISSUE, command, issueFlags(cmd));
    if (asksAgain(cmd, flags)) return -EAGAIN;
    boolean badQueue = queue > 1 && queue != REF_BOTH;
    boolean reserved = first >>> 24 != 0 || cmd.payloadInt(REF_ARM_RESULT + Integer.BYTES) != 0;
    if (badQueue || reserved || (flags & ~REF_A_ALL) != 0) return -EINVAL;
    boolean returns = (flags & REF_A_RETURN) != 0;
    if (!RefEvent.isListLength(cmd.len())) return -EINVAL;
    if (returns && cmd.isOnWorker() && cmd.len() > 0) return -EINVAL;
    if (returns && cmd.payloadInt(REF_ARM_RESULT) == -EIOCBQUEUED) return -EINVAL;
    var bytes = read(cmd);
    if (bytes == null) return -EFAULT;
    var list = RefEvent.readList(bytes, cmd.len(), false);
    if (list == null) return -EINVAL;

    if ((flags & REF_A_CANCELABLE) != 0 && !returns) cmd.onCancel(command::cancel);
    List<RefEvent.Raised> later = new ArrayList<>();
    for (var event : list) {
      var raised = device.number(event, RefEvent.ownQueue(queue));
      if (cmd.isOnWorker()) later.add(raised);
      else if (!command.carryOut(raised)) return -EIOCBQUEUED;
    }
    if (returns) return cmd.payloadInt(REF_ARM_RESULT);
    device.arm(command, later);
    return -EIOCBQUEUED;
  }

  private static boolean asksAgain(UringCmd cmd, int flags) {
    boolean always = (flags & REF_A_AGAIN_ALWAYS) != 0;
    return always || ((flags & REF_A_AGAIN) != 0 && cmd.nonBlocking());
  }

  private static int issueFlags(UringCmd cmd) {
    return (cmd.nonBlocking() ? REF_ISSUE_NONBLOCK : 0)
        | (cmd.isOnWorker() ? REF_ISSUE_WORKER : 0)
        | (cmd.isSqe128() ? REF_ISSUE_SQE128 : 0)
        | (cmd.isCqe32() ? REF_ISSUE_CQE32 : 0);
  }

  /// The list at `addr`, or null.
  private static @Nullable MemorySegment read(UringCmd cmd) {
    var bytes = MemorySegment.ofArray(new long[REF_LIST_MAX / Long.BYTES]);
    return cmd.copyFromUser(cmd.addr(), bytes, 0, cmd.len()) == 0 ? bytes : null;
  }

  // ---- REF_TRIGGER

  private int trigger(UringCmd cmd) {
    int via = cmd.payloadInt(REF_TRIGGER_VIA);
    int repeat = Math.max(cmd.payloadInt(REF_TRIGGER_REPEAT), 1);
    int periodMicros = cmd.payloadInt(REF_TRIGGER_PERIOD);
    boolean reserved = cmd.payloadInt(REF_TRIGGER_PERIOD + Integer.BYTES) != 0;
    if (via < 0 || via > REF_VIA_THREAD || reserved || cmd.payloadInt(REF_TRIGGER_REPEAT) < 0)
      return -EINVAL;
    if (!RefEvent.isListLength(cmd.len())) return -EINVAL;
    if ((long) cmd.len() / REF_EVENT_SIZE * repeat > REF_TRIGGER_MAX) return -EINVAL;
    var bytes = read(cmd);
    if (bytes == null) return -EFAULT;
    var list = RefEvent.readList(bytes, cmd.len(), via == REF_VIA_THREAD);
    if (list == null) return -EINVAL;
    var raiser = new Raiser(device(cmd.file()), cmd, list, repeat);
    if (via == REF_VIA_CALL) return raiser.raiseAll();
    if (via == REF_VIA_THREAD) raiser.onThread(scheduler);
    else raiser.onTimer(scheduler, Integer.toUnsignedLong(periodMicros) * NANOS_PER_MICRO);
    return -EIOCBQUEUED;
  }

  // ---- REF_STATUS, REF_DESCRIBE

  private static int status(UringCmd cmd) {
    if (Integer.compareUnsigned(cmd.len(), REF_STATUS_SIZE) < 0) return -EINVAL;
    return cmd.copyToUser(cmd.addr(), device(cmd.file()).status(), 0, REF_STATUS_SIZE);
  }

  private static int describe(UringCmd cmd) {
    if (asksAgain(cmd, cmd.payloadInt(0))) return -EAGAIN;
    var description = MemorySegment.ofArray(new long[REF_DESCRIBE_SIZE / Long.BYTES]);
    description.set(JAVA_INT, REF_DESCRIBE_ISSUE, issueFlags(cmd));
    description.set(JAVA_INT, REF_DESCRIBE_PAYLOAD_BYTES, cmd.payloadBytes());
    description.set(JAVA_INT, REF_DESCRIBE_LEN, cmd.len());
    for (int at = 0; at < cmd.payloadBytes(); at += Long.BYTES) {
      description.set(JAVA_LONG, REF_DESCRIBE_PAYLOAD + at, cmd.payloadLong(at));
    }
    return cmd.copyToUser(cmd.addr(), description, 0, REF_DESCRIBE_SIZE);
  }

  // ---- read, write

  @Override
  public int read(OpenFile file, Transfer transfer) {
    return transfer.remaining() < REF_LOG_SIZE ? -EINVAL : device(file).readLog(transfer);
  }

  @Override
  public int write(OpenFile file, Transfer transfer) {
    int length = transfer.remaining();
    if (!RefEvent.isListLength(length)) return -EINVAL;
    var bytes = MemorySegment.ofArray(new long[REF_LIST_MAX / Long.BYTES]);
    if (transfer.copyFromUser(bytes, 0, length) != length) return -EFAULT;
    var list = RefEvent.readList(bytes, length, true);
    if (list == null) return -EINVAL;
    for (var event : list) {
      boolean _ = device(file).raise(event);
    }
    return length;
  }
}
