package dev.ringshot.model.ublk;

import static dev.ringshot.abi.Errno.EACCES;
import static dev.ringshot.abi.Errno.EINVAL;
import static dev.ringshot.abi.ublk.Ublk.*;

import dev.ringshot.model.Transfer;

/// Reads and writes of `/dev/ublkcN`, which move a request's data (`UBLK_F_USER_COPY`). The
/// position says whose: queue, tag and byte.
final class UserCopy {
  private final UblkDevice device;

  UserCopy(UblkDevice device) {
    this.device = device;
  }

  /// @param fromUser whether the program writes
  /// @return bytes or `-errno`
  int copy(Transfer transfer, boolean fromUser) {
    if (!device.isAlive()) return -EACCES;
    long position = transfer.position();
    if ((position & UBLKSRV_IO_INTEGRITY_FLAG) != 0) return -EINVAL;
    long place = position - UBLKSRV_IO_BUF_OFFSET;
    int queueNumber = (int) (place >>> UBLK_QID_OFF) & UBLK_QID_BITS_MASK;
    if (queueNumber >= device.queues().size()) return -EINVAL;
    if (!device.has(UBLK_F_USER_COPY)) return -EACCES;
    int number = (int) (place >>> UBLK_TAG_OFF) & UBLK_TAG_BITS_MASK;
    if (number >= device.depth()) return -EINVAL;
    var queue = device.queues().get(queueNumber);
    queue.lock();
    try {
      return copy(queue.tags.get(number), (int) place & UBLK_IO_BUF_BITS_MASK, transfer, fromUser);
    } finally {
      queue.unlock();
    }
  }

  private static int copy(Tag tag, int at, Transfer transfer, boolean fromUser) {
    if (!tag.queue.hasData(tag)) return -EINVAL;
    var request = UblkQueue.request(tag);
    if (at > request.left()) return -EINVAL;
    if (request.isRead() != fromUser) return -EACCES;
    int left = request.left() - at;
    if (left == 0 || transfer.remaining() == 0) return 0;
    long start = request.dataStart() + at;
    int moved =
        fromUser
            ? transfer.copyFromUser(request.data(), start, left)
            : transfer.copyToUser(request.data(), start, left);
    return Math.max(moved, 0); // as Linux, which counts bytes alone
  }
}
