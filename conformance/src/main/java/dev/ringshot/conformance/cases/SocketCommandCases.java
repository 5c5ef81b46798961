package dev.ringshot.conformance.cases;

import static dev.ringshot.abi.Errno.ECANCELED;
import static dev.ringshot.abi.Errno.EFAULT;
import static dev.ringshot.abi.Errno.EINVAL;
import static dev.ringshot.abi.Errno.ENOPROTOOPT;
import static dev.ringshot.abi.Errno.ENOTCONN;
import static dev.ringshot.abi.Errno.EOPNOTSUPP;
import static dev.ringshot.abi.IoUring.IORING_SETUP_CQE32;
import static dev.ringshot.abi.IoUring.IORING_SETUP_SUBMIT_ALL;
import static dev.ringshot.abi.IoUring.SOCKET_URING_OP_GETSOCKNAME;
import static dev.ringshot.abi.Socket.SOCK_STREAM;
import static dev.ringshot.abi.Socket.SOL_SOCKET;
import static dev.ringshot.conformance.rig.Completion.cqe;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import dev.ringshot.abi.Socket;
import dev.ringshot.conformance.Case;
import dev.ringshot.conformance.Needs;
import dev.ringshot.conformance.Spec;
import dev.ringshot.conformance.rig.Claim;
import dev.ringshot.conformance.rig.Ends;
import dev.ringshot.conformance.rig.Need;
import dev.ringshot.conformance.rig.RawRing;
import dev.ringshot.conformance.rig.Rig;
import java.lang.foreign.MemorySegment;

/// URING_CMD to sockets: how much is unread, options, names.
public final class SocketCommandCases {
  private static final int LEVEL_OF_NOBODY = 99;

  /// Topics are made by reflection.
  public SocketCommandCases() {}

  @Case
  @Spec("8.6-1")
  public void unreadOfTcpAreBytesAndOfUdpTheFirstDatagram(Rig t) {
    RawRing ring = t.ring(8);
    int listener = t.own("listen", t.host().tcpListener());
    int client = t.own("connect", t.host().tcpConnect(listener));
    ring.sqe(1).accept(listener, 0, 0, 0);
    int server = t.own("accept", ring.takeOne().res());
    t.write(client, 10);
    t.write(client, 5);
    ring.sqe(2).socketInq(server);
    ring.sqe(3).socketInq(listener);
    ring.sqe(4).socketOutq(listener);
    ring.expect(cqe(2, 15), cqe(3, -EINVAL), cqe(4, -EINVAL));
    int receiver = t.own("socket", t.host().udpSocket());
    int sender = t.own("socket", t.host().udpSocket());
    Claim.result("connect", 0, t.host().udpConnect(sender, receiver));
    t.write(sender, 10);
    t.write(sender, 5);
    ring.sqe(5).socketInq(receiver);
    ring.sqe(6).socketOutq(sender);
    ring.expect(cqe(5, 10), cqe(6, 0));
  }

  @Case
  @Spec("8.6-2")
  public void optionsAreSetAndRead(Rig t) {
    RawRing ring = t.ring(8);
    int socket = t.own("socket", t.host().udpSocket());
    MemorySegment value = t.memory(64L);
    value.set(JAVA_INT, 0, 10_000);
    ring.sqe(1).setsockopt(socket, SOL_SOCKET, Socket.SO_SNDBUF, value.address(), 4);
    ring.sqe(2).getsockopt(socket, SOL_SOCKET, Socket.SO_SNDBUF, value.address() + 8, 32);
    ring.expect(cqe(1, 0), cqe(2, 4));
    Claim.equal("twice the bytes", 20_000, value.get(JAVA_INT, 8));
    int unix = t.socketPair(SOCK_STREAM).near();
    ring.sqe(3).getsockopt(unix, SOL_SOCKET, Socket.SO_TYPE, value.address() + 8, 4);
    ring.sqe(4).getsockopt(unix, SOL_SOCKET, Socket.SO_RCVBUF, value.address() + 16, 2);
    ring.sqe(5).getsockopt(unix, SOL_SOCKET, Socket.SO_TIMESTAMPING, value.address() + 24, 32);
    ring.expect(cqe(3, 4), cqe(4, 2), cqe(5, 8));
    Claim.equal("type", SOCK_STREAM, value.get(JAVA_INT, 8));
    Claim.equal("half of it", 212_992 & 0xffff, value.get(JAVA_INT, 16));
  }

