package dev.ringshot.conformance.cases;

import static dev.ringshot.abi.Errno.EAGAIN;
import static dev.ringshot.abi.Errno.ECANCELED;
import static dev.ringshot.abi.Errno.ECONNREFUSED;
import static dev.ringshot.abi.Errno.ECONNRESET;
import static dev.ringshot.abi.Errno.EFAULT;
import static dev.ringshot.abi.Errno.EINVAL;
import static dev.ringshot.abi.Errno.EMSGSIZE;
import static dev.ringshot.abi.Errno.ENOTCONN;
import static dev.ringshot.abi.Errno.ENOTSOCK;
import static dev.ringshot.abi.Errno.EPIPE;
import static dev.ringshot.abi.Errno.ESPIPE;
import static dev.ringshot.abi.IoUring.IORING_CQE_F_MORE;
import static dev.ringshot.abi.IoUring.IORING_CQE_F_SOCK_NONEMPTY;
import static dev.ringshot.abi.IoUring.IORING_RECVSEND_POLL_FIRST;
import static dev.ringshot.abi.IoUring.IORING_RECV_MULTISHOT;
import static dev.ringshot.abi.IoUring.IORING_SETUP_DEFER_TASKRUN;
import static dev.ringshot.abi.IoUring.IORING_SETUP_SINGLE_ISSUER;
import static dev.ringshot.abi.IoUring.IORING_SETUP_SUBMIT_ALL;
import static dev.ringshot.abi.Socket.MSG_DONTWAIT;
import static dev.ringshot.abi.Socket.MSG_PEEK;
import static dev.ringshot.abi.Socket.MSG_TRUNC;
import static dev.ringshot.abi.Socket.MSG_WAITALL;
import static dev.ringshot.abi.Socket.SOCK_DGRAM;
import static dev.ringshot.abi.Socket.SOCK_SEQPACKET;
import static dev.ringshot.abi.Socket.SOCK_STREAM;
import static dev.ringshot.conformance.rig.Completion.buffer;
import static dev.ringshot.conformance.rig.Completion.cqe;

import dev.ringshot.abi.Fcntl;
import dev.ringshot.abi.Poll;
import dev.ringshot.abi.Socket;
import dev.ringshot.conformance.Case;
import dev.ringshot.conformance.Needs;
import dev.ringshot.conformance.Spec;
import dev.ringshot.conformance.rig.Claim;
import dev.ringshot.conformance.rig.Completion;
import dev.ringshot.conformance.rig.Ends;
import dev.ringshot.conformance.rig.Need;
import dev.ringshot.conformance.rig.RawRing;
import dev.ringshot.conformance.rig.Rig;
import java.lang.foreign.MemorySegment;

/// SEND and RECV, once, on pairs of `AF_UNIX` sockets.
public final class SendReceiveCases {
  private static final int[] TYPES = {SOCK_STREAM, SOCK_DGRAM, SOCK_SEQPACKET};
  private static final int ALL = 0x3fff;

  /// Topics are made by reflection.
  public SendReceiveCases() {}

  private static void send(RawRing ring, int fd, MemorySegment bytes) {
    ring.sqe(90).send(fd, bytes, 0);
    ring.expect(cqe(90, (int) bytes.byteSize()));
  }

  @Case
  @Spec({"8.2-1", "8.2-2"})
  public void receiveWaitsAndTakesWhatIsThere(Rig t) {
    for (int type : TYPES) {
      RawRing ring = t.ring(8);
      Ends pair = t.socketPair(type);
      MemorySegment memory = t.memory(64L);
      ring.sqe(1).recv(pair.near(), memory, 0);
      ring.expectNothing();
      ring.sqe(2).send(pair.far(), memory.asSlice(0, 10), 0);
      ring.expectInAnyOrder(cqe(2, 10), cqe(1, 10));
      ring.sqe(3).recv(pair.near(), memory, MSG_DONTWAIT);
      ring.expect(cqe(3, -EAGAIN));
    }
  }

