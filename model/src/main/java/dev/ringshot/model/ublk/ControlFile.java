package dev.ringshot.model.ublk;

import static dev.ringshot.abi.Errno.EAGAIN;
import static dev.ringshot.abi.Errno.EINTR;
import static dev.ringshot.abi.Errno.EINVAL;
import static dev.ringshot.abi.Errno.EIOCBQUEUED;
import static dev.ringshot.abi.Errno.ENODEV;
import static dev.ringshot.abi.Errno.ENOENT;
import static dev.ringshot.abi.Errno.EOPNOTSUPP;
import static dev.ringshot.abi.Errno.EPERM;
import static dev.ringshot.abi.ublk.Ublk.*;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.ringshot.abi.ublk.DevInfo;
import dev.ringshot.abi.ublk.Params;
import dev.ringshot.model.FileOperations;
import dev.ringshot.model.UringCmd;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;

/// `/dev/ublk-control`: adds, starts, stops and deletes devices (`ublk_ctrl_uring_cmd`). What may
/// sleep runs on a worker, and what then has to wait is parked.
final class ControlFile implements FileOperations {
  private static final int PATH_MAX = 4096;
  private static final int NUMBER = 0xff; // _IOC_NR
  private static final long RECOVERIES = UBLK_F_USER_RECOVERY | UBLK_F_USER_RECOVERY_REISSUE;
  private static final long SERVERS_OWN_BUFFERS =
      UBLK_F_USER_COPY | UBLK_F_SUPPORT_ZERO_COPY | UBLK_F_AUTO_BUF_REG;

  private final UblkDriver driver;

  ControlFile(UblkDriver driver) {
    this.driver = driver;
  }

  @Override
  public int uringCmd(UringCmd cmd) {
    if (maySleep(cmd.op()) && cmd.nonBlocking()) return -EAGAIN;
    if (!cmd.isSqe128()) return -EINVAL;
    var header = ControlHeader.of(cmd);
    if (!CharFile.isOwn(cmd.op())) return -EOPNOTSUPP;
    if (cmd.op() == UBLK_U_CMD_GET_FEATURES) return getFeatures(cmd, header);
    if ((cmd.op() & NUMBER) == (UBLK_U_CMD_ADD_DEV & NUMBER)) return add(cmd, header);
    var device = driver.device(header.deviceId());
    if (device == null) return -ENODEV;
    boolean isPrivileged = !device.has(UBLK_F_UNPRIVILEGED_DEV);
    if (isPrivileged && !cmd.isPrivileged()) return -EPERM;
    if (isPrivileged && (cmd.op() & NUMBER) != (UBLK_U_CMD_GET_DEV_INFO2 & NUMBER))
      return command(cmd, header, device);
    int error = checkPath(cmd, header, device);
    return error != 0 ? error : command(cmd, header.behindPath(), device);
  }

  private static boolean maySleep(int op) {
    return switch (op & NUMBER) {
      case UBLK_U_CMD_GET_QUEUE_AFFINITY & NUMBER,
          UBLK_U_CMD_GET_DEV_INFO & NUMBER,
          UBLK_U_CMD_GET_DEV_INFO2 & NUMBER,
          UBLK_U_CMD_GET_FEATURES & NUMBER ->
          false;
      default -> true;
    };
  }

