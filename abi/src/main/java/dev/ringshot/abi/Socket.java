package dev.ringshot.abi;

/// Constants and address layouts of sockets: socket(2), send(2), recv(2), shutdown(2), socket(7),
/// and the time stamps of `<linux/net_tstamp.h>`. Layouts: `struct sockaddr_in`, `sockaddr_in6` and
/// `sockaddr_un`.
public final class Socket {
  // ---- Address families

  /// unix(7): within the machine.
  public static final int AF_UNIX = 1;

  /// ip(7): IPv4.
  public static final int AF_INET = 2;

  /// ipv6(7).
  public static final int AF_INET6 = 10;

  // ---- `type` of socket(2)

  /// Bytes in order.
  public static final int SOCK_STREAM = 1;

  /// Messages, one by one.
  public static final int SOCK_DGRAM = 2;

  /// Messages in order, over a connection.
  public static final int SOCK_SEQPACKET = 5;

  /// Answer `EAGAIN` where a call would block.
  public static final int SOCK_NONBLOCK = 1 << 11;

  /// Close on execve(2).
  public static final int SOCK_CLOEXEC = 1 << 19;

  // ---- `protocol` of socket(2)

  /// tcp(7).
  public static final int IPPROTO_TCP = 6;

  /// udp(7).
  public static final int IPPROTO_UDP = 17;

  // ---- `level` and `optname` of setsockopt(2), see socket(7)

  /// The level of the options below.
  public static final int SOL_SOCKET = 1;

  /// Let bind(2) take an address in use before.
  public static final int SO_REUSEADDR = 2;

  /// The `SOCK_*` of the socket.
  public static final int SO_TYPE = 3;

  /// The pending error, which is then cleared.
  public static final int SO_ERROR = 4;

  /// Bytes of send buffer.
  public static final int SO_SNDBUF = 7;

  /// Bytes of receive buffer.
  public static final int SO_RCVBUF = 8;

  /// Probe idle connections.
  public static final int SO_KEEPALIVE = 9;

  /// Share an address between sockets.
  public static final int SO_REUSEPORT = 15;

  /// Time stamps: a mask of `SOF_TIMESTAMPING_*`.
  public static final int SO_TIMESTAMPING = 37;

  // ---- `SO_TIMESTAMPING`

  /// Stamp what is sent, by the network card.
  public static final int SOF_TIMESTAMPING_TX_HARDWARE = 1;

  /// Stamp what is sent, when it reaches the driver.
  public static final int SOF_TIMESTAMPING_TX_SOFTWARE = 2;

  /// Stamp what arrives, by the network card.
  public static final int SOF_TIMESTAMPING_RX_HARDWARE = 1 << 2;

  /// Stamp what arrives, when it enters the kernel.
  public static final int SOF_TIMESTAMPING_RX_SOFTWARE = 1 << 3;

  /// Report software stamps.
  public static final int SOF_TIMESTAMPING_SOFTWARE = 1 << 4;

  /// Obsolete.
  public static final int SOF_TIMESTAMPING_SYS_HARDWARE = 1 << 5;

  /// Report hardware stamps.
  public static final int SOF_TIMESTAMPING_RAW_HARDWARE = 1 << 6;

  /// Number the stamps: the key counts datagrams, or bytes of a stream.
  public static final int SOF_TIMESTAMPING_OPT_ID = 1 << 7;

  /// Stamp what is sent, when it enters the packet scheduler.
  public static final int SOF_TIMESTAMPING_TX_SCHED = 1 << 8;

  /// Stamp what is sent, when it is acknowledged.
  public static final int SOF_TIMESTAMPING_TX_ACK = 1 << 9;

  /// Stamps come as control messages.
  public static final int SOF_TIMESTAMPING_OPT_CMSG = 1 << 10;

  /// The stamp alone, without the packet; `SOCKET_URING_OP_TX_TIMESTAMP` needs it.
  public static final int SOF_TIMESTAMPING_OPT_TSONLY = 1 << 11;

  /// Statistics of the connection with the stamps.
  public static final int SOF_TIMESTAMPING_OPT_STATS = 1 << 12;

  /// Interface and length with hardware stamps of what arrives.
  public static final int SOF_TIMESTAMPING_OPT_PKTINFO = 1 << 13;

  /// Software and hardware stamps of the same packet.
  public static final int SOF_TIMESTAMPING_OPT_TX_SWHW = 1 << 14;

  /// Hardware stamps by one given clock.
  public static final int SOF_TIMESTAMPING_BIND_PHC = 1 << 15;

