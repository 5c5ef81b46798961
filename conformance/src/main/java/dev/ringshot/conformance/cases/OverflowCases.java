package dev.ringshot.conformance.cases;

import static dev.ringshot.abi.Errno.ETIME;
import static dev.ringshot.abi.IoUring.IORING_CQE_F_MORE;
import static dev.ringshot.abi.IoUring.IORING_SQ_CQ_OVERFLOW;
import static dev.ringshot.conformance.rig.Completion.buffer;
import static dev.ringshot.conformance.rig.Completion.cqe;

import dev.ringshot.abi.Fcntl;
import dev.ringshot.abi.IoUring;
import dev.ringshot.abi.Poll;
import dev.ringshot.conformance.Case;
import dev.ringshot.conformance.Spec;
import dev.ringshot.conformance.rig.BufferGroup;
import dev.ringshot.conformance.rig.Claim;
import dev.ringshot.conformance.rig.Completion;
import dev.ringshot.conformance.rig.RawRing;
import dev.ringshot.conformance.rig.Rig;
import java.util.List;

/// A completion queue that is too small.
public final class OverflowCases {
  /// Topics are made by reflection.
  public OverflowCases() {}

  /// A ring of 4 CQEs with `count` NOPs done, numbered from 0.
  private static RawRing overflown(Rig t, int count, int flags) {
    RawRing ring = t.ringWithCq(4, 4, flags);
    nops(ring, 0, count);
    return ring;
  }

  private static void nops(RawRing ring, int first, int count) {
    for (int i = 0; i < count; i++) {
      ring.sqe(first + i).nop();
      ring.submitAll();
    }
  }

  private static void flag(RawRing ring, boolean expected) {
    Claim.equal("SQ flags", expected ? IORING_SQ_CQ_OVERFLOW : 0, ring.sqFlags());
  }

  @Case
  @Spec({"7-10", "2.3-8"})
  public void tenNopsOnFourEntriesNeedTwoFlushes(Rig t) {
    RawRing ring = overflown(t, 10, 0);
    ring.expectVisible(cqe(0, 0), cqe(1, 0), cqe(2, 0), cqe(3, 0));
    flag(ring, true);
    ring.getEvents();
    ring.expectVisible(cqe(4, 0), cqe(5, 0), cqe(6, 0), cqe(7, 0));
    flag(ring, true);
    ring.getEvents();
    ring.expectVisible(cqe(8, 0), cqe(9, 0));
    flag(ring, false);
    Claim.equal("overflow counter", 0, ring.cqOverflow());
  }

  @Case
  @Spec({"2.3-1", "4.3-26"})
  public void flagIsSetByTheFirstCompletionWithoutASlot(Rig t) {
    RawRing ring = overflown(t, 4, 0);
    flag(ring, false);
    nops(ring, 4, 1);
    flag(ring, true);
    Claim.equal("CQ tail", 4, ring.cqTail());
  }

  @Case
  @Spec("2.3-2")
  public void counterStaysZero(Rig t) {
    RawRing ring = overflown(t, 100, 0);
    Claim.equal("overflow counter", 0, ring.cqOverflow());
    for (int i = 0; i < 100; i += 4) {
      ring.expectVisible(cqe(i, 0), cqe(i + 1, 0), cqe(i + 2, 0), cqe(i + 3, 0));
      ring.getEvents();
    }
    Claim.equal("overflow counter", 0, ring.cqOverflow());
    flag(ring, false);
  }

  @Case
  @Spec("2.3-4")
  public void completionsQueueBehindTheListThoughSlotsAreFree(Rig t) {
    RawRing ring = overflown(t, 5, 0);
    ring.expectVisible(cqe(0, 0), cqe(1, 0), cqe(2, 0), cqe(3, 0));
    nops(ring, 5, 1);
    ring.expectVisible();
    flag(ring, true);
    ring.getEvents();
    ring.expectVisible(cqe(4, 0), cqe(5, 0));
    flag(ring, false);
  }

  @Case
  @Spec("2.3-6: without GETEVENTS nothing is flushed")
  public void enterWithoutGeteventsFlushesNothing(Rig t) {
    RawRing ring = overflown(t, 5, 0);
    ring.expectVisible(cqe(0, 0), cqe(1, 0), cqe(2, 0), cqe(3, 0));
    Claim.result("io_uring_enter", 0, ring.enter(0, 0, 0));
    ring.expectVisible();
    ring.getEvents();
    ring.expectVisible(cqe(4, 0));
  }

  @Case
  @Spec({"2.3-6: as much as fits", "2.3-7"})
  public void flushFillsWhatIsFree(Rig t) {
    RawRing ring = overflown(t, 6, 0);
    ring.getEvents();
    Claim.equal("CQ tail", 4, ring.cqTail());
    flag(ring, true);
    ring.expectVisible(cqe(0, 0), cqe(1, 0), cqe(2, 0), cqe(3, 0));
    ring.getEvents();
    ring.expectVisible(cqe(4, 0), cqe(5, 0));
    flag(ring, false);
  }

  @Case
  @Spec({"2.3-6: waiting flushes too", "4.3-11"})
  public void waitingFlushes(Rig t) {
    RawRing ring = overflown(t, 6, 0);
    ring.expectVisible(cqe(0, 0), cqe(1, 0), cqe(2, 0), cqe(3, 0));
    Claim.result("io_uring_enter", 0, ring.enterTimed(0, 2, RawRing.PATIENCE_NANOS));
    ring.expectVisible(cqe(4, 0), cqe(5, 0));
  }