  private int command(UringCmd cmd, ControlHeader header, UblkDevice device) {
    return switch (cmd.op() & NUMBER) {
      case UBLK_U_CMD_GET_DEV_INFO & NUMBER, UBLK_U_CMD_GET_DEV_INFO2 & NUMBER ->
          getInfo(cmd, header, device);
      case UBLK_U_CMD_GET_QUEUE_AFFINITY & NUMBER -> getAffinity(cmd, header, device);
      case UBLK_U_CMD_START_DEV & NUMBER -> {
        parked(cmd);
        device.start((int) header.data(), cmd::done);
        yield -EIOCBQUEUED;
      }
      case UBLK_U_CMD_STOP_DEV & NUMBER -> {
        parked(cmd);
        device.stop(() -> cmd.done(0));
        yield -EIOCBQUEUED;
      }
      case UBLK_U_CMD_TRY_STOP_DEV & NUMBER -> {
        if (!driver.has(UBLK_F_SAFE_STOP_DEV)) yield -EOPNOTSUPP;
        parked(cmd);
        device.tryStop(cmd::done);
        yield -EIOCBQUEUED;
      }
      case UBLK_U_CMD_DEL_DEV & NUMBER -> delete(cmd, device, true);
      case UBLK_U_CMD_DEL_DEV_ASYNC & NUMBER -> delete(cmd, device, false);
      case UBLK_U_CMD_SET_PARAMS & NUMBER -> setParams(cmd, header, device);
      case UBLK_U_CMD_GET_PARAMS & NUMBER -> getParams(cmd, header, device);
      case UBLK_U_CMD_START_USER_RECOVERY & NUMBER -> inTurn(cmd, device, device::startRecovery);
      case UBLK_U_CMD_END_USER_RECOVERY & NUMBER -> {
        parked(cmd);
        device.endRecovery((int) header.data(), cmd::done);
        yield -EIOCBQUEUED;
      }
      case UBLK_U_CMD_UPDATE_SIZE & NUMBER ->
          inTurn(cmd, device, () -> device.resize(header.data()));
      case UBLK_U_CMD_QUIESCE_DEV & NUMBER ->
          inTurn(
              cmd,
              device,
              () -> {
                int result = device.quiesce();
                if (result == 0) device.cancelCommands();
                return result;
              });
      default -> -EOPNOTSUPP;
    };
  }

  /// The program may end its ring meanwhile, as a signal would end the wait.
  private static void parked(UringCmd cmd) {
    cmd.onCancel(() -> cmd.done(-EINTR));
  }

  private static int inTurn(
      UringCmd cmd, UblkDevice device, java.util.function.IntSupplier command) {
    parked(cmd);
    device.turn.take(() -> {
      int result = command.getAsInt();
      device.turn.pass();
      cmd.done(result);
    });
    return -EIOCBQUEUED;
  }

  // ---- adding and deleting

  private int add(UringCmd cmd, ControlHeader header) {
    if (header.length() < DevInfo.SIZE || header.address() == 0) return -EINVAL;
    if (header.queueId() != 0xffff) return -EINVAL;
    var info = new DeviceInfo();
    var argument = new ControlArgument(cmd, header.address());
    int error = argument.read(info.bytes, DevInfo.SIZE);
    if (error != 0) return error;
    if (info.depth() == 0 || info.depth() > UBLK_MAX_QUEUE_DEPTH) return -EINVAL;
    if (info.queues() == 0 || info.queues() > UBLK_MAX_NR_QUEUES) return -EINVAL;
    if (cmd.isPrivileged()) info.flags(info.flags() & ~UBLK_F_UNPRIVILEGED_DEV);
    else if ((info.flags() & UBLK_F_UNPRIVILEGED_DEV) == 0) return -EPERM;
    var recovery = Recovery.of(info.flags());
    if (recovery == null) return -EINVAL;
    if ((info.flags() & UBLK_F_QUIESCE) != 0 && recovery.stops()) return -EINVAL;
    boolean isUnprivileged = (info.flags() & UBLK_F_UNPRIVILEGED_DEV) != 0;
    if (isUnprivileged && (info.flags() & SERVERS_OWN_BUFFERS) != 0) return -EINVAL;
    if (isUnprivileged) info.flags(info.flags() & ~RECOVERIES); // in silence
    if ((info.flags() & UBLK_F_INTEGRITY) != 0 && !driver.takesIntegrity(info.flags()))
      return -EINVAL;
    if (header.deviceId() != info.id()) return -EINVAL;
    parked(cmd);
    driver
        .turn()
        .take(() -> {
          int result = driver.add(info, isUnprivileged ? Recovery.NONE : recovery, argument);
          driver.turn().pass();
          cmd.done(result);
        });
    return -EIOCBQUEUED;
  }

