package dev.ringshot.model.ublk;

import dev.ringshot.model.UringCmd;
import java.lang.foreign.MemorySegment;

/// The memory that a control command names.
record ControlArgument(UringCmd cmd, long address) {
  /// @return 0 or `-EFAULT`
  int read(MemorySegment into, int length) {
    return cmd.copyFromUser(address, into, 0, length);
  }

  /// @return 0 or `-EFAULT`
  int write(MemorySegment from, int length) {
    return cmd.copyToUser(address, from, 0, length);
  }
}
