package dev.ringshot.conformance.cases;

import static dev.ringshot.abi.Errno.ECANCELED;
import static dev.ringshot.abi.Errno.ENOBUFS;
import static dev.ringshot.abi.IoUring.IORING_CQE_F_MORE;
import static dev.ringshot.abi.IoUring.IORING_CQE_F_SOCK_NONEMPTY;
import static dev.ringshot.abi.IoUring.IORING_SQ_CQ_OVERFLOW;
import static dev.ringshot.conformance.rig.Completion.buffer;
import static dev.ringshot.conformance.rig.Completion.cqe;

import dev.ringshot.abi.IoUring;
import dev.ringshot.abi.Socket;
import dev.ringshot.conformance.Case;
import dev.ringshot.conformance.Spec;
import dev.ringshot.conformance.rig.BufferGroup;
import dev.ringshot.conformance.rig.Claim;
import dev.ringshot.conformance.rig.Completion;
import dev.ringshot.conformance.rig.Ends;
import dev.ringshot.conformance.rig.RawRing;
import dev.ringshot.conformance.rig.Rig;

/// Multishot receive: one submission, a buffer and a CQE for each message.
public final class MultishotReceiveCases {
  private static final int GROUP = 1;

  /// Topics are made by reflection.
  public MultishotReceiveCases() {}

  private static int more(int bid) {
    return buffer(bid) | IORING_CQE_F_MORE;
  }

  private static int nonempty(int bid) {
    return more(bid) | IORING_CQE_F_SOCK_NONEMPTY;
  }

  private static void arm(RawRing ring, int fd, int userData) {
    ring.sqe(userData).recvMultishot(fd, 0, GROUP);
    ring.expectNothing();
  }

  @Case
  @Spec({"7-1", "3.6-2", "3.6-4", "3.6-5"})
  public void streamUsesABufferAWriteUntilThereIsNone(Rig t) {
    RawRing ring = t.ring(8);
    BufferGroup group = t.group(ring, GROUP, 4).provide(10, 3, 32);
    Ends pair = t.socketPair(Socket.SOCK_STREAM);
    arm(ring, pair.near(), 1);
    for (int i = 0; i < 3; i++) {
      t.write(pair.far(), 5);
      ring.expect(cqe(1, 5, more(10 + i)));
    }
    ring.expectNothing();
    t.write(pair.far(), 5);
    ring.expect(cqe(1, -ENOBUFS));
    t.write(pair.far(), 5);
    ring.expectNothing();
    group.expectHead(3);
    Claim.result("read", 10, t.read(pair.near(), t.memory(64L)));
  }

  @Case
  @Spec({"7-2", "7-3", "3.6-5"})
  public void armedAgainItGoesOnWhereItStopped(Rig t) {
    RawRing ring = t.ring(8);
    BufferGroup group = t.group(ring, GROUP, 4).provide(10, 2, 32);
    Ends pair = t.socketPair(Socket.SOCK_STREAM);
    t.write(pair.far(), 10);
    ring.sqe(1).recvMultishot(pair.near(), 0, GROUP);
    ring.expect(cqe(1, 10, more(10)));
    t.write(pair.far(), 40);
    ring.expect(cqe(1, 32, nonempty(11)), cqe(1, -ENOBUFS));
    group.giveBack(10);
    ring.sqe(2).recvMultishot(pair.near(), 0, GROUP);
    ring.expect(cqe(2, 8, more(10)));
    group.giveBack(11);
    Claim.result("shutdown", 0, t.host().shutdown(pair.far(), Socket.SHUT_WR));
    ring.expect(cqe(2, 0));
    group.expectHead(3);
  }

