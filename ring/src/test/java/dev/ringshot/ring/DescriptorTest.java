package dev.ringshot.ring;

import static dev.ringshot.abi.IoUring.*;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

final class DescriptorTest {
  @Test
  void fallsBackReleaseByRelease() {
    int asked = RingOptions.DEFAULT.flags() | IORING_SETUP_CQE32;
    assertEquals(asked, Descriptor.flagsOfRung(asked, 0));
    assertEquals(asked & ~IORING_SETUP_NO_SQARRAY, Descriptor.flagsOfRung(asked, 1));
    assertEquals(
        IORING_SETUP_CQE32
            | IORING_SETUP_SUBMIT_ALL
            | IORING_SETUP_COOP_TASKRUN
            | IORING_SETUP_TASKRUN_FLAG,
        Descriptor.flagsOfRung(asked, 2));
    assertEquals(IORING_SETUP_CQE32, Descriptor.flagsOfRung(asked, 3));
  }
}
