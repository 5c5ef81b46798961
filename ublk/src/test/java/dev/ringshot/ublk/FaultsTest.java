package dev.ringshot.ublk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.ringshot.model.Faults;
import dev.ringshot.model.ModelOptions;
import dev.ringshot.ublk.target.DelayTarget;
import dev.ringshot.ublk.target.MemTarget;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Linux's unhappy answers, at any moment.
final class FaultsTest {
  private static final int MIB = 1 << 20;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void fullQueuesAndEmptyGroupsLoseNothing(long seed) {
    var faults =
        Faults.seeded(seed)
            .with(Faults.Point.CQ_FULL, 0.2)
            .with(Faults.Point.NO_BUFFER, 0.2)
            .with(Faults.Point.WORKER, 0.1)
            .with(Faults.Point.WAIT_INTERRUPTED, 0.1);
    try (var rig = new Rig(seed, ModelOptions.DEFAULT.withFaults(faults))) {
      var disk = new DelayTarget(new MemTarget(MIB), Map.of(BlockOp.READ, Duration.ofNanos(1000)));
      rig.serve(disk, Mode.BATCH_COPY.of(rig.options()).withFetchBuffers(1, 8));
      for (int round = 0; round < 5; round++) {
        for (Rig.Io io : rig.writeMany(32, 4096)) assertEquals(0, rig.errno(io));
        for (int i = 0; i < 32; i++) rig.assertReads(i * 4096L, Rig.bytes(4096, i));
      }
      rig.stop();
      assertNull(rig.server().failure());
    }
  }

  @ParameterizedTest
  @EnumSource
  void whoDiesAtAnyMomentCanBeReplaced(Mode mode) {
    for (int steps : IntStream.range(0, 40).toArray()) {
      try (var rig = new Rig(steps)) {
        var disk = new MemTarget(MIB);
        var options = mode.of(rig.options()).withRecovery(Recovery.REISSUE).withFetchBuffers(1, 4);
        rig.serve(disk, options);
        List<Rig.Io> underWay = rig.writeMany(20, 4096);
        rig.run(steps);
        rig.kill();
        rig.run(50);
        rig.recover(disk, options.withDeviceId(0));
        for (Rig.Io io : underWay) assertEquals(0, rig.errno(io));
        for (int i = 0; i < 20; i++) rig.assertReads(i * 4096L, Rig.bytes(4096, i));
        rig.stop();
      }
    }
  }
}
