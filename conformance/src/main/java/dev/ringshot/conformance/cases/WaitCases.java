package dev.ringshot.conformance.cases;

import static dev.ringshot.abi.Errno.EFAULT;
import static dev.ringshot.abi.Errno.EINVAL;
import static dev.ringshot.abi.Errno.ETIME;
import static dev.ringshot.abi.IoUring.IORING_ENTER_ABS_TIMER;
import static dev.ringshot.abi.IoUring.IORING_ENTER_EXT_ARG;
import static dev.ringshot.abi.IoUring.IORING_ENTER_EXT_ARG_REG;
import static dev.ringshot.abi.IoUring.IORING_ENTER_GETEVENTS;
import static dev.ringshot.abi.IoUring.IORING_REGISTER_EVENTFD;
import static dev.ringshot.abi.Poll.POLLIN;
import static dev.ringshot.conformance.rig.Completion.cqe;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.ringshot.abi.GeteventsArg;
import dev.ringshot.conformance.Case;
import dev.ringshot.conformance.Spec;
import dev.ringshot.conformance.rig.Claim;
import dev.ringshot.conformance.rig.RawRing;
import dev.ringshot.conformance.rig.Rig;
import java.lang.foreign.MemorySegment;

/// How io_uring_enter(2) waits, and what ends a wait.
public final class WaitCases {
  private static final int EXTENDED = IORING_ENTER_GETEVENTS | IORING_ENTER_EXT_ARG;
  private static final long SHORT_NANOS = 2_000_000;

  /// Topics are made by reflection.
  public WaitCases() {}

  @Case
  @Spec({"4.3-6", "4.3-11"})
  public void enoughCompletionsEndTheWaitWithTheCountOfSubmissions(Rig t) {
    RawRing ring = t.ring(8);
    ring.sqe(1).nop();
    ring.sqe(2).nop();
    Claim.result("submit 2, wait 2", 2, ring.enter(ring.publish(), 2, IORING_ENTER_GETEVENTS));
    Claim.result("wait 2", 0, ring.enter(0, 2, IORING_ENTER_GETEVENTS));
    ring.expectVisible(cqe(1, 0), cqe(2, 0));
  }

  @Case
  @Spec("4.3-7")
  public void waitIsSkippedWhenFewerWereSubmittedThanAsked(Rig t) {
    RawRing ring = t.ring(8);
    ring.sqe(1).nop();
    ring.publish();
    Claim.result("submit 1 of 3, wait 3", 1, ring.enter(3, 3, IORING_ENTER_GETEVENTS));
    Claim.result("submit 0 of 3, wait 3", 0, ring.enter(3, 3, IORING_ENTER_GETEVENTS));
    ring.expectVisible(cqe(1, 0));
  }

  @Case
  @Spec("4.3-8")
  public void errorOfAWaitIsHiddenByASubmission(Rig t) {
    RawRing ring = t.ring(8);
    ring.sqe(1).nop();
    Claim.result("submit 1, wait 3", 1, ring.enterTimed(ring.publish(), 3, SHORT_NANOS));
    ring.expectVisible(cqe(1, 0));
  }

  @Case
  @Spec({"4.3-8", "4.3-15"})
  public void badArgumentIsHiddenByASubmission(Rig t) {
    RawRing ring = t.ring(8);
    ring.sqe(1).nop();
    int count = ring.publish();
    Claim.result("enter", 1, t.kernel().enter(ring.fd(), count, 1, EXTENDED, Rig.UNMAPPED, 24));
    ring.expectVisible(cqe(1, 0));
  }

  @Case
  @Spec("4.3-10")
  public void minCompleteIsCappedAtTheCq(Rig t) {
    RawRing ring = t.ringWithCq(4, 4, 0);
    for (int i = 0; i < 4; i++) ring.sqe(i).nop();
    Claim.result("wait 100", 4, ring.enter(ring.publish(), 100, IORING_ENTER_GETEVENTS));
    Claim.result("wait 100", 0, ring.enter(0, 100, IORING_ENTER_GETEVENTS));
  }

