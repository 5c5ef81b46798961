package dev.ringshot.conformance.differ;

import dev.ringshot.abi.Poll;
import dev.ringshot.conformance.rig.Claim;
import dev.ringshot.conformance.rig.Ends;
import dev.ringshot.conformance.rig.Host;
import dev.ringshot.conformance.rig.Platform;
import dev.ringshot.conformance.rig.RawRing;
import dev.ringshot.conformance.rig.Rig;

/// Waits for rings to be gone. Linux takes them apart on workers of its own, after close(2), and
/// sixty-four that never end keep all others; so every now and then a ring is closed whose end can
/// be seen, for it has the last reference to the end of a pipe.
final class Sentinel {
  private static final int PATIENCE_MILLIS = 20_000;

  private Sentinel() {}

  /// Closes such a ring and waits until it is gone.
  static void await(Platform platform) {
    Host host = platform.host();
    Ends pipe = host.pipe();
    try (var rig = new Rig(platform, platform.kernel())) {
      RawRing ring = rig.ring(1);
      ring.sqe(1).pollAdd(pipe.near(), Poll.POLLIN);
      ring.submitAll();
    }
    host.close(pipe.near());
    int events = host.poll(pipe.far(), 0, PATIENCE_MILLIS);
    host.close(pipe.far());
    Claim.that("rings end: poll " + events, (events & Poll.POLLERR) != 0);
  }
}
