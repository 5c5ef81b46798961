package dev.ringshot.conformance.cases;

import static dev.ringshot.abi.Errno.EBADF;
import static dev.ringshot.abi.Errno.ECANCELED;
import static dev.ringshot.abi.Errno.EINVAL;
import static dev.ringshot.abi.Errno.ENOENT;
import static dev.ringshot.abi.IoUring.IORING_CQE_F_MORE;
import static dev.ringshot.abi.IoUring.IORING_POLL_ADD_MULTI;
import static dev.ringshot.abi.IoUring.IORING_POLL_UPDATE_EVENTS;
import static dev.ringshot.abi.IoUring.IORING_POLL_UPDATE_USER_DATA;
import static dev.ringshot.abi.IoUring.IORING_REGISTER_EVENTFD;
import static dev.ringshot.abi.IoUring.IORING_SETUP_DEFER_TASKRUN;
import static dev.ringshot.abi.IoUring.IORING_SETUP_SINGLE_ISSUER;
import static dev.ringshot.abi.IoUring.IORING_SETUP_SUBMIT_ALL;
import static dev.ringshot.abi.IoUring.IORING_SQ_CQ_OVERFLOW;
import static dev.ringshot.abi.Poll.POLLIN;
import static dev.ringshot.abi.Poll.POLLOUT;
import static dev.ringshot.conformance.rig.Completion.cqe;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.ringshot.abi.Fcntl;
import dev.ringshot.conformance.Case;
import dev.ringshot.conformance.Spec;
import dev.ringshot.conformance.rig.Claim;
import dev.ringshot.conformance.rig.RawRing;
import dev.ringshot.conformance.rig.Rig;
import java.lang.foreign.MemorySegment;

/// POLL_ADD and POLL_REMOVE.
public final class PollCases {
  private static final int CLOSED_FD = 1_000_000;

  /// Topics are made by reflection.
  public PollCases() {}

  @Case
  @Spec("io_uring_prep_poll_add(3): one completion with the events")
  public void readyFileCompletesAtOnce(Rig t) {
    RawRing ring = t.ring(8);
    int eventfd = t.eventfd();
    ring.sqe(1).pollAdd(eventfd, POLLOUT);
    ring.sqe(2).pollAdd(eventfd, POLLIN | POLLOUT);
    ring.submitAll();
    ring.expectVisible(cqe(1, POLLOUT), cqe(2, POLLOUT));
  }

  @Case
  @Spec("io_uring_prep_poll_add(3): one completion with the events")
  public void fileThatCannotBePolledIsReady(Rig t) {
    RawRing ring = t.ring(8);
    ring.sqe(1).pollAdd(t.open("/dev/null", Fcntl.O_RDWR), POLLIN);
    ring.expect(cqe(1, POLLIN));
  }

  @Case
  @Spec("io_uring_prep_poll_add(3): one completion with the events")
  public void singlePollCompletesOnce(Rig t) {
    RawRing ring = t.ring(8);
    int eventfd = t.eventfd();
    ring.sqe(1).pollAdd(eventfd, POLLIN);
    ring.submitAll();
    t.signal(eventfd);
    t.signal(eventfd);
    ring.expect(cqe(1, POLLIN));
    ring.expectNothing();
  }

  @Case
  @Spec("io_uring_prep_poll_multishot(3): the CQE without F_MORE is the last")
  public void multishotPollOfTheEventfdOfItsOwnRingEndsWithTheFirst(Rig t) {
    for (int flags : new int[] {0, IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN}) {
      RawRing ring = t.ring(8, flags);
      int eventfd = t.eventfd();
      MemorySegment word = t.memory(4L);
      word.set(JAVA_INT, 0, eventfd);
      Claim.result("EVENTFD", 0, ring.register(IORING_REGISTER_EVENTFD, word.address(), 1));
      ring.sqe(1).pollMultishot(eventfd, POLLIN);
      ring.submitAll();
      ring.sqe(2).nop();
      ring.expect(cqe(2, 0), cqe(1, POLLIN));
      ring.expectNothing();
    }
  }

