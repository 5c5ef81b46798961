package dev.ringshot.conformance.cases;

import static dev.ringshot.abi.IoUring.IORING_CQE_F_MORE;
import static dev.ringshot.abi.IoUring.IORING_ENTER_GETEVENTS;
import static dev.ringshot.abi.IoUring.IORING_SETUP_COOP_TASKRUN;
import static dev.ringshot.abi.IoUring.IORING_SETUP_DEFER_TASKRUN;
import static dev.ringshot.abi.IoUring.IORING_SETUP_SINGLE_ISSUER;
import static dev.ringshot.abi.IoUring.IORING_SETUP_TASKRUN_FLAG;
import static dev.ringshot.abi.IoUring.IORING_SQ_TASKRUN;
import static dev.ringshot.abi.Poll.POLLIN;
import static dev.ringshot.conformance.rig.Completion.cqe;

import dev.ringshot.conformance.Case;
import dev.ringshot.conformance.Spec;
import dev.ringshot.conformance.rig.Claim;
import dev.ringshot.conformance.rig.RawRing;
import dev.ringshot.conformance.rig.Rig;
import dev.ringshot.model.Release;

/// When the completion of something that happened later can be seen, by mode of the ring.
public final class TaskWorkCases {
  private static final int DEFER = IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN;

  /// Topics are made by reflection.
  public TaskWorkCases() {}

  @Case
  @Spec("4.3-21")
  public void ordinaryRingCompletesAtTheReturnOfTheCauseItself(Rig t) {
    completesAtTheReturnOfTheCause(t, 0);
  }

  @Case
  @Spec("4.3-22")
  public void cooperativeRingCompletesAtTheReturnOfAnOwnSystemCall(Rig t) {
    completesAtTheReturnOfTheCause(t, IORING_SETUP_COOP_TASKRUN);
    completesAtTheReturnOfTheCause(t, IORING_SETUP_COOP_TASKRUN | IORING_SETUP_TASKRUN_FLAG);
  }

  private static void completesAtTheReturnOfTheCause(Rig t, int flags) {
    RawRing ring = t.ring(8, flags);
    int eventfd = armed(t, ring);
    t.signal(eventfd);
    ring.expectVisible(cqe(1, POLLIN));
    Claim.equal("SQ flags", 0, ring.sqFlags());
  }

  @Case
  @Spec("4.3-23")
  public void deferringRingCompletesOnlyInEnterWithGetevents(Rig t) {
    RawRing ring = t.ring(8, DEFER);
    int eventfd = armed(t, ring);
    t.signal(eventfd);
    ring.expectVisible();
    Claim.result("enter", 0, ring.enter(0, 0, 0));
    ring.expectVisible();
    Claim.result("enter", 0, ring.enter(0, 0, IORING_ENTER_GETEVENTS));
    ring.expectVisible(cqe(1, POLLIN));
  }

  @Case
  @Spec("4.3-23")
  public void submissionWithoutGeteventsDoesNotRunDeferredWork(Rig t) {
    RawRing ring = t.ring(8, DEFER);
    int eventfd = armed(t, ring);
    t.signal(eventfd);
    ring.sqe(2).nop();
    ring.submitAll();
    ring.expectVisible(cqe(2, 0));
    ring.getEvents();
    ring.expectVisible(cqe(1, POLLIN));
  }

  @Case
  @Spec({"4.3-11", "4.3-23"})
  public void waitOnADeferringRingCountsWhatItRuns(Rig t) {
    RawRing ring = t.ring(8, DEFER);
    int eventfd = armed(t, ring);
    t.signal(eventfd);
    Claim.result("wait 1", 0, ring.enter(0, 1, IORING_ENTER_GETEVENTS));
    ring.expectVisible(cqe(1, POLLIN));
  }

  @Case
  @Spec({"4.3-24", "4.3-26"})
  public void deferringRingTellsOfPendingWorkIfAsked(Rig t) {
    RawRing ring = t.ring(8, DEFER | IORING_SETUP_TASKRUN_FLAG);
    int eventfd = armed(t, ring);
    Claim.equal("SQ flags", 0, ring.sqFlags());
    t.signal(eventfd);
    Claim.equal("SQ flags", IORING_SQ_TASKRUN, ring.sqFlags());
    ring.getEvents();
    Claim.equal("SQ flags", 0, ring.sqFlags());
    ring.expectVisible(cqe(1, POLLIN));
  }

