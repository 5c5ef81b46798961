package dev.ringshot.conformance.cases;

import static dev.ringshot.abi.Errno.EALREADY;
import static dev.ringshot.abi.Errno.ECANCELED;
import static dev.ringshot.abi.Errno.ECONNRESET;
import static dev.ringshot.abi.Errno.EFAULT;
import static dev.ringshot.abi.Errno.EINVAL;
import static dev.ringshot.abi.Errno.ENOBUFS;
import static dev.ringshot.abi.Errno.ENOENT;
import static dev.ringshot.abi.Errno.ENOTSOCK;
import static dev.ringshot.abi.Errno.EOPNOTSUPP;
import static dev.ringshot.abi.Errno.EPIPE;
import static dev.ringshot.abi.Fcntl.O_RDWR;
import static dev.ringshot.abi.Fcntl.RWF_HIPRI;
import static dev.ringshot.abi.IoUring.IORING_CQE_F_BUF_MORE;
import static dev.ringshot.abi.IoUring.IORING_CQE_F_MORE;
import static dev.ringshot.abi.IoUring.IORING_CQE_F_SOCK_NONEMPTY;
import static dev.ringshot.abi.IoUring.IORING_POLL_UPDATE_EVENTS;
import static dev.ringshot.abi.IoUring.IORING_RECVSEND_BUNDLE;
import static dev.ringshot.abi.IoUring.IORING_RECVSEND_POLL_FIRST;
import static dev.ringshot.abi.IoUring.IORING_TIMEOUT_UPDATE;
import static dev.ringshot.abi.Socket.MSG_NOSIGNAL;
import static dev.ringshot.abi.Socket.MSG_WAITALL;
import static dev.ringshot.abi.Socket.SHUT_WR;
import static dev.ringshot.abi.Socket.SOCK_SEQPACKET;
import static dev.ringshot.abi.Socket.SOCK_STREAM;
import static dev.ringshot.conformance.rig.Completion.buffer;
import static dev.ringshot.conformance.rig.Completion.cqe;

import dev.ringshot.abi.Poll;
import dev.ringshot.abi.Timespec;
import dev.ringshot.conformance.Case;
import dev.ringshot.conformance.Spec;
import dev.ringshot.conformance.rig.BufferGroup;
import dev.ringshot.conformance.rig.Ends;
import dev.ringshot.conformance.rig.Need;
import dev.ringshot.conformance.rig.RawRing;
import dev.ringshot.conformance.rig.Rig;
import java.lang.foreign.MemorySegment;

/// What comparing generated programs found.
public final class ComparedCases {
  private static final int GROUP = 1;
  private static final long NOWHERE = 0x8000; // below what a program may map
  private static final long NEVER_NANOS = 1_000_000_000_000_000_000L;

  /// Topics are made by reflection.
  public ComparedCases() {}

  private static long never(Rig t) {
    MemorySegment time = t.memory((long) Timespec.SIZE);
    Timespec.set(time, 0, NEVER_NANOS);
    return time.address();
  }

  @Case
  @Spec("9.1-1")
  public void readThatSelectsAgainAsksForNoMore(Rig t) {
    RawRing ring = t.ring(8);
    Ends pipe = t.pipe();
    Ends other = t.pipe();
    BufferGroup group = t.group(ring, GROUP, 4).provide(0, 1, 8);
    group.provide(1, 1, 16);
    ring.sqe(1).read(pipe.near(), 0, 0, -1).bufferSelect(GROUP);
    ring.expectNothing();
    t.write(other.far(), 4);
    ring.sqe(2).read(other.near(), 0, 0, -1).bufferSelect(GROUP);
    ring.expect(cqe(2, 4, buffer(0)));
    t.write(pipe.far(), 16);
    ring.expect(cqe(1, 8, buffer(1)));
  }

  @Case
  @Spec("9.1-2")
  public void readChecksPriorityAttributesAndPolling(Rig t) {
    RawRing ring = t.ring(8);
    Ends pipe = t.pipe();
    MemorySegment into = t.memory(8L);
    ring.sqe(1).read(pipe.near(), into, -1).ioprio(1);
    ring.sqe(2).read(pipe.near(), into, -1).pad2(2);
    ring.sqe(3).read(pipe.near(), into, -1).opFlags(RWF_HIPRI);
    ring.submitEach();
    ring.expect(cqe(1, -EINVAL), cqe(2, -EINVAL), cqe(3, -EINVAL));
  }