  @Case
  @Spec("io_uring_prep_poll_multishot(3): the CQE without F_MORE is the last")
  public void multishotPollOfItsOwnRingEndsWithTheFirst(Rig t) {
    RawRing ring = t.ring(8);
    ring.sqe(1).pollMultishot(ring.fd(), POLLIN);
    ring.submitAll();
    ring.sqe(2).nop();
    ring.expect(cqe(2, 0), cqe(1, POLLIN));
    ring.expectNothing();
  }

  @Case
  @Spec("io_uring_enter(2): IORING_OP_POLL_ADD, errors")
  public void unusedFieldsMustBeZero(Rig t) {
    RawRing ring = t.ring(8, IORING_SETUP_SUBMIT_ALL);
    int eventfd = t.eventfd();
    ring.sqe(1).pollAdd(eventfd, POLLIN).bufIndex(1);
    ring.sqe(2).pollAdd(eventfd, POLLIN).off(1);
    ring.sqe(3).pollAdd(eventfd, POLLIN).addr(1);
    ring.sqe(4).pollAdd(eventfd, POLLIN).len(IORING_POLL_UPDATE_EVENTS);
    ring.sqe(5).pollAdd(eventfd, POLLIN).len(1 << 4);
    ring.sqe(6).pollAdd(CLOSED_FD, POLLIN);
    ring.expect(
        cqe(1, -EINVAL),
        cqe(2, -EINVAL),
        cqe(3, -EINVAL),
        cqe(4, -EINVAL),
        cqe(5, -EINVAL),
        cqe(6, -EBADF));
  }

  @Case
  @Spec({"4.6-6", "4.6-8", "7-23"})
  public void multishotCompletesAtEachEventUntilItIsRemoved(Rig t) {
    RawRing ring = t.ring(8);
    int eventfd = t.eventfd();
    ring.sqe(1).pollMultishot(eventfd, POLLIN);
    ring.submitAll();
    t.signal(eventfd);
    ring.expect(cqe(1, POLLIN, IORING_CQE_F_MORE));
    t.signal(eventfd);
    ring.expect(cqe(1, POLLIN, IORING_CQE_F_MORE));
    ring.sqe(2).pollRemove(1);
    ring.expectInAnyOrder(cqe(2, 0), cqe(1, -ECANCELED));
    t.signal(eventfd);
    ring.expectNothing();
  }

  @Case
  @Spec("4.6-6")
  public void multishotOfAReadyFileCompletesAtOnceAndStays(Rig t) {
    RawRing ring = t.ring(8);
    int eventfd = t.eventfd();
    t.signal(eventfd);
    ring.sqe(1).pollMultishot(eventfd, POLLIN);
    ring.submitAll();
    ring.expectVisible(cqe(1, POLLIN, IORING_CQE_F_MORE));
    ring.expectNothing();
    t.signal(eventfd);
    ring.expect(cqe(1, POLLIN, IORING_CQE_F_MORE));
  }

  @Case
  @Spec("4.6-7")
  public void multishotEndsByWayOfTheOverflowList(Rig t) {
    RawRing ring = t.ringWithCq(4, 4, 0);
    int eventfd = t.eventfd();
    ring.sqe(1).pollMultishot(eventfd, POLLIN);
    ring.submitAll();
    for (int i = 0; i < 5; i++) t.signal(eventfd);
    Claim.equal("SQ flags", IORING_SQ_CQ_OVERFLOW, ring.sqFlags());
    var armed = cqe(1, POLLIN, IORING_CQE_F_MORE);
    ring.expectVisible(armed, armed, armed, armed);
    ring.getEvents();
    ring.expectVisible(cqe(1, POLLIN));
    t.signal(eventfd);
    ring.expectNothing();
  }

  @Case
  @Spec("4.4-9")
  public void multishotWithSkippedSuccessIsRefused(Rig t) {
    RawRing ring = t.ring(8);
    ring.sqe(1).pollMultishot(t.eventfd(), POLLIN).skipSuccess();
    ring.expect(cqe(1, -EINVAL));
  }

