package dev.ringshot.conformance.cases;

import static dev.ringshot.abi.Errno.EAGAIN;
import static dev.ringshot.abi.Errno.EBADF;
import static dev.ringshot.abi.Errno.EBUSY;
import static dev.ringshot.abi.Errno.EFAULT;
import static dev.ringshot.abi.Errno.EINVAL;
import static dev.ringshot.abi.Errno.ENXIO;
import static dev.ringshot.abi.IoUring.IORING_CQ_EVENTFD_DISABLED;
import static dev.ringshot.abi.IoUring.IORING_REGISTER_EVENTFD;
import static dev.ringshot.abi.IoUring.IORING_REGISTER_EVENTFD_ASYNC;
import static dev.ringshot.abi.IoUring.IORING_SETUP_DEFER_TASKRUN;
import static dev.ringshot.abi.IoUring.IORING_SETUP_SINGLE_ISSUER;
import static dev.ringshot.abi.IoUring.IORING_UNREGISTER_EVENTFD;
import static dev.ringshot.abi.Poll.POLLIN;
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

/// The eventfd that tells of completions.
public final class EventfdCases {
  /// Topics are made by reflection.
  public EventfdCases() {}

  @Case
  @Spec("4.6-15")
  public void ringHasOneEventfd(Rig t) {
    RawRing ring = t.ring(8);
    Claim.result("first", 0, register(t, ring, t.eventfd()));
    Claim.result("second", -EBUSY, register(t, ring, t.eventfd()));
    Claim.result(
        "second, async",
        -EBUSY,
        ring.register(IORING_REGISTER_EVENTFD_ASYNC, word(t, t.eventfd()), 1));
    Claim.result("unregister", 0, ring.register(IORING_UNREGISTER_EVENTFD, 0, 0));
    Claim.result("unregister again", -ENXIO, ring.register(IORING_UNREGISTER_EVENTFD, 0, 0));
    Claim.result("another", 0, register(t, ring, t.eventfd()));
  }

  @Case
  @Spec("4.6-15")
  public void argumentsAreChecked(Rig t) {
    RawRing ring = t.ring(8);
    long word = word(t, t.eventfd());
    Claim.result("count 0", -EINVAL, ring.register(IORING_REGISTER_EVENTFD, word, 0));
    Claim.result("count 2", -EINVAL, ring.register(IORING_REGISTER_EVENTFD, word, 2));
    Claim.result("fault", -EFAULT, ring.register(IORING_REGISTER_EVENTFD, Rig.UNMAPPED, 1));
    Claim.result("no argument", -EFAULT, ring.register(IORING_REGISTER_EVENTFD, 0, 1));
    Claim.result("closed", -EBADF, register(t, ring, 1_000_000));
    Claim.result("no eventfd", -EINVAL, register(t, ring, t.open("/dev/null", Fcntl.O_RDWR)));
    Claim.result(
        "unregister with argument", -EINVAL, ring.register(IORING_UNREGISTER_EVENTFD, word, 0));
    Claim.result("unregister with count", -EINVAL, ring.register(IORING_UNREGISTER_EVENTFD, 0, 1));
  }

  @Case
  @Spec("4.6-16")
  public void submissionAddsOneHoweverManyComplete(Rig t) {
    RawRing ring = t.ring(8);
    int eventfd = t.eventfd();
    Claim.result("register", 0, register(t, ring, eventfd));
    ring.sqe(1).nop();
    ring.sqe(2).nop();
    ring.submitAll();
    Claim.equal("count", 1L, count(t, eventfd));
    ring.sqe(3).nop();
    ring.submitAll();
    ring.sqe(4).nop();
    ring.submitAll();
    Claim.equal("count", 2L, count(t, eventfd));
    ring.expectVisible(cqe(1, 0), cqe(2, 0), cqe(3, 0), cqe(4, 0));
  }

  @Case
  @Spec("4.6-15")
  public void eventfdThatWasUnregisteredStaysSilent(Rig t) {
    RawRing ring = t.ring(8);
    int eventfd = t.eventfd();
    register(t, ring, eventfd);
    ring.register(IORING_UNREGISTER_EVENTFD, 0, 0);
    ring.sqe(1).nop();
    ring.expect(cqe(1, 0));
    Claim.equal("count", 0L, count(t, eventfd));
  }

