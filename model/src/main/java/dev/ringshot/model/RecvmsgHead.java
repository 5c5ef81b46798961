package dev.ringshot.model;

import static dev.ringshot.abi.Errno.EFAULT;
import static dev.ringshot.abi.Errno.EOVERFLOW;
import static dev.ringshot.abi.Socket.MSG_CMSG_CLOEXEC;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;

import dev.ringshot.abi.RecvmsgOut;

/// What precedes the payload in each buffer of a multishot recvmsg: `struct io_uring_recvmsg_out`,
/// the sender's address, control data; the latter two as long as the `msghdr` said.
final class RecvmsgHead {
  private RecvmsgHead() {}

  /// Whether a buffer could have one (`io_recvmsg_mshot_prep`).
  ///
  /// @return 0 or `-EOVERFLOW`
  static int check(Exchange exchange) {
    long most = Integer.MAX_VALUE - RecvmsgOut.SIZE - (long) exchange.headName;
    boolean fits = exchange.headName >= 0 && most >= 0;
    return fits && Long.compareUnsigned(exchange.headControl, most) <= 0 ? 0 : -EOVERFLOW;
  }

  /// Its bytes.
  static int length(Exchange exchange) {
    return RecvmsgOut.SIZE + exchange.headName + (int) exchange.headControl;
  }

  /// Writes it.
  ///
  /// @param received what the socket said
  /// @return bytes of the buffer that are used, or `-EFAULT`
  static int write(UserMemory memory, Exchange exchange, long at, int received) {
    var message = exchange.message;
    var source = exchange.headName > 0 ? message.source : null;
    int nameLength = source == null ? 0 : source.length();
    int payload = Math.min(received, message.moved());
    var head = exchange.scratch;
    head.set(JAVA_INT_UNALIGNED, RecvmsgOut.NAMELEN, nameLength);
    head.set(JAVA_INT_UNALIGNED, RecvmsgOut.CONTROLLEN, 0);
    head.set(JAVA_INT_UNALIGNED, RecvmsgOut.PAYLOADLEN, received);
    int told = message.flagsOut | (exchange.flags & MSG_CMSG_CLOEXEC);
    head.set(JAVA_INT_UNALIGNED, RecvmsgOut.FLAGS, told);
    if (memory.copyTo(at, head, 0, RecvmsgOut.SIZE) != 0) return -EFAULT;
    int copied = Math.min(nameLength, exchange.headName);
    if (source != null && memory.copyTo(at + RecvmsgOut.SIZE, source.bytes(), 0, copied) != 0)
      return -EFAULT;
    return length(exchange) + payload;
  }
}
