package dev.ringshot.model;

import static dev.ringshot.abi.Errno.EAGAIN;
import static dev.ringshot.abi.Errno.EINVAL;
import static dev.ringshot.abi.Errno.EOPNOTSUPP;
import static dev.ringshot.abi.IoUring.IORING_URING_CMD_FIXED;
import static dev.ringshot.abi.IoUring.IORING_URING_CMD_MASK;
import static dev.ringshot.abi.IoUring.IORING_URING_CMD_MULTISHOT;

/// IORING_OP_URING_CMD: a command to a file's driver.
final class UringCmdOp implements Operation {
  @Override
  public int prep(Request request) {
    if (request.off() >>> Integer.SIZE != 0) return -EINVAL; // __pad1
    int flags = request.opFlags();
    if ((flags & ~knownFlags(request)) != 0) return -EINVAL;
    boolean multishot = (flags & IORING_URING_CMD_MULTISHOT) != 0;
    if (multishot && (flags & IORING_URING_CMD_FIXED) != 0) return -EINVAL;
    return multishot == request.selectsBuffer() ? 0 : -EINVAL;
  }

  private static int knownFlags(Request request) {
    boolean multishot = request.ring().kernel().options().release().hasMultishotCommands();
    return multishot ? IORING_URING_CMD_MASK : IORING_URING_CMD_FIXED;
  }

  @Override
  public int issue(Request request, boolean onWorker) {
    if (!request.openFile().operations().hasUringCmd()) return -EOPNOTSUPP;
    var cmd = command(request);
    var options = request.ring().kernel().options();
    int verdict = options.policy().check(cmd);
    if (verdict != 0) return verdict;
    int result;
    try {
      result = cmd.deliver(onWorker);
    } catch (DriverContractException e) {
      result = request.ring().commands.afterBug(e, onWorker);
      if (cmd.isDone()) return Request.QUEUED;
    }
    return answer(request, cmd, result, options.release());
  }

  private static UringCmd command(Request request) {
    var known = request.command;
    if (known != null) return known;
    var cmd = new UringCmd(request);
    request.command = cmd;
    return cmd;
  }

  private static int answer(Request request, UringCmd cmd, int result, Release release) {
    if (result == UringCmd.POLLED) return Request.QUEUED;
    if (result == UringCmd.PARKED) {
      cmd.park();
      return Request.QUEUED;
    }
    if (result >= 0 && cmd.isMultishot() && !release.completesMultishotResult()) {
      cmd.park(); // nobody will ever complete it, unless the driver does
      return Request.QUEUED;
    }
    if (cmd.isDone()) return endedTwice(request, cmd, result);
    if (result == -EAGAIN) return result;
    if (!cmd.endByReturn()) return endedTwice(request, cmd, result);
    return request.complete(result);
  }

  private static int endedTwice(Request request, UringCmd cmd, int result) {
    var bug =
        cmd.bug(
            "was ended by done() and again by returning "
                + result
                + "; return -EIOCBQUEUED after done()");
    request.ring().fail(bug);
    return Request.QUEUED;
  }
}