  @Case
  @Spec("4.3-12")
  public void timeLimitIsEtimeOnlyWithAnEmptyCq(Rig t) {
    RawRing ring = t.ring(8);
    Claim.result("empty", -ETIME, ring.enterTimed(0, 2, SHORT_NANOS));
    ring.sqe(1).nop();
    ring.submitAll();
    Claim.result("with one CQE", 0, ring.enterTimed(0, 2, SHORT_NANOS));
    ring.expectVisible(cqe(1, 0));
    Claim.result("empty again", -ETIME, ring.enterTimed(0, 2, SHORT_NANOS));
  }

  @Case
  @Spec("4.3-12")
  public void timeLimitOfZeroIsOverAtOnce(Rig t) {
    RawRing ring = t.ring(8);
    Claim.result("zero", -ETIME, ring.enterTimed(0, 1, 0));
  }

  @Case
  @Spec("4.3-1: ABS_TIMER")
  public void absoluteTimeLimitInThePastIsOverAtOnce(Rig t) {
    RawRing ring = t.ring(8);
    int flags = EXTENDED | IORING_ENTER_ABS_TIMER;
    var argument = argument(t, 0, 0, 0, timespec(t, 0, 1));
    Claim.result("past", -ETIME, enter(t, ring, 1, flags, argument));
  }

  @Case
  @Spec("4.3-1: ABS_TIMER")
  public void absoluteTimeLimitIsNoSpan(Rig t) {
    RawRing ring = t.ring(8);
    Claim.result(
        "500 ms",
        -ETIME,
        ring.enterTimed(0, 1, 500_000_000)); // in virtual time the clock starts at 0
    ring.sqe(1).timeout(timespec(t, 0, 200_000_000), 0, 0);
    ring.submitAll();
    int flags = EXTENDED | IORING_ENTER_ABS_TIMER;
    var argument = argument(t, 0, 0, 0, timespec(t, 0, 400_000_000));
    Claim.result("past", -ETIME, enter(t, ring, 1, flags, argument));
    ring.expect(cqe(1, -ETIME));
  }

  @Case
  @Spec("4.3-14")
  public void timesAreNotValidated(Rig t) {
    RawRing ring = t.ring(8);
    var negative = argument(t, 0, 0, 0, timespec(t, -1, 0));
    Claim.result("-1 s", -ETIME, enter(t, ring, 1, EXTENDED, negative));
    var unnormalized = argument(t, 0, 0, 0, timespec(t, -1, 1_000_000_001));
    Claim.result("-1 s + 1000000001 ns", -ETIME, enter(t, ring, 1, EXTENDED, unnormalized));
  }

  @Case
  @Spec("4.3-14")
  public void argumentHas24Bytes(Rig t) {
    RawRing ring = t.ring(8);
    var argument = argument(t, 0, 0, 0, timespec(t, 0, 1));
    for (long size : new long[] {0, 8, 23, 25, 64}) {
      int result = t.kernel().enter(ring.fd(), 0, 1, EXTENDED, argument.address(), size);
      Claim.result("size " + size, -EINVAL, result);
    }
  }

  @Case
  @Spec("4.3-15")
  public void unreadableArgumentsAreEfault(Rig t) {
    RawRing ring = t.ring(8);
    int result = t.kernel().enter(ring.fd(), 0, 1, EXTENDED, Rig.UNMAPPED, GeteventsArg.SIZE);
    Claim.result("argument", -EFAULT, result);
    var argument = argument(t, 0, 0, 0, Rig.UNMAPPED);
    Claim.result("timespec", -EFAULT, enter(t, ring, 1, EXTENDED, argument));
    argument = argument(t, Rig.UNMAPPED, 8, 0, timespec(t, 0, 1));
    Claim.result("sigmask", -EFAULT, enter(t, ring, 1, EXTENDED, argument));
  }

  @Case
  @Spec("4.3-14: sigmask")
  public void signalSetIsNotLookedAtIfThereIsNothingToWaitFor(Rig t) {
    RawRing ring = t.ring(8);
    ring.sqe(1).nop();
    ring.submitAll();
    var argument = argument(t, Rig.UNMAPPED, 4, 0, 0);
    Claim.result("extended", 0, enter(t, ring, 1, EXTENDED, argument));
    int flags = IORING_ENTER_GETEVENTS;
    Claim.result("plain", 0, t.kernel().enter(ring.fd(), 0, 1, flags, Rig.UNMAPPED, 4));
    ring.expectVisible(cqe(1, 0));
  }

