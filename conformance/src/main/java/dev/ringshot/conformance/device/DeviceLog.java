package dev.ringshot.conformance.device;

import static dev.ringshot.abi.Errno.EFAULT;
import static dev.ringshot.conformance.device.Ref.REF_LOG_ENTRIES;
import static dev.ringshot.conformance.device.Ref.REF_LOG_SIZE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.ringshot.model.Transfer;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.Queue;

/// What read(2) gives: entries of eight bytes, of which the newest are dropped when it is full.
final class DeviceLog {
  private final Queue<Long> entries = new ArrayDeque<>();
  private long lost;

  void add(int what, int queue, int cookie, int value) {
    if (entries.size() == REF_LOG_ENTRIES) {
      lost++;
      return;
    }
    long entry = what | (long) queue << 8 | (cookie & 0xffffL) << 16 | (long) value << 32;
    entries.add(entry); // as it lies in memory, on machines of today
  }

  long lost() {
    return lost;
  }

  /// Moves whole entries, as many as fit and as the program's memory takes.
  ///
  /// @return bytes or `-errno`
  int read(Transfer transfer) {
    int count = Math.min(entries.size(), transfer.remaining() / REF_LOG_SIZE);
    if (count == 0) return 0;
    long[] words = entries.stream().limit(count).mapToLong(Long::longValue).toArray();
    int moved =
        transfer.copyToUser(MemorySegment.ofArray(words), 0, (long) count * JAVA_LONG.byteSize());
    int whole = Math.max(moved, 0) / REF_LOG_SIZE;
    for (int i = 0; i < whole; i++) entries.remove();
    return whole == 0 ? -EFAULT : whole * REF_LOG_SIZE;
  }
}