  @Case
  @Spec("8.2-3")
  public void streamsAreReadAcrossSendsAndTellWhatIsLeft(Rig t) {
    RawRing ring = t.ring(8);
    Ends pair = t.socketPair(SOCK_STREAM);
    MemorySegment memory = t.memory(64L);
    send(ring, pair.far(), memory.asSlice(0, 10));
    send(ring, pair.far(), memory.asSlice(0, 5));
    ring.sqe(1).recv(pair.near(), memory, MSG_PEEK);
    ring.sqe(2).recv(pair.near(), memory.asSlice(0, 4), 0);
    ring.sqe(3).recv(pair.near(), memory.asSlice(0, 0), 0);
    ring.sqe(4).recv(pair.near(), memory, 0);
    int more = IORING_CQE_F_SOCK_NONEMPTY;
    ring.expect(cqe(1, 15, more), cqe(2, 4, more), cqe(3, 0, more), cqe(4, 11));
  }

  @Case
  @Spec("8.2-4")
  public void messagesAreReadOneByOneAndCut(Rig t) {
    for (int type : new int[] {SOCK_DGRAM, SOCK_SEQPACKET}) {
      RawRing ring = t.ring(8);
      Ends pair = t.socketPair(type);
      MemorySegment memory = t.memory(64L);
      for (int size : new int[] {10, 20, 0, 5}) send(ring, pair.far(), memory.asSlice(0, size));
      ring.sqe(1).recv(pair.near(), memory.asSlice(0, 4), 0);
      ring.sqe(2).recv(pair.near(), memory.asSlice(0, 4), MSG_TRUNC);
      ring.sqe(3).recv(pair.near(), memory, 0);
      ring.sqe(4).recv(pair.near(), memory, 0);
      ring.expect(cqe(1, 4), cqe(2, 20), cqe(3, 0), cqe(4, 5));
    }
  }

  @Case
  @Spec("8.2-5")
  public void waitAllWaitsForAllOfAStream(Rig t) {
    RawRing ring = t.ring(8);
    Ends pair = t.socketPair(SOCK_STREAM);
    MemorySegment memory = t.memory(64L);
    ring.sqe(1).recv(pair.near(), memory.asSlice(0, 30), MSG_WAITALL);
    ring.expectNothing();
    t.write(pair.far(), 20);
    ring.expectNothing();
    t.write(pair.far(), 20);
    ring.expect(cqe(1, 30, IORING_CQE_F_SOCK_NONEMPTY));
  }

  @Case
  @Spec("8.2-18")
  public void waitForAllThatIsCancelledTellsWhatCame(Rig t) {
    RawRing ring = t.ring(8);
    Ends pair = t.socketPair(SOCK_STREAM);
    MemorySegment memory = t.memory(64L);
    ring.sqe(1).recv(pair.near(), memory.asSlice(0, 30), MSG_WAITALL);
    ring.sqe(2).recv(pair.near(), memory, MSG_WAITALL | MSG_DONTWAIT);
    ring.expect(cqe(2, -EAGAIN));
    t.write(pair.far(), 20);
    ring.expectNothing();
    ring.sqe(3).asyncCancel(1, 0);
    ring.expect(cqe(3, 0), cqe(1, 20));
    t.write(pair.far(), 5);
    ring.sqe(4).recv(pair.near(), memory, MSG_WAITALL | MSG_DONTWAIT);
    ring.expect(cqe(4, 5));
  }

  @Case
  @Spec("8.2-6")
  public void badMemoryLosesAMessageAndKeepsAStream(Rig t) {
    for (int type : TYPES) {
      RawRing ring = t.ring(8);
      Ends pair = t.socketPair(type);
      ring.sqe(1).send(pair.far(), Rig.UNMAPPED, 20, 0);
      ring.expect(cqe(1, -EFAULT));
      t.write(pair.far(), 20);
      ring.sqe(2).recv(pair.near(), Rig.UNMAPPED, 20, 0);
      ring.expect(cqe(2, -EFAULT));
      ring.sqe(3).recv(pair.near(), t.memory(64L), MSG_DONTWAIT);
      ring.expect(cqe(3, type == SOCK_STREAM ? 20 : -EAGAIN));
    }
  }

