package dev.ringshot.model.ublk;

import static dev.ringshot.abi.Errno.*;

/// What a server's error becomes on its way up (`errno_to_blk_status` and back).
final class BlockStatus {
  private BlockStatus() {}

  /// @param error `-errno` of a commit
  /// @return an errno, positive
  static int errno(int error) {
    return switch (-error) {
      case EOPNOTSUPP, ETIMEDOUT, ENOSPC, ENOLINK, EREMOTEIO, EBADE, ENODATA, EILSEQ, ENOMEM ->
          -error;
      case EBUSY, ENODEV, EAGAIN, ETIME, EINVAL -> -error;
      default -> EIO;
    };
  }
}
