package dev.ringshot.conformance.cases;

import static dev.ringshot.abi.Errno.EFAULT;
import static dev.ringshot.abi.Errno.EINVAL;
import static dev.ringshot.abi.Errno.EOVERFLOW;
import static dev.ringshot.abi.IoUring.IORING_SETUP_ATTACH_WQ;
import static dev.ringshot.abi.IoUring.IORING_SETUP_CLAMP;
import static dev.ringshot.abi.IoUring.IORING_SETUP_COOP_TASKRUN;
import static dev.ringshot.abi.IoUring.IORING_SETUP_CQE32;
import static dev.ringshot.abi.IoUring.IORING_SETUP_CQE_MIXED;
import static dev.ringshot.abi.IoUring.IORING_SETUP_CQSIZE;
import static dev.ringshot.abi.IoUring.IORING_SETUP_DEFER_TASKRUN;
import static dev.ringshot.abi.IoUring.IORING_SETUP_HYBRID_IOPOLL;
import static dev.ringshot.abi.IoUring.IORING_SETUP_IOPOLL;
import static dev.ringshot.abi.IoUring.IORING_SETUP_NO_SQARRAY;
import static dev.ringshot.abi.IoUring.IORING_SETUP_REGISTERED_FD_ONLY;
import static dev.ringshot.abi.IoUring.IORING_SETUP_R_DISABLED;
import static dev.ringshot.abi.IoUring.IORING_SETUP_SINGLE_ISSUER;
import static dev.ringshot.abi.IoUring.IORING_SETUP_SQE128;
import static dev.ringshot.abi.IoUring.IORING_SETUP_SQE_MIXED;
import static dev.ringshot.abi.IoUring.IORING_SETUP_SQPOLL;
import static dev.ringshot.abi.IoUring.IORING_SETUP_SQ_AFF;
import static dev.ringshot.abi.IoUring.IORING_SETUP_SQ_REWIND;
import static dev.ringshot.abi.IoUring.IORING_SETUP_SUBMIT_ALL;
import static dev.ringshot.abi.IoUring.IORING_SETUP_TASKRUN_FLAG;

import dev.ringshot.abi.RingParams;
import dev.ringshot.conformance.Case;
import dev.ringshot.conformance.Needs;
import dev.ringshot.conformance.Spec;
import dev.ringshot.conformance.rig.Claim;
import dev.ringshot.conformance.rig.Need;
import dev.ringshot.conformance.rig.Rig;
import java.lang.foreign.ValueLayout;
import java.util.function.Consumer;

/// Which rings io_uring_setup(2) makes, and which it refuses.
public final class SetupCases {
  private static final int ENTRIES_MAX = 32768;
  private static final int CQ_ENTRIES_MAX = 65536;

  /// Topics are made by reflection.
  public SetupCases() {}

  @Case
  @Spec("4.1-10")
  public void unreadableParamsAreEfault(Rig t) {
    Claim.result("setup", -EFAULT, t.kernel().setup(8, Rig.UNMAPPED));
    Claim.result("setup", -EFAULT, t.kernel().setup(8, 0));
    Claim.result("setup with 0 entries", -EFAULT, t.kernel().setup(0, Rig.UNMAPPED));
  }

  @Case
  @Spec("4.1-11")
  public void reservedWordsMustBeZero(Rig t) {
    for (int word = 0; word < 3; word++) {
      int offset = RingParams.RESV + 4 * word;
      var memory = t.memory((long) RingParams.SIZE);
      memory.set(ValueLayout.JAVA_INT, offset, 1);
      Claim.result("setup with resv[" + word + "]", -EINVAL, t.kernel().setup(8, memory.address()));
    }
  }

  @Case
  @Spec({"4.1-11", "4.1-26"})
  public void unknownFlagsAreRefused(Rig t) {
    for (int bit = 21; bit < 32; bit++) refused(t, 8, 1 << bit);
  }

