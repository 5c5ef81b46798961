package dev.ringshot.conformance.cases;

import static dev.ringshot.abi.Errno.EADDRINUSE;
import static dev.ringshot.abi.Errno.EADDRNOTAVAIL;
import static dev.ringshot.abi.Errno.EAFNOSUPPORT;
import static dev.ringshot.abi.Errno.EAGAIN;
import static dev.ringshot.abi.Errno.ECANCELED;
import static dev.ringshot.abi.Errno.ECONNREFUSED;
import static dev.ringshot.abi.Errno.ECONNRESET;
import static dev.ringshot.abi.Errno.EFAULT;
import static dev.ringshot.abi.Errno.EINVAL;
import static dev.ringshot.abi.Errno.EISCONN;
import static dev.ringshot.abi.Errno.ENOENT;
import static dev.ringshot.abi.Errno.ENOTCONN;
import static dev.ringshot.abi.Errno.EOPNOTSUPP;
import static dev.ringshot.abi.Errno.EPIPE;
import static dev.ringshot.abi.Errno.EPROTONOSUPPORT;
import static dev.ringshot.abi.Errno.ESOCKTNOSUPPORT;
import static dev.ringshot.abi.IoUring.IORING_SETUP_SUBMIT_ALL;
import static dev.ringshot.abi.Socket.AF_INET;
import static dev.ringshot.abi.Socket.AF_UNIX;
import static dev.ringshot.abi.Socket.IPPROTO_TCP;
import static dev.ringshot.abi.Socket.IPPROTO_UDP;
import static dev.ringshot.abi.Socket.MSG_DONTWAIT;
import static dev.ringshot.abi.Socket.SOCKADDR_IN_SIZE;
import static dev.ringshot.abi.Socket.SOCK_CLOEXEC;
import static dev.ringshot.abi.Socket.SOCK_DGRAM;
import static dev.ringshot.abi.Socket.SOCK_NONBLOCK;
import static dev.ringshot.abi.Socket.SOCK_SEQPACKET;
import static dev.ringshot.abi.Socket.SOCK_STREAM;
import static dev.ringshot.conformance.rig.Completion.cqe;

import dev.ringshot.abi.IoUring;
import dev.ringshot.abi.Poll;
import dev.ringshot.abi.Socket;
import dev.ringshot.conformance.Case;
import dev.ringshot.conformance.Spec;
import dev.ringshot.conformance.rig.Claim;
import dev.ringshot.conformance.rig.RawRing;
import dev.ringshot.conformance.rig.Rig;
import dev.ringshot.conformance.rig.Sockaddr;
import java.lang.foreign.MemorySegment;

/// SOCKET, BIND, LISTEN and CONNECT: TCP and UDP on 127.0.0.1, and names of `AF_UNIX`.
public final class ConnectionCases {
  private static final int ALL = 0x3fff;
  private static final int IN = SOCKADDR_IN_SIZE;

  /// Topics are made by reflection.
  public ConnectionCases() {}

  static int socket(Rig t, RawRing ring, int domain, int type) {
    ring.sqe(80).socket(domain, type, 0, 0);
    return t.own("socket", ring.takeOne().res());
  }

  private static void expect(RawRing ring, int result) {
    ring.expect(cqe(1, result));
  }

  @Case
  @Spec("8.5-1")
  public void kindsOfSocketsThatAreNotThere(Rig t) {
    RawRing ring = t.ring(8);
    int[][] refused = {
      {AF_INET, SOCK_STREAM, IPPROTO_UDP, -EPROTONOSUPPORT},
      {AF_INET, SOCK_DGRAM, IPPROTO_TCP, -EPROTONOSUPPORT},
      {AF_INET, SOCK_SEQPACKET, 0, -ESOCKTNOSUPPORT},
      {AF_INET, 12, 0, -EINVAL},
      {AF_UNIX, SOCK_STREAM, 2, -EPROTONOSUPPORT},
      {AF_UNIX, 9, 0, -ESOCKTNOSUPPORT},
      {99, SOCK_STREAM, 0, -EAFNOSUPPORT},
      {-1, SOCK_STREAM, 0, -EAFNOSUPPORT},
      {AF_INET, SOCK_STREAM | 0x100, 0, -EINVAL},
    };
    for (int[] row : refused) {
      ring.sqe(1).socket(row[0], row[1], row[2], 0);
      expect(ring, row[3]);
    }
  }

