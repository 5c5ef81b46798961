package dev.ringshot.conformance.differ;

import static dev.ringshot.abi.IoUring.*;

import dev.ringshot.conformance.rig.Rig;
import dev.ringshot.model.Release;
import java.util.List;

/// Makes one field of an SQE wrong, and takes out what must not reach a kernel.
final class Mistakes {
  private static final int VECTOR_BYTES = 16;

  private final Draw draw;
  private final Release release;

  Mistakes(Draw draw, Release release) {
    this.draw = draw;
    this.release = release;
  }

  /// The same with a mistake in it; not every one is one for every operation.
  Entry in(Entry entry) {
    return switch (draw.below(14)) {
      case 0 -> entry.withFd(Operand.of(draw.of(-1, Operand.CLOSED)));
      case 1 -> entry.withFlags(entry.flags() | 1 << 7);
      case 2 -> entry.withIoprio(entry.ioprio() ^ draw.of(1, 2, 1 << 14));
      case 3 -> withWrongFlag(entry);
      case 4 -> entry.withPersonality(draw.of(1, 5));
      case 5 -> entry.withBufIndex(draw.of(0, 1, 6, 77, 65535));
      case 6 -> entry.plusFlags(IOSQE_BUFFER_SELECT);
      case 7 -> withBadAddress(entry);
      case 8 -> entry.withFileIndex(draw.of(1, 3));
      case 9 ->
          sends(entry) || entry.opcode() == IORING_OP_TIMEOUT
              ? entry
              : entry.withOff(Operand.of(draw.of(-1, 1)));
      case 10 -> Entry.of(draw.of(200, 255, 65)).withFlags(entry.flags());
      case 11 -> entry.withCommand(Operand.of(draw.of(1, 8)), draw.of(0, 2));
      case 12 -> entry.plusFlags(IOSQE_FIXED_FILE);
      default -> entry.withLen(withinItsBlock(draw.of(0, 1, 2, 5), entry));
    };
  }

  /// As many vectors as there are: what lies behind them is not the same on every kernel.
  private static int withinItsBlock(int length, Entry entry) {
    return entry.addr() instanceof Operand.Block block
        ? Math.min(length, block.size() / VECTOR_BYTES)
        : length;
  }

  private static boolean sends(Entry entry) {
    return switch (entry.opcode()) {
      case IORING_OP_SEND, IORING_OP_SENDMSG, IORING_OP_WRITE, IORING_OP_WRITEV -> true;
      default -> false;
    };
  }

  /// Not NULL for a buffer that is provided: Linux takes it for none, and has taken it all the
  /// same.
  private Entry withBadAddress(Entry entry) {
    long bad = draw.of(List.of(0L, Rig.UNMAPPED, Rig.KERNEL_RANGE));
    if (entry.opcode() == IORING_OP_PROVIDE_BUFFERS && bad == 0) return entry;
    if (sends(entry)) return entry; // what was prepared is freed, and wakes who waits for room
    return entry.withAddr(Operand.of(bad));
  }

  /// Not of sockets, where every flag means something to some of them.
  private Entry withWrongFlag(Entry entry) {
    return switch (entry.opcode()) {
      case IORING_OP_SEND, IORING_OP_RECV, IORING_OP_SENDMSG, IORING_OP_RECVMSG, IORING_OP_ACCEPT ->
          entry.withPersonality(1);
      default -> entry.withOpFlags(entry.opFlags() ^ 1 << draw.of(0, 1, 2, 5, 9, 20));
    };
  }

  private static boolean pollsFirst(Entry entry) {
    return switch (entry.opcode()) {
      case IORING_OP_SEND, IORING_OP_RECV, IORING_OP_SENDMSG, IORING_OP_RECVMSG ->
          (entry.ioprio() & IORING_RECVSEND_POLL_FIRST) != 0;
      default -> false;
    };
  }

  private static boolean isPolled(Entry entry, List<FileKind> files) {
    return !entry.has(IOSQE_FIXED_FILE)
        && entry.fd() instanceof Operand.Fd fd
        && files.get(fd.file()).isPolled();
  }

  /// The same, but nothing that would keep something in the kernel for ever, or that only a worker
  /// finds out about.
  Entry harmless(Entry entry, List<FileKind> files) {
    if (pollsFirst(entry) && !isPolled(entry, files)) return entry.withIoprio(0);
    if (!entry.isMultishotCommand()) return entry;
    if (release == Release.LINUX_7_3) return entry;
    boolean fixed = entry.has(IOSQE_FIXED_FILE);
    FileKind kind =
        entry.fd() instanceof Operand.Fd fd ? files.get(fd.file()) : FileKind.ZERO; // a bad number
    boolean stamps =
        kind == FileKind.UDP
            && entry.off() instanceof Operand.Plain op
            && op.value() == SOCKET_URING_OP_TX_TIMESTAMP;
    return !fixed && (kind == FileKind.ZERO || stamps)
        ? entry
        : entry.withOpFlags(entry.opFlags() & ~IORING_URING_CMD_MULTISHOT);
  }
}
