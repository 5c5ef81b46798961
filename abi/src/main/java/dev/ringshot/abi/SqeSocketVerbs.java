package dev.ringshot.abi;

import static dev.ringshot.abi.IoUring.*;

import java.lang.foreign.MemorySegment;

/// Verbs of [Sqe] for sockets; constants and address layouts are in [Socket].
public sealed interface SqeSocketVerbs permits Sqe {
  /// As [SqeFileVerbs#prepare].
  Sqe prepare(int opcode, int fd, long addr, int len, long off);

  /// `IORING_OP_SOCKET`, see socket(2): completes with a descriptor.
  ///
  /// @param flags 0
  default Sqe socket(int domain, int type, int protocol, int flags) {
    return prepare(IORING_OP_SOCKET, domain, 0, protocol, Integer.toUnsignedLong(type))
        .opFlags(flags);
  }

  /// `IORING_OP_SOCKET` into a slot of the registered files.
  ///
  /// @param index of the slot, or `IORING_FILE_INDEX_ALLOC`, which completes with the index
  default Sqe socketDirect(int domain, int type, int protocol, int index) {
    return socket(domain, type, protocol, 0).fileIndex(Sqe.slot(index));
  }

  /// `IORING_OP_BIND`, see bind(2).
  ///
  /// @param address of a `struct sockaddr`, read when submitted
  default Sqe bind(int fd, long address, int addressLength) {
    return prepare(IORING_OP_BIND, fd, address, 0, Integer.toUnsignedLong(addressLength));
  }

  /// `IORING_OP_LISTEN`, see listen(2).
  default Sqe listen(int fd, int backlog) {
    return prepare(IORING_OP_LISTEN, fd, 0, backlog, 0);
  }

  /// `IORING_OP_CONNECT`, see connect(2).
  ///
  /// @param address of a `struct sockaddr`, read when submitted
  default Sqe connect(int fd, long address, int addressLength) {
    return prepare(IORING_OP_CONNECT, fd, address, 0, Integer.toUnsignedLong(addressLength));
  }

  /// `IORING_OP_ACCEPT`, see accept4(2): completes with a descriptor.
  ///
  /// @param address where the peer's address goes, or 0
  /// @param addressLength address of its length (4 bytes, read and written), or 0
  /// @param flags `SOCK_NONBLOCK`, `SOCK_CLOEXEC`
  default Sqe accept(int fd, long address, long addressLength, int flags) {
    return prepare(IORING_OP_ACCEPT, fd, address, 0, addressLength).opFlags(flags);
  }

  /// `IORING_OP_ACCEPT` that completes with one descriptor after the other.
  default Sqe multishotAccept(int fd, long address, long addressLength, int flags) {
    return accept(fd, address, addressLength, flags).ioprio(IORING_ACCEPT_MULTISHOT);
  }

  /// `IORING_OP_ACCEPT` into a slot of the registered files.
  ///
  /// @param index of the slot, or `IORING_FILE_INDEX_ALLOC`, which completes with the index
  default Sqe acceptDirect(int fd, long address, long addressLength, int flags, int index) {
    return accept(fd, address, addressLength, flags).fileIndex(Sqe.slot(index));
  }

  /// `IORING_OP_ACCEPT` that completes with one slot of the registered files after the other, which
  /// the kernel chooses.
  default Sqe multishotAcceptDirect(int fd, long address, long addressLength, int flags) {
    return multishotAccept(fd, address, addressLength, flags).fileIndex(IORING_FILE_INDEX_ALLOC);
  }

  /// `IORING_OP_SEND`, see send(2).
  ///
  /// @param flags `MSG_*`
  default Sqe send(int fd, long addr, int length, int flags) {
    return prepare(IORING_OP_SEND, fd, addr, length, 0).opFlags(flags);
  }

  /// `IORING_OP_SEND` of all of a segment.
  default Sqe send(int fd, MemorySegment buffer, int flags) {
    return send(fd, Sqe.address(buffer), Sqe.length(buffer), flags);
  }

  /// `IORING_OP_SEND` to an address, see sendto(2).
  ///
  /// @param address of a `struct sockaddr`, read when submitted
  default Sqe sendto(int fd, long addr, int length, int flags, long address, int addressLength) {
    return send(fd, addr, length, flags).off(address).addrLen(addressLength);
  }

