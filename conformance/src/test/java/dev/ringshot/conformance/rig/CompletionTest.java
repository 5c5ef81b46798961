package dev.ringshot.conformance.rig;

import static dev.ringshot.conformance.rig.Completion.buffer;
import static dev.ringshot.conformance.rig.Completion.cqe;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.ringshot.abi.Errno;
import dev.ringshot.abi.IoUring;
import dev.ringshot.conformance.TestKernels;
import org.junit.jupiter.api.Test;

/// A case that fails says what it expected and what came, by name.
class CompletionTest {
  @Test
  void errnoAndFlagsAreShownByName() {
    assertEquals("{user_data=1 res=-ENOBUFS flags=0}", cqe(1, -Errno.ENOBUFS).toString());
    int flags = buffer(7) | IoUring.IORING_CQE_F_MORE | IoUring.IORING_CQE_F_BUF_MORE | 1 << 9;
    assertEquals(
        "{user_data=-1 res=20 flags=BUFFER:7|MORE|BUF_MORE|0x200}", cqe(-1, 20, flags).toString());
  }

  @Test
  void claimNamesBothStreams() {
    try (Platform platform = TestKernels.any();
        Rig t = new Rig(platform, platform.kernel())) {
      RawRing ring = t.ring(4);
      ring.sqe(1).nop(-22);
      AssertionError failure = assertThrows(AssertionError.class, () -> ring.expect(cqe(1, 0)));
      assertEquals(
          "CQEs: expected [{user_data=1 res=0 flags=0}], got [{user_data=1 res=-EINVAL flags=0}]",
          failure.getMessage());
    }
  }

  @Test
  void missingCompletionEndsTheWait() {
    try (Platform platform = TestKernels.any();
        Rig t = new Rig(platform, platform.kernel())) {
      RawRing ring = t.ring(4);
      AssertionError failure = assertThrows(AssertionError.class, () -> ring.expect(cqe(1, 0)));
      assertEquals("CQEs: expected [{user_data=1 res=0 flags=0}], got []", failure.getMessage());
    }
  }
}