  @Case
  @Spec("9.1-3")
  public void pollThatIsCancelledCanStillBeFound(Rig t) {
    RawRing ring = t.ring(8);
    Ends pipe = t.pipe();
    ring.sqe(1).pollAdd(pipe.near(), Poll.POLLIN);
    ring.sqe(2).asyncCancel(1, 0);
    ring.sqe(3).pollRemove(1);
    ring.expect(cqe(2, 0), cqe(3, -EALREADY), cqe(1, -ECANCELED));
  }

  @Case
  @Spec("9.1-4")
  public void countedTimeoutEndsBeforeTheChainGoesOn(Rig t) {
    RawRing ring = t.ring(8);
    ring.sqe(1).timeout(never(t), 1, 0);
    ring.sqe(2).nop(-5).link();
    ring.sqe(3).nop();
    ring.expect(cqe(2, -5), cqe(1, 0), cqe(3, -ECANCELED));
  }

  @Case
  @Spec("9.1-5")
  public void updatedTimeoutCountsNoMore(Rig t) {
    RawRing ring = t.ring(8);
    ring.sqe(1).timeout(never(t), 2, 0);
    ring.sqe(2).timeoutUpdate(1, never(t), IORING_TIMEOUT_UPDATE);
    ring.sqe(3).nop();
    ring.expect(cqe(2, 0), cqe(3, 0));
    ring.expectNothing();
  }

  @Case
  @Spec("9.1-6")
  public void messageToTheOwnRingPassesTheBatch(Rig t) {
    RawRing ring = t.ring(8);
    ring.sqe(1).nop();
    ring.sqe(2).msgRing(ring.fd(), 9, 77, 0);
    ring.expect(cqe(77, 9), cqe(1, 0), cqe(2, 0));
  }

  @Case
  @Spec("9.1-7")
  public void sendFromAnAbsentGroupIsNoEntry(Rig t) {
    RawRing ring = t.ring(8);
    Ends pair = t.socketPair(SOCK_STREAM);
    ring.sqe(1).send(pair.near(), 0, 0, 0).bufferSelect(GROUP);
    ring.sqe(2).send(pair.near(), 0, 0, 0).bufferSelect(GROUP).ioprio(IORING_RECVSEND_BUNDLE);
    ring.sqe(3).sendmsg(pair.near(), 0, 0).bufferSelect(GROUP);
    ring.submitEach();
    ring.expect(cqe(1, -ENOENT), cqe(2, -ENOENT), cqe(3, -EOPNOTSUPP));
  }

  @Case
  @Spec("9.1-8")
  public void strayFieldsOfTimeoutsAreInvalid(Rig t) {
    RawRing ring = t.ring(8);
    ring.sqe(1).timeout(never(t), 0, 0).addr3(1);
    ring.sqe(2).timeoutRemove(1, 0).addr3(1);
    ring.submitEach();
    ring.expect(cqe(1, -EINVAL), cqe(2, -EINVAL));
  }

  @Case
  @Spec("9.1-9")
  public void cancelledTimeoutCountsAsOneThatHasEndedOn7(Rig t) {
    RawRing ring = t.ring(8);
    ring.sqe(1).timeout(never(t), 3, 0);
    ring.sqe(2).timeout(never(t), 4, 0);
    ring.sqe(3).asyncCancel(1, 0);
    ring.expect(cqe(3, 0), cqe(1, -ECANCELED));
    ring.sqe(4).nop();
    ring.expect(cqe(4, 0));
    ring.sqe(5).nop();
    if (!t.is7()) {
      ring.expect(cqe(5, 0), cqe(2, 0));
      return;
    }
    ring.expect(cqe(5, 0));
    ring.sqe(6).nop();
    ring.expect(cqe(6, 0), cqe(2, 0));
  }

  @Case
  @Spec("9.1-10")
  public void drainingEndsOneRequestEarlierOn7(Rig t) {
    RawRing ring = t.ring(8);
    Ends pair = t.socketPair(SOCK_STREAM);
    var _ = t.group(ring, GROUP, 4).provide(0, 4, 16);
    t.host().shutdown(pair.far(), SHUT_WR);
    ring.sqe(1).nop().drain();
    ring.expect(cqe(1, 0));
    ring.sqe(2).recv(pair.near(), 0, 0, 0).bufferSelect(GROUP); // a worker uses its buffer up
    ring.expect(t.is7() ? cqe(2, 0) : cqe(2, 0, buffer(0)));
  }

  @Case
  @Spec("9.1-11")
  public void bundleWithBytesEnoughKnowsTheLastBufferOn7(Rig t) {
    RawRing ring = t.ring(8);
    Ends pair = t.socketPair(SOCK_STREAM);
    var _ = t.group(ring, GROUP, 4).provide(0, 1, 64);
    ring.sqe(1).send(pair.near(), 0, 40, 0).bufferSelect(GROUP).ioprio(IORING_RECVSEND_BUNDLE);
    if (t.is7()) ring.expect(cqe(1, 40, buffer(0)));
    else ring.expect(cqe(1, 40, buffer(0) | IORING_CQE_F_MORE), cqe(1, -ENOBUFS));
  }

