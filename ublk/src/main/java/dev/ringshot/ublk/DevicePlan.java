package dev.ringshot.ublk;

import static dev.ringshot.abi.Errno.EOPNOTSUPP;
import static dev.ringshot.abi.ublk.Ublk.*;

import dev.ringshot.abi.ErrnoException;

/// What a server wants its device to be.
record DevicePlan(BlockTarget target, ServerOptions options) {
  /// The device to ask for.
  ///
  /// @param offered `UBLK_F_*` of the driver
  /// @throws ErrnoException `EOPNOTSUPP` if that is too little
  DeviceInfo device(long offered) {
    if (options.data() == DataMode.ZERO_COPY) requireRegisteredBuffers();
    return DeviceInfo.wanted(
        options.deviceId(), options.queues(), options.depth(), options.maxIoSize(), flags(offered));
  }

  private void requireRegisteredBuffers() {
    if (target.takesRegisteredBuffers()) return;
    throw new IllegalArgumentException(
        "zero copy: this target needs to see the data of its requests; have it copied");
  }

  private long flags(long offered) {
    long flags = options.recovery().flags() | dataFlags();
    if (options.fetch() == FetchMode.BATCH) flags |= UBLK_F_BATCH_IO;
    if (options.unprivileged()) flags |= UBLK_F_UNPRIVILEGED_DEV;
    if ((flags & ~offered) != 0) {
      throw new ErrnoException(
          "GET_FEATURES",
          EOPNOTSUPP,
          "this driver does not offer %s; it has %s"
              .formatted(Features.needs(flags & ~offered), Features.names(offered)));
    }
    long ifOffered = UBLK_F_CMD_IOCTL_ENCODE;
    if (options.fetch() == FetchMode.AUTO && options.recovery() == Recovery.NONE) {
      ifOffered |= UBLK_F_BATCH_IO;
    }
    if (!options.partitionScan()) ifOffered |= UBLK_F_NO_AUTO_PART_SCAN;
    if (options.resizable()) {
      ifOffered |= UBLK_F_UPDATE_SIZE;
      if (options.recovery() != Recovery.NONE) ifOffered |= UBLK_F_QUIESCE;
    }
    return flags | (ifOffered & offered);
  }

  private long dataFlags() {
    return switch (options.data()) {
      case COPY -> 0;
      case USER_COPY -> UBLK_F_USER_COPY;
      case ZERO_COPY -> UBLK_F_AUTO_BUF_REG;
    };
  }

  /// What the driver is told of the disk.
  ///
  /// @param added as the driver made it
  /// @throws IllegalArgumentException if the target cannot be a disk
  DeviceParameters parameters(DeviceInfo added) {
    BlockLimits limits = target.limits();
    long size = target.size();
    if (size <= 0 || size % limits.logicalBlockSize() != 0) {
      throw new IllegalArgumentException(
          "a disk of %d bytes is not made of blocks of %d"
              .formatted(size, limits.logicalBlockSize()));
    }
    int most = added.maxIoSize();
    int wanted = limits.maxIoSize() == 0 ? most : Math.min(most, limits.maxIoSize());
    return new DeviceParameters(
        size, limits.withIo(limits.optimalIoSize(), wanted, limits.chunkSize()));
  }

  /// Checks whether the target can serve a device that is there.
  ///
  /// @throws IllegalArgumentException if not
  void check(DeviceInfo found, DeviceParameters known) {
    if (target.size() < known.size()) {
      throw new IllegalArgumentException(
          "device %d has %d bytes, and the target only %d"
              .formatted(found.id(), known.size(), target.size()));
    }
    if (found.data() == DataMode.ZERO_COPY) requireRegisteredBuffers();
    if (found.data() != DataMode.ZERO_COPY && found.has(UBLK_F_SUPPORT_ZERO_COPY)) {
      throw new IllegalArgumentException(
          "device %d wants its server to register each buffer (SUPPORT_ZERO_COPY without AUTO_BUF_REG), and this one does not"
              .formatted(found.id()));
    }
  }
}
