package dev.ringshot.ublk;

import dev.ringshot.abi.Kernel;
import dev.ringshot.abi.ublk.IoDesc;
import dev.ringshot.abi.ublk.Ublk;

/// What the queues of a device share.
///
/// @param info as the driver has made it
/// @param parameters as it was told
/// @param fd of `/dev/ublkcN`
record Device(
    Kernel kernel,
    BlockTarget target,
    ServerOptions options,
    DeviceInfo info,
    DeviceParameters parameters,
    int fd) {
  private static final long PAGE = 4096;

  /// Bytes of a queue's area of descriptors.
  long descriptorBytes() {
    return (long) info.depth() * IoDesc.SIZE + PAGE - 1 & -PAGE;
  }

  /// Where that is in the file.
  long descriptorOffset(int queue) {
    return queue * ((long) Ublk.UBLK_MAX_QUEUE_DEPTH * IoDesc.SIZE + PAGE - 1 & -PAGE);
  }
}
