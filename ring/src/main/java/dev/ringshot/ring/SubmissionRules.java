package dev.ringshot.ring;

import static dev.ringshot.abi.IoUring.*;
import static dev.ringshot.abi.Socket.MSG_TRUNC;
import static dev.ringshot.abi.Socket.MSG_WAITALL;

import dev.ringshot.abi.Sqe;
import java.util.Arrays;

/// What a ring looks at before it lets the kernel see a submission: mistakes that the kernel would
/// answer with a bare `-EINVAL`, or not at all.
final class SubmissionRules {
  private static final int LOOK_CLOSER =
      IOSQE_BUFFER_SELECT | IOSQE_CQE_SKIP_SUCCESS | IOSQE_IO_DRAIN;

  private long[] multishotCommands = new long[0];

  /// A driver's command of a file that is known to be multishot.
  void declareMultishot(boolean isFixed, int fd, int command) {
    if (isDeclared(isFixed, fd, command)) return;
    multishotCommands = Arrays.copyOf(multishotCommands, multishotCommands.length + 1);
    multishotCommands[multishotCommands.length - 1] = key(isFixed, fd, command);
  }

  /// Forgets a file that is closed: the next with its number may be another.
  void forget(boolean isFixed, int fd) {
    int upper = (int) (key(isFixed, fd, 0) >>> 32);
    multishotCommands =
        Arrays.stream(multishotCommands).filter(key -> (int) (key >>> 32) != upper).toArray();
  }

  private boolean isDeclared(boolean isFixed, int fd, int command) {
    for (long key : multishotCommands) if (key == key(isFixed, fd, command)) return true;
    return false;
  }

  private static long key(boolean isFixed, int fd, int command) {
    int upper = isFixed ? fd | Integer.MIN_VALUE : fd;
    return (long) upper << 32 | Integer.toUnsignedLong(command);
  }

  /// @param userData what [Ring#prepare] put into it
  /// @param isLinked whether the request before it is linked to it
  /// @throws IllegalStateException if it must not be submitted
  void check(Sqe sqe, long userData, boolean isLinked) {
    require(sqe.userData() == userData, "user_data is the ring's: it finds the handler");
    int opcode = sqe.opcode();
    require(
        isLinked || opcode != IORING_OP_LINK_TIMEOUT,
        "a LINK_TIMEOUT limits the request before it, which has to be linked to it: link()");
    if ((sqe.flags() & LOOK_CLOSER) == 0 && !mayBeMultishot(opcode)) return;
    require(
        (sqe.flags() & IOSQE_CQE_SKIP_SUCCESS) == 0,
        "IOSQE_CQE_SKIP_SUCCESS would hide the request's end from its handler");
    require(
        (sqe.flags() & IOSQE_IO_DRAIN) == 0,
        "IOSQE_IO_DRAIN would hold back the ring's own requests, cancels and time limits among"
            + " them; link() requests, or run() until nothing is in flight");
    boolean selects = (sqe.flags() & IOSQE_BUFFER_SELECT) != 0;
    if (opcode == IORING_OP_URING_CMD) checkCommand(sqe, selects);
    if (opcode == IORING_OP_RECV || opcode == IORING_OP_RECVMSG) checkReceive(sqe, selects);
    if (selects && isBundle(sqe)) checkBundle(sqe);
    require(
        opcode != IORING_OP_READ_MULTISHOT || selects,
        "a multishot read takes provided buffers: bufferSelect(buffers.group())");
  }

  private static boolean mayBeMultishot(int opcode) {
    return opcode == IORING_OP_URING_CMD
        || opcode == IORING_OP_RECV
        || opcode == IORING_OP_RECVMSG
        || opcode == IORING_OP_READ_MULTISHOT;
  }

  private void checkCommand(Sqe sqe, boolean selects) {
    if (!isMultishotCommand(sqe)) {
      require(!selects, "only a multishot command takes provided buffers");
      return;
    }
    require(selects, "a multishot command takes provided buffers: bufferSelect(buffers.group())");
    boolean isFixed = (sqe.flags() & IOSQE_FIXED_FILE) != 0;
    if (isDeclared(isFixed, sqe.fd(), sqe.cmdOp())) return;
    throw new IllegalStateException(
        "command 0x%x on descriptor %d is not known to be multishot; Linux 6.18 never completes it"
                .formatted(sqe.cmdOp(), sqe.fd())
            + " if its driver does not know the flag. If the driver does: file.multishot(0x%x)"
                .formatted(sqe.cmdOp()));
  }

  private static void checkReceive(Sqe sqe, boolean selects) {
    if ((sqe.ioprio() & IORING_RECV_MULTISHOT) != 0) {
      require(selects, "a multishot receive takes provided buffers: bufferSelect(buffers.group())");
    }
  }

  /// A bundle's result has to tell which of its buffers hold how much.
  private static void checkBundle(Sqe sqe) {
    int opcode = sqe.opcode();
    require(
        opcode != IORING_OP_RECVMSG && opcode != IORING_OP_SENDMSG,
        "IORING_RECVSEND_BUNDLE is for RECV and SEND; a message header has no bundle");
    if (opcode == IORING_OP_SEND) return;
    require(
        (sqe.opFlags() & MSG_WAITALL) == 0,
        "MSG_WAITALL would leave gaps in the buffers of a bundle; say how much by len instead");
    require(
        (sqe.opFlags() & MSG_TRUNC) == 0,
        "MSG_TRUNC would tell more bytes than the buffers of a bundle hold");
  }

  /// Whether one completion may bring several buffers.
  static boolean isBundle(Sqe sqe) {
    return (sqe.ioprio() & IORING_RECVSEND_BUNDLE) != 0
        && switch (sqe.opcode()) {
          case IORING_OP_RECV, IORING_OP_RECVMSG, IORING_OP_SEND, IORING_OP_SENDMSG -> true;
          default -> false;
        };
  }

  static boolean isMultishotCommand(Sqe sqe) {
    return sqe.opcode() == IORING_OP_URING_CMD
        && (sqe.uringCmdFlags() & IORING_URING_CMD_MULTISHOT) != 0;
  }

  /// Whether the next request is linked to this one.
  static boolean isLinking(Sqe sqe) {
    return (sqe.flags() & (IOSQE_IO_LINK | IOSQE_IO_HARDLINK)) != 0;
  }

  /// Whether a request that takes provided buffers may hold one while nothing is posted: what is
  /// not multishot takes it when it starts, so may what a worker of the kernel's starts, and a
  /// bundle may wait in its middle.
  static boolean holdsBuffer(Sqe sqe) {
    if ((sqe.flags() & IOSQE_ASYNC) != 0 || isBundle(sqe)) return true;
    return switch (sqe.opcode()) {
      case IORING_OP_URING_CMD -> !isMultishotCommand(sqe);
      case IORING_OP_RECV, IORING_OP_RECVMSG -> (sqe.ioprio() & IORING_RECV_MULTISHOT) == 0;
      case IORING_OP_READ_MULTISHOT -> false;
      default -> true;
    };
  }

  private static void require(boolean isFine, String otherwise) {
    if (!isFine) throw new IllegalStateException(otherwise);
  }
}