  @Case
  @Spec("4.6-8")
  public void removingNothingIsEnoent(Rig t) {
    RawRing ring = t.ring(8);
    ring.sqe(1).pollRemove(77);
    ring.expect(cqe(1, -ENOENT));
    ring.sqe(2).timeout(timespec(t), 0, 0);
    ring.sqe(3).pollRemove(2);
    ring.expect(cqe(3, -ENOENT));
  }

  @Case
  @Spec("4.6-8")
  public void removingASinglePollEndsIt(Rig t) {
    RawRing ring = t.ring(8);
    ring.sqe(1).pollAdd(t.eventfd(), POLLIN);
    ring.submitAll();
    ring.sqe(2).pollRemove(1);
    ring.expectInAnyOrder(cqe(2, 0), cqe(1, -ECANCELED));
  }

  @Case
  @Spec("io_uring_prep_poll_update(3): errors")
  public void fieldsOfRemoveAreChecked(Rig t) {
    RawRing ring = t.ring(8, IORING_SETUP_SUBMIT_ALL);
    ring.sqe(1).pollRemove(77).bufIndex(1);
    ring.sqe(2).pollRemove(77).spliceFdIn(1);
    ring.sqe(3).pollRemove(77).off(5);
    ring.sqe(4).pollRemove(77).opFlags(POLLIN);
    ring.sqe(5).pollRemove(77).len(1 << 4);
    ring.sqe(6).pollRemove(77).len(IORING_POLL_ADD_MULTI);
    ring.expect(
        cqe(1, -EINVAL),
        cqe(2, -EINVAL),
        cqe(3, -EINVAL),
        cqe(4, -EINVAL),
        cqe(5, -EINVAL),
        cqe(6, -EINVAL));
  }

  @Case
  @Spec("io_uring_prep_poll_update(3): IORING_POLL_UPDATE_USER_DATA")
  public void updateGivesAPollAnotherUserData(Rig t) {
    RawRing ring = t.ring(8);
    int eventfd = t.eventfd();
    ring.sqe(1).pollAdd(eventfd, POLLIN);
    ring.submitAll();
    ring.sqe(2).pollUpdate(1, 3, 0, IORING_POLL_UPDATE_USER_DATA);
    ring.expect(cqe(2, 0));
    t.signal(eventfd);
    ring.expect(cqe(3, POLLIN));
  }

  @Case
  @Spec("io_uring_prep_poll_update(3): IORING_POLL_UPDATE_EVENTS")
  public void updateGivesAPollOtherEvents(Rig t) {
    RawRing ring = t.ring(8);
    ring.sqe(1).pollAdd(t.eventfd(), POLLIN);
    ring.submitAll();
    ring.sqe(2).pollUpdate(1, 0, POLLOUT, IORING_POLL_UPDATE_EVENTS);
    ring.expectInAnyOrder(cqe(2, 0), cqe(1, POLLOUT));
  }

  @Case
  @Spec("io_uring_prep_poll_update(3): errors")
  public void updateOfNothingIsEnoent(Rig t) {
    RawRing ring = t.ring(8);
    ring.sqe(1).pollUpdate(77, 0, POLLOUT, IORING_POLL_UPDATE_EVENTS);
    ring.expect(cqe(1, -ENOENT));
  }

  @Case
  @Spec("io_uring(7): a ring's descriptor can be polled")
  public void ringIsPolledByAnotherRing(Rig t) {
    RawRing ring = t.ring(8);
    RawRing watched = t.ring(8);
    ring.sqe(1).pollAdd(watched.fd(), POLLIN);
    ring.submitAll();
    ring.expectVisible();
    watched.sqe(2).nop();
    watched.submitAll();
    ring.expect(cqe(1, POLLIN));
    watched.expectVisible(cqe(2, 0));
  }

  private static long timespec(Rig t) {
    var timespec = t.memory(16L);
    timespec.set(JAVA_LONG, 0, 10);
    return timespec.address();
  }
}