  /// `IORING_OP_SEND` of buffers of the group (`IORING_RECVSEND_BUNDLE`, Linux 6.10): first of as
  /// many as hold `length` bytes, then of all that there are. Completes again and again; each names
  /// its first buffer, the result runs through those that follow it in the ring of buffers.
  ///
  /// @param length bytes of the first at most, 0 for no limit
  /// @param flags `MSG_*`
  default Sqe sendBundle(int fd, int length, int flags, int group) {
    return send(fd, 0, length, flags).ioprio(IORING_RECVSEND_BUNDLE).bufferSelect(group);
  }

  /// `IORING_OP_RECV`, see recv(2).
  ///
  /// @param flags `MSG_*`
  default Sqe recv(int fd, long addr, int length, int flags) {
    return prepare(IORING_OP_RECV, fd, addr, length, 0).opFlags(flags);
  }

  /// `IORING_OP_RECV` into all of a segment.
  default Sqe recv(int fd, MemorySegment buffer, int flags) {
    return recv(fd, Sqe.address(buffer), Sqe.length(buffer), flags);
  }

  /// `IORING_OP_RECV` that completes again and again, each time with a buffer of the group.
  ///
  /// @param flags `MSG_*`
  default Sqe recvMultishot(int fd, int flags, int group) {
    return recv(fd, 0, 0, flags).ioprio(IORING_RECV_MULTISHOT).bufferSelect(group);
  }

  /// As [#recvMultishot(int, int, int)], and ends when so many bytes have come in all (Linux 6.17).
  /// What a completion brings at most is `len`.
  ///
  /// @param totalMax bytes, 0 for no limit
  default Sqe recvMultishot(int fd, int flags, int group, int totalMax) {
    return recvMultishot(fd, flags, group).optlen(totalMax);
  }

  /// `IORING_OP_RECV` into as many buffers of the group as there are bytes for
  /// (`IORING_RECVSEND_BUNDLE`, Linux 6.10): the completion names the first, its result runs
  /// through those that follow it in the ring of buffers.
  ///
  /// @param length limits it to whole buffers of so many bytes, 0 for no limit. Linux heeds it only
  ///   where it is no multiple of their size
  /// @param flags `MSG_*`
  default Sqe recvBundle(int fd, int length, int flags, int group) {
    return recv(fd, 0, length, flags).ioprio(IORING_RECVSEND_BUNDLE).bufferSelect(group);
  }

  /// [#recvBundle] that completes again and again.
  ///
  /// @param totalMax bytes in all after which it ends, 0 for no limit
  default Sqe recvMultishotBundle(int fd, int flags, int group, int totalMax) {
    return recvMultishot(fd, flags, group, totalMax)
        .ioprio(IORING_RECV_MULTISHOT | IORING_RECVSEND_BUNDLE);
  }

  /// `IORING_OP_SENDMSG`, see sendmsg(2).
  ///
  /// @param msghdr address of a [Msghdr]
  /// @param flags `MSG_*`
  default Sqe sendmsg(int fd, long msghdr, int flags) {
    return prepare(IORING_OP_SENDMSG, fd, msghdr, 1, 0).opFlags(flags);
  }

  /// `IORING_OP_RECVMSG`, see recvmsg(2).
  ///
  /// @param msghdr address of a [Msghdr]
  /// @param flags `MSG_*`
  default Sqe recvmsg(int fd, long msghdr, int flags) {
    return prepare(IORING_OP_RECVMSG, fd, msghdr, 1, 0).opFlags(flags);
  }

  /// `IORING_OP_RECVMSG` that completes again and again, each time with a buffer of the group that
  /// begins with a [RecvmsgOut].
  ///
  /// @param msghdr address of a [Msghdr], read when submitted: how long names and control data are
  /// @param flags `MSG_*`
  default Sqe recvmsgMultishot(int fd, long msghdr, int flags, int group) {
    return recvmsg(fd, msghdr, flags).ioprio(IORING_RECV_MULTISHOT).bufferSelect(group);
  }

  /// `IORING_OP_SHUTDOWN`, see shutdown(2).
  ///
  /// @param how `SHUT_*`
  default Sqe shutdown(int fd, int how) {
    return prepare(IORING_OP_SHUTDOWN, fd, 0, how, 0);
  }

