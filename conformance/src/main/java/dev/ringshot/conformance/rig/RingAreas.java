package dev.ringshot.conformance.rig;

import dev.ringshot.abi.Cqe;
import dev.ringshot.abi.IoUring;
import dev.ringshot.abi.RingParams;
import dev.ringshot.abi.Sqe;

/// How long the two areas of a ring are, from what setup returned.
public final class RingAreas {
  private RingAreas() {}

  /// Bytes of the area at `IORING_OFF_SQ_RING`, with both queues.
  public static long ringBytes(RingParams params) {
    long cqes = params.cqOffCqes() + (long) params.cqEntries() * cqeStride(params);
    long array = params.sqOffArray() + (long) params.sqEntries() * Integer.BYTES;
    return Math.max(cqes, array);
  }

  /// Bytes of the area at `IORING_OFF_SQES`.
  public static long sqeBytes(RingParams params) {
    return (long) params.sqEntries() * sqeStride(params);
  }

  /// Bytes from one SQE to the next.
  public static int sqeStride(RingParams params) {
    return (params.flags() & IoUring.IORING_SETUP_SQE128) != 0 ? Sqe.SIZE128 : Sqe.SIZE;
  }

  /// Bytes from one CQE index to the next.
  public static int cqeStride(RingParams params) {
    return (params.flags() & IoUring.IORING_SETUP_CQE32) != 0 ? Cqe.SIZE32 : Cqe.SIZE;
  }
}