  @Case
  @Spec("4.3-14")
  public void negativeNanosecondsAreOver(Rig t) {
    RawRing ring = t.ring(8);
    var argument = argument(t, 0, 0, 0, timespec(t, 0, -5));
    Claim.result("-5 ns", -ETIME, enter(t, ring, 1, EXTENDED, argument));
  }

  @Case
  @Spec("4.3-15")
  public void argumentIsReadEvenIfNothingIsWaitedFor(Rig t) {
    RawRing ring = t.ring(8);
    int result = t.kernel().enter(ring.fd(), 0, 0, EXTENDED, Rig.UNMAPPED, GeteventsArg.SIZE);
    Claim.result("argument", -EFAULT, result);
  }

  @Case
  @Spec("4.3-16")
  public void argumentIsIgnoredWithoutGetevents(Rig t) {
    RawRing ring = t.ring(8);
    ring.sqe(1).nop();
    int count = ring.publish();
    int flags = IORING_ENTER_EXT_ARG;
    Claim.result("enter", 1, t.kernel().enter(ring.fd(), count, 1, flags, Rig.UNMAPPED, 77));
    Claim.result("enter", 0, t.kernel().enter(ring.fd(), 0, 1, flags, Rig.UNMAPPED, 77));
    ring.expectVisible(cqe(1, 0));
  }

  @Case
  @Spec("4.3-14: sigmask")
  public void signalSetHasEightBytes(Rig t) {
    RawRing ring = t.ring(8);
    ring.sqe(1).nop();
    ring.submitAll();
    long set = t.memory(8L).address();
    int flags = IORING_ENTER_GETEVENTS;
    Claim.result("size 8", 0, t.kernel().enter(ring.fd(), 0, 1, flags, set, 8));
    Claim.result("no set, size 0", 0, t.kernel().enter(ring.fd(), 0, 1, flags, 0, 0));
    ring.expectVisible(cqe(1, 0));
    Claim.result("size 4", -EINVAL, t.kernel().enter(ring.fd(), 0, 1, flags, set, 4));
    Claim.result("fault", -EFAULT, t.kernel().enter(ring.fd(), 0, 1, flags, Rig.UNMAPPED, 8));
    var argument = argument(t, set, 4, 0, timespec(t, 0, 1));
    Claim.result("size 4 in the argument", -EINVAL, enter(t, ring, 1, EXTENDED, argument));
  }

  @Case
  @Spec("4.3-17")
  public void afterTheMinimalWaitOneCompletionSuffices(Rig t) {
    RawRing ring = t.ring(8);
    ring.sqe(1).nop();
    ring.submitAll();
    var argument = argument(t, 0, 0, 1000, timespec(t, 3, 0));
    Claim.result("wait 2", 0, enter(t, ring, 2, EXTENDED, argument));
    ring.expectVisible(cqe(1, 0));
  }

  @Case
  @Spec("4.3-17")
  public void minimalWaitWithoutATimeLimitEndsTheWait(Rig t) {
    RawRing ring = t.ring(8);
    ring.sqe(1).timeout(timespec(t, 2, 0), 0, 0); // or the case could hang
    ring.submitAll();
    var argument = argument(t, 0, 0, 1000, 0);
    Claim.result("wait 1", -ETIME, enter(t, ring, 1, EXTENDED, argument));
  }

  @Case
  @Spec("4.3-17")
  public void minimalWaitWithoutCompletionGoesOnToTheTimeLimit(Rig t) {
    RawRing ring = t.ring(8);
    var argument = argument(t, 0, 0, 1000, timespec(t, 0, 5_000_000));
    Claim.result("wait 2", -ETIME, enter(t, ring, 2, EXTENDED, argument));
  }