  @Case
  @Spec("2.3-1: failures and results come through the list unchanged")
  public void listKeepsResults(Rig t) {
    RawRing ring = overflown(t, 4, 0);
    ring.sqe(4).nop(-7);
    ring.sqe(5).nop(9);
    ring.submitEach();
    ring.expectVisible(cqe(0, 0), cqe(1, 0), cqe(2, 0), cqe(3, 0));
    ring.getEvents();
    ring.expectVisible(cqe(4, -7), cqe(5, 9));
  }

  @Case
  @Spec("2.3-1: of buffers too")
  public void listKeepsTheBufferOfASingleRead(Rig t) {
    RawRing ring = overflown(t, 4, 0);
    BufferGroup group = t.group(ring, 1, 4).provide(3, 1, 16);
    ring.sqe(9).read(t.open("/dev/zero", Fcntl.O_RDONLY), 0, 16, 0).bufferSelect(1);
    ring.submitAll();
    group.expectHead(1);
    ring.expectVisible(cqe(0, 0), cqe(1, 0), cqe(2, 0), cqe(3, 0));
    ring.getEvents();
    ring.expectVisible(cqe(9, 16, buffer(3)));
  }

  @Case
  @Spec({"2.3-1", "4.2-4"})
  public void longCqesOverflowAlike(Rig t) {
    RawRing ring = overflown(t, 6, IoUring.IORING_SETUP_CQE32);
    flag(ring, true);
    ring.expectVisible(cqe(0, 0), cqe(1, 0), cqe(2, 0), cqe(3, 0));
    ring.getEvents();
    ring.expectVisible(cqe(4, 0), cqe(5, 0));
  }

  @Case
  @Spec({"2.3-1", "2.3-4", "2.3-7"})
  public void deferredRingOverflowsAlike(Rig t) {
    int flags = IoUring.IORING_SETUP_SINGLE_ISSUER | IoUring.IORING_SETUP_DEFER_TASKRUN;
    RawRing ring = overflown(t, 6, flags);
    flag(ring, true);
    ring.expectVisible(cqe(0, 0), cqe(1, 0), cqe(2, 0), cqe(3, 0));
    ring.getEvents();
    ring.expectVisible(cqe(4, 0), cqe(5, 0));
    flag(ring, false);
  }

  @Case
  @Spec({"2.3-5", "4.6-7", "2.2-11"})
  public void multishotPollEndsThroughTheList(Rig t) {
    RawRing ring = overflown(t, 4, 0);
    int fd = t.eventfd();
    ring.sqe(9).pollMultishot(fd, Poll.POLLIN);
    ring.submitAll();
    t.signal(fd);
    ring.expectVisible(cqe(0, 0), cqe(1, 0), cqe(2, 0), cqe(3, 0));
    ring.getEvents();
    ring.expectVisible(cqe(9, Poll.POLLIN));
    t.signal(fd);
    ring.expectNothing();
  }

  @Case
  @Spec({"2.3-5: an entry of old, slots free", "4.6-7"})
  public void multishotPollEndsWhileTheListHasEntries(Rig t) {
    RawRing ring = overflown(t, 5, 0);
    int fd = t.eventfd();
    ring.sqe(9).pollMultishot(fd, Poll.POLLIN);
    ring.submitAll();
    ring.expectVisible(cqe(0, 0), cqe(1, 0), cqe(2, 0), cqe(3, 0));
    t.signal(fd);
    ring.expectVisible();
    ring.getEvents();
    ring.expectVisible(cqe(4, 0), cqe(9, Poll.POLLIN));
  }

  @Case
  @Spec("2.3-5: with room it stays armed")
  public void multishotPollGoesOnWithRoom(Rig t) {
    RawRing ring = overflown(t, 3, 0);
    int fd = t.eventfd();
    ring.sqe(9).pollMultishot(fd, Poll.POLLIN);
    ring.submitAll();
    t.signal(fd);
    Completion more = cqe(9, Poll.POLLIN, IORING_CQE_F_MORE);
    ring.expect(cqe(0, 0), cqe(1, 0), cqe(2, 0), more);
    t.signal(fd);
    ring.expect(more);
  }

  @Case
  @Spec("2.3-11")
  public void ringPollsReadableByTheListAlone(Rig t) {
    RawRing ring = overflown(t, 5, 0);
    ring.expectVisible(cqe(0, 0), cqe(1, 0), cqe(2, 0), cqe(3, 0));
    RawRing observer = t.ring(4);
    observer.sqe(1).pollAdd(ring.fd(), Poll.POLLIN);
    observer.expect(cqe(1, Poll.POLLIN));
  }

  @Case
  @Spec("2.3-11: and not without")
  public void emptyRingDoesNotPollReadable(Rig t) {
    RawRing ring = overflown(t, 2, 0);
    ring.expectVisible(cqe(0, 0), cqe(1, 0));
    RawRing observer = t.ring(4);
    observer.sqe(1).pollAdd(ring.fd(), Poll.POLLIN);
    observer.expectNothing();
    nops(ring, 2, 1);
    observer.expect(cqe(1, Poll.POLLIN));
  }

  @Case
  @Spec({"2.3-7", "4.3-12"})
  public void onceFlushedWaitingIsOrdinary(Rig t) {
    RawRing ring = overflown(t, 5, 0);
    ring.expect(cqe(0, 0), cqe(1, 0), cqe(2, 0), cqe(3, 0), cqe(4, 0));
    flag(ring, false);
    Claim.equal("CQEs", List.of(), ring.visible());
    Claim.result("io_uring_enter", -ETIME, ring.enterTimed(0, 1, 1_000_000));
  }
}
