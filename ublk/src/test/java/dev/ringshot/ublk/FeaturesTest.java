package dev.ringshot.ublk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringshot.abi.ErrnoException;
import dev.ringshot.abi.ublk.Ublk;
import dev.ringshot.model.ModelOptions;
import dev.ringshot.model.Release;
import dev.ringshot.ublk.target.MemTarget;
import org.junit.jupiter.api.Test;

/// What drivers offer, and what is said where they do not.
final class FeaturesTest {
  @Test
  void everyFeatureOfTheHeaderHasAName() {
    assertEquals(
        "IO_DESC_SIZE", Features.name(Long.numberOfTrailingZeros(Ublk.UBLK_F_IO_DESC_SIZE)));
    assertEquals("bit 21", Features.name(21));
    assertEquals("BATCH_IO (Linux 7.0), bit 40", Features.needs(Ublk.UBLK_F_BATCH_IO | 1L << 40));
  }

  @Test
  void whatTheDriverLacksIsNamedWithTheKernelThatHasIt() {
    var options = ModelOptions.DEFAULT.withRelease(Release.LINUX_6_18);
    try (var rig = new Rig(1, options)) {
      var wanted = rig.options().withFetch(FetchMode.BATCH);
      var e = assertThrows(ErrnoException.class, () -> rig.serve(new MemTarget(1 << 20), wanted));
      String message = String.valueOf(e.getMessage());
      assertTrue(
          message.startsWith(
              "GET_FEATURES: EOPNOTSUPP: this driver does not offer BATCH_IO (Linux 7.0); it has ["),
          message);
    }
  }
}