  @Case
  @Spec("8.5-2")
  public void fieldsOfSocketAreChecked(Rig t) {
    RawRing ring = t.ring(8, IORING_SETUP_SUBMIT_ALL);
    ring.sqe(1).socket(AF_INET, SOCK_STREAM, 0, 1);
    ring.sqe(2).socket(AF_INET, SOCK_STREAM, 0, 0).addr(1);
    ring.sqe(3).socket(AF_INET, SOCK_STREAM, 0, 0).bufIndex(1);
    ring.sqe(4).socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0, 0).fileIndex(1);
    ring.expect(cqe(1, -EINVAL), cqe(2, -EINVAL), cqe(3, -EINVAL), cqe(4, -EINVAL));
  }

  @Case
  @Spec("8.5-3")
  public void internetAddressesAreCheckedByBind(Rig t) {
    for (int type : new int[] {SOCK_STREAM, SOCK_DGRAM}) {
      RawRing ring = t.ring(8);
      int fd = socket(t, ring, AF_INET, type);
      long fine = Sockaddr.inet(t, Sockaddr.LOOPBACK, 0).address();
      long unix = Sockaddr.unix(t, "12345678901234").address();
      long elsewhere = Sockaddr.inet(t, 0x0808_0808, 0).address();
      Object[][] refused = {
        {fine, 15, -EINVAL},
        {fine, 129, -EINVAL},
        {fine, -1, -EINVAL},
        {Rig.UNMAPPED, IN, -EFAULT},
        {unix, IN, -EAFNOSUPPORT},
        {elsewhere, IN, -EADDRNOTAVAIL},
      };
      for (Object[] row : refused) {
        ring.sqe(1).bind(fd, (long) row[0], (int) row[1]);
        expect(ring, (int) row[2]);
      }
      ring.sqe(1).bind(fd, fine, IN).len(1);
      expect(ring, -EINVAL);
      ring.sqe(1).bind(fd, fine, IN);
      expect(ring, 0);
      ring.sqe(1).bind(fd, fine, IN);
      expect(ring, -EINVAL);
    }
  }

  @Case
  @Spec("8.5-4")
  public void portsAreTakenOnce(Rig t) {
    for (int type : new int[] {SOCK_STREAM, SOCK_DGRAM}) {
      RawRing ring = t.ring(8);
      int port = Sockaddr.port(Sockaddr.bind(t, ring, socket(t, ring, AF_INET, type)));
      int fd = socket(t, ring, AF_INET, type);
      ring.sqe(1).bind(fd, Sockaddr.inet(t, Sockaddr.LOOPBACK, port).address(), IN);
      expect(ring, -EADDRINUSE);
      ring.sqe(1).bind(fd, Sockaddr.inet(t, 0, port).address(), IN);
      expect(ring, -EADDRINUSE);
      ring.sqe(1).bind(fd, Sockaddr.inet(t, Sockaddr.LOOPBACK + 1, port).address(), IN);
      expect(ring, 0);
    }
  }

  @Case
  @Spec({"8.5-5", "8.5-6"})
  public void clientAndServerMeet(Rig t) {
    RawRing ring = t.ring(8);
    int listener = socket(t, ring, AF_INET, SOCK_STREAM);
    long address = Sockaddr.bind(t, ring, listener).address();
    ring.sqe(1).listen(listener, 4);
    expect(ring, 0);
    int client = socket(t, ring, AF_INET, SOCK_STREAM | SOCK_NONBLOCK);
    ring.sqe(1).connect(client, address, IN);
    expect(ring, 0);
    ring.sqe(1).connect(client, address, IN);
    expect(ring, -EISCONN);
    ring.sqe(1).accept(listener, 0, 0, 0);
    int server = t.own("accept", ring.takeOne().res());
    MemorySegment memory = t.memory(8L);
    ring.sqe(2).recv(server, memory, 0);
    ring.expectNothing();
    ring.sqe(3).send(client, memory, 0);
    ring.expectInAnyOrder(cqe(3, 8), cqe(2, 8));
  }

  @Case
  @Spec("8.5-7")
  public void nobodyListens(Rig t) {
    RawRing ring = t.ring(8);
    int bound = socket(t, ring, AF_INET, SOCK_STREAM);
    long address = Sockaddr.bind(t, ring, bound).address();
    int client = socket(t, ring, AF_INET, SOCK_STREAM);
    MemorySegment memory = t.memory(8L);
    ring.sqe(1).connect(client, address, IN);
    expect(ring, -ECONNREFUSED);
    ring.sqe(1).recv(client, memory, MSG_DONTWAIT);
    expect(ring, 0);
    ring.sqe(1).send(client, memory, 0);
    expect(ring, -EPIPE);
    ring.sqe(1).connect(client, address, IN);
    expect(ring, -ECONNREFUSED);
    ring.sqe(1).listen(bound, 1);
    expect(ring, 0);
    ring.sqe(1).connect(client, address, IN);
    expect(ring, 0);
    ring.sqe(1).recv(client, memory, MSG_DONTWAIT);
    expect(ring, -EAGAIN);
  }

  @Case
  @Spec("8.5-25")
  public void addressMustBeOfTheSocketsKind(Rig t) {
    RawRing ring = t.ring(8);
    int client = socket(t, ring, AF_INET, SOCK_STREAM);
    MemorySegment memory = t.memory(8L);
    long address = Sockaddr.bind(t, ring, socket(t, ring, AF_INET, SOCK_STREAM)).address();
    ring.sqe(1).connect(client, address, 10);
    expect(ring, -EINVAL);
    ring.sqe(1).connect(client, Sockaddr.unix(t, "12345678901234").address(), IN);
    expect(ring, -EAFNOSUPPORT);
    ring.sqe(1).connect(client, address, IN).len(1);
    expect(ring, -EINVAL);
    ring.sqe(1).send(client, memory, 0);
    expect(ring, -EPIPE);
    ring.sqe(1).recv(client, memory, MSG_DONTWAIT);
    expect(ring, -ENOTCONN);
  }

  @Case
  @Spec("8.5-8")
  public void listeningIsForConnections(Rig t) {
    RawRing ring = t.ring(8, IORING_SETUP_SUBMIT_ALL);
    int udp = t.own("socket", t.host().udpSocket());
    int pair = t.socketPair(SOCK_STREAM).near();
    int unbound = socket(t, ring, AF_UNIX, SOCK_STREAM);
    int listener = t.own("listen", t.host().tcpListener());
    ring.sqe(1).listen(udp, 1);
    ring.sqe(2).listen(pair, 1);
    ring.sqe(3).listen(unbound, 1);
    ring.sqe(4).listen(listener, 1).addr(1);
    ring.sqe(5).recv(listener, t.memory(8L), 0);
    ring.sqe(6).send(listener, t.memory(8L), 0);
    ring.expect(
        cqe(1, -EOPNOTSUPP),
        cqe(2, -EINVAL),
        cqe(3, -EINVAL),
        cqe(4, -EINVAL),
        cqe(5, -ENOTCONN),
        cqe(6, -EPIPE));
    ring.sqe(1).connect(listener, Sockaddr.inet(t, Sockaddr.LOOPBACK, 1).address(), IN);
    expect(ring, -EISCONN);
  }

  @Case
  @Spec("8.5-9")
  public void halfClosedConnectionsGoOnTheOtherWay(Rig t) {
    RawRing ring = t.ring(8);
    int listener = t.own("listen", t.host().tcpListener());
    int client = t.own("connect", t.host().tcpConnect(listener));
    ring.sqe(1).accept(listener, 0, 0, 0);
    int server = t.own("accept", ring.takeOne().res());
    MemorySegment memory = t.memory(8L);
    ring.sqe(1).shutdown(client, Socket.SHUT_WR);
    expect(ring, 0);
    Claim.that("end", (t.host().poll(server, Poll.POLLRDHUP, 3000) & Poll.POLLRDHUP) != 0);
    ring.sqe(1).recv(server, memory, 0);
    ring.expect(cqe(1, 0, IoUring.IORING_CQE_F_SOCK_NONEMPTY));
    ring.sqe(1).send(client, memory, 0);
    expect(ring, -EPIPE);
    ring.sqe(1).send(server, memory, 0);
    expect(ring, 8);
    ring.sqe(1).recv(client, memory, 0);
    expect(ring, 8);
    ring.sqe(1).shutdown(server, Socket.SHUT_WR);
    expect(ring, 0);
    Claim.that("over", (t.host().poll(server, Poll.POLLHUP, 3000) & Poll.POLLHUP) != 0);
    ring.sqe(1).shutdown(server, Socket.SHUT_WR);
    expect(ring, -ENOTCONN);
  }

  @Case
  @Spec("8.5-10")
  public void unreadDataResetsAConnection(Rig t) {
    RawRing ring = t.ring(8);
    int listener = t.own("listen", t.host().tcpListener());
    int client = t.host().tcpConnect(listener);
    ring.sqe(1).accept(listener, 0, 0, 0);
    int server = t.own("accept", ring.takeOne().res());
    t.write(server, 7);
    Claim.that("arrived", (t.host().poll(client, Poll.POLLIN, 3000) & Poll.POLLIN) != 0);
    t.host().close(client);
    Claim.that("reset", (t.host().poll(server, Poll.POLLERR, 3000) & Poll.POLLERR) != 0);
    ring.sqe(1).recv(server, t.memory(8L), 0);
    expect(ring, -ECONNRESET);
    ring.sqe(1).recv(server, t.memory(8L), 0);
    expect(ring, 0);
    ring.sqe(1).send(server, t.memory(8L), 0);
    expect(ring, -EPIPE);
  }

  @Case
  @Spec({"8.5-11", "8.5-12"})
  public void abstractNamesAreFoundByTheirType(Rig t) {
    for (int type : new int[] {SOCK_STREAM, SOCK_SEQPACKET}) {
      RawRing ring = t.ring(8);
      MemorySegment name = Sockaddr.unusedName(t);
      int length = (int) name.byteSize();
      int listener = socket(t, ring, AF_UNIX, type);
      ring.sqe(1).bind(listener, name.address(), length);
      expect(ring, 0);
      int client = socket(t, ring, AF_UNIX, type);
      ring.sqe(1).bind(client, name.address(), length);
      expect(ring, -EADDRINUSE);
      ring.sqe(1).bind(client, name.address(), 2 + 109);
      expect(ring, -EINVAL);
      ring.sqe(1).connect(client, name.address(), length);
      expect(ring, -ECONNREFUSED);
      ring.sqe(1).connect(client, Sockaddr.unix(t, "/nowhere/at/all\0").address(), 18);
      expect(ring, -ENOENT);
      ring.sqe(1).listen(listener, 5);
      expect(ring, 0);
      ring.sqe(1).connect(client, name.address(), length);
      expect(ring, 0);
      ring.sqe(1).connect(client, name.address(), length);
      expect(ring, -EISCONN);
      ring.sqe(1).send(client, t.memory(4L).asSlice(0, 4), 0);
      expect(ring, 4);
      ring.sqe(1).accept(listener, 0, 0, 0);
      int server = t.own("accept", ring.takeOne().res());
      ring.sqe(1).recv(server, t.memory(8L), 0);
      expect(ring, 4);
    }
  }

  @Case
  @Spec("8.5-17")
  public void newSocketsAreHungUpOrIdle(Rig t) {
    RawRing ring = t.ring(8);
    int hungUp = Poll.POLLHUP | Poll.POLLOUT | Poll.POLLWRNORM;
    int out = Poll.POLLOUT | Poll.POLLWRNORM | Poll.POLLWRBAND;
    Claim.equal("TCP", hungUp, t.host().poll(socket(t, ring, AF_INET, SOCK_STREAM), ALL, 0));
    Claim.equal("UDP", out, t.host().poll(socket(t, ring, AF_INET, SOCK_DGRAM), ALL, 0));
    int unix = socket(t, ring, AF_UNIX, SOCK_STREAM);
    Claim.equal("AF_UNIX", hungUp | Poll.POLLWRBAND, t.host().poll(unix, ALL, 0));
    int listener = t.own("listen", t.host().tcpListener());
    Claim.equal("listener", 0, t.host().poll(listener, ALL, 0));
    t.own("connect", t.host().tcpConnect(listener));
    int in = Poll.POLLIN | Poll.POLLRDNORM;
    Claim.equal("listener", in, t.host().poll(listener, ALL, 3000));
  }

  @Case
  @Spec("8.5-18")
  public void connectThatWaitsForTheBacklogCanBeCancelled(Rig t) {
    RawRing ring = t.ring(8);
    int listener = socket(t, ring, AF_INET, SOCK_STREAM);
    long address = Sockaddr.bind(t, ring, listener).address();
    ring.sqe(1).listen(listener, 0);
    expect(ring, 0);
    int first = socket(t, ring, AF_INET, SOCK_STREAM);
    int second = socket(t, ring, AF_INET, SOCK_STREAM);
    ring.sqe(1).connect(first, address, IN);
    expect(ring, 0);
    ring.sqe(2).connect(second, address, IN);
    ring.expectNothing();
    ring.sqe(3).asyncCancel(2, 0);
    ring.expect(cqe(3, 0), cqe(2, -ECANCELED));
  }
}
