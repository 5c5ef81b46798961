package dev.ringshot.abi;

/// `struct io_uring_recvmsg_out`: the head of a buffer that multishot recvmsg has filled. The name,
/// the control data and the payload follow, the first two as long as the `msghdr` said.
public final class RecvmsgOut {
  /// Offset of `namelen` (4 bytes): bytes of the peer's address.
  public static final int NAMELEN = 0;

  /// Offset of `controllen` (4 bytes): bytes of control data.
  public static final int CONTROLLEN = 4;

  /// Offset of `payloadlen` (4 bytes): bytes of payload.
  public static final int PAYLOADLEN = 8;

  /// Offset of `flags` (4 bytes): `MSG_*`.
  public static final int FLAGS = 12;

  /// Size of `struct io_uring_recvmsg_out` in bytes.
  public static final int SIZE = 16;

  private RecvmsgOut() {}
}