  @Case
  @Spec("8.2-7")
  public void pollFirstWaitsThoughThereIsSomething(Rig t) {
    RawRing ring = t.ring(8);
    Ends pair = t.socketPair(SOCK_STREAM);
    t.write(pair.far(), 8);
    MemorySegment memory = t.memory(64L);
    ring.sqe(1).recv(pair.near(), memory, MSG_DONTWAIT).ioprio(IORING_RECVSEND_POLL_FIRST);
    ring.expect(cqe(1, -EAGAIN));
    ring.sqe(2).recv(pair.near(), memory, 0).ioprio(IORING_RECVSEND_POLL_FIRST);
    ring.expect(cqe(2, 8));
  }

  @Case
  @Spec("8.2-8")
  public void fieldsOfReceiveAreChecked(Rig t) {
    RawRing ring = t.ring(16, IORING_SETUP_SUBMIT_ALL);
    int fd = t.socketPair(SOCK_STREAM).near();
    MemorySegment memory = t.memory(8L);
    t.group(ring, 1, 4).provide(0, 2, 8);
    ring.sqe(1).recv(fd, memory, 0).off(1);
    ring.sqe(2).recv(fd, memory, 0).optlen(1);
    ring.sqe(3).recv(fd, memory, 0).ioprio(1 << 8);
    ring.sqe(4).recv(fd, memory, 0).ioprio(IORING_RECV_MULTISHOT);
    ring.sqe(5).recvMultishot(fd, MSG_WAITALL, 1);
    ring.sqe(6).recv(fd, Rig.KERNEL_RANGE, 8, 0);
    ring.sqe(7).recv(fd, memory.address(), -1, 0);
    ring.expect(
        cqe(1, -EINVAL),
        cqe(2, -EINVAL),
        cqe(3, -EINVAL),
        cqe(4, -EINVAL),
        cqe(5, -EINVAL),
        cqe(6, -EFAULT),
        cqe(7, -EINVAL));
  }

  @Case
  @Spec("8.2-8: SEND")
  public void fieldsOfSendAreChecked(Rig t) {
    RawRing ring = t.ring(16, IORING_SETUP_SUBMIT_ALL);
    int fd = t.socketPair(SOCK_STREAM).near();
    MemorySegment memory = t.memory(256L);
    ring.sqe(1).send(fd, memory, 0).fileIndex(1 << 16);
    ring.sqe(2).send(fd, memory, 0).ioprio(1 << 8);
    ring.sqe(3).send(fd, Rig.KERNEL_RANGE, 8, 0);
    ring.sqe(4).send(fd, memory.address(), -1, 0);
    ring.sqe(5).sendto(fd, memory.address(), 8, 0, memory.address(), 129);
    ring.sqe(6).sendto(fd, memory.address(), 8, 0, Rig.UNMAPPED, 16);
    ring.expect(
        cqe(1, -EINVAL),
        cqe(2, -EINVAL),
        cqe(3, -EFAULT),
        cqe(4, -EINVAL),
        cqe(5, -EINVAL),
        cqe(6, -EFAULT));
  }

  @Case
  @Spec("8.2-9")
  public void whatIsNoSocketIsRefused(Rig t) {
    RawRing ring = t.ring(16, IORING_SETUP_SUBMIT_ALL);
    int fd = t.open("/dev/zero", Fcntl.O_RDWR);
    MemorySegment memory = t.memory(64L);
    ring.sqe(1).recv(fd, memory, 0);
    ring.sqe(2).send(fd, memory, 0);
    ring.sqe(3).recvmsg(fd, memory.address(), 0);
    ring.sqe(4).sendmsg(fd, memory.address(), 0);
    ring.sqe(5).accept(fd, 0, 0, 0);
    ring.sqe(6).connect(fd, memory.address(), 16);
    ring.sqe(7).bind(fd, memory.address(), 16);
    ring.sqe(8).listen(fd, 1);
    Completion[] refused = new Completion[8];
    for (int i = 0; i < 8; i++) refused[i] = cqe(i + 1, -ENOTSOCK);
    ring.expect(refused);
    ring.sqe(9).shutdown(fd, Socket.SHUT_WR);
    ring.expect(cqe(9, -ENOTSOCK));
  }

