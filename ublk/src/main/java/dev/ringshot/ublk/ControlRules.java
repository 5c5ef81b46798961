package dev.ringshot.ublk;

import static dev.ringshot.abi.Errno.*;
import static dev.ringshot.abi.ublk.Ublk.*;

/// The driver's rules for control commands, which it answers with a bare errno: which one was
/// broken, and what to do. In the order in which the driver looks.
final class ControlRules {
  private static final String PRIVILEGE =
      "adding and serving devices needs CAP_SYS_ADMIN: run as root; or the driver must offer"
          + " UNPRIVILEGED_DEV, and its files must be given to you, see udev/90-ringshot-ublk.rules";

  private static final int ID_LIMIT = 1 << 20;

  private ControlRules() {}

  /// @return empty if the errno says all
  static String common(int errno, int id) {
    return switch (errno) {
      case EPERM, EACCES -> PRIVILEGE;
      case ENOENT -> "there is no file " + DeviceInfo.charPath(id);
      case ENODEV -> "there is no device " + id + "; see the list of devices";
      case EOPNOTSUPP -> "this driver does not know the command; see its features";
      case EINTR -> "interrupted, or cancelled";
      default -> "";
    };
  }

  static String features(int errno) {
    if (errno == EOPNOTSUPP || errno == EINVAL || errno == ENODEV) {
      return "the driver does not tell its features; needs Linux 6.5";
    }
    return common(errno, -1);
  }

  static String deleteAsync(int errno, int id) {
    if (errno == EINVAL) return "devices of users without privileges cannot be deleted so: DEL_DEV";
    return common(errno, id);
  }

  static String add(int errno, DeviceInfo wanted) {
    return switch (errno) {
      case EEXIST -> "there is a device " + wanted.id() + "; take another number, or -1";
      case EACCES -> "too many unprivileged devices; see ublk_drv's parameter ublks_max";
      case EINVAL -> brokenRuleOfAdd(wanted);
      default -> common(errno, wanted.id());
    };
  }

  private static String brokenRuleOfAdd(DeviceInfo wanted) {
    if (wanted.depth() < 1 || wanted.depth() > UBLK_MAX_QUEUE_DEPTH) {
      return "depth " + wanted.depth() + " is not in 1 … " + UBLK_MAX_QUEUE_DEPTH;
    }
    if (wanted.queues() < 1 || wanted.queues() > UBLK_MAX_NR_QUEUES) {
      return wanted.queues() + " queues are not in 1 … " + UBLK_MAX_NR_QUEUES;
    }
    if (wanted.id() >= ID_LIMIT) return "device numbers end below " + ID_LIMIT;
    long recovery =
        wanted.flags()
            & (UBLK_F_USER_RECOVERY | UBLK_F_USER_RECOVERY_REISSUE | UBLK_F_USER_RECOVERY_FAIL_IO);
    if (Recovery.of(recovery).flags() != recovery) {
      return "no kind of recovery has the flags " + Features.names(recovery);
    }
    if (wanted.has(UBLK_F_QUIESCE) && !wanted.has(UBLK_F_USER_RECOVERY)) {
      return "QUIESCE goes with USER_RECOVERY";
    }
    return "these do not go together: " + Features.names(wanted.flags());
  }

  static String setParameters(int errno, int id, DeviceParameters parameters) {
    var limits = parameters.limits();
    return switch (errno) {
      case EACCES ->
          "device "
              + id
              + " has been started; or it is a device without privileges, and its file not yours"
              + " (see udev/90-ringshot-ublk.rules)";
      case EINVAL ->
          limits.maxIoSize() < 4096
              ? "the longest request, " + limits.maxIoSize() + " bytes, is less than a page"
              : "the driver takes blocks of 512 … 4096 bytes, and no request longer than the"
                  + " device was added with: "
                  + limits;
      default -> common(errno, id);
    };
  }

  static String start(int errno, int id, long pid) {
    return switch (errno) {
      case EINVAL ->
          "parameters of device "
              + id
              + " are not set, or process "
              + pid
              + " is not the one that opened /dev/ublkc"
              + id;
      case EEXIST -> "device " + id + " is live already";
      case EBUSY -> "device " + id + " is being stopped, or its server has gone";
      case EINTR -> "given up before all queues of device " + id + " were ready";
      default -> common(errno, id);
    };
  }

  static String tryStop(int errno, int id) {
    if (errno == EBUSY) return "/dev/ublkb" + id + " is in use; unmount or close it first";
    return common(errno, id);
  }

  static String startRecovery(int errno, int id) {
    return switch (errno) {
      case EINVAL -> "device " + id + " was added without USER_RECOVERY";
      case EBUSY ->
          "device "
              + id
              + " still has its server: someone holds /dev/ublkc"
              + id
              + " or a ring with commands for it, a forked child maybe";
      default -> common(errno, id);
    };
  }

  static String endRecovery(int errno, int id, long pid) {
    return switch (errno) {
      case EINVAL -> "process " + pid + " is not the one that opened /dev/ublkc" + id;
      case EBUSY -> "device " + id + " is not waiting for a server: START_USER_RECOVERY first";
      default -> common(errno, id);
    };
  }

  static String resize(int errno, int id) {
    if (errno == EOPNOTSUPP) return "device " + id + " was added without UPDATE_SIZE";
    return common(errno, id);
  }

  static String quiesce(int errno, int id) {
    return switch (errno) {
      case EOPNOTSUPP -> "device " + id + " was added without QUIESCE";
      case EBUSY ->
          "device "
              + id
              + " had requests until the time was up, and takes no new ones: quiesce it again, or"
              + " stop it";
      default -> common(errno, id);
    };
  }
}
