package dev.ringshot.conformance.cases;

import static dev.ringshot.abi.Errno.EAGAIN;
import static dev.ringshot.abi.Errno.EFAULT;
import static dev.ringshot.abi.Errno.EINVAL;
import static dev.ringshot.abi.Errno.EOPNOTSUPP;
import static dev.ringshot.abi.IoUring.IORING_ACCEPT_DONTWAIT;
import static dev.ringshot.abi.IoUring.IORING_CQE_F_MORE;
import static dev.ringshot.abi.IoUring.IORING_CQE_F_SOCK_NONEMPTY;
import static dev.ringshot.abi.IoUring.IORING_FILE_INDEX_ALLOC;
import static dev.ringshot.abi.IoUring.IORING_REGISTER_FILES;
import static dev.ringshot.abi.IoUring.IORING_SETUP_SUBMIT_ALL;
import static dev.ringshot.abi.Socket.SOCK_CLOEXEC;
import static dev.ringshot.abi.Socket.SOCK_DGRAM;
import static dev.ringshot.abi.Socket.SOCK_STREAM;
import static dev.ringshot.conformance.rig.Completion.cqe;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import dev.ringshot.abi.Socket;
import dev.ringshot.conformance.Case;
import dev.ringshot.conformance.Spec;
import dev.ringshot.conformance.rig.Claim;
import dev.ringshot.conformance.rig.Completion;
import dev.ringshot.conformance.rig.RawRing;
import dev.ringshot.conformance.rig.Rig;
import java.lang.foreign.MemorySegment;
import java.util.List;

/// ACCEPT: to descriptors and slots, once and multishot.
public final class AcceptCases {
  /// Topics are made by reflection.
  public AcceptCases() {}

  private static int listener(Rig t) {
    return t.own("listen", t.host().tcpListener());
  }

  private static int connect(Rig t, int listener) {
    return t.own("connect", t.host().tcpConnect(listener));
  }

  @Case
  @Spec("8.5-19")
  public void fieldsAreChecked(Rig t) {
    RawRing ring = t.ring(16, IORING_SETUP_SUBMIT_ALL);
    int fd = listener(t);
    ring.sqe(1).accept(fd, 0, 0, 1);
    ring.sqe(2).accept(fd, 0, 0, 0).ioprio(8);
    ring.sqe(3).accept(fd, 0, 0, 0).len(1);
    ring.sqe(4).accept(fd, 0, 0, 0).bufIndex(1);
    ring.sqe(5).multishotAccept(fd, 0, 0, 0).fileIndex(1);
    ring.sqe(6).accept(fd, 0, 0, SOCK_CLOEXEC).fileIndex(1);
    Completion[] refused = new Completion[6];
    for (int i = 0; i < 6; i++) refused[i] = cqe(i + 1, -EINVAL);
    ring.expect(refused);
  }

  @Case
  @Spec("8.5-20")
  public void onlyListenersAccept(Rig t) {
    RawRing ring = t.ring(8, IORING_SETUP_SUBMIT_ALL);
    ring.sqe(1).accept(t.socketPair(SOCK_STREAM).near(), 0, 0, 0);
    ring.sqe(2).accept(t.socketPair(SOCK_DGRAM).near(), 0, 0, 0);
    ring.sqe(3).accept(t.own("socket", t.host().udpSocket()), 0, 0, 0);
    ring.sqe(4).accept(listener(t), 0, 0, 0).ioprio(IORING_ACCEPT_DONTWAIT);
    ring.expect(cqe(1, -EINVAL), cqe(2, -EOPNOTSUPP), cqe(3, -EOPNOTSUPP), cqe(4, -EAGAIN));
  }

  @Case
  @Spec("8.5-21")
  public void peersAddressIsTold(Rig t) {
    RawRing ring = t.ring(8);
    int fd = listener(t);
    connect(t, fd);
    MemorySegment memory = t.memory(64L);
    memory.set(JAVA_INT, 32, 6);
    ring.sqe(1).accept(fd, memory.address(), memory.address() + 32, 0);
    t.own("accept", ring.takeOne().res());
    Claim.equal("length", Socket.SOCKADDR_IN_SIZE, memory.get(JAVA_INT, 32));
    Claim.equal("family", (short) Socket.AF_INET, memory.get(JAVA_SHORT, 0));
    Claim.equal("beyond the program's length", 0, memory.get(JAVA_INT, 8));
  }

  @Case
  @Spec("8.5-22")
  public void addressThatCannotBeToldLosesTheConnection(Rig t) {
    RawRing ring = t.ring(8);
    int fd = listener(t);
    int lost = connect(t, fd);
    MemorySegment memory = t.memory(64L);
    memory.set(JAVA_INT, 32, 16);
    ring.sqe(1).accept(fd, Rig.UNMAPPED, memory.address() + 32, 0);
    ring.expect(cqe(1, -EFAULT));
    ring.sqe(2).recv(lost, memory, 0);
    ring.expect(cqe(2, 0, IORING_CQE_F_SOCK_NONEMPTY));
  }

  @Case
  @Spec("8.5-23")
  public void multishotTakesThoseThatWaitAndThoseThatCome(Rig t) {
    RawRing ring = t.ring(8);
    int fd = listener(t);
    for (int i = 0; i < 3; i++) connect(t, fd);
    ring.sqe(1).multishotAccept(fd, 0, 0, 0);
    List<Completion> taken = ring.take(3);
    Claim.equal("accepted", 3, taken.size());
    for (Completion each : taken) t.own("accept", each.res());
    int more = IORING_CQE_F_MORE;
    Claim.equal("first", more | IORING_CQE_F_SOCK_NONEMPTY, taken.get(0).flags());
    Claim.equal("second", more | IORING_CQE_F_SOCK_NONEMPTY, taken.get(1).flags());
    Claim.equal("third", more, taken.get(2).flags());
    connect(t, fd);
    Completion later = ring.takeOne();
    t.own("accept", later.res());
    Claim.equal("later", more, later.flags());
    Claim.result("shutdown", 0, t.host().shutdown(fd, Socket.SHUT_RD));
    ring.expect(cqe(1, -EINVAL));
  }

  @Case
  @Spec("8.5-24")
  public void slotsAreFilledAsTheProgramOrTheKernelChooses(Rig t) {
    RawRing ring = t.ring(8);
    MemorySegment empty = t.memory(16L);
    empty.fill((byte) 0xff);
    Claim.result("FILES", 0, ring.register(IORING_REGISTER_FILES, empty.address(), 4));
    int fd = listener(t);
    int client = connect(t, fd);
    ring.sqe(1).accept(fd, 0, 0, 0).fileIndex(3);
    ring.expect(cqe(1, 0));
    connect(t, fd);
    ring.sqe(2).accept(fd, 0, 0, 0).fileIndex(9);
    ring.expect(cqe(2, -EINVAL));
    MemorySegment memory = t.memory(8L);
    ring.sqe(3).send(2, memory, 0).fixedFile();
    ring.sqe(4).recv(client, memory, 0);
    ring.expectInAnyOrder(cqe(3, 8), cqe(4, 8));
    ring.sqe(5).multishotAccept(fd, 0, 0, 0).fileIndex(IORING_FILE_INDEX_ALLOC);
    connect(t, fd);
    ring.expect(cqe(5, 3, IORING_CQE_F_MORE));
    ring.sqe(6).socket(Socket.AF_UNIX, SOCK_STREAM, 0, 0).fileIndex(1);
    ring.expect(cqe(6, 0));
  }
}