  @Case
  @Spec("8.2-10")
  public void readAndWriteOfSocketsWantNoOffset(Rig t) {
    RawRing ring = t.ring(8);
    Ends pair = t.socketPair(SOCK_STREAM);
    MemorySegment memory = t.memory(8L);
    ring.sqe(1).read(pair.near(), memory, 5);
    ring.sqe(2).read(pair.near(), memory.asSlice(0, 0), 0);
    ring.submitEach();
    ring.expect(cqe(1, -ESPIPE), cqe(2, 0));
    ring.sqe(3).write(pair.far(), memory, 5);
    ring.expect(cqe(3, -ESPIPE));
    ring.sqe(4).write(pair.far(), memory, 0);
    ring.sqe(5).read(pair.near(), memory, -1);
    ring.expect(cqe(4, 8), cqe(5, 8));
  }

  @Case
  @Spec("8.2-11")
  @Needs(Need.USUAL_SIZES)
  public void sendBufferIsFullWhenItsMemoryIs(Rig t) {
    int[][] fit = {{1, 278}, {193, 167}, {1728, 93}, {16064, 13}};
    for (int type : TYPES) {
      for (int[] row : fit) {
        RawRing ring = t.ring(8);
        Ends pair = t.socketPair(type);
        MemorySegment bytes = t.memory((long) row[0]);
        int count = 0;
        ring.sqe(1).send(pair.near(), bytes, MSG_DONTWAIT);
        while (ring.takeOne().res() > 0) {
          count++;
          ring.sqe(1).send(pair.near(), bytes, MSG_DONTWAIT);
        }
        Claim.equal(row[0] + " bytes fit", row[1], count);
      }
    }
  }

  @Case
  @Spec({"8.2-11", "8.2-12"})
  public void sendWaitsUntilAQuarterIsLeftInTheBuffer(Rig t) {
    RawRing ring = t.ring(8);
    Ends pair = t.socketPair(SOCK_STREAM);
    MemorySegment bytes = t.memory(300_000L);
    ring.sqe(1).send(pair.near(), bytes, 0);
    ring.expect(cqe(1, 219_264));
    ring.sqe(2).send(pair.near(), bytes.asSlice(0, 10), 0);
    ring.expectNothing();
    Claim.equal("full", 0, t.host().poll(pair.near(), Poll.POLLOUT, 0));
    t.read(pair.far(), t.memory(100_000L));
    ring.expectNothing();
    t.read(pair.far(), t.memory(100_000L));
    ring.expect(cqe(2, 10));
  }

  @Case
  @Spec("8.2-12")
  public void tooLongAMessageIsRefused(Rig t) {
    RawRing ring = t.ring(8);
    Ends pair = t.socketPair(SOCK_DGRAM);
    MemorySegment bytes = t.memory(212_961L);
    ring.sqe(1).send(pair.near(), bytes, 0);
    ring.sqe(2).send(pair.near(), bytes.asSlice(0, 212_960), 0);
    ring.submitEach();
    ring.expect(cqe(1, -EMSGSIZE), cqe(2, 212_960));
  }

  @Case
  @Spec("8.2-13")
  public void shutDownEndsEachDirection(Rig t) {
    RawRing ring = t.ring(8);
    Ends pair = t.socketPair(SOCK_STREAM);
    MemorySegment memory = t.memory(8L);
    t.write(pair.near(), 4);
    ring.sqe(1).shutdown(pair.near(), Socket.SHUT_WR);
    ring.expect(cqe(1, 0));
    ring.sqe(2).send(pair.near(), memory, 0);
    ring.expect(cqe(2, -EPIPE));
    ring.sqe(3).recv(pair.far(), memory, 0);
    ring.sqe(4).recv(pair.far(), memory, 0);
    ring.sqe(5).send(pair.far(), memory, 0);
    ring.expect(cqe(3, 4), cqe(4, 0), cqe(5, 8));
    ring.sqe(6).shutdown(pair.near(), Socket.SHUT_RD);
    ring.expect(cqe(6, 0));
    ring.sqe(7).send(pair.far(), memory, 0);
    ring.expect(cqe(7, -EPIPE));
    for (int how : new int[] {3, -1}) {
      ring.sqe(8).shutdown(pair.near(), how);
      ring.expect(cqe(8, -EINVAL));
    }
    ring.sqe(9).shutdown(pair.near(), 0).off(1);
    ring.expect(cqe(9, -EINVAL));
  }

