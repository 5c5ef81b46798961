package dev.ringshot.conformance.cases;

import static dev.ringshot.abi.Errno.EBADF;
import static dev.ringshot.abi.Errno.EBADFD;
import static dev.ringshot.abi.Errno.EINVAL;
import static dev.ringshot.abi.Errno.ENFILE;
import static dev.ringshot.abi.Errno.ENXIO;
import static dev.ringshot.abi.IoUring.IORING_CQE_F_MORE;
import static dev.ringshot.abi.IoUring.IORING_FILE_INDEX_ALLOC;
import static dev.ringshot.abi.IoUring.IORING_MSG_RING_CQE_SKIP;
import static dev.ringshot.abi.IoUring.IORING_MSG_RING_FLAGS_PASS;
import static dev.ringshot.abi.IoUring.IORING_REGISTER_FILES;
import static dev.ringshot.abi.IoUring.IORING_REGISTER_SEND_MSG_RING;
import static dev.ringshot.abi.IoUring.IORING_SETUP_DEFER_TASKRUN;
import static dev.ringshot.abi.IoUring.IORING_SETUP_R_DISABLED;
import static dev.ringshot.abi.IoUring.IORING_SETUP_SINGLE_ISSUER;
import static dev.ringshot.abi.IoUring.IORING_SETUP_SUBMIT_ALL;
import static dev.ringshot.abi.IoUring.IORING_SQ_CQ_OVERFLOW;
import static dev.ringshot.abi.Poll.POLLIN;
import static dev.ringshot.conformance.rig.Completion.cqe;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.ringshot.abi.Sqe;
import dev.ringshot.conformance.Case;
import dev.ringshot.conformance.Spec;
import dev.ringshot.conformance.rig.Claim;
import dev.ringshot.conformance.rig.RawRing;
import dev.ringshot.conformance.rig.Rig;
import java.lang.foreign.MemorySegment;

/// MSG_RING, and SEND_MSG_RING which needs no ring of its own: a completion for another ring.
public final class MsgRingCases {
  /// Topics are made by reflection.
  public MsgRingCases() {}

  @Case
  @Spec("4.6-1")
  public void messageIsACompletionOfTheTarget(Rig t) {
    RawRing ring = t.ring(8);
    RawRing target = t.ring(8);
    ring.sqe(1).msgRing(target.fd(), -77, 0xfeed_beef_1234L, 0);
    ring.expect(cqe(1, 0));
    target.expectVisible(cqe(0xfeed_beef_1234L, -77));
  }

  @Case
  @Spec("4.6-1")
  public void flagsOfTheCompletionArePassedIfAsked(Rig t) {
    RawRing ring = t.ring(8);
    RawRing target = t.ring(8);
    ring.sqe(1).msgRingCqeFlags(target.fd(), 5, 6, IORING_CQE_F_MORE);
    ring.expect(cqe(1, 0));
    target.expectVisible(cqe(6, 5, IORING_CQE_F_MORE));
  }

  @Case
  @Spec("4.6-4")
  public void messageToItselfComesBeforeItsOwnCompletion(Rig t) {
    RawRing ring = t.ring(8);
    ring.sqe(1).msgRing(ring.fd(), 5, 6, 0);
    ring.expect(cqe(6, 5), cqe(1, 0));
  }

  @Case
  @Spec("4.6-1")
  public void messagesKeepTheirOrder(Rig t) {
    RawRing ring = t.ring(8);
    RawRing target = t.ring(8);
    for (int i = 0; i < 4; i++) ring.sqe(i).msgRing(target.fd(), i, 100 + i, 0).skipSuccess();
    ring.submitAll();
    ring.expectNothing();
    target.expectVisible(cqe(100, 0), cqe(101, 1), cqe(102, 2), cqe(103, 3));
  }