  @Case
  @Spec("4.3-17")
  public void afterTheMinimalWaitTheNextCompletionSuffices(Rig t) {
    RawRing ring = t.ring(8);
    ring.sqe(1).timeout(timespec(t, 0, 5_000_000), 0, 0);
    ring.submitAll();
    var argument = argument(t, 0, 0, 1000, timespec(t, 3, 0));
    Claim.result("wait 2", 0, enter(t, ring, 2, EXTENDED, argument));
    ring.expectVisible(cqe(1, -ETIME));
  }

  @Case
  @Spec("4.3-17")
  public void minimalWaitGathersWhatComesMeanwhile(Rig t) {
    RawRing ring = t.ring(8);
    completeAfter(t, ring, 1, 2_000_000);
    completeAfter(t, ring, 2, 4_000_000);
    var argument = argument(t, 0, 0, 20_000, timespec(t, 3, 0));
    Claim.result("wait 3", 0, enter(t, ring, 3, EXTENDED, argument));
    ring.expectVisible(cqe(1, POLLIN), cqe(2, POLLIN));
  }

  @Case
  @Spec("4.3-17")
  public void afterTheMinimalWaitOneOfSeveralSuffices(Rig t) {
    RawRing ring = t.ring(8);
    completeAfter(t, ring, 1, 5_000_000);
    completeAfter(t, ring, 2, 2_000_000_000);
    var argument = argument(t, 0, 0, 1000, timespec(t, 3, 0));
    Claim.result("wait 3", 0, enter(t, ring, 3, EXTENDED, argument));
    ring.expectVisible(cqe(1, POLLIN));
  }

  /// Has a poll of `ring` complete in a while: by another ring's timeout, as one of its own would
  /// end a wait.
  private static void completeAfter(Rig t, RawRing ring, long userData, long nanos) {
    int eventfd = t.eventfd();
    RawRing clock = t.ring(1);
    MemorySegment word = t.memory(4L);
    word.set(JAVA_INT, 0, eventfd);
    Claim.result("eventfd", 0, clock.register(IORING_REGISTER_EVENTFD, word.address(), 1));
    ring.sqe(userData).pollAdd(eventfd, POLLIN);
    ring.submitAll();
    clock.sqe(0).timeout(timespec(t, nanos / 1_000_000_000, nanos % 1_000_000_000), 0, 0);
    clock.submitAll();
  }

  @Case
  @Spec({"4.3-11", "4.3-14"})
  public void waitWithoutTimespecHasNoLimit(Rig t) {
    RawRing ring = t.ring(8);
    ring.sqe(1).timeout(timespec(t, 0, SHORT_NANOS), 0, 0);
    ring.submitAll();
    Claim.result("wait 1", 0, enter(t, ring, 1, EXTENDED, argument(t, 0, 0, 0, 0)));
    ring.expectVisible(cqe(1, -ETIME));
  }

  @Case
  @Spec("4.3-1: EXT_ARG_REG")
  public void registeredArgumentNeedsARegion(Rig t) {
    RawRing ring = t.ring(8);
    int flags = EXTENDED | IORING_ENTER_EXT_ARG_REG;
    Claim.result("enter", -EFAULT, t.kernel().enter(ring.fd(), 0, 1, flags, 0, 64));
  }

  private static int enter(
      Rig t, RawRing ring, int minComplete, int flags, MemorySegment argument) {
    return t.kernel()
        .enter(ring.fd(), 0, minComplete, flags, argument.address(), GeteventsArg.SIZE);
  }

  private static MemorySegment argument(
      Rig t, long sigmask, int size, int minWaitMicros, long timespec) {
    MemorySegment argument = t.memory((long) GeteventsArg.SIZE);
    argument.set(JAVA_LONG, GeteventsArg.SIGMASK, sigmask);
    argument.set(JAVA_INT, GeteventsArg.SIGMASK_SZ, size);
    argument.set(JAVA_INT, GeteventsArg.MIN_WAIT_USEC, minWaitMicros);
    argument.set(JAVA_LONG, GeteventsArg.TS, timespec);
    return argument;
  }

  private static long timespec(Rig t, long seconds, long nanos) {
    MemorySegment timespec = t.memory(16L);
    timespec.set(JAVA_LONG, 0, seconds);
    timespec.set(JAVA_LONG, 8, nanos);
    return timespec.address();
  }
}
