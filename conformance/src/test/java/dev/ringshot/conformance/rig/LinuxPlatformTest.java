package dev.ringshot.conformance.rig;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.ringshot.model.Release;
import org.junit.jupiter.api.Test;

class LinuxPlatformTest {
  @Test
  void releaseFollowsTheVersion() {
    assertEquals(Release.LINUX_6_17, LinuxPlatform.releaseOf("6.1.0-39-amd64"));
    assertEquals(Release.LINUX_6_17, LinuxPlatform.releaseOf("6.17.13"));
    assertEquals(Release.LINUX_6_18, LinuxPlatform.releaseOf("6.18.44-fc"));
    assertEquals(Release.LINUX_6_18, LinuxPlatform.releaseOf("6.19.1"));
    assertEquals(Release.LINUX_7_3, LinuxPlatform.releaseOf("7.0"));
    assertEquals(Release.LINUX_7_3, LinuxPlatform.releaseOf("7.3.4+deb13-amd64"));
  }
}