  @Case
  @Spec("8.2-14")
  public void closedPeerIsTheEndOrAReset(Rig t) {
    for (boolean unread : new boolean[] {false, true}) {
      RawRing ring = t.ring(8);
      Ends pair = t.host().socketPair(SOCK_STREAM);
      t.own("socketpair", pair.near());
      MemorySegment memory = t.memory(64L);
      if (unread) t.write(pair.near(), 3);
      t.write(pair.far(), 7);
      t.host().close(pair.far());
      int error = unread ? Poll.POLLERR : 0;
      int mask = Poll.POLLIN | Poll.POLLRDNORM | Poll.POLLRDHUP | Poll.POLLHUP | error;
      int writable = Poll.POLLOUT | Poll.POLLWRNORM | Poll.POLLWRBAND;
      Claim.equal("poll", mask | writable, t.host().poll(pair.near(), ALL, 0));
      ring.sqe(1).recv(pair.near(), memory, 0);
      ring.sqe(2).recv(pair.near(), memory, 0);
      ring.sqe(3).recv(pair.near(), memory, 0);
      ring.submitEach();
      ring.expect(cqe(1, 7), cqe(2, unread ? -ECONNRESET : 0), cqe(3, 0));
      ring.sqe(4).send(pair.near(), memory, 0);
      ring.expect(cqe(4, -EPIPE));
    }
  }

  @Case
  @Spec("8.2-14: datagrams")
  public void closedPeerOfDatagramsRefusesOnce(Rig t) {
    RawRing ring = t.ring(8);
    Ends pair = t.host().socketPair(SOCK_DGRAM);
    t.own("socketpair", pair.near());
    MemorySegment memory = t.memory(8L);
    t.host().close(pair.far());
    ring.sqe(1).recv(pair.near(), memory, MSG_DONTWAIT);
    ring.sqe(2).send(pair.near(), memory, 0);
    ring.sqe(3).send(pair.near(), memory, 0);
    ring.submitEach();
    ring.expect(cqe(1, -EAGAIN), cqe(2, -ECONNREFUSED), cqe(3, -ENOTCONN));
  }

  @Case
  @Spec("8.2-15")
  public void dataAndTheEndInOneWakeUpAreBothHeard(Rig t) {
    RawRing ring = t.ring(8, IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN);
    t.group(ring, 1, 8).provide(0, 4, 16);
    Ends pair = t.host().socketPair(SOCK_STREAM);
    t.own("socketpair", pair.near());
    ring.sqe(1).recvMultishot(pair.near(), 0, 1);
    ring.expectNothing();
    t.write(pair.far(), 3);
    t.host().close(pair.far()); // no task work runs between the two
    ring.expect(cqe(1, 3, buffer(0) | IORING_CQE_F_MORE), cqe(1, 0));
  }

  @Case
  @Spec("8.2-16")
  public void multishotThatMayNotWaitEndsWhenThereIsNothing(Rig t) {
    RawRing ring = t.ring(8);
    t.group(ring, 1, 8).provide(0, 4, 16);
    Ends pair = t.socketPair(SOCK_STREAM);
    t.write(pair.far(), 3);
    ring.sqe(1).recvMultishot(pair.near(), MSG_DONTWAIT, 1);
    ring.expect(cqe(1, 3, buffer(0) | IORING_CQE_F_MORE), cqe(1, -EAGAIN));
  }

  @Case
  @Spec("8.2-17")
  public void lastToWaitHearsFirst(Rig t) {
    RawRing ring = t.ring(8);
    Ends pair = t.socketPair(SOCK_STREAM);
    MemorySegment memory = t.memory(64L);
    ring.sqe(1).recv(pair.near(), memory, 0);
    ring.sqe(2).recv(pair.near(), memory, 0);
    ring.expectNothing();
    t.write(pair.far(), 4);
    ring.expect(cqe(2, 4));
    ring.sqe(3).asyncCancel(1, 0);
    ring.expect(cqe(3, 0), cqe(1, -ECANCELED));
  }
}