  @Case
  @Spec("8.6-3")
  public void badOptionsAreRefused(Rig t) {
    RawRing ring = t.ring(16, IORING_SETUP_SUBMIT_ALL);
    int socket = t.own("socket", t.host().udpSocket());
    int reuse = Socket.SO_REUSEADDR;
    MemorySegment value = t.memory(8L);
    value.set(JAVA_INT, 0, 1 << 25);
    long at = value.address();
    ring.sqe(1).setsockopt(socket, SOL_SOCKET, reuse, at, 3);
    ring.sqe(2).setsockopt(socket, SOL_SOCKET, reuse, at, -1);
    ring.sqe(3).setsockopt(socket, SOL_SOCKET, reuse, Rig.UNMAPPED, 4);
    ring.sqe(4).setsockopt(socket, SOL_SOCKET, 200, at, 4);
    ring.sqe(5).setsockopt(socket, SOL_SOCKET, Socket.SO_TYPE, at, 4);
    ring.sqe(6).setsockopt(socket, SOL_SOCKET, Socket.SO_TIMESTAMPING, at, 4);
    ring.sqe(7).setsockopt(socket, LEVEL_OF_NOBODY, 1, at, 4);
    ring.sqe(8).getsockopt(socket, SOL_SOCKET, reuse, Rig.UNMAPPED, 4);
    ring.sqe(9).getsockopt(socket, SOL_SOCKET, reuse, at, -1);
    ring.sqe(10).getsockopt(socket, SOL_SOCKET, 200, at, 4);
    ring.sqe(11).getsockopt(socket, Socket.IPPROTO_TCP, 1, at, 4);
    ring.expect(
        cqe(1, -EINVAL),
        cqe(2, -EINVAL),
        cqe(3, -EFAULT),
        cqe(4, -ENOPROTOOPT),
        cqe(5, -ENOPROTOOPT),
        cqe(6, -EINVAL),
        cqe(7, -ENOPROTOOPT),
        cqe(8, -EFAULT),
        cqe(9, -EINVAL),
        cqe(10, -ENOPROTOOPT),
        cqe(11, -EOPNOTSUPP));
  }

  @Case
  @Needs(Need.LINUX_7)
  @Spec("8.6-4")
  public void namesAreTold(Rig t) {
    RawRing ring = t.ring(8, IORING_SETUP_SUBMIT_ALL);
    int listener = t.own("listen", t.host().tcpListener());
    MemorySegment memory = t.memory(64L);
    memory.set(JAVA_INT, 32, 16);
    name(ring, 1, listener, memory);
    ring.expect(cqe(1, 0));
    Claim.equal("family", (short) Socket.AF_INET, memory.get(JAVA_SHORT, 0));
    name(ring, 2, listener, memory).optlen(1);
    name(ring, 3, listener, memory).optlen(2);
    name(ring, 4, listener, memory).len(1);
    name(ring, 5, listener, memory).addr(0);
    ring.expect(cqe(2, -ENOTCONN), cqe(3, -EINVAL), cqe(4, -EINVAL), cqe(5, -EFAULT));
  }

  private static dev.ringshot.abi.Sqe name(
      RawRing ring, int userData, int fd, MemorySegment memory) {
    return ring.sqe(userData)
        .uringCmd(fd, SOCKET_URING_OP_GETSOCKNAME)
        .addr(memory.address())
        .addr3(memory.address() + 32);
  }

  @Case
  @Spec("8.6-5")
  public void socketsWithoutTimestampsWaitForThemAllTheSame(Rig t) {
    RawRing ring = t.ring(8, IORING_SETUP_CQE32);
    Ends pair = t.socketPair(SOCK_STREAM);
    ring.sqe(1).txTimestamps(pair.near());
    ring.expectNothing();
    t.write(pair.near(), 8);
    ring.expectNothing();
    ring.sqe(2).asyncCancel(1, 0);
    ring.expect(cqe(2, 0), cqe(1, -ECANCELED));
  }

  @Case
  @Spec("8.6-6")
  public void timestampsForcedToAWorkerWait(Rig t) {
    RawRing ring = t.ring(8, IORING_SETUP_CQE32);
    int socket = t.own("socket", t.host().udpSocket());
    ring.sqe(1).txTimestamps(socket).async();
    ring.expectNothing(); // to cancel it now would meet it on the worker, or not any more
  }
}
