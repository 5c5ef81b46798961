package dev.ringshot.nbd;

import dev.ringshot.abi.Errno;

/// What a device's errno is called on the wire, where there are eight.
final class WireError {
  private WireError() {}

  /// The wire's error for the errno of a [dev.ringshot.model.block.Bio]; 0 for 0.
  static int of(int errno) {
    return switch (errno) {
      case 0 -> 0;
      case Errno.EPERM, Errno.EACCES, Errno.EROFS -> Nbd.NBD_EPERM;
      case Errno.ENOMEM -> Nbd.NBD_ENOMEM;
      case Errno.ENOSPC, Errno.EDQUOT, Errno.EFBIG -> Nbd.NBD_ENOSPC;
      case Errno.ESHUTDOWN -> Nbd.NBD_ESHUTDOWN;
      // EOVERFLOW and ENOTSUP say on the wire what the server refuses, never what a device does
      case Errno.EINVAL, Errno.EOVERFLOW, Errno.EOPNOTSUPP -> Nbd.NBD_EINVAL;
      default -> Nbd.NBD_EIO;
    };
  }
}
