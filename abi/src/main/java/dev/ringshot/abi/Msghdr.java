package dev.ringshot.abi;

/// `struct msghdr`, see sendmsg(2) and recvmsg(2), on 64-bit machines.
public final class Msghdr {
  /// Offset of `msg_name` (8 bytes): address of a `struct sockaddr`, or 0.
  public static final int MSG_NAME = 0;

  /// Offset of `msg_namelen` (4 bytes): its size in bytes.
  public static final int MSG_NAMELEN = 8;

  /// Offset of `msg_iov` (8 bytes): address of [Iovec]s.
  public static final int MSG_IOV = 16;

  /// Offset of `msg_iovlen` (8 bytes): how many.
  public static final int MSG_IOVLEN = 24;

  /// Offset of `msg_control` (8 bytes): address of control data, or 0.
  public static final int MSG_CONTROL = 32;

  /// Offset of `msg_controllen` (8 bytes): its size in bytes.
  public static final int MSG_CONTROLLEN = 40;

  /// Offset of `msg_flags` (4 bytes): told by recvmsg(2), `MSG_*` of [Socket].
  public static final int MSG_FLAGS = 48;

  /// Size of `struct msghdr` in bytes.
  public static final int SIZE = 56;

  private Msghdr() {}
}
