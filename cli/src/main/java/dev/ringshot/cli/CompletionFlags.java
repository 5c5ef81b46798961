package dev.ringshot.cli;

import dev.ringshot.abi.Cqe;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A CQE's flags as people read them.
final class CompletionFlags {
  private CompletionFlags() {}

  /// The names of the bits that are set, as `<linux/io_uring.h>` has them but for the prefix
  /// `IORING_CQE_`.
  static List<String> names(int flags) {
    var names = new ArrayList<String>();
    if (Cqe.hasBuffer(flags)) names.add("F_BUFFER");
    if (Cqe.more(flags)) names.add("F_MORE");
    if (Cqe.socketNonempty(flags)) names.add("F_SOCK_NONEMPTY");
    if (Cqe.notification(flags)) names.add("F_NOTIF");
    if (Cqe.bufferMore(flags)) names.add("F_BUF_MORE");
    if (Cqe.skip(flags)) names.add("F_SKIP");
    if (Cqe.big(flags)) names.add("F_32");
    return names;
  }

  /// The buffer that the kernel picked, or null if there is none.
  static @Nullable Integer buffer(int flags) {
    return Cqe.hasBuffer(flags) ? Cqe.bufferId(flags) : null;
  }
}