  @Case
  @Spec("7-3: the end needs a buffer at hand, though it uses none")
  public void endOfAStreamWithoutABufferIsEnobufs(Rig t) {
    RawRing ring = t.ring(8);
    t.group(ring, GROUP, 4).provide(10, 1, 32);
    Ends pair = t.socketPair(Socket.SOCK_STREAM);
    arm(ring, pair.near(), 1);
    t.write(pair.far(), 4);
    ring.expect(cqe(1, 4, more(10)));
    Claim.result("shutdown", 0, t.host().shutdown(pair.far(), Socket.SHUT_WR));
    ring.expect(cqe(1, -ENOBUFS));
  }

  @Case
  @Spec({"7-8", "2.3-9", "2.2-11"})
  public void fullQueueEndsIt(Rig t) {
    fullQueueEndsIt(t, 0);
  }

  @Case
  @Spec({"2.3-10", "7-8"})
  public void fullQueueEndsItOnADeferredRing(Rig t) {
    fullQueueEndsIt(t, IoUring.IORING_SETUP_SINGLE_ISSUER | IoUring.IORING_SETUP_DEFER_TASKRUN);
  }

  private static void fullQueueEndsIt(Rig t, int flags) {
    RawRing ring = t.ringWithCq(4, 4, flags);
    BufferGroup group = t.group(ring, GROUP, 16).provide(0, 16, 32);
    Ends pair = t.socketPair(Socket.SOCK_DGRAM);
    for (int i = 0; i < 7; i++) t.write(pair.far(), 3);
    ring.sqe(1).recvMultishot(pair.near(), 0, GROUP);
    ring.submitAll();
    ring.getEvents();
    Claim.equal("SQ flags", IORING_SQ_CQ_OVERFLOW, ring.sqFlags() & IORING_SQ_CQ_OVERFLOW);
    ring.expectVisible(
        cqe(1, 3, more(0)), cqe(1, 3, more(1)), cqe(1, 3, more(2)), cqe(1, 3, more(3)));
    ring.getEvents();
    ring.expectVisible(cqe(1, 3, buffer(4)));
    ring.expectNothing();
    group.expectHead(5);
    for (int i = 0; i < 2; i++) Claim.result("read", 3, t.read(pair.near(), t.memory(64L)));
    Claim.that("nothing more to read", t.isEmpty(pair.near()));
  }

  @Case
  @Spec({"7-9", "2.3-5"})
  public void oldOverflowEndsItThoughSlotsAreFree(Rig t) {
    RawRing ring = t.ringWithCq(4, 4, 0);
    t.group(ring, GROUP, 16).provide(0, 16, 32);
    Ends pair = t.socketPair(Socket.SOCK_DGRAM);
    for (int i = 0; i < 5; i++) {
      ring.sqe(50 + i).nop();
      ring.submitAll();
    }
    ring.expectVisible(cqe(50, 0), cqe(51, 0), cqe(52, 0), cqe(53, 0));
    ring.sqe(1).recvMultishot(pair.near(), 0, GROUP);
    ring.submitAll();
    t.write(pair.far(), 2);
    ring.getEvents();
    ring.expect(cqe(54, 0), cqe(1, 2, buffer(0)));
    t.write(pair.far(), 2);
    ring.expectNothing();
  }

  @Case
  @Spec({"7-16", "3.3-4"})
  public void lengthLimitsEachCompletion(Rig t) {
    RawRing ring = t.ring(8);
    t.group(ring, GROUP, 8).provide(3, 4, 32);
    Ends pair = t.socketPair(Socket.SOCK_STREAM);
    t.write(pair.far(), 20);
    ring.sqe(1).recvMultishot(pair.near(), 0, GROUP).len(8);
    ring.expect(cqe(1, 8, nonempty(3)), cqe(1, 8, nonempty(4)), cqe(1, 4, more(5)));
  }

  @Case
  @Spec({"7-17", "3.3-5"})
  public void totalLengthEndsIt(Rig t) {
    RawRing ring = t.ring(8);
    t.group(ring, GROUP, 8).provide(6, 4, 32);
    Ends pair = t.socketPair(Socket.SOCK_DGRAM);
    ring.sqe(1).recvMultishot(pair.near(), 0, GROUP).optlen(50);
    ring.expectNothing();
    for (int i = 0; i < 3; i++) t.write(pair.far(), 30);
    ring.expect(cqe(1, 30, more(6)), cqe(1, 30, buffer(7)));
    ring.expectNothing();
    Claim.result("read", 30, t.read(pair.near(), t.memory(64L)));
  }