  /// `OPT_ID` counted from the byte that is not yet acknowledged.
  public static final int SOF_TIMESTAMPING_OPT_ID_TCP = 1 << 16;

  /// Only those stamps of what arrives that this socket asked for.
  public static final int SOF_TIMESTAMPING_OPT_RX_FILTER = 1 << 17;

  /// Stamp what is sent, when the driver reports it gone.
  public static final int SOF_TIMESTAMPING_TX_COMPLETION = 1 << 18;

  /// Type of a stamp: given to the driver or card; [Cqe#timestampType].
  public static final int SCM_TSTAMP_SND = 0;

  /// Type of a stamp: entered the packet scheduler.
  public static final int SCM_TSTAMP_SCHED = 1;

  /// Type of a stamp: acknowledged by the peer.
  public static final int SCM_TSTAMP_ACK = 2;

  /// Type of a stamp: reported gone by the driver.
  public static final int SCM_TSTAMP_COMPLETION = 3;

  // ---- `flags` of send(2) and recv(2)

  /// Out-of-band data.
  public static final int MSG_OOB = 1;

  /// Look, do not take.
  public static final int MSG_PEEK = 2;

  /// Only to hosts on this network.
  public static final int MSG_DONTROUTE = 1 << 2;

  /// Told by recvmsg(2): control data was cut.
  public static final int MSG_CTRUNC = 1 << 3;

  /// The message was longer than the buffer; asked for, the result is its real length.
  public static final int MSG_TRUNC = 1 << 5;

  /// Do not block in this call.
  public static final int MSG_DONTWAIT = 1 << 6;

  /// End of record.
  public static final int MSG_EOR = 1 << 7;

  /// Wait until the whole length is there.
  public static final int MSG_WAITALL = 1 << 8;

  /// `EPIPE` without `SIGPIPE`.
  public static final int MSG_NOSIGNAL = 1 << 14;

  /// From the error queue.
  public static final int MSG_ERRQUEUE = 1 << 13;

  /// More follows; hold a partial packet back.
  public static final int MSG_MORE = 1 << 15;

  /// Send from the caller's pages.
  public static final int MSG_ZEROCOPY = 1 << 26;

  /// Descriptors received close on execve(2).
  public static final int MSG_CMSG_CLOEXEC = 1 << 30;

  // ---- `how` of shutdown(2)

  /// No more receiving.
  public static final int SHUT_RD = 0;

  /// No more sending.
  public static final int SHUT_WR = 1;

  /// Neither.
  public static final int SHUT_RDWR = 2;

  // ---- struct sockaddr_in (16 bytes), see ip(7)

  /// Offset of `sin_family` (2 bytes) in `struct sockaddr_in`: [#AF_INET].
  public static final int SIN_FAMILY = 0;

  /// Offset of `sin_port` (2 bytes, network byte order) in `struct sockaddr_in`.
  public static final int SIN_PORT = 2;

  /// Offset of `sin_addr` (4 bytes, network byte order) in `struct sockaddr_in`.
  public static final int SIN_ADDR = 4;

  /// Size of `struct sockaddr_in` in bytes; the last 8 are padding.
  public static final int SOCKADDR_IN_SIZE = 16;

  // ---- struct sockaddr_in6 (28 bytes), see ipv6(7)

  /// Offset of `sin6_family` (2 bytes) in `struct sockaddr_in6`: [#AF_INET6].
  public static final int SIN6_FAMILY = 0;

  /// Offset of `sin6_port` (2 bytes, network byte order) in `struct sockaddr_in6`.
  public static final int SIN6_PORT = 2;

  /// Offset of `sin6_flowinfo` (4 bytes, network byte order) in `struct sockaddr_in6`.
  public static final int SIN6_FLOWINFO = 4;

  /// Offset of `sin6_addr` (16 bytes) in `struct sockaddr_in6`.
  public static final int SIN6_ADDR = 8;

  /// Offset of `sin6_scope_id` (4 bytes) in `struct sockaddr_in6`.
  public static final int SIN6_SCOPE_ID = 24;

  /// Size of `struct sockaddr_in6` in bytes.
  public static final int SOCKADDR_IN6_SIZE = 28;

  // ---- struct sockaddr_un (110 bytes), see unix(7)

  /// Offset of `sun_family` (2 bytes) in `struct sockaddr_un`: [#AF_UNIX].
  public static final int SUN_FAMILY = 0;

  /// Offset of `sun_path` (108 bytes, ends with a zero) in `struct sockaddr_un`.
  public static final int SUN_PATH = 2;

  /// Size of `struct sockaddr_un` in bytes.
  public static final int SOCKADDR_UN_SIZE = 110;

  private Socket() {}
}