  @Case
  @Spec("4.6-2")
  public void targetMustBeAnEnabledRing(Rig t) {
    RawRing ring = t.ring(8);
    RawRing disabled = t.ring(8, IORING_SETUP_R_DISABLED);
    ring.sqe(1).msgRing(t.eventfd(), 0, 0, 0);
    ring.sqe(2).msgRing(disabled.fd(), 0, 0, 0);
    ring.sqe(3).msgRing(1_000_000, 0, 0, 0);
    ring.expect(cqe(1, -EBADFD), cqe(2, -EBADFD), cqe(3, -EBADF));
  }

  @Case
  @Spec("4.6-3")
  public void fieldsAreChecked(Rig t) {
    RawRing ring = t.ring(16, IORING_SETUP_SUBMIT_ALL);
    int target = t.ring(8).fd();
    ring.sqe(1).msgRing(target, 0, 0, 1 << 2);
    ring.sqe(2).msgRing(target, 0, 0, 0).addr(2);
    ring.sqe(3).msgRing(target, 0, 0, 0).bufIndex(1);
    ring.sqe(4).msgRing(target, 0, 0, 0).personality(1);
    ring.sqe(5).msgRing(target, 0, 0, IORING_MSG_RING_CQE_SKIP);
    ring.sqe(6).msgRing(target, 0, 0, 0).addr3(1);
    ring.sqe(7).msgRing(target, 0, 0, 0).fileIndex(1);
    ring.expectInAnyOrder(
        cqe(1, -EINVAL),
        cqe(2, -EINVAL),
        cqe(3, -EINVAL),
        cqe(4, -EINVAL),
        cqe(5, -EINVAL),
        cqe(6, -EINVAL),
        cqe(7, -EINVAL));
  }

  @Case
  @Spec("4.6-5")
  public void messageToAFullQueueOverflows(Rig t) {
    RawRing ring = t.ring(8);
    RawRing target = t.ringWithCq(1, 1, 0);
    ring.sqe(1).msgRing(target.fd(), 1, 11, 0);
    ring.sqe(2).msgRing(target.fd(), 2, 12, 0);
    ring.expect(cqe(1, 0), cqe(2, 0));
    Claim.equal("SQ flags of the target", IORING_SQ_CQ_OVERFLOW, target.sqFlags());
    target.expectVisible(cqe(11, 1));
    target.getEvents();
    target.expectVisible(cqe(12, 2));
  }

  @Case
  @Spec({"4.6-1", "4.3-23"})
  public void deferringTargetSeesItInItsOwnEnter(Rig t) {
    RawRing ring = t.ring(8);
    RawRing target = t.ring(8, IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN);
    ring.sqe(1).msgRing(target.fd(), 5, 6, 0);
    ring.expect(cqe(1, 0));
    target.expectVisible();
    target.getEvents();
    target.expectVisible(cqe(6, 5));
  }

  @Case
  @Spec("4.6-19")
  public void registeredFileIsSentToAnotherRing(Rig t) {
    RawRing ring = t.ring(8);
    RawRing target = t.ring(8);
    registerFiles(t, ring, t.own("eventfd", t.host().eventfd(1, 0)));
    registerFiles(t, target, -1, -1, -1);
    ring.sqe(1).msgRingFd(target.fd(), 0, 1, 77, 0);
    ring.expect(cqe(1, 0));
    target.expectVisible(cqe(77, 0));
    target.sqe(2).pollAdd(1, POLLIN).fixedFile();
    target.expect(cqe(2, POLLIN));
    ring.sqe(3).msgRingFd(target.fd(), 0, IORING_FILE_INDEX_ALLOC, 78, 0);
    ring.expect(cqe(3, 2));
    target.expectVisible(cqe(78, 2));
    ring.sqe(4).msgRingFd(target.fd(), 0, 0, 79, IORING_MSG_RING_CQE_SKIP);
    ring.expect(cqe(4, 0));
    target.expectNothing();
    ring.sqe(5).msgRingFd(target.fd(), 0, IORING_FILE_INDEX_ALLOC, 80, 0);
    ring.expect(cqe(5, -ENFILE));
    target.expectNothing();
  }