  @Case
  @Spec("9.1-12")
  public void receiveLooksForItsSocketFirstOn7(Rig t) {
    RawRing ring = t.ring(8);
    Ends pipe = t.pipe();
    ring.sqe(1).recv(pipe.near(), t.memory(8L), 0).ioprio(IORING_RECVSEND_POLL_FIRST);
    ring.submitAll();
    if (t.is7()) {
      ring.expect(cqe(1, -ENOTSOCK));
      return;
    }
    ring.expectNothing();
    t.write(pipe.far(), 1);
    ring.expect(cqe(1, -ENOTSOCK));
  }

  @Case
  @Spec("9.1-13")
  public void closingSocketTellsAllBeforeItDiscards(Rig t) {
    RawRing ring = t.ring(8);
    Ends pair = t.socketPair(SOCK_STREAM);
    t.write(pair.near(), 100);
    ring.sqe(1).pollMultishot(pair.near(), Poll.POLLOUT);
    ring.expect(cqe(1, Poll.POLLOUT, IORING_CQE_F_MORE));
    ring.sqe(2).pollMultishot(pair.near(), 0);
    ring.submitAll();
    t.host().close(pair.far());
    int over = Poll.POLLERR | Poll.POLLHUP | Poll.POLLRDHUP;
    int both = IORING_CQE_F_MORE;
    ring.expect(cqe(2, over, both), cqe(1, over | Poll.POLLOUT, both));
  }

  @Case
  @Spec("9.1-14")
  public void sendFromAUsedUpBufferHasNone(Rig t) {
    RawRing ring = t.ring(8);
    Ends pair = t.socketPair(SOCK_STREAM);
    var _ = t.incrementalGroup(ring, GROUP, 2, 0).provide(0, 4, 8); // twice round
    t.write(pair.far(), 16);
    ring.sqe(1).recv(pair.near(), 0, 0, 0).bufferSelect(GROUP);
    ring.sqe(2).recv(pair.near(), 0, 0, 0).bufferSelect(GROUP);
    ring.submitEach();
    ring.expect(cqe(1, 8, buffer(2) | IORING_CQE_F_SOCK_NONEMPTY), cqe(2, 8, buffer(3)));
    ring.sqe(3).send(pair.near(), 0, 0, 0).bufferSelect(GROUP);
    ring.expect(cqe(3, -ENOBUFS));
  }

  @Case
  @Spec("9.1-15")
  public void timeoutsAreNotCountedBehindTheirLastLookOn7(Rig t) {
    RawRing ring = t.ring(8);
    ring.sqe(1).timeout(never(t), 1, 0);
    ring.sqe(2).timeout(never(t), 9, 0);
    ring.sqe(3).nop().link();
    ring.sqe(4).timeout(never(t), 2, 0); // 1 has ended then, and is not yet posted
    ring.expect(cqe(3, 0), cqe(1, 0));
    ring.sqe(5).nop();
    if (!t.is7()) {
      ring.expect(cqe(5, 0), cqe(4, 0));
      return;
    }
    ring.expect(cqe(5, 0));
    ring.sqe(6).nop();
    ring.expect(cqe(6, 0), cqe(4, 0));
  }

  @Case
  @Spec("9.1-15")
  public void timeoutsAreCountedAnewWhereNoneIsLeft(Rig t) {
    RawRing ring = t.ring(8);
    ring.sqe(1).timeout(never(t), 1, 0);
    ring.sqe(2).nop().link();
    ring.sqe(3).timeout(never(t), 2, 0);
    ring.expect(cqe(2, 0), cqe(1, 0));
    ring.sqe(4).nop();
    ring.expect(cqe(4, 0), cqe(3, 0));
  }

  @Case
  @Spec("9.1-16")
  public void drainingGoesOnBehindAChainThatDrained(Rig t) {
    RawRing ring = t.ring(8);
    Ends pair = t.socketPair(SOCK_STREAM);
    var _ = t.group(ring, GROUP, 4).provide(0, 4, 16);
    t.host().shutdown(pair.far(), SHUT_WR);
    ring.sqe(1).nop().drain().link();
    ring.sqe(2).nop();
    ring.expect(cqe(1, 0), cqe(2, 0));
    ring.sqe(3).recv(pair.near(), 0, 0, 0).bufferSelect(GROUP); // a worker uses its buffer up
    ring.expect(cqe(3, 0, buffer(0)));
  }

