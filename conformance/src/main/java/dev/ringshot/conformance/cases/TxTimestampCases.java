package dev.ringshot.conformance.cases;

import static dev.ringshot.abi.Errno.ECANCELED;
import static dev.ringshot.abi.IoUring.IORING_CQE_F_32;
import static dev.ringshot.abi.IoUring.IORING_CQE_F_MORE;

import dev.ringshot.abi.Cqe;
import dev.ringshot.abi.Errno;
import dev.ringshot.abi.IoUring;
import dev.ringshot.abi.Socket;
import dev.ringshot.conformance.Case;
import dev.ringshot.conformance.Needs;
import dev.ringshot.conformance.Spec;
import dev.ringshot.conformance.rig.BufferGroup;
import dev.ringshot.conformance.rig.Claim;
import dev.ringshot.conformance.rig.Completion;
import dev.ringshot.conformance.rig.Need;
import dev.ringshot.conformance.rig.RawRing;
import dev.ringshot.conformance.rig.Rig;
import java.util.ArrayList;
import java.util.List;

/// `SOCKET_URING_OP_TX_TIMESTAMP`: the one command of 6.18 that takes MULTISHOT, and posts many
/// CQEs. It is a polled multishot, so it needs no flag for that and takes no buffers.
@Needs(Need.MULTISHOT_COMMANDS)
public final class TxTimestampCases {
  private static final int SOFTWARE =
      Socket.SOF_TIMESTAMPING_TX_SOFTWARE
          | Socket.SOF_TIMESTAMPING_SOFTWARE
          | Socket.SOF_TIMESTAMPING_OPT_ID
          | Socket.SOF_TIMESTAMPING_OPT_CMSG
          | Socket.SOF_TIMESTAMPING_OPT_TSONLY;

  /// Topics are made by reflection.
  public TxTimestampCases() {}

  /// A UDP socket that stamps what it sends, connected to another.
  private static int sender(Rig t, int options) {
    int receiver = t.own("socket", t.host().udpSocket());
    int sender = t.own("socket", t.host().udpSocket());
    Claim.result("connect", 0, t.host().udpConnect(sender, receiver));
    int result = t.host().setsockopt(sender, Socket.SOL_SOCKET, Socket.SO_TIMESTAMPING, options);
    Claim.result("setsockopt", 0, result);
    return sender;
  }

  private static List<Completion> sendAndTake(Rig t, RawRing ring, int sender, int datagrams) {
    List<Completion> taken = new ArrayList<>();
    for (int i = 0; i < datagrams; i++) {
      t.write(sender, 10);
      taken.add(ring.takeOne());
    }
    return taken;
  }

  private static void expectKeys(List<Completion> taken, int flags) {
    for (int key = 0; key < taken.size(); key++) {
      Claim.equal("user_data", 1L, taken.get(key).userData());
      Claim.equal("key", key, taken.get(key).res());
      Claim.equal("flags", flags, taken.get(key).flags());
      Claim.that("seconds of the real clock", taken.get(key).extra1() > 1_500_000_000L);
      Claim.that("nanoseconds", taken.get(key).extra2() < 1_000_000_000L);
    }
  }

  @Case
  @Spec({"2.4-1", "2.4-2"})
  public void eachDatagramIsACompletionWithoutTheFlagToo(Rig t) {
    RawRing ring = t.ring(8, IoUring.IORING_SETUP_CQE32);
    int sender = sender(t, SOFTWARE);
    ring.sqe(1).txTimestamps(sender);
    ring.expectNothing();
    expectKeys(sendAndTake(t, ring, sender, 4), IORING_CQE_F_MORE);
  }

  @Case
  @Spec({"2.4-1", "1.1-9", "2.4-2"})
  public void multishotFlagChangesNothingAndTakesNoBuffer(Rig t) {
    RawRing ring = t.ring(8, IoUring.IORING_SETUP_CQE32);
    BufferGroup group = t.group(ring, 3, 4).provide(0, 2, 64);
    int sender = sender(t, SOFTWARE);
    ring.sqe(1).txTimestamps(sender, group.id());
    ring.expectNothing();
    expectKeys(sendAndTake(t, ring, sender, 4), IORING_CQE_F_MORE);
    group.expectHead(0);
  }

  @Case
  @Spec({"2.4-1", "1.5-22"})
  public void absentGroupDoesNotMatter(Rig t) {
    RawRing ring = t.ring(8, IoUring.IORING_SETUP_CQE32);
    int sender = sender(t, SOFTWARE);
    ring.sqe(1).txTimestamps(sender, 999);
    expectKeys(sendAndTake(t, ring, sender, 2), IORING_CQE_F_MORE);
  }

  @Case
  @Needs(Need.CQE_MIXED)
  @Spec({"2.4-1", "4.2-5", "1.4-4"})
  public void mixedRingMarksItsLongCqes(Rig t) {
    RawRing ring = t.ring(8, IoUring.IORING_SETUP_CQE_MIXED);
    int sender = sender(t, SOFTWARE);
    ring.sqe(1).txTimestamps(sender);
    expectKeys(sendAndTake(t, ring, sender, 3), IORING_CQE_F_MORE | IORING_CQE_F_32);
  }

  @Case
  @Spec("2.4-1: the kind of stamp is above bit 17")
  public void scheduledAndSentAreTwoCompletions(Rig t) {
    RawRing ring = t.ring(8, IoUring.IORING_SETUP_CQE32);
    int sender = sender(t, SOFTWARE | Socket.SOF_TIMESTAMPING_TX_SCHED);
    ring.sqe(1).txTimestamps(sender);
    ring.expectNothing();
    t.write(sender, 10);
    List<Completion> taken = new ArrayList<>(ring.take(2));
    Claim.equal("completions", 2, taken.size());
    Claim.equal("first", Socket.SCM_TSTAMP_SCHED, Cqe.timestampType(taken.get(0).flags()));
    Claim.equal("second", Socket.SCM_TSTAMP_SND, Cqe.timestampType(taken.get(1).flags()));
    Claim.equal("keys", taken.get(0).res(), taken.get(1).res());
  }

  @Case
  @Spec({"2.4-3", "4.5-10"})
  public void cancelFindsIt(Rig t) {
    RawRing ring = t.ring(8, IoUring.IORING_SETUP_CQE32);
    ring.sqe(1).txTimestamps(sender(t, SOFTWARE), 3);
    ring.expectNothing();
    ring.sqe(2).asyncCancel(1, 0);
    ring.expect(Completion.cqe(2, 0), Completion.cqe(1, -ECANCELED));
  }

  @Case
  @Spec("7b-4")
  public void fullQueueDiffersByRelease(Rig t) {
    RawRing ring = t.ringWithCq(4, 4, IoUring.IORING_SETUP_CQE32);
    int sender = sender(t, SOFTWARE);
    ring.sqe(1).txTimestamps(sender);
    ring.expectNothing();
    for (int i = 0; i < 6; i++) t.write(sender, 10);
    List<Completion> first = ring.visible();
    expectKeys(first.subList(0, Math.min(4, first.size())), IORING_CQE_F_MORE);
    if (t.is7()) {
      Claim.equal("CQEs", 4, first.size());
      ring.getEvents();
      ring.expectVisible(Completion.cqe(1, -Errno.ENOBUFS));
      return;
    }
    ring.getEvents();
    Claim.equal("CQEs after GETEVENTS", List.of(), ring.visible());
    t.write(sender, 10);
    Claim.equal("key", 4, ring.take(3).getFirst().res());
  }
}
