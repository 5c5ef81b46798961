package dev.ringshot.conformance.watch;

import dev.ringshot.abi.Cqe;
import dev.ringshot.abi.IoUring;
import dev.ringshot.abi.Sqe;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/// The requests of one ring that have not had their final CQE, by user_data. Where several share
/// one, they are counted; a request that may end without a CQE stays, so the count is an upper
/// bound.
final class InFlight {
  private final Map<Long, Integer> counts = new HashMap<>();
  private final Map<Long, Integer> groups = new HashMap<>();
  private final Set<Long> commands = new HashSet<>();

  void submitted(Sqe sqe) {
    counts.merge(sqe.userData(), 1, Integer::sum);
    boolean selects = (sqe.flags() & IoUring.IOSQE_BUFFER_SELECT) != 0;
    if (selects) groups.put(sqe.userData(), sqe.bufGroup());
    if (renamesPoll(sqe)) announced(sqe.off());
    if (sqe.opcode() == IoUring.IORING_OP_URING_CMD) commands.add(sqe.userData());
    else commands.remove(sqe.userData());
  }

  private static boolean renamesPoll(Sqe sqe) {
    return sqe.opcode() == IoUring.IORING_OP_POLL_REMOVE
        && (sqe.len() & IoUring.IORING_POLL_UPDATE_USER_DATA) != 0;
  }

  /// Another ring may post one CQE here, or a request changes its user_data to this.
  void announced(long userData) {
    counts.merge(userData, 1, Integer::sum);
  }

  /// The group that CQEs of `userData` take buffers from, or -1.
  int group(long userData) {
    return groups.getOrDefault(userData, -1);
  }

  /// Whether `userData` is a driver's command.
  boolean isCommand(long userData) {
    return commands.contains(userData);
  }

  /// One CQE came.
  ///
  /// @return false if no request of that user_data can have posted it
  boolean completed(Cqe cqe) {
    Integer count = counts.get(cqe.userData());
    if (count == null || count == 0) return false;
    if (!cqe.more()) counts.put(cqe.userData(), count - 1);
    return true;
  }
}
