package dev.ringshot.model;

import static dev.ringshot.abi.Errno.EFAULT;
import static dev.ringshot.abi.Errno.EINVAL;
import static dev.ringshot.abi.Errno.ENOPROTOOPT;
import static dev.ringshot.abi.Errno.EOPNOTSUPP;
import static dev.ringshot.abi.Socket.AF_INET;
import static dev.ringshot.abi.Socket.AF_UNIX;
import static dev.ringshot.abi.Socket.IPPROTO_TCP;
import static dev.ringshot.abi.Socket.SOCK_DGRAM;
import static dev.ringshot.abi.Socket.SOL_SOCKET;
import static dev.ringshot.abi.Socket.SO_KEEPALIVE;
import static dev.ringshot.abi.Socket.SO_RCVBUF;
import static dev.ringshot.abi.Socket.SO_REUSEADDR;
import static dev.ringshot.abi.Socket.SO_REUSEPORT;
import static dev.ringshot.abi.Socket.SO_SNDBUF;
import static dev.ringshot.abi.Socket.SO_TIMESTAMPING;
import static dev.ringshot.abi.Socket.SO_TYPE;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.MemorySegment;

/// What kind a socket is, and the options of its own.
final class SocketOptions {
  private static final int BUFFER = 212_992; // net.core.wmem_default and rmem_default
  private static final int TCP_BUFFER = 1 << 20;
  private static final int SEND_BUFFER_MIN = 4608;
  private static final int RECEIVE_BUFFER_MIN = 2304;
  private static final int BUFFER_MAX = 2 * BUFFER;
  private static final int TIMESTAMPING_MASK = (1 << 19) - 1;
  private static final int IPPROTO_IP = 0;
  private static final int TCP_OPTION_LAST = 40;
  private static final int SO_DONTROUTE = 5;
  private static final int SO_BROADCAST = 6;
  private static final int SO_OOBINLINE = 10;
  private static final int SO_PROTOCOL = 38;
  private static final int SO_DOMAIN = 39;

  private final int domain;
  private final int type;
  private final int protocol;
  private volatile int sendBuffer;
  private volatile int receiveBuffer = BUFFER;
  private volatile int timestamping;
  private volatile int switches; // a bit for each option that is on or off

  SocketOptions(int domain, int type, int protocol) {
    this.domain = domain;
    this.type = type;
    this.protocol = protocol;
    this.sendBuffer = domain == AF_UNIX || type == SOCK_DGRAM ? BUFFER : TCP_BUFFER;
  }

  /// Those that an accepted connection has of its listener's.
  SocketOptions inherited() {
    var child = new SocketOptions(domain, type, protocol);
    child.sendBuffer = sendBuffer;
    child.receiveBuffer = receiveBuffer;
    child.switches = switches;
    return child;
  }

  int domain() {
    return domain;
  }

  int type() {
    return type;
  }

  int protocol() {
    return protocol;
  }

  int sendBuffer() {
    return sendBuffer;
  }

  int receiveBuffer() {
    return receiveBuffer;
  }

  /// `SOF_TIMESTAMPING_*`.
  int timestamping() {
    return timestamping;
  }

  /// setsockopt(2) of an option that is an int. Those of IP and TCP are taken and mean nothing.
  ///
  /// @return 0 or `-errno`
  int set(int level, int option, int value) {
    if (level == IPPROTO_IP && domain == AF_INET) return 0;
    if (level == IPPROTO_TCP && protocol == IPPROTO_TCP)
      return option <= TCP_OPTION_LAST ? 0 : -ENOPROTOOPT;
    if (level != SOL_SOCKET) return domain == AF_UNIX ? -EOPNOTSUPP : -ENOPROTOOPT;
    switch (option) {
      case SO_SNDBUF -> sendBuffer = Math.max(doubled(value), SEND_BUFFER_MIN);
      case SO_RCVBUF -> receiveBuffer = Math.max(doubled(value), RECEIVE_BUFFER_MIN);
      case SO_TIMESTAMPING -> {
        if ((value & ~TIMESTAMPING_MASK) != 0) return -EINVAL;
        timestamping = value;
      }
      default -> {
        if (!isSwitch(option)) return -ENOPROTOOPT;
        switches = value != 0 ? switches | 1 << option : switches & ~(1 << option);
      }
    }
    return 0;
  }

  /// Whether it is on or off, and is kept for the program alone.
  private static boolean isSwitch(int option) {
    return switch (option) {
      case SO_REUSEADDR, SO_REUSEPORT, SO_KEEPALIVE, SO_DONTROUTE, SO_BROADCAST, SO_OOBINLINE ->
          true;
      default -> false;
    };
  }

  private static int doubled(int value) {
    return Integer.compareUnsigned(value, BUFFER) > 0 ? BUFFER_MAX : 2 * value;
  }

  /// The value of an option of `SOL_SOCKET` that does not change by itself.
  ///
  /// @return it, or `-ENOPROTOOPT`
  int get(int option) {
    return switch (option) {
      case SO_TYPE -> type;
      case SO_DOMAIN -> domain;
      case SO_PROTOCOL -> protocol;
      case SO_SNDBUF -> sendBuffer;
      case SO_RCVBUF -> receiveBuffer;
      case SO_TIMESTAMPING -> timestamping;
      default -> isSwitch(option) ? switches >>> option & 1 : -ENOPROTOOPT;
    };
  }

  /// setsockopt(2) with the value in the program's memory.
  int set(UserMemory memory, int level, int option, long address, int length) {
    if (length < 0) return -EINVAL;
    if (level == SOL_SOCKET && length < Integer.BYTES) return -EINVAL;
    var value = MemorySegment.ofArray(new int[1]);
    if (memory.copyFrom(address, value, 0, Math.min(length, Integer.BYTES)) != 0) return -EFAULT;
    return set(level, option, value.get(JAVA_INT, 0));
  }
}