  @Case
  @Spec("4.3-24")
  public void deferringRingWithoutTheFlagTellsNothing(Rig t) {
    RawRing ring = t.ring(8, DEFER);
    t.signal(armed(t, ring));
    Claim.equal("SQ flags", 0, ring.sqFlags());
    ring.expect(cqe(1, POLLIN));
  }

  @Case
  @Spec("4.3-25")
  public void ringWithPendingWorkIsReadableThoughItsQueueIsEmpty(Rig t) {
    RawRing ring = t.ring(8, DEFER);
    int eventfd = armed(t, ring);
    Claim.equal("poll before", 0, t.host().poll(ring.fd(), POLLIN, 0));
    t.signal(eventfd);
    Claim.equal("poll after", POLLIN, t.host().poll(ring.fd(), POLLIN, 0));
    ring.expectVisible();
    ring.expect(cqe(1, POLLIN));
    Claim.equal("poll at the end", 0, t.host().poll(ring.fd(), POLLIN, 0));
  }

  @Case
  @Spec("io_uring(7): a ring's descriptor is readable while it has completions")
  public void ringIsReadableWhileItHasCompletions(Rig t) {
    RawRing ring = t.ring(8);
    Claim.equal("poll before", 0, t.host().poll(ring.fd(), POLLIN, 0));
    ring.sqe(1).nop();
    ring.submitAll();
    Claim.equal("poll after", POLLIN, t.host().poll(ring.fd(), POLLIN, 0));
    ring.expectVisible(cqe(1, 0));
    Claim.equal("poll at the end", 0, t.host().poll(ring.fd(), POLLIN, 0));
  }

  @Case
  @Spec("4.3-23")
  public void workOfOneRingDoesNotRunInTheEnterOfAnother(Rig t) {
    RawRing ring = t.ring(8, DEFER);
    RawRing other = t.ring(8, DEFER);
    t.signal(armed(t, ring));
    other.getEvents();
    ring.expectVisible();
    ring.expect(cqe(1, POLLIN));
  }

  @Case
  @Spec("io_uring.c, io_run_local_work(): IO_LOCAL_TW_DEFAULT_MAX")
  public void deferringRingRunsTwentyAtATime(Rig t) {
    RawRing ring = t.ring(32, DEFER | IORING_SETUP_TASKRUN_FLAG);
    t.signal(armed(t, ring, 21));
    ring.getEvents();
    claim(ring, 20, IORING_SQ_TASKRUN);
    Claim.equal("poll", POLLIN, t.host().poll(ring.fd(), POLLIN, 0));
    ring.getEvents();
    claim(ring, 21, 0);
  }

  @Case
  @Spec("io_uring.c, io_run_local_work(): max(IO_LOCAL_TW_DEFAULT_MAX, min_events)")
  public void whoWaitsForMoreThanTwentyGetsThem(Rig t) {
    RawRing ring = t.ring(32, DEFER | IORING_SETUP_TASKRUN_FLAG);
    t.signal(armed(t, ring, 30));
    Claim.result("wait", 0, ring.enter(0, 25, IORING_ENTER_GETEVENTS));
    claim(ring, 25, IORING_SQ_TASKRUN);
    Claim.result("wait", 0, ring.enter(0, 26, IORING_ENTER_GETEVENTS));
    claim(ring, 30, 0);
  }

  @Case
  @Spec("io_uring.c, io_run_local_work(): one call runs what there is")
  public void whatACompletionLetsGoIsLeftToTheNextCall(Rig t) {
    RawRing ring = t.ring(8, DEFER | IORING_SETUP_TASKRUN_FLAG);
    int eventfd = t.eventfd();
    ring.sqe(1).pollAdd(eventfd, POLLIN).link();
    ring.sqe(2).nop();
    ring.submitAll();
    t.signal(eventfd);
    ring.getEvents();
    ring.expectVisible(cqe(1, POLLIN));
    Claim.equal("SQ flags", IORING_SQ_TASKRUN, ring.sqFlags());
    ring.getEvents();
    ring.expectVisible(cqe(2, 0));
    Claim.equal("SQ flags", 0, ring.sqFlags());
  }