  @Case
  @Spec("7-19")
  public void emptyDatagramEndsIt(Rig t) {
    RawRing ring = t.ring(8);
    BufferGroup group = t.group(ring, GROUP, 8).provide(0, 4, 8);
    Ends pair = t.socketPair(Socket.SOCK_DGRAM);
    arm(ring, pair.near(), 1);
    t.write(pair.far(), t.memory(8L).asSlice(0, 0));
    ring.expect(cqe(1, 0));
    group.expectHead(0);
  }

  @Case
  @Spec({"7-11", "4.5-8", "4.5-10"})
  public void cancelledItLosesNoBuffer(Rig t) {
    RawRing ring = t.ring(8);
    BufferGroup group = t.group(ring, GROUP, 8).provide(0, 2, 8);
    Ends pair = t.socketPair(Socket.SOCK_STREAM);
    arm(ring, pair.near(), 1);
    ring.sqe(2).asyncCancel(1, 0);
    ring.expect(cqe(2, 0), cqe(1, -ECANCELED));
    group.expectHead(0);
  }

  @Case
  @Spec("4.4-10")
  public void skipSuccessIsAccepted(Rig t) {
    RawRing ring = t.ring(8);
    t.group(ring, GROUP, 8).provide(0, 2, 8);
    Ends pair = t.socketPair(Socket.SOCK_STREAM);
    ring.sqe(1).recvMultishot(pair.near(), 0, GROUP).skipSuccess();
    ring.expectNothing();
    t.write(pair.far(), 4);
    ring.expect(cqe(1, 4, more(0)));
  }

  @Case
  @Spec("7c-7")
  public void forcedToAWorkerItStaysMultishot(Rig t) {
    RawRing ring = t.ring(8);
    t.group(ring, GROUP, 8).provide(0, 3, 8);
    Ends pair = t.socketPair(Socket.SOCK_STREAM);
    ring.sqe(1).recvMultishot(pair.near(), 0, GROUP).async();
    ring.submitAll();
    t.write(pair.far(), 4);
    ring.expect(cqe(1, 4, more(0)));
    t.write(pair.far(), 4);
    ring.expect(cqe(1, 4, more(1)));
  }

  @Case
  @Spec({"7-22", "4.6-12"})
  public void multishotAcceptBringsADescriptorEach(Rig t) {
    RawRing ring = t.ring(8);
    int listener = t.own("listen", t.host().tcpListener());
    ring.sqe(1).multishotAccept(listener, 0, 0, 0);
    ring.expectNothing();
    for (int i = 0; i < 2; i++) {
      t.own("connect", t.host().tcpConnect(listener));
      Completion accepted = ring.takeOne();
      t.own("accept", accepted.res());
      Claim.equal("flags", IORING_CQE_F_MORE, accepted.flags());
    }
    ring.sqe(2).asyncCancel(1, 0);
    ring.expect(cqe(2, 0), cqe(1, -ECANCELED));
  }

  @Case
  @Spec({"7-20", "4.1-29", "4.1-30", "4.1-31"})
  public void closedRingLetsItsSocketGo(Rig t) {
    RawRing ring = t.ring(8);
    t.group(ring, GROUP, 8).provide(0, 3, 8);
    Ends pair = t.host().socketPair(Socket.SOCK_STREAM);
    int far = t.own("socketpair", pair.far());
    arm(ring, pair.near(), 1);
    t.host().close(pair.near());
    ring.closeDescriptor();
    Claim.equal("nothing before munmap", 0, t.host().poll(far, 1, 0));
    ring.unmap();
    Claim.that("peer hung up", (t.host().poll(far, 1, 2000) & 0x10) != 0);
  }
}