  private int delete(UringCmd cmd, UblkDevice device, boolean waits) {
    parked(cmd);
    driver
        .turn()
        .take(() ->
            device.delete(
                () -> {
                  driver.turn().pass();
                  if (!waits) cmd.done(0);
                },
                waits ? () -> cmd.done(0) : null));
    return -EIOCBQUEUED;
  }

  // ---- telling and being told

  private int getFeatures(UringCmd cmd, ControlHeader header) {
    if (header.length() != UBLK_FEATURES_LEN || header.address() == 0) return -EINVAL;
    var features = MemorySegment.ofArray(new long[] {driver.features()});
    return cmd.copyToUser(header.address(), features, 0, UBLK_FEATURES_LEN);
  }

  private static int getInfo(UringCmd cmd, ControlHeader header, UblkDevice device) {
    if (header.length() < DevInfo.SIZE || header.address() == 0) return -EINVAL;
    return device.getInfo(new ControlArgument(cmd, header.address()));
  }

  private static int setParams(UringCmd cmd, ControlHeader header, UblkDevice device) {
    return params(cmd, header, device, true);
  }

  private static int getParams(UringCmd cmd, ControlHeader header, UblkDevice device) {
    return params(cmd, header, device, false);
  }

  private static int params(
      UringCmd cmd, ControlHeader header, UblkDevice device, boolean setting) {
    int headBytes = Params.TYPES + Integer.BYTES;
    if (header.length() <= headBytes || header.address() == 0) return -EINVAL;
    var argument = new ControlArgument(cmd, header.address());
    var head = MemorySegment.ofArray(new int[2]);
    int error = argument.read(head, headBytes);
    if (error != 0) return error;
    int length = head.get(JAVA_INT, Params.LEN);
    if (length == 0 || Integer.compareUnsigned(length, header.length()) > 0) return -EINVAL;
    if (setting && head.get(JAVA_INT, Params.TYPES) == 0) return -EINVAL;
    int known = Math.min(length, Params.SIZE);
    return inTurn(
        cmd,
        device,
        () -> setting ? device.setParams(argument, known) : device.getParams(argument, known));
  }

  private int getAffinity(UringCmd cmd, ControlHeader header, UblkDevice device) {
    if (header.length() * Byte.SIZE < UblkDriver.CPUS) return -EINVAL;
    if ((header.length() & Long.BYTES - 1) != 0 || header.address() == 0) return -EINVAL;
    int queues = device.queues().size();
    if (Long.compareUnsigned(header.data(), queues) >= 0) return -EINVAL;
    long mask = 0;
    for (int cpu = 0; cpu < UblkDriver.CPUS; cpu++)
      if (cpu * queues / UblkDriver.CPUS == header.data()) mask |= 1L << cpu;
    var bytes = MemorySegment.ofArray(new long[header.length() / Long.BYTES]);
    bytes.set(JAVA_LONG, 0, mask);
    return cmd.copyToUser(header.address(), bytes, 0, header.length());
  }

  /// Whether the path in front of the argument is the device's (`ublk_ctrl_uring_cmd_permission`).
  private int checkPath(UringCmd cmd, ControlHeader header, UblkDevice device) {
    if ((cmd.op() & NUMBER) == (UBLK_U_CMD_DEL_DEV_ASYNC & NUMBER)) return -EINVAL; // forgotten
    int length = header.pathLength();
    if (length == 0 || length > PATH_MAX || header.length() < length) return -EINVAL;
    var bytes = MemorySegment.ofArray(new byte[length]);
    int error = cmd.copyFromUser(header.address(), bytes, 0, length);
    if (error != 0) return error;
    var path = new String(bytes.toArray(JAVA_BYTE), StandardCharsets.ISO_8859_1);
    int end = path.indexOf(0);
    if (end >= 0) path = path.substring(0, end);
    if (path.equals(UblkDriver.path(device.id))) return 0;
    return driver.hasFile(path) ? -EPERM : -ENOENT;
  }
}