  @Case
  @Spec({"4.1-14", "4.1-26", "7b-7"})
  public void flagsOf7AreUnknownBefore(Rig t) {
    int expected = t.is7() ? 0 : -EINVAL;
    Claim.result("SQE_MIXED", expected, t.trySetup(8, p -> p.flags(IORING_SETUP_SQE_MIXED)));
    int rewind = IORING_SETUP_SQ_REWIND | IORING_SETUP_NO_SQARRAY;
    Claim.result("SQ_REWIND", expected, t.trySetup(8, p -> p.flags(rewind)));
  }

  @Case
  @Spec("4.1-12")
  public void entriesAreBetweenOneAnd32768(Rig t) {
    refused(t, 0, 0);
    refused(t, ENTRIES_MAX + 1, 0);
    refused(t, -1, 0);
    accepted(t, 1, 0);
    accepted(t, ENTRIES_MAX, 0);
  }

  @Case
  @Spec("4.1-12")
  public void clampCutsEntriesToTheMaximum(Rig t) {
    refused(t, 0, IORING_SETUP_CLAMP);
    for (int entries : new int[] {ENTRIES_MAX + 1, -1}) {
      var params = params(t, entries, p -> p.flags(IORING_SETUP_CLAMP));
      Claim.equal("sq_entries", ENTRIES_MAX, params.sqEntries());
      Claim.equal("cq_entries", CQ_ENTRIES_MAX, params.cqEntries());
    }
  }

  @Case
  @Spec("4.1-8")
  public void entriesAreRoundedUpToAPowerOfTwo(Rig t) {
    int[][] table = {{1, 1}, {2, 2}, {3, 4}, {5, 8}, {8, 8}, {9, 16}, {1000, 1024}};
    for (int[] row : table) {
      var params = params(t, row[0], p -> {});
      Claim.equal("sq_entries of " + row[0], row[1], params.sqEntries());
      Claim.equal("cq_entries of " + row[0], 2 * row[1], params.cqEntries());
    }
  }

  @Case
  @Spec("4.1-8")
  public void cqEntriesWithoutCqsizeAreIgnored(Rig t) {
    var params = params(t, 8, p -> p.cqEntries(1000));
    Claim.equal("cq_entries", 16, params.cqEntries());
  }

  @Case
  @Spec({"4.1-9", "4.1-13"})
  public void cqsizeIsRoundedUpAndHoldsAtLeastTheSq(Rig t) {
    int[][] table = {
      {8, 8, 8}, {5, 6, 8}, {8, 9, 16}, {1, 1, 1}, {8, CQ_ENTRIES_MAX, CQ_ENTRIES_MAX}
    };
    for (int[] row : table) {
      var params = params(t, row[0], p -> p.flags(IORING_SETUP_CQSIZE).cqEntries(row[1]));
      Claim.equal("cq_entries of " + row[1], row[2], params.cqEntries());
    }
    refusedCq(t, 8, 0, 0);
    refusedCq(t, 8, 4, 0);
    refusedCq(t, 9, 8, 0);
    refusedCq(t, 8, CQ_ENTRIES_MAX + 1, 0);
  }

  @Case
  @Spec("4.1-13")
  public void clampCutsCqsizeToTheMaximum(Rig t) {
    int flags = IORING_SETUP_CQSIZE | IORING_SETUP_CLAMP;
    var params = params(t, 8, p -> p.flags(flags).cqEntries(CQ_ENTRIES_MAX + 1));
    Claim.equal("cq_entries", CQ_ENTRIES_MAX, params.cqEntries());
    refusedCq(t, 8, 0, IORING_SETUP_CLAMP);
    refusedCq(t, 8, 4, IORING_SETUP_CLAMP);
  }

  @Case
  @Spec("4.1-14")
  public void sqRewindNeedsNoSqarrayAndNoSqpoll(Rig t) {
    refused(t, 8, IORING_SETUP_SQ_REWIND);
    refused(t, 8, IORING_SETUP_SQ_REWIND | IORING_SETUP_NO_SQARRAY | IORING_SETUP_SQPOLL);
  }

  @Case
  @Spec("4.1-15")
  public void registeredFdOnlyNeedsNoMmap(Rig t) {
    refused(t, 8, IORING_SETUP_REGISTERED_FD_ONLY);
  }