  @Case
  @Spec("4.6-19")
  public void sendingAFileIsChecked(Rig t) {
    RawRing ring = t.ring(16);
    RawRing target = t.ring(8);
    RawRing disabled = t.ring(8, IORING_SETUP_R_DISABLED);
    ring.sqe(1).msgRingFd(target.fd(), 0, 0, 77, 0);
    ring.expect(cqe(1, -EBADF));
    registerFiles(t, ring, t.eventfd());
    ring.sqe(2).msgRingFd(target.fd(), 0, 0, 77, 0);
    ring.sqe(3).msgRingFd(target.fd(), 0, IORING_FILE_INDEX_ALLOC, 77, 0);
    ring.sqe(4).msgRingFd(ring.fd(), 0, 0, 77, 0);
    ring.sqe(5).msgRingFd(disabled.fd(), 0, 0, 77, 0);
    ring.sqe(6).msgRingFd(target.fd(), 1, 0, 77, 0);
    ring.sqe(7).msgRingFd(target.fd(), 0, 0, 77, 0).len(1);
    ring.expect(
        cqe(2, -ENXIO),
        cqe(3, -ENFILE),
        cqe(4, -EINVAL),
        cqe(5, -EBADFD),
        cqe(6, -EBADF),
        cqe(7, -EINVAL));
    registerFiles(t, target, -1);
    ring.sqe(8).msgRingFd(target.fd(), 0, 1, 77, 0);
    ring.expect(cqe(8, -EINVAL));
    target.expectNothing();
  }

  private static void registerFiles(Rig t, RawRing ring, int... fds) {
    MemorySegment memory = t.memory(4L * fds.length);
    MemorySegment.copy(fds, 0, memory, JAVA_INT, 0, fds.length);
    Claim.result("FILES", 0, ring.register(IORING_REGISTER_FILES, memory.address(), fds.length));
  }

  @Case
  @Spec("io_uring_register(2): IORING_REGISTER_SEND_MSG_RING")
  public void registerCallSendsWithoutARing(Rig t) {
    RawRing target = t.ring(8);
    Claim.result("SEND_MSG_RING", 0, send(t, message(t).msgRing(target.fd(), 5, 6, 0)));
    target.expectVisible(cqe(6, 5));
  }

  @Case
  @Spec("io_uring_register(2): IORING_REGISTER_SEND_MSG_RING, errors")
  public void messageWithoutARingIsChecked(Rig t) {
    int target = t.ring(8).fd();
    int call = IORING_REGISTER_SEND_MSG_RING;
    Sqe good = message(t).msgRing(target, 5, 6, 0);
    long address = good.memory().address();
    Claim.result("no argument", -EINVAL, t.kernel().register(-1, call, 0, 1));
    Claim.result("count 2", -EINVAL, t.kernel().register(-1, call, address, 2));
    Claim.result("SQE flags", -EINVAL, send(t, message(t).msgRing(target, 5, 6, 0).async()));
    Claim.result("other opcode", -EINVAL, send(t, message(t).nop()));
    Claim.result("no ring", -EBADFD, send(t, message(t).msgRing(t.eventfd(), 5, 6, 0)));
    Claim.result("closed", -EBADF, send(t, message(t).msgRing(1_000_000, 5, 6, 0)));
    int pass = IORING_MSG_RING_FLAGS_PASS | 1 << 2;
    Claim.result("unknown flag", -EINVAL, send(t, message(t).msgRing(target, 5, 6, pass)));
  }

  private static Sqe message(Rig t) {
    return new Sqe().at(t.memory((long) Sqe.SIZE), 0);
  }

  private static int send(Rig t, Sqe message) {
    return t.kernel().register(-1, IORING_REGISTER_SEND_MSG_RING, message.memory().address(), 1);
  }
}
