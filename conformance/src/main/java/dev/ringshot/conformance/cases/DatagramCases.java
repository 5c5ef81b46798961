package dev.ringshot.conformance.cases;

import static dev.ringshot.abi.Errno.EAGAIN;
import static dev.ringshot.abi.Errno.ECONNREFUSED;
import static dev.ringshot.abi.Errno.EDESTADDRREQ;
import static dev.ringshot.abi.Errno.EINVAL;
import static dev.ringshot.abi.Errno.EMSGSIZE;
import static dev.ringshot.abi.Errno.ENOTCONN;
import static dev.ringshot.abi.Socket.AF_INET;
import static dev.ringshot.abi.Socket.AF_UNIX;
import static dev.ringshot.abi.Socket.MSG_DONTWAIT;
import static dev.ringshot.abi.Socket.SOCKADDR_IN_SIZE;
import static dev.ringshot.abi.Socket.SOCK_DGRAM;
import static dev.ringshot.conformance.rig.Completion.cqe;

import dev.ringshot.abi.Poll;
import dev.ringshot.conformance.Case;
import dev.ringshot.conformance.Spec;
import dev.ringshot.conformance.rig.Claim;
import dev.ringshot.conformance.rig.RawRing;
import dev.ringshot.conformance.rig.Rig;
import dev.ringshot.conformance.rig.Sockaddr;
import java.lang.foreign.MemorySegment;

/// Datagrams of sockets without a connection: where they go, and where they get lost.
public final class DatagramCases {
  private static final int IN = SOCKADDR_IN_SIZE;

  /// Topics are made by reflection.
  public DatagramCases() {}

  private static void expect(RawRing ring, int result) {
    ring.expect(cqe(1, result));
  }

  @Case
  @Spec("8.5-13")
  public void datagramsGoWhereTheyAreSent(Rig t) {
    RawRing ring = t.ring(8);
    MemorySegment name = Sockaddr.unusedName(t);
    int length = (int) name.byteSize();
    int receiver = ConnectionCases.socket(t, ring, AF_UNIX, SOCK_DGRAM);
    int sender = ConnectionCases.socket(t, ring, AF_UNIX, SOCK_DGRAM);
    MemorySegment memory = t.memory(8L);
    ring.sqe(1).send(sender, memory, 0);
    expect(ring, -ENOTCONN);
    ring.sqe(1).sendto(sender, memory.address(), 4, 0, name.address(), length);
    expect(ring, -ECONNREFUSED);
    ring.sqe(1).bind(receiver, name.address(), length);
    expect(ring, 0);
    int sent = 0;
    int result = 0;
    while (result >= 0) {
      ring.sqe(2).sendto(sender, memory.address(), 4, MSG_DONTWAIT, name.address(), length);
      result = ring.takeOne().res();
      if (result >= 0) sent++;
    }
    Claim.result("a full queue", -EAGAIN, result);
    Claim.equal("as many as net.unix.max_dgram_qlen says, and one", 11, sent);
    ring.sqe(1).recv(receiver, memory, 0);
    expect(ring, 4);
  }

  @Case
  @Spec("8.5-14")
  public void udpSendsWithoutAConnection(Rig t) {
    RawRing ring = t.ring(8);
    int receiver = ConnectionCases.socket(t, ring, AF_INET, SOCK_DGRAM);
    MemorySegment address = Sockaddr.bind(t, ring, receiver);
    int sender = ConnectionCases.socket(t, ring, AF_INET, SOCK_DGRAM);
    MemorySegment memory = t.memory(65_536L);
    ring.sqe(1).send(sender, memory.asSlice(0, 8), 0);
    expect(ring, -EDESTADDRREQ);
    ring.sqe(1).sendto(sender, memory.address(), 8, 0, address.address(), IN);
    expect(ring, 8);
    ring.sqe(1).recv(receiver, memory, 0);
    expect(ring, 8);
    long noPort = Sockaddr.inet(t, Sockaddr.LOOPBACK, 0).address();
    ring.sqe(1).sendto(sender, memory.address(), 8, 0, noPort, IN);
    expect(ring, -EINVAL);
    ring.sqe(1).sendto(sender, memory.address(), 8, 0, address.address(), 15);
    expect(ring, -EINVAL);
    ring.sqe(1).sendto(sender, memory.address(), 65_507, 0, address.address(), IN);
    expect(ring, 65_507);
    ring.sqe(1).sendto(sender, memory.address(), 65_508, 0, address.address(), IN);
    expect(ring, -EMSGSIZE);
  }

  @Case
  @Spec("8.5-15")
  public void datagramsBeyondTheReceiversBufferAreLost(Rig t) {
    RawRing ring = t.ring(8);
    int receiver = t.own("socket", t.host().udpSocket());
    int sender = t.own("socket", t.host().udpSocket());
    Claim.result("connect", 0, t.host().udpConnect(sender, receiver));
    MemorySegment bytes = t.memory(1000L).asSlice(0, 1000);
    for (int i = 0; i < 120; i++) t.write(sender, bytes);
    int kept = 0;
    ring.sqe(1).recv(receiver, bytes, MSG_DONTWAIT);
    while (ring.takeOne().res() > 0) {
      kept++;
      ring.sqe(1).recv(receiver, bytes, MSG_DONTWAIT);
    }
    Claim.equal("kept", 92, kept);
  }

  @Case
  @Spec("8.5-16")
  public void portOfNobodyIsToldToAConnectedSocket(Rig t) {
    RawRing ring = t.ring(8);
    int gone = t.host().udpSocket();
    int sender = t.own("socket", t.host().udpSocket());
    Claim.result("connect", 0, t.host().udpConnect(sender, gone));
    t.host().close(gone);
    MemorySegment memory = t.memory(8L);
    ring.sqe(1).send(sender, memory, 0);
    expect(ring, 8);
    Claim.that("error", (t.host().poll(sender, Poll.POLLERR, 3000) & Poll.POLLERR) != 0);
    ring.sqe(1).recv(sender, memory, MSG_DONTWAIT);
    expect(ring, -ECONNREFUSED);
    ring.sqe(1).recv(sender, memory, MSG_DONTWAIT);
    expect(ring, -EAGAIN);
  }
}
