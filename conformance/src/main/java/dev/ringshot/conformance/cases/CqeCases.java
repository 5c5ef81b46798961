package dev.ringshot.conformance.cases;

import static dev.ringshot.abi.IoUring.IORING_CQE_F_32;
import static dev.ringshot.abi.IoUring.IORING_CQE_F_SKIP;
import static dev.ringshot.conformance.rig.Completion.buffer;
import static dev.ringshot.conformance.rig.Completion.cqe;

import dev.ringshot.abi.Fcntl;
import dev.ringshot.abi.IoUring;
import dev.ringshot.conformance.Case;
import dev.ringshot.conformance.Needs;
import dev.ringshot.conformance.Spec;
import dev.ringshot.conformance.rig.Claim;
import dev.ringshot.conformance.rig.Completion;
import dev.ringshot.conformance.rig.Need;
import dev.ringshot.conformance.rig.RawRing;
import dev.ringshot.conformance.rig.Rig;

/// What a CQE looks like.
public final class CqeCases {
  /// Topics are made by reflection.
  public CqeCases() {}

  @Case
  @Spec({"4.2-1", "1.1-10"})
  public void userDataComesBackWithAll64Bits(Rig t) {
    RawRing ring = t.ring(4);
    for (long userData : new long[] {0, 1, -1, Long.MIN_VALUE, 0x0123_4567_89ab_cdefL}) {
      ring.sqe(userData).nop();
      ring.expect(cqe(userData, 0));
    }
  }

  @Case
  @Spec({"4.2-1: res is signed", "7-25"})
  public void resultHas32Bits(Rig t) {
    RawRing ring = t.ring(4);
    for (int res : new int[] {Integer.MAX_VALUE, -1, -4095, 1 << 16}) {
      ring.sqe(1).nop(res);
      ring.expect(cqe(1, res));
    }
  }

  @Case
  @Spec({"4.2-3", "4.2-2: BUFFER"})
  public void bufferIdIsTheUpperHalfOfTheFlags(Rig t) {
    RawRing ring = t.ring(4);
    t.group(ring, 1, 2).provide(0xabcd, 1, 4);
    ring.sqe(1).read(t.open("/dev/zero", Fcntl.O_RDONLY), 0, 4, 0).bufferSelect(1);
    Completion completion = ring.takeOne();
    Claim.equal("flags", 0xabcd_0001, completion.flags());
    Claim.equal("flags", buffer(0xabcd), completion.flags());
  }

  @Case
  @Spec("4.2-4")
  public void longCqesHave32BytesEach(Rig t) {
    RawRing ring = t.ring(4, IoUring.IORING_SETUP_CQE32);
    for (int i = 0; i < 20; i++) {
      ring.sqe(i).nop(i);
      ring.expect(cqe(i, i));
    }
  }

  @Case
  @Spec("4.2-4: the upper half")
  public void longCqeOfANopBringsWhatItWasGiven(Rig t) {
    RawRing ring = t.ring(4, IoUring.IORING_SETUP_CQE32);
    ring.sqe(1).nop().opFlags(IoUring.IORING_NOP_CQE32).off(0x1122L).addr(0x3344L);
    ring.expect(new Completion(1, 0, 0, 0x1122, 0x3344));
  }

  @Case
  @Spec({"4.2-1", "4.3-26"})
  public void queueWrapsAround(Rig t) {
    RawRing ring = t.ringWithCq(4, 4, 0);
    for (int i = 0; i < 41; i++) {
      ring.sqe(i).nop(i);
      ring.expect(cqe(i, i));
    }
    Claim.equal("CQ tail", 41, ring.cqTail());
  }

  @Case
  @Spec("io_uring_enter(2): completions of one batch come in any order; these need no waiting")
  public void inlineCompletionsComeInOrder(Rig t) {
    RawRing ring = t.ring(8);
    Completion[] expected = new Completion[8];
    for (int i = 0; i < 8; i++) {
      ring.sqe(i).nop(i);
      expected[i] = cqe(i, i);
    }
    ring.expect(expected);
  }

  @Case
  @Needs(Need.CQE_MIXED)
  @Spec({"7-26", "4.2-5", "4.2-6"})
  public void mixedSizesSkipTheLastSlotBeforeTheWrap(Rig t) {
    RawRing ring = t.ringWithCq(4, 4, IoUring.IORING_SETUP_CQE_MIXED);
    ring.sqe(1).nop();
    ring.expect(cqe(1, 0));
    ring.sqe(2).nop().opFlags(IoUring.IORING_NOP_CQE32).off(5).addr(6);
    ring.expect(new Completion(2, 0, IORING_CQE_F_32, 5, 6));
    ring.sqe(3).nop().opFlags(IoUring.IORING_NOP_CQE32).off(7).addr(8);
    ring.submitAll();
    ring.expectVisible(cqe(0, 0, IORING_CQE_F_SKIP), new Completion(3, 0, IORING_CQE_F_32, 7, 8));
  }

  @Case
  @Needs(Need.CQE_MIXED)
  @Spec({"4.2-5", "4.2-6", "2.3-1"})
  public void longCqeNeedsTwoSlotsTogether(Rig t) {
    RawRing ring = t.ringWithCq(4, 4, IoUring.IORING_SETUP_CQE_MIXED);
    ring.sqe(1).nop();
    ring.sqe(2).nop();
    ring.sqe(3).nop();
    ring.sqe(4).nop().opFlags(IoUring.IORING_NOP_CQE32).off(5).addr(6);
    ring.submitAll();
    Claim.equal("SQ flags", IoUring.IORING_SQ_CQ_OVERFLOW, ring.sqFlags());
    Claim.equal("CQ tail", 4, ring.cqTail());
    ring.expectVisible(cqe(1, 0), cqe(2, 0), cqe(3, 0), cqe(0, 0, IORING_CQE_F_SKIP));
    ring.getEvents();
    ring.expectVisible(new Completion(4, 0, IORING_CQE_F_32, 5, 6));
  }

  @Case
  @Needs(Need.CQE_MIXED)
  @Spec("4.2-5: of a failure too")
  public void longNopThatFailsIsLong(Rig t) {
    RawRing ring = t.ring(4, IoUring.IORING_SETUP_CQE_MIXED);
    int flags = IoUring.IORING_NOP_CQE32 | IoUring.IORING_NOP_INJECT_RESULT;
    ring.sqe(1).nop(-5).opFlags(flags).off(5).addr(6);
    ring.sqe(2).nop(-5);
    ring.expect(new Completion(1, -5, IORING_CQE_F_32, 5, 6), cqe(2, -5));
  }
}
