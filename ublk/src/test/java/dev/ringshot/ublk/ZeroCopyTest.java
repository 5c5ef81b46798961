package dev.ringshot.ublk;

import static dev.ringshot.abi.Errno.EIO;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringshot.abi.ublk.Ublk;
import dev.ringshot.model.ModelOptions;
import dev.ringshot.model.PortableFiles;
import dev.ringshot.model.block.BioOp;
import dev.ringshot.ring.Ring;
import dev.ringshot.ublk.target.FaultyTarget;
import dev.ringshot.ublk.target.FileOptions;
import dev.ringshot.ublk.target.FileTarget;
import dev.ringshot.ublk.target.MemTarget;
import dev.ringshot.ublk.target.StripeTarget;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Disks whose data nobody copies.
final class ZeroCopyTest {
  private static final int SIZE = 1 << 20;

  @TempDir private Path folder;

  private static Rig rig(long seed) {
    return new Rig(seed, ModelOptions.DEFAULT.withFiles(new PortableFiles()));
  }

  private static ServerOptions options(Rig rig, FetchMode fetch) {
    return rig.options().withFetch(fetch).withData(DataMode.ZERO_COPY);
  }

  private FileTarget file(Rig rig, String name) {
    return FileTarget.open(
        rig.kernel, folder.resolve(name).toString(), new FileOptions(0, SIZE, false, false, true));
  }

  private static byte[] array(int length, int seed) {
    return Rig.bytes(length, seed).toArray(ValueLayout.JAVA_BYTE);
  }

  @ParameterizedTest
  @EnumSource
  void fileHasWhatIsWritten(FetchMode fetch) throws IOException {
    try (var rig = rig(1);
        var target = file(rig, "disk")) {
      var server = rig.serve(target, options(rig, fetch));
      assertTrue(server.info().has(Ublk.UBLK_F_AUTO_BUF_REG));
      for (Rig.Io io : rig.writeMany(64, 4096)) assertEquals(0, rig.errno(io));
      for (int i = 0; i < 64; i++) rig.assertReads(i * 4096L, Rig.bytes(4096, i));
      assertEquals(0, rig.write(300_032, Rig.bytes(200_704, 3))); // in several requests
      rig.assertReads(300_032, Rig.bytes(200_704, 3));
      assertEquals(0, rig.range(BioOp.FLUSH, 0, 0));
      rig.stop();
      byte[] image = Files.readAllBytes(folder.resolve("disk"));
      assertArrayEquals(array(4096, 1), Arrays.copyOfRange(image, 4096, 8192));
      assertArrayEquals(array(200_704, 3), Arrays.copyOfRange(image, 300_032, 500_736));
    }
  }

  @Test
  void stripeAndDecoratorsPassBuffersOn() {
    try (var rig = rig(2)) {
      var stripe = new StripeTarget(List.of(file(rig, "a"), file(rig, "b")), 4096);
      try (var target = new FaultyTarget(stripe, Map.of(BlockOp.WRITE, 1.0), 0, 4096, EIO, 1)) {
        rig.serve(target, options(rig, FetchMode.AUTO));
        assertEquals(EIO, rig.write(0, Rig.bytes(4096, 1)));
        assertEquals(0, rig.write(4096, Rig.bytes(60_000 & -512, 2))); // its rest comes again
        rig.assertReads(4096, Rig.bytes(60_000 & -512, 2));
        rig.stop();
      }
    }
  }

  @Test
  void requestNamesItsBufferAndHasNoMemory() {
    boolean[] isFine = {false};
    var target =
        new Scripted((request, ring) -> {
          isFine[0] =
              request.isRegistered()
                  && request.bufferIndex() == request.tag()
                  && request.address() == 0
                  && request.buffer().byteSize() == 0;
          request.complete();
        });
    try (var rig = rig(3)) {
      rig.serve(new Blind(target), options(rig, FetchMode.AUTO));
      assertEquals(0, rig.write(0, Rig.bytes(4096, 1)));
      assertTrue(isFine[0]);
      rig.stop();
    }
  }

  @Test
  void targetThatNeedsItsDataIsRefused() {
    try (var rig = rig(4)) {
      var target = new MemTarget(SIZE);
      assertFalse(target.takesRegisteredBuffers());
      var options = options(rig, FetchMode.AUTO);
      var e = assertThrows(IllegalArgumentException.class, () -> rig.serve(target, options));
      assertTrue(e.toString().contains("needs to see the data"), e::toString);
      assertTrue(rig.driver.disks().isEmpty());
    }
  }

  @ParameterizedTest
  @EnumSource
  void deviceIsRecovered(FetchMode fetch) {
    try (var rig = rig(5);
        var target = file(rig, "disk")) {
      var options = options(rig, fetch).withRecovery(Recovery.REISSUE);
      rig.serve(target, options);
      assertEquals(0, rig.write(8192, Rig.bytes(4096, 7)));
      Rig.Io open = rig.beginWrite(0, Rig.bytes(4096, 8));
      rig.kill();
      rig.run(100);
      var copying = rig.options().withDeviceId(0); // the device keeps what it is
      assertThrows(IllegalArgumentException.class, () -> rig.recover(new MemTarget(SIZE), copying));
      rig.kill();
      rig.recover(target, copying);
      assertEquals(0, rig.errno(open));
      rig.assertReads(0, Rig.bytes(4096, 8));
      rig.assertReads(8192, Rig.bytes(4096, 7));
      rig.stop();
    }
  }

  /// Says that it needs no data.
  private record Blind(BlockTarget target) implements BlockTarget {
    @Override
    public long size() {
      return target.size();
    }

    @Override
    public boolean takesRegisteredBuffers() {
      return true;
    }

    @Override
    public void submit(BlockRequest request, Ring ring) {
      target.submit(request, ring);
    }
  }
}
