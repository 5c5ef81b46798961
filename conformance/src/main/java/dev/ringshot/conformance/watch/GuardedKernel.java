package dev.ringshot.conformance.watch;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import dev.ringshot.abi.IoUring;
import dev.ringshot.abi.Kernel;
import dev.ringshot.abi.Restriction;
import dev.ringshot.abi.RingParams;
import dev.ringshot.abi.Sqe;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;

/// Keeps a real Linux before 7.0 from harm: a driver there that does not know
/// `IORING_URING_CMD_MULTISHOT` and returns 0 or more leaves the command pending for ever, and with
/// it a ring and a kernel thread until the machine restarts.
///
/// So a command with MULTISHOT and BUFFER_SELECT passes only if it is
/// `SOCKET_URING_OP_TX_TIMESTAMP` on a socket, or goes to a file without a handler (`/dev/zero`),
/// or to a descriptor that can never be open. Anything else throws before the kernel sees it, and
/// so does submitting from a ring whose entries the guard cannot see. An SQPOLL ring, which submits
/// behind the guard's back, must be made with R_DISABLED, and is enabled only after it was given
/// restrictions that do not admit commands: then the kernel itself refuses them.
public final class GuardedKernel implements Kernel {
  /// From here on no descriptor is: the lowest free one is always taken.
  private static final int NEVER_OPEN = 1_000_000;

  private final Watch kernel;
  private final Set<WatchedRing> withoutCommands = new HashSet<>();

  /// Guards `kernel`, which must be the one of this process.
  public GuardedKernel(Kernel kernel) {
    this.kernel = new Watch(kernel);
  }

  @Override
  public int setup(int entries, long params) {
    int fd = kernel.setup(entries, params);
    if (fd >= 0 && mayPollAtOnce(params)) {
      kernel.close(fd);
      throw new IllegalStateException(
          "guard: an SQPOLL ring that is not disabled submits behind its back, and so may one whose"
              + " parameters are not in memory from map(); not to be used on this kernel");
    }
    return fd;
  }

  private boolean mayPollAtOnce(long params) {
    MemorySegment written = kernel.memory(params, RingParams.SIZE);
    if (written == null) return true;
    int flags = new RingParams().at(written, 0).flags();
    return (flags & IoUring.IORING_SETUP_SQPOLL) != 0
        && (flags & IoUring.IORING_SETUP_R_DISABLED) == 0;
  }

  @Override
  public int enter(int fd, int toSubmit, int minComplete, int flags, long arg, long argSize) {
    boolean isIndex = (flags & IoUring.IORING_ENTER_REGISTERED_RING) != 0;
    WatchedRing ring = kernel.ring(fd, isIndex);
    if (toSubmit != 0 && kernel.isHidden(fd, isIndex))
      throw new IllegalStateException("guard: ring " + fd + " submits what is not mapped");
    if (ring != null) for (Sqe sqe : ring.pending(toSubmit)) admit(sqe);
    return kernel.enter(fd, toSubmit, minComplete, flags, arg, argSize);
  }

  private static void admit(Sqe sqe) {
    if (sqe.opcode() != IoUring.IORING_OP_URING_CMD
        && sqe.opcode() != IoUring.IORING_OP_URING_CMD128) return;
    boolean multishot = (sqe.uringCmdFlags() & IoUring.IORING_URING_CMD_MULTISHOT) != 0;
    boolean bufferSelect = (sqe.flags() & IoUring.IOSQE_BUFFER_SELECT) != 0;
    if (!multishot || !bufferSelect) return; // refused by the kernel itself, or single shot
    boolean fixed = (sqe.flags() & IoUring.IOSQE_FIXED_FILE) != 0;
    String file = fixed ? "a registered file" : fileBehind(sqe.fd());
    if (file.isEmpty() || file.equals("/dev/zero")) return;
    if (file.startsWith("socket:") && sqe.cmdOp() == IoUring.SOCKET_URING_OP_TX_TIMESTAMP) return;
    throw new IllegalStateException(
        "guard: multishot command "
            + sqe.cmdOp()
            + " to "
            + file
            + " could stay in this kernel for ever; only TX_TIMESTAMP on a socket and files"
            + " without a command handler (/dev/zero) are safe");
  }

  /// What a descriptor of this process is open on, or an empty string if it can never be open.
  private static String fileBehind(int fd) {
    if (fd < 0 || fd >= NEVER_OPEN) return "";
    try {
      return Files.readSymbolicLink(Path.of("/proc/self/fd/" + fd)).toString();
    } catch (IOException e) {
      return "descriptor " + fd + ", which is not open yet";
    }
  }

  @Override
  public int register(int fd, int opcode, long arg, int argCount) {
    int op = opcode & ~IoUring.IORING_REGISTER_USE_REGISTERED_RING;
    boolean enables = op == IoUring.IORING_REGISTER_ENABLE_RINGS;
    WatchedRing ring = kernel.ring(fd, op != opcode);
    if (enables && kernel.isHidden(fd, op != opcode))
      throw new IllegalStateException("guard: ring " + fd + " would submit what is not mapped");
    boolean polls = ring != null && ring.has(IoUring.IORING_SETUP_SQPOLL);
    if (enables && polls && !withoutCommands.contains(ring))
      throw new IllegalStateException("guard: SQPOLL ring " + fd + " may submit any command");
    int result = kernel.register(fd, opcode, arg, argCount);
    if (op == IoUring.IORING_REGISTER_RESTRICTIONS && result == 0 && ring != null) {
      if (!admitCommands(arg, argCount)) withoutCommands.add(ring);
    }
    return result;
  }

  private boolean admitCommands(long restrictions, int count) {
    MemorySegment entries = kernel.memory(restrictions, (long) count * Restriction.SIZE);
    if (entries == null) return true;
    for (long at = 0; at < entries.byteSize(); at += Restriction.SIZE) {
      if (entries.get(JAVA_SHORT, at + Restriction.OPCODE) != IoUring.IORING_RESTRICTION_SQE_OP)
        continue;
      int opcode = entries.get(JAVA_BYTE, at + Restriction.SQE_OP);
      if (opcode == IoUring.IORING_OP_URING_CMD || opcode == IoUring.IORING_OP_URING_CMD128)
        return true;
    }
    return false;
  }

  @Override
  public int open(String path, int flags) {
    return kernel.open(path, flags);
  }

  @Override
  public int close(int fd) {
    return kernel.close(fd);
  }

  @Override
  public MemorySegment map(int fd, long offset, long length, int protection) {
    return kernel.map(fd, offset, length, protection);
  }

  @Override
  public int unmap(MemorySegment mapping) {
    return kernel.unmap(mapping);
  }
}
