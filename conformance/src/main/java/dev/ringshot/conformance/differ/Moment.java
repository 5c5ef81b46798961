package dev.ringshot.conformance.differ;

import dev.ringshot.abi.IoUring;
import dev.ringshot.conformance.rig.Completion;
import java.util.List;

/// What a program saw of one step.
///
/// @param result of the call
/// @param sqHead right after the call
/// @param cqTail when all had happened that could
/// @param sqFlags likewise
/// @param dropped likewise: SQ array entries that named no SQE
/// @param overflow likewise: CQEs lost for good
/// @param cqes that became visible since the last step, descriptors among them renamed
/// @param facts anything else, in words
public record Moment(
    long result,
    int sqHead,
    int cqTail,
    int sqFlags,
    int dropped,
    int overflow,
    List<Completion> cqes,
    List<String> facts) {
  /// Whether all but the order of completions is the same.
  ///
  /// @param lateFlag whether [Freedom#LATE_TASKRUN_FLAG] applies
  boolean agreesBesidesOrder(Moment other, boolean lateFlag) {
    int mask = lateFlag ? ~IoUring.IORING_SQ_TASKRUN : -1;
    return result == other.result
        && sqHead == other.sqHead
        && cqTail == other.cqTail
        && (sqFlags & mask) == (other.sqFlags & mask)
        && dropped == other.dropped
        && overflow == other.overflow
        && facts.equals(other.facts);
  }

  @Override
  public String toString() {
    return "result %s, SQ head %d flags %d dropped %d, CQ tail %d overflow %d, %s%s"
        .formatted(
            Completion.result((int) result),
            sqHead,
            sqFlags,
            dropped,
            cqTail,
            overflow,
            cqes,
            facts.isEmpty() ? "" : " " + facts);
  }
}
