package dev.ringshot.conformance.rig;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringshot.model.Release;
import org.junit.jupiter.api.Test;

class LinuxVersionTest {
  private static Release release(String name) {
    return LinuxVersion.of(name).release();
  }

  @Test
  void releaseFollowsTheVersion() {
    assertEquals(Release.LINUX_6_17, release("6.1.0-39-amd64"));
    assertEquals(Release.LINUX_6_17, release("6.17.13"));
    assertEquals(Release.LINUX_6_18, release("6.18.44-fc"));
    assertEquals(Release.LINUX_6_18, release("6.19.1"));
    assertEquals(Release.LINUX_7_3, release("7.0"));
    assertEquals(Release.LINUX_7_3, release("7.3.4+deb13-amd64"));
  }

  @Test
  void measuredAreTwo() {
    assertTrue(LinuxVersion.of("6.18.2").isMeasured());
    assertTrue(LinuxVersion.of("7.3.4").isMeasured());
    assertFalse(LinuxVersion.of("6.19").isMeasured());
    assertFalse(LinuxVersion.of("7.2").isMeasured());
    assertFalse(LinuxVersion.of("6.17").isKnown());
    assertTrue(LinuxVersion.of("7.0").isKnown());
  }
}
