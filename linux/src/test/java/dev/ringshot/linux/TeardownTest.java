package dev.ringshot.linux;

import static dev.ringshot.abi.IoUring.IORING_OP_POLL_ADD;
import static dev.ringshot.abi.IoUring.IORING_OP_RECV;
import static dev.ringshot.abi.Kernel.PROT_READ;
import static dev.ringshot.abi.Kernel.PROT_WRITE;
import static dev.ringshot.abi.Poll.POLLHUP;
import static dev.ringshot.abi.Poll.POLLIN;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/// A ring ends when its descriptor is closed and its memory unmapped, and leaves nothing behind.
@EnabledOnOs(
    value = OS.LINUX,
    architectures = {"amd64", "aarch64"})
final class TeardownTest {
  private static final int SECONDS_10 = 10_000;

  private final LinuxKernel kernel = new LinuxKernel();

  @Test
  void peerOfAnArmedReceiveSeesTheEnd() {
    var buffer = kernel.map(-1, 0, 4096, PROT_READ | PROT_WRITE);
    try (var ring = new RawRing(kernel)) {
      int[] pair = Posix.socketPair();
      ring.push(IORING_OP_RECV, pair[0], buffer.address(), 64, 0, 1);
      assertEquals(1, ring.enter(1, 0, 0));
      assertPeerSeesTheEndOnlyWithTheLastMapping(ring, pair);
    }
    assertEquals(0, kernel.unmap(buffer));
  }

  @Test
  void peerOfAnArmedPollSeesTheEnd() {
    try (var ring = new RawRing(kernel)) {
      int[] pair = Posix.socketPair();
      ring.push(IORING_OP_POLL_ADD, pair[0], 0, 0, POLLIN, 1);
      assertEquals(1, ring.enter(1, 0, 0));
      assertPeerSeesTheEndOnlyWithTheLastMapping(ring, pair);
    }
  }

  private void assertPeerSeesTheEndOnlyWithTheLastMapping(RawRing ring, int[] pair) {
    assertEquals(0, kernel.close(pair[0]));
    assertEquals(0, Posix.poll(pair[1], POLLHUP, 0), "the armed request holds the socket");
    ring.closeDescriptor();
    assertEquals(0, Posix.poll(pair[1], POLLHUP, 0), "the mappings hold the ring");
    ring.unmap();
    assertNotEquals(0, Posix.poll(pair[1], POLLHUP, SECONDS_10) & POLLHUP, "the ring is gone");
    assertEquals(0, kernel.close(pair[1]));
  }

  @Test
  void tenThousandRingsLeaveNeitherDescriptorsNorMappings() throws IOException {
    for (int i = 0; i < 10_000; i++) {
      try (var ring = new RawRing(kernel)) {
        ring.pushNops(1);
        assertEquals(1, ring.enter(1, 0, 0));
      }
    }
    assertEquals(0, descriptors());
    assertEquals(0, mappings());
  }

  private static long descriptors() throws IOException {
    try (var links = Files.list(Path.of("/proc/self/fd"))) {
      return links.filter(TeardownTest::isRing).count();
    }
  }

  private static boolean isRing(Path link) {
    try {
      return Files.readSymbolicLink(link).toString().contains("[io_uring]");
    } catch (IOException closedMeanwhile) {
      return false;
    }
  }

  private static long mappings() throws IOException {
    try (var lines = Files.lines(Path.of("/proc/self/maps"))) {
      return lines.filter(line -> line.contains("[io_uring]")).count();
    }
  }
}