  @Case
  @Spec("9.1-17")
  public void changedPollThatIsWokenForNothingWaitsForItsNewEvents(Rig t) {
    RawRing ring = t.ring(8);
    Ends pair = t.socketPair(SOCK_STREAM);
    ring.sqe(1).pollAdd(pair.near(), 0);
    ring.sqe(2).pollUpdate(1, 0, Poll.POLLIN, IORING_POLL_UPDATE_EVENTS);
    ring.submitAll();
    ring.expect(cqe(2, 0));
    ring.sqe(3).recv(pair.near(), t.memory(8L), 0);
    ring.sqe(4).send(pair.far(), t.memory(8L), 0);
    ring.sqe(5).pollRemove(1);
    ring.expect(cqe(4, 8), cqe(5, -EALREADY), cqe(3, 8));
    ring.expectNothing();
    t.write(pair.far(), 1);
    ring.expect(cqe(1, Poll.POLLIN));
  }

  @Case
  @Spec("9.1-18")
  public void workerAsksTwiceForAllOfAReceive(Rig t) {
    RawRing ring = t.ring(8);
    Ends pair = t.socketPair(SOCK_SEQPACKET);
    for (int length : new int[] {300, 200, 500}) t.write(pair.far(), length);
    ring.sqe(1).recv(pair.near(), t.memory(1000L), MSG_WAITALL).async();
    ring.expect(cqe(1, 500));
  }

  @Case
  @Spec("9.1-19")
  public void readAtTheEndOfAFileNeedsNoMemory(Rig t) {
    RawRing ring = t.ring(8);
    int file = t.open(t.file(new byte[200]), O_RDWR);
    ring.sqe(1).read(file, NOWHERE, 8, 200);
    ring.sqe(2).read(file, NOWHERE, 8, 199);
    ring.submitEach();
    ring.expectInAnyOrder(cqe(1, 0), cqe(2, -EFAULT));
  }

  @Case
  @Spec("9.1-20")
  public void sendFromALegacyGroupSendsAWholeBuffer(Rig t) {
    RawRing ring = t.ring(8);
    Ends pair = t.socketPair(SOCK_STREAM);
    MemorySegment buffers = t.memory(200L);
    ring.sqe(1).provideBuffers(buffers.address(), 100, 2, GROUP, 5);
    ring.expect(cqe(1, 0));
    ring.sqe(2).send(pair.near(), 0, 16, 0).bufferSelect(GROUP);
    ring.sqe(3).send(pair.near(), 0, 16, 0).bufferSelect(GROUP).ioprio(IORING_RECVSEND_BUNDLE);
    ring.expect(cqe(2, 100, buffer(5)), cqe(3, 100, buffer(6)));
  }

  @Case
  @Spec("9.1-21")
  public void allOfAnIncrementalBufferIsNotWaitedForOn7(Rig t) {
    t.need(Need.LINUX_7);
    RawRing ring = t.ring(8);
    Ends pair = t.socketPair(SOCK_STREAM);
    var _ = t.incrementalGroup(ring, GROUP, 4, 0).provide(3, 1, 16);
    ring.sqe(1).recv(pair.near(), 0, 16, MSG_WAITALL).bufferSelect(GROUP);
    ring.expectNothing();
    t.write(pair.far(), 1);
    ring.expect(cqe(1, 1, buffer(3) | IORING_CQE_F_BUF_MORE));
  }

  @Case
  @Spec("9.1-22")
  public void receiveOfAllTakesAnErrorThatItDoesNotTell(Rig t) {
    RawRing ring = t.ring(8);
    Ends pair = t.socketPair(SOCK_STREAM);
    t.write(pair.near(), 33);
    t.write(pair.far(), 40);
    t.host().close(pair.far()); // with bytes unread: -ECONNRESET
    ring.sqe(1).recv(pair.near(), t.memory(1000L), MSG_WAITALL);
    ring.sqe(2).recv(pair.near(), t.memory(8L), 0);
    ring.expectInAnyOrder(cqe(1, 40), cqe(2, 0));
  }

  @Case
  @Spec("9.1-23")
  public void oneEmptyPacketThatIsLeftUnreadResetsNothing(Rig t) {
    for (int left = 1; left <= 2; left++) {
      RawRing ring = t.ring(8);
      Ends pair = t.socketPair(SOCK_SEQPACKET);
      for (int i = 0; i < left; i++) {
        ring.sqe(1).send(pair.near(), 0, 0, 0);
        ring.expect(cqe(1, 0));
      }
      t.host().close(pair.far());
      ring.sqe(2).send(pair.near(), t.memory(8L), MSG_NOSIGNAL);
      ring.expect(cqe(2, left == 1 ? -EPIPE : -ECONNRESET));
    }
  }
}
