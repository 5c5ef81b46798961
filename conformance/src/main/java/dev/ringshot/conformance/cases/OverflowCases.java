package dev.ringshot.conformance.cases;

import static dev.ringshot.abi.IoUring.IORING_SQ_CQ_OVERFLOW;
import static dev.ringshot.conformance.rig.Completion.cqe;

import dev.ringshot.conformance.Case;
import dev.ringshot.conformance.Spec;
import dev.ringshot.conformance.rig.Claim;
import dev.ringshot.conformance.rig.RawRing;
import dev.ringshot.conformance.rig.Rig;

/// A completion queue that is too small.
public final class OverflowCases {
  /// Topics are made by reflection.
  public OverflowCases() {}

  @Case
  @Spec({"7-10", "2.3-8"})
  public void tenNopsOnFourEntriesNeedTwoFlushes(Rig t) {
    RawRing ring = t.ringWithCq(4, 4, 0);
    for (int batch = 0; batch < 10; batch += 2) {
      ring.sqe(batch).nop();
      ring.sqe(batch + 1).nop();
      ring.submitAll();
    }
    ring.expectVisible(cqe(0, 0), cqe(1, 0), cqe(2, 0), cqe(3, 0));
    Claim.equal("SQ flags", IORING_SQ_CQ_OVERFLOW, ring.sqFlags());
    ring.getEvents();
    ring.expectVisible(cqe(4, 0), cqe(5, 0), cqe(6, 0), cqe(7, 0));
    ring.getEvents();
    ring.expectVisible(cqe(8, 0), cqe(9, 0));
    Claim.equal("SQ flags", 0, ring.sqFlags());
    Claim.equal("overflow counter", 0, ring.cqOverflow());
  }
}