  @Case
  @Spec("4.6-17")
  public void applicationCanSilenceIt(Rig t) {
    RawRing ring = t.ring(8);
    int eventfd = t.eventfd();
    register(t, ring, eventfd);
    ring.setCqFlags(IORING_CQ_EVENTFD_DISABLED);
    ring.sqe(1).nop();
    ring.expect(cqe(1, 0));
    Claim.equal("count while disabled", 0L, count(t, eventfd));
    ring.setCqFlags(0);
    ring.sqe(2).nop();
    ring.expect(cqe(2, 0));
    Claim.equal("count", 1L, count(t, eventfd));
  }

  @Case
  @Spec("4.6-16")
  public void laterCompletionIsTold(Rig t) {
    RawRing ring = t.ring(8);
    int told = t.eventfd();
    int cause = t.eventfd();
    register(t, ring, told);
    ring.sqe(1).pollAdd(cause, POLLIN);
    ring.submitAll();
    Claim.equal("count when armed", 0L, count(t, told));
    t.signal(cause);
    Claim.equal("count", 1L, count(t, told));
    ring.expectVisible(cqe(1, POLLIN));
  }

  @Case
  @Spec("io_uring_register(2): IORING_REGISTER_EVENTFD_ASYNC")
  public void asynchronousOneIsNotToldOfWhatItsTaskCompletes(Rig t) {
    RawRing ring = t.ring(8);
    int told = t.eventfd();
    int cause = t.eventfd();
    Claim.result("register", 0, ring.register(IORING_REGISTER_EVENTFD_ASYNC, word(t, told), 1));
    ring.sqe(1).nop();
    ring.sqe(2).pollAdd(cause, POLLIN);
    ring.submitAll();
    t.signal(cause);
    ring.expectVisible(cqe(1, 0), cqe(2, POLLIN));
    Claim.equal("count", 0L, count(t, told));
  }

  @Case
  @Spec("4.6-16")
  public void deferringRingTellsOfPendingWorkAndOfItsCompletion(Rig t) {
    RawRing ring = t.ring(8, IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN);
    int told = t.eventfd();
    int cause = t.eventfd();
    register(t, ring, told);
    ring.sqe(1).pollAdd(cause, POLLIN);
    ring.submitAll();
    t.signal(cause);
    ring.expectVisible();
    // Told from within a write to an eventfd, the kernel tells the other one a moment later.
    Claim.equal("poll", POLLIN, t.host().poll(told, POLLIN, 3000));
    Claim.equal("count before the work runs", 1L, count(t, told));
    ring.expectVisible();
    ring.getEvents();
    ring.expectVisible(cqe(1, POLLIN));
    Claim.equal("count after", 1L, count(t, told));
  }

  @Case
  @Spec("4.6-17")
  public void pendingWorkOfADeferringRingCanBeSilencedToo(Rig t) {
    RawRing ring = t.ring(8, IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN);
    int told = t.eventfd();
    int cause = t.eventfd();
    register(t, ring, told);
    ring.setCqFlags(IORING_CQ_EVENTFD_DISABLED);
    ring.sqe(1).pollAdd(cause, POLLIN);
    ring.submitAll();
    t.signal(cause);
    Claim.equal("poll", 0, t.host().poll(told, POLLIN, 20));
    ring.expect(cqe(1, POLLIN));
    Claim.equal("count", 0L, count(t, told));
  }

  @Case
  @Spec("4.6-16")
  public void overflowIsNotToldButItsFlushIs(Rig t) {
    RawRing ring = t.ringWithCq(1, 1, 0);
    int eventfd = t.eventfd();
    register(t, ring, eventfd);
    ring.sqe(1).nop();
    ring.submitAll();
    Claim.equal("count", 1L, count(t, eventfd));
    ring.sqe(2).nop();
    ring.submitAll();
    Claim.equal("count of the overflow", 0L, count(t, eventfd));
    ring.expectVisible(cqe(1, 0));
    ring.getEvents();
    ring.expectVisible(cqe(2, 0));
    Claim.equal("count of the flush", 1L, count(t, eventfd));
  }

  private static int register(Rig t, RawRing ring, int eventfd) {
    return ring.register(IORING_REGISTER_EVENTFD, word(t, eventfd), 1);
  }

  private static long word(Rig t, int value) {
    MemorySegment word = t.memory(4L);
    word.set(JAVA_INT, 0, value);
    return word.address();
  }

  /// What the eventfd counted since it was last asked.
  private static long count(Rig t, int eventfd) {
    MemorySegment count = t.memory(8L);
    int read = t.read(eventfd, count);
    if (read == -EAGAIN) return 0;
    Claim.result("read", 8, read);
    return count.get(JAVA_LONG, 0);
  }
}