  /// In 7.3 it runs at once, and the flag that told of it stays.
  @Case
  @Spec("io_uring/mpscq.h: what comes while others run")
  public void whatWorkItselfBringsIsLeftToTheNextCallOrLeavesTheFlag(Rig t) {
    RawRing ring = t.ring(8, DEFER | IORING_SETUP_TASKRUN_FLAG);
    int eventfd = t.eventfd();
    int ready = t.eventfd();
    t.signal(ready);
    ring.sqe(1).pollAdd(eventfd, POLLIN).link();
    ring.sqe(2).pollMultishot(ready, POLLIN);
    ring.submitAll();
    t.signal(eventfd);
    ring.getEvents();
    ring.expectVisible(cqe(1, POLLIN));
    ring.getEvents();
    Claim.equal("SQ flags", IORING_SQ_TASKRUN, ring.sqFlags());
    if (t.release() != Release.LINUX_7_3) {
      ring.expectVisible();
      ring.getEvents();
      Claim.equal("SQ flags", 0, ring.sqFlags());
    }
    ring.expectVisible(cqe(2, POLLIN, IORING_CQE_F_MORE));
    ring.getEvents();
    Claim.equal(
        "SQ flags", t.release() == Release.LINUX_7_3 ? IORING_SQ_TASKRUN : 0, ring.sqFlags());
  }

  /// In 6.18 what is taken to run is no work that waits; in 7.3 it is, until its turn comes.
  @Case
  @Spec("io_uring.h, io_local_work_pending(): the two lists, or the queue")
  public void ringThatPollsItselfSeesTheWorkBehindThePoll(Rig t) {
    RawRing ring = t.ring(8, DEFER | IORING_SETUP_TASKRUN_FLAG);
    int first = t.eventfd();
    int second = t.eventfd();
    ring.sqe(1).pollAdd(first, POLLIN).link();
    ring.sqe(2).pollAdd(ring.fd(), POLLIN);
    ring.sqe(3).pollAdd(second, POLLIN);
    ring.submitAll();
    t.signal(first);
    ring.getEvents();
    ring.expectVisible(cqe(1, POLLIN));
    t.signal(second);
    ring.getEvents();
    if (t.release() == Release.LINUX_7_3) {
      ring.expectVisible(cqe(2, POLLIN), cqe(3, POLLIN));
    } else {
      claim(ring, 2, IORING_SQ_TASKRUN);
      ring.getEvents();
      ring.expectVisible(cqe(3, POLLIN), cqe(2, POLLIN));
    }
  }

  private static void claim(RawRing ring, int cqTail, int sqFlags) {
    Claim.equal("CQ tail", cqTail, ring.cqTail());
    Claim.equal("SQ flags", sqFlags, ring.sqFlags());
  }

  @Case
  @Spec("7c-5")
  public void pendingWorkKeepsTheOrderOfItsCauses(Rig t) {
    RawRing ring = t.ring(8, DEFER);
    int first = t.eventfd();
    int second = t.eventfd();
    ring.sqe(1).pollAdd(first, POLLIN);
    ring.sqe(2).pollMultishot(second, POLLIN);
    ring.submitAll();
    t.signal(second);
    t.signal(first);
    ring.expect(cqe(2, POLLIN, IORING_CQE_F_MORE), cqe(1, POLLIN));
  }

  private static int armed(Rig t, RawRing ring, int polls) {
    int eventfd = t.eventfd();
    for (int i = 1; i <= polls; i++) ring.sqe(i).pollAdd(eventfd, POLLIN);
    ring.submitAll();
    return eventfd;
  }

  private static int armed(Rig t, RawRing ring) {
    int eventfd = t.eventfd();
    ring.sqe(1).pollAdd(eventfd, POLLIN);
    ring.submitAll();
    ring.expectVisible();
    return eventfd;
  }
}