  /// Command `SOCKET_URING_OP_SETSOCKOPT`, see setsockopt(2).
  ///
  /// @param optval address of `optlen` bytes
  default Sqe setsockopt(int fd, int level, int optname, long optval, int optlen) {
    return prepare(IORING_OP_URING_CMD, fd, 0, 0, SOCKET_URING_OP_SETSOCKOPT)
        .level(level)
        .optname(optname)
        .optval(optval)
        .optlen(optlen);
  }

  /// Command `SOCKET_URING_OP_GETSOCKOPT`, see getsockopt(2): completes with the length.
  ///
  /// @param optval address of `optlen` bytes
  default Sqe getsockopt(int fd, int level, int optname, long optval, int optlen) {
    return setsockopt(fd, level, optname, optval, optlen).cmdOp(SOCKET_URING_OP_GETSOCKOPT);
  }

  /// Command `SOCKET_URING_OP_TX_TIMESTAMP`: completes once per transmit time stamp, on a ring with
  /// 32-byte completions (Linux 6.17). See [Cqe#timestampType].
  default Sqe txTimestamps(int fd) {
    return prepare(IORING_OP_URING_CMD, fd, 0, 0, SOCKET_URING_OP_TX_TIMESTAMP);
  }

  /// As [#txTimestamps(int)], submitted as a multishot command (Linux 6.18). No buffer of the group
  /// is used.
  default Sqe txTimestamps(int fd, int group) {
    return txTimestamps(fd).uringCmdFlags(IORING_URING_CMD_MULTISHOT).bufferSelect(group);
  }

  /// `IORING_OP_SEND_ZC`: [#send(int, long, int, int)] without a copy. Completes twice; the second
  /// time, with `IORING_CQE_F_NOTIF`, the memory is free again.
  ///
  /// @param zeroCopyFlags `IORING_RECVSEND_*`, `IORING_SEND_*`
  default Sqe sendZc(int fd, long addr, int length, int flags, int zeroCopyFlags) {
    return prepare(IORING_OP_SEND_ZC, fd, addr, length, 0).opFlags(flags).ioprio(zeroCopyFlags);
  }

  /// `IORING_OP_SENDMSG_ZC`: [#sendmsg] without a copy; completes as [#sendZc].
  default Sqe sendmsgZc(int fd, long msghdr, int flags) {
    return prepare(IORING_OP_SENDMSG_ZC, fd, msghdr, 1, 0).opFlags(flags);
  }

  /// `IORING_OP_RECV_ZC`: receives again and again into memory that the network card fills. Its
  /// constants and structures are not in this package.
  ///
  /// @param length bytes in all, 0 for no limit
  /// @param queue id of the registered receive queue
  default Sqe recvZc(int fd, int length, int queue) {
    return prepare(IORING_OP_RECV_ZC, fd, 0, length, 0)
        .ioprio(IORING_RECV_MULTISHOT)
        .fileIndex(queue);
  }

  /// Command `SOCKET_URING_OP_SIOCINQ`: completes with the bytes that can be read.
  default Sqe socketInq(int fd) {
    return prepare(IORING_OP_URING_CMD, fd, 0, 0, SOCKET_URING_OP_SIOCINQ);
  }

  /// Command `SOCKET_URING_OP_SIOCOUTQ`: completes with the bytes that are not sent, or not
  /// acknowledged.
  default Sqe socketOutq(int fd) {
    return prepare(IORING_OP_URING_CMD, fd, 0, 0, SOCKET_URING_OP_SIOCOUTQ);
  }

  /// Command `SOCKET_URING_OP_GETSOCKNAME`, see getsockname(2) and getpeername(2) (Linux 7.0).
  ///
  /// @param address where the address goes
  /// @param addressLength address of its length (4 bytes, read and written)
  /// @param peer whether it is the peer's address that is wanted
  default Sqe getsockname(int fd, long address, long addressLength, boolean peer) {
    return prepare(IORING_OP_URING_CMD, fd, address, 0, SOCKET_URING_OP_GETSOCKNAME)
        .optlen(peer ? 1 : 0)
        .addr3(addressLength);
  }
}