  @Case
  @Spec("4.1-16")
  public void sqpollExcludesTaskRunModes(Rig t) {
    refused(t, 8, IORING_SETUP_SQPOLL | IORING_SETUP_COOP_TASKRUN);
    refused(t, 8, IORING_SETUP_SQPOLL | IORING_SETUP_COOP_TASKRUN | IORING_SETUP_TASKRUN_FLAG);
    refused(t, 8, IORING_SETUP_SQPOLL | IORING_SETUP_DEFER_TASKRUN | IORING_SETUP_SINGLE_ISSUER);
  }

  @Case
  @Spec({"4.1-17", "4.1-18", "4.1-19", "4.1-21"})
  public void flagsThatNeedOthersAreRefusedAlone(Rig t) {
    refused(t, 8, IORING_SETUP_TASKRUN_FLAG);
    refused(t, 8, IORING_SETUP_TASKRUN_FLAG | IORING_SETUP_SINGLE_ISSUER);
    refused(t, 8, IORING_SETUP_DEFER_TASKRUN);
    refused(t, 8, IORING_SETUP_HYBRID_IOPOLL);
    refused(t, 8, IORING_SETUP_SQ_AFF);
  }

  @Case
  @Spec("4.1-20")
  public void mixedSizesExcludeLargeOnes(Rig t) {
    refused(t, 8, IORING_SETUP_CQE32 | IORING_SETUP_CQE_MIXED);
    refused(t, 8, IORING_SETUP_SQE128 | IORING_SETUP_SQE_MIXED);
  }

  @Case
  @Needs(Need.CQE_MIXED)
  @Spec("4.1-22")
  public void mixedSizesNeedTwoEntries(Rig t) {
    int flags = IORING_SETUP_CQE_MIXED | IORING_SETUP_CQSIZE;
    Claim.result("one CQE", -EOVERFLOW, t.trySetup(1, p -> p.flags(flags).cqEntries(1)));
    Claim.result("two CQEs", 0, t.trySetup(1, p -> p.flags(flags).cqEntries(2)));
    if (!t.has(Need.SQE_MIXED)) return;
    Claim.result("one SQE", -EOVERFLOW, t.trySetup(1, p -> p.flags(IORING_SETUP_SQE_MIXED)));
    Claim.result("two SQEs", 0, t.trySetup(2, p -> p.flags(IORING_SETUP_SQE_MIXED)));
  }

  @Case
  @Spec({"4.1-17: with COOP_TASKRUN or DEFER_TASKRUN", "4.1-18: with SINGLE_ISSUER"})
  public void taskRunModesAreAccepted(Rig t) {
    accepted(t, 8, IORING_SETUP_COOP_TASKRUN);
    accepted(t, 8, IORING_SETUP_COOP_TASKRUN | IORING_SETUP_TASKRUN_FLAG);
    accepted(t, 8, IORING_SETUP_COOP_TASKRUN | IORING_SETUP_SINGLE_ISSUER);
    int defer = IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN;
    accepted(t, 8, defer);
    accepted(t, 8, defer | IORING_SETUP_TASKRUN_FLAG);
    accepted(t, 8, defer | IORING_SETUP_COOP_TASKRUN);
  }

  @Case
  @Spec("4.1-26")
  public void flagsComeBackAsTheyWere(Rig t) {
    int all =
        IORING_SETUP_CLAMP
            | IORING_SETUP_R_DISABLED
            | IORING_SETUP_SUBMIT_ALL
            | IORING_SETUP_SQE128
            | IORING_SETUP_CQE32
            | IORING_SETUP_NO_SQARRAY;
    Claim.equal("flags", all, params(t, 8, p -> p.flags(all)).flags());
  }

  @Case
  @Spec("4.1-6")
  public void featuresAreThoseOfTheRelease(Rig t) {
    Claim.equal("features", 0x3ffff, params(t, 8, p -> {}).features());
    Claim.equal("features", 0x3ffff, params(t, 8, p -> p.features(-1)).features());
  }

