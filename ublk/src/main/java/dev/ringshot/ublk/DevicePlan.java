package dev.ringshot.ublk;

import static dev.ringshot.abi.Errno.EOPNOTSUPP;
import static dev.ringshot.abi.ublk.Ublk.*;

import dev.ringshot.abi.ErrnoException;

/// What a server wants its device to be.
record DevicePlan(BlockTarget target, ServerOptions options) {
  private static final long FOREIGN =
      UBLK_F_NEED_GET_DATA
          | UBLK_F_ZONED
          | UBLK_F_INTEGRITY
          | UBLK_F_SHMEM_ZC
          | UBLK_F_IO_DESC_SIZE;

  /// The device to ask for.
  ///
  /// @param offered `UBLK_F_*` of the driver
  /// @throws ErrnoException `EOPNOTSUPP` if that is too little
  DeviceInfo device(long offered) {
    if (options.data() == DataMode.ZERO_COPY) requireRegisteredBuffers();
    if (options.unprivileged() && isTooMuch()) {
      throw new IllegalArgumentException(
          "a device of a user without privileges has its data copied by the driver, and no"
              + " recovery");
    }
    return DeviceInfo.wanted(
        options.deviceId(), options.queues(), options.depth(), options.maxIoSize(), flags(offered));
  }

  private boolean isTooMuch() {
    return options.data() != DataMode.COPY || options.recovery() != Recovery.NONE;
  }

  private void requireRegisteredBuffers() {
    if (target.takesRegisteredBuffers()) return;
    throw new IllegalArgumentException(
        "zero copy: this target needs to see the data of its requests; have it copied");
  }

  /// What the device must have.
  private long required() {
    long flags = options.recovery().flags() | dataFlags();
    if (options.fetch() == FetchMode.BATCH) flags |= UBLK_F_BATCH_IO;
    if (options.unprivileged()) flags |= UBLK_F_UNPRIVILEGED_DEV;
    return flags;
  }

  private long flags(long offered) {
    long flags = required();
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

  /// Checks what became of the device: the driver drops in silence what it does not like.
  ///
  /// @throws IllegalArgumentException if that is something that was asked for
  void check(DeviceInfo added) {
    long lost = required() & ~added.flags();
    if (lost == 0) return;
    String reason = (lost & UBLK_F_UNPRIVILEGED_DEV) != 0 ? ": what root adds is root's" : "";
    throw new IllegalArgumentException(
        "the driver has made device %d without %s%s"
            .formatted(added.id(), Features.needs(lost), reason));
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
    boolean isZeroCopy = added.data() == DataMode.ZERO_COPY;
    return new DeviceParameters(
        size,
        limits.withIo(limits.optimalIoSize(), wanted, limits.chunkSize()),
        isZeroCopy ? limits.logicalBlockSize() : 0);
  }

  /// Checks whether the target can serve a device that is there.
  ///
  /// @throws IllegalArgumentException if not
  void check(DeviceInfo found, DeviceParameters known) {
    long foreign = found.flags() & FOREIGN;
    if (foreign != 0) throw refusal(found, "is served by others: " + Features.names(foreign));
    if (found.state() == UBLK_S_DEV_DEAD)
      throw refusal(found, "was stopped, or never started: delete it, and add it again");
    if (target.size() < known.size()) {
      throw refusal(
          found, "has %d bytes, and the target only %d".formatted(known.size(), target.size()));
    }
    checkLimits(found, known.limits());
    if (found.data() == DataMode.ZERO_COPY) requireRegisteredBuffers();
    if (found.data() != DataMode.ZERO_COPY && found.has(UBLK_F_SUPPORT_ZERO_COPY)) {
      throw refusal(
          found,
          "wants its server to register each buffer (SUPPORT_ZERO_COPY without AUTO_BUF_REG), and this one does not");
    }
  }

  /// The disk keeps what it was started with, so the target must do no less.
  private void checkLimits(DeviceInfo found, BlockLimits known) {
    BlockLimits limits = target.limits();
    if (known.logicalBlockSize() < limits.logicalBlockSize())
      throw refusal(
          found,
          "has blocks of %d bytes, and the target of %d"
              .formatted(known.logicalBlockSize(), limits.logicalBlockSize()));
    if (limits.isReadOnly() && !known.isReadOnly())
      throw refusal(found, "is written, and the target only read");
    if (limits.hasWriteCache() && !known.hasWriteCache())
      throw refusal(found, "never flushes, and the target wants that");
    if (known.hasFua() && !limits.hasFua())
      throw refusal(found, "has FUA writes, and the target none");
    if (known.maxDiscardSize() > limits.maxDiscardSize()
        || known.maxWriteZeroesSize() > limits.maxWriteZeroesSize())
      throw refusal(found, "discards, or writes zeros, more than the target does");
  }

  private static IllegalArgumentException refusal(DeviceInfo found, String reason) {
    return new IllegalArgumentException("device " + found.id() + " " + reason);
  }
}
