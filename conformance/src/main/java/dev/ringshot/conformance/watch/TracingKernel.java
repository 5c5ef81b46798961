package dev.ringshot.conformance.watch;

import dev.ringshot.abi.Cqe;
import dev.ringshot.abi.IoUring;
import dev.ringshot.abi.Kernel;
import dev.ringshot.abi.RingParams;
import dev.ringshot.abi.Sqe;
import dev.ringshot.conformance.rig.Completion;
import dev.ringshot.conformance.rig.Names;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/// Writes every call as a line in strace's notation; below an enter, the SQEs that it submitted and
/// the CQEs that have come since the last call. Good for one thread at a time.
public final class TracingKernel implements Kernel {
  private final Watch kernel;
  private final Consumer<String> out;
  private final Map<WatchedRing, Integer> tails = new HashMap<>();

  /// Traces `kernel`.
  ///
  /// @param out gets each line, without its end
  public TracingKernel(Kernel kernel, Consumer<String> out) {
    this.kernel = new Watch(kernel);
    this.out = out;
  }

  @Override
  public int setup(int entries, long params) {
    int fd = kernel.setup(entries, params);
    MemorySegment written = kernel.memory(params, RingParams.SIZE);
    String shown = written == null ? hex(params) : params(new RingParams().at(written, 0));
    return line("io_uring_setup(" + entries + ", " + shown + ")", fd);
  }

  private static String params(RingParams p) {
    return "{flags="
        + Names.flags("IORING_SETUP_", p.flags())
        + ", sq_entries="
        + p.sqEntries()
        + ", cq_entries="
        + p.cqEntries()
        + "}";
  }

  @Override
  public int enter(int fd, int toSubmit, int minComplete, int flags, long arg, long argSize) {
    boolean isIndex = (flags & IoUring.IORING_ENTER_REGISTERED_RING) != 0;
    WatchedRing ring = kernel.ring(fd, isIndex);
    var sqes = ring == null ? java.util.List.<Sqe>of() : ring.pending(toSubmit);
    int result = kernel.enter(fd, toSubmit, minComplete, flags, arg, argSize);
    line(
        "io_uring_enter("
            + fd
            + ", "
            + toSubmit
            + ", "
            + minComplete
            + ", "
            + Names.flags("IORING_ENTER_", flags)
            + ", "
            + hex(arg)
            + ", "
            + argSize
            + ")",
        result);
    for (int i = 0; i < Math.min(result, sqes.size()); i++)
      out.accept("  sqe " + text(sqes.get(i)));
    if (ring != null) completions(ring);
    return result;
  }

  private void completions(WatchedRing ring) {
    int tail = ring.cqTail();
    int from = Math.max(tails.getOrDefault(ring, 0), tail - ring.params.cqEntries());
    var cqe = new Cqe();
    for (int i = from; i != tail; i++) {
      cqe.at(ring.rings(), ring.cqeOffset(i));
      out.accept("  cqe " + Completion.cqe(cqe.userData(), cqe.res(), cqe.flags()));
      if ((cqe.flags() & IoUring.IORING_CQE_F_32) != 0 && ring.cqeStride() == 16) i++;
    }
    tails.put(ring, tail);
  }

  private static String text(Sqe sqe) {
    var text = new StringBuilder("{opcode=" + Names.value("IORING_OP_", sqe.opcode()));
    if (sqe.flags() != 0) text.append(", flags=").append(Names.flags("IOSQE_", sqe.flags()));
    text.append(", fd=").append(sqe.fd());
    if (sqe.opcode() == IoUring.IORING_OP_URING_CMD) command(text, sqe);
    else if (sqe.off() != 0) text.append(", off=").append(hex(sqe.off()));
    if (sqe.addr() != 0) text.append(", addr=").append(hex(sqe.addr()));
    if (sqe.len() != 0) text.append(", len=").append(sqe.len());
    if (sqe.opcode() != IoUring.IORING_OP_URING_CMD && sqe.opFlags() != 0)
      text.append(", op_flags=0x").append(Integer.toHexString(sqe.opFlags()));
    if (sqe.bufGroup() != 0) text.append(", buf_group=").append(sqe.bufGroup());
    return text.append(", user_data=").append(sqe.userData()).append('}').toString();
  }

  private static void command(StringBuilder text, Sqe sqe) {
    text.append(", cmd_op=0x").append(Integer.toHexString(sqe.cmdOp()));
    text.append(", uring_cmd_flags=").append(Names.flags("IORING_URING_CMD_", sqe.uringCmdFlags()));
  }

  @Override
  public int register(int fd, int opcode, long arg, int argCount) {
    int op = opcode & ~IoUring.IORING_REGISTER_USE_REGISTERED_RING;
    // Prefixed like opcodes are flags of other structs too, but none has the number of an
    // UNREGISTER.
    String name = Names.value("IORING_UNREGISTER_", op);
    if (Character.isDigit(name.charAt(0))) name = Names.value("IORING_REGISTER_", op);
    if (op != opcode) name = "IORING_REGISTER_USE_REGISTERED_RING|" + name;
    int result = kernel.register(fd, opcode, arg, argCount);
    return line(
        "io_uring_register(" + fd + ", " + name + ", " + hex(arg) + ", " + argCount + ")", result);
  }

  @Override
  public int open(String path, int flags) {
    return line(
        "open(\"" + path + "\", 0x" + Integer.toHexString(flags) + ")", kernel.open(path, flags));
  }

  @Override
  public int close(int fd) {
    return line("close(" + fd + ")", kernel.close(fd));
  }

  @Override
  public MemorySegment map(int fd, long offset, long length, int protection) {
    String call =
        "mmap(NULL, "
            + length
            + ", "
            + protection(protection)
            + ", "
            + (fd < 0 ? "MAP_SHARED|MAP_ANONYMOUS" : "MAP_SHARED")
            + ", "
            + fd
            + ", "
            + hex(offset)
            + ")";
    MemorySegment mapping = kernel.map(fd, offset, length, protection);
    out.accept(call + " = " + hex(mapping.address()));
    return mapping;
  }

  private static String protection(int protection) {
    return switch (protection) {
      case 0 -> "PROT_NONE";
      case PROT_READ -> "PROT_READ";
      case PROT_WRITE -> "PROT_WRITE";
      default -> "PROT_READ|PROT_WRITE";
    };
  }

  @Override
  public int unmap(MemorySegment mapping) {
    String call = "munmap(" + hex(mapping.address()) + ", " + mapping.byteSize() + ")";
    return line(call, kernel.unmap(mapping));
  }

  private int line(String call, int result) {
    String shown = result < 0 ? "-1 " + Completion.result(result).substring(1) : "" + result;
    out.accept(call + " = " + shown);
    return result;
  }

  private static String hex(long address) {
    return address == 0 ? "NULL" : "0x" + Long.toHexString(address);
  }
}