  @Case
  @Spec({"4.1-1", "4.1-2", "4.1-3"})
  public void offsetsAreConstant(Rig t) {
    for (int flags : new int[] {0, IORING_SETUP_CQE32, IORING_SETUP_NO_SQARRAY}) {
      var p = params(t, 8, q -> q.flags(flags));
      Claim.equal("sq_off.head", 0, p.sqOffHead());
      Claim.equal("sq_off.tail", 4, p.sqOffTail());
      Claim.equal("sq_off.ring_mask", 16, p.sqOffRingMask());
      Claim.equal("sq_off.ring_entries", 24, p.sqOffRingEntries());
      Claim.equal("sq_off.flags", 36, p.sqOffFlags());
      Claim.equal("sq_off.dropped", 32, p.sqOffDropped());
      Claim.equal("sq_off.user_addr", 0L, p.sqOffUserAddr());
      Claim.equal("cq_off.head", 8, p.cqOffHead());
      Claim.equal("cq_off.tail", 12, p.cqOffTail());
      Claim.equal("cq_off.ring_mask", 20, p.cqOffRingMask());
      Claim.equal("cq_off.ring_entries", 28, p.cqOffRingEntries());
      Claim.equal("cq_off.overflow", 44, p.cqOffOverflow());
      Claim.equal("cq_off.cqes", 64, p.cqOffCqes());
      Claim.equal("cq_off.flags", 40, p.cqOffFlags());
      Claim.equal("cq_off.user_addr", 0L, p.cqOffUserAddr());
    }
  }

  @Case
  @Spec({"4.1-4", "4.1-5"})
  public void arrayFollowsTheCqesOnACacheLine(Rig t) {
    Claim.equal("of 1", 128, params(t, 1, p -> {}).sqOffArray());
    Claim.equal("of 8", 320, params(t, 8, p -> {}).sqOffArray());
    Claim.equal("of 256", 8256, params(t, 256, p -> {}).sqOffArray());
    int cqe32 = params(t, 8, p -> p.flags(IORING_SETUP_CQE32)).sqOffArray();
    Claim.equal("of 8 with CQE32", 640, cqe32);
    int none = params(t, 8, p -> p.flags(IORING_SETUP_NO_SQARRAY)).sqOffArray();
    Claim.equal("without an array", 0, none);
  }

  @Case
  @Spec("4.1-1")
  public void unusedInputsComeBackAsTheyWere(Rig t) {
    var params = params(t, 8, p -> p.sqThreadCpu(77).sqThreadIdle(78).wqFd(79));
    Claim.equal("sq_thread_cpu", 77, params.sqThreadCpu());
    Claim.equal("sq_thread_idle", 78, params.sqThreadIdle());
    Claim.equal("wq_fd", 79, params.wqFd());
  }

  @Case
  @Spec("4.1-24")
  public void attachingToWhatIsNoRingIsRefused(Rig t) {
    int eventfd = t.eventfd();
    Claim.result(
        "an eventfd", -EINVAL, t.trySetup(8, p -> p.flags(IORING_SETUP_ATTACH_WQ).wqFd(eventfd)));
  }

  @Case
  @Needs(Need.IOPOLL)
  @Spec("4.1-19: with IOPOLL")
  public void pollingModesAreAccepted(Rig t) {
    accepted(t, 8, IORING_SETUP_IOPOLL);
    accepted(t, 8, IORING_SETUP_IOPOLL | IORING_SETUP_HYBRID_IOPOLL);
  }

  private static void refused(Rig t, int entries, int flags) {
    Claim.result(call(entries, flags), -EINVAL, t.trySetup(entries, p -> p.flags(flags)));
  }

  private static void accepted(Rig t, int entries, int flags) {
    Claim.result(call(entries, flags), 0, t.trySetup(entries, p -> p.flags(flags)));
  }

  private static void refusedCq(Rig t, int entries, int cqEntries, int flags) {
    int all = flags | IORING_SETUP_CQSIZE;
    Claim.result(
        call(entries, all) + " with " + cqEntries + " CQEs",
        -EINVAL,
        t.trySetup(entries, p -> p.flags(all).cqEntries(cqEntries)));
  }

  private static String call(int entries, int flags) {
    return "setup(" + entries + ", 0x" + Integer.toHexString(flags) + ")";
  }

  /// What setup wrote.
  private static RingParams params(Rig t, int entries, Consumer<RingParams> fill) {
    return t.ring(entries, fill).params();
  }
}
