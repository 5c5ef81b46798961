package dev.ringshot.conformance;

import static dev.ringshot.conformance.device.Ref.REF_ARM;
import static dev.ringshot.conformance.device.Ref.REF_ARM_FLAGS;
import static dev.ringshot.conformance.device.Ref.REF_ARM_QUEUE;
import static dev.ringshot.conformance.device.Ref.REF_A_CANCELABLE;
import static dev.ringshot.conformance.device.Ref.REF_F_RETRY;
import static dev.ringshot.conformance.device.Ref.REF_LIST_MAX;
import static dev.ringshot.conformance.device.Ref.REF_PATH;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.ringshot.abi.Kernel;
import dev.ringshot.conformance.device.EventList;
import dev.ringshot.conformance.device.ReferenceDevice;
import dev.ringshot.conformance.watch.CheckedKernel;
import dev.ringshot.linux.LinuxKernel;
import dev.ringshot.model.ModelKernel;
import dev.ringshot.model.Scheduler;
import dev.ringshot.ring.BufferOptions;
import dev.ringshot.ring.BufferRing;
import dev.ringshot.ring.Ring;
import dev.ringshot.ring.RingFile;
import dev.ringshot.ring.RingOptions;
import dev.ringshot.ring.Subscription;
import java.lang.foreign.MemorySegment;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// The client and a driver of multishot commands: the same program on the model and on Linux.
///
/// The device keeps what it cannot deliver. So, whatever the sizes of queues and groups, each
/// queue's events must come once and in order, and at the end no buffer may be missing: not even
/// those that the kernel used up without naming them.
final class ReferenceClientTest {
  private static final int QUEUES = 2;
  private static final int BURSTS = 40;
  private static final int BURST_MAX = 20;

  @Test
  void losesNothingOnTheModel() {
    for (long seed = 1; seed <= 200; seed++) {
      try (var model = new ModelKernel(Scheduler.virtual(seed))) {
        listen(new CheckedKernel(ReferenceDevice.addTo(model)), seed);
      }
    }
  }

  @Tag("linux")
  @Test
  void losesNothingOnLinux() {
    Guest.needDevice();
    for (long seed = 1; seed <= 50; seed++) {
      listen(new CheckedKernel(LinuxKernel.capturing()), seed);
    }
  }

  private static void listen(Kernel kernel, long seed) {
    var random = new SplittableRandom(seed);
    var options = RingOptions.DEFAULT.withEntries(4).withCompletionEntries(4 << random.nextInt(3));
    var sizes =
        new BufferOptions(
            1 + random.nextInt(8),
            Long.BYTES * (1 + random.nextInt(4)),
            random.nextBoolean(),
            0,
            random.nextBoolean());
    try (var ring = Ring.open(kernel, options);
        var device = ring.openFile(REF_PATH).multishot(REF_ARM);
        var buffers = ring.provideBuffers(sizes)) {
      var listeners = new Listener[QUEUES];
      for (int queue = 0; queue < QUEUES; queue++) {
        listeners[queue] = new Listener(queue, buffers);
        listeners[queue].arm(ring, device, buffers);
      }
      MemorySegment list = ring.allocate(REF_LIST_MAX);
      for (int burst = 0; burst < BURSTS; burst++) {
        raise(ring, device, list, random, listeners);
        for (int nops = random.nextInt(6); nops > 0; nops--) ring.prepare((_, _) -> {}).nop();
        while (listeners[0].owed() + listeners[1].owed() > 0) {
          ring.submitAndWait(1);
          ring.dispatch();
        }
      }
      assertEquals(sizes.count(), buffers.available(), "buffers, seed " + seed);
    } catch (RuntimeException | AssertionError e) {
      throw new AssertionError("seed " + seed, e);
    }
  }

  private static void raise(
      Ring ring,
      RingFile device,
      MemorySegment list,
      SplittableRandom random,
      Listener[] listeners) {
    var events = new EventList();
    for (int count = 1 + random.nextInt(BURST_MAX); count > 0; count--) {
      int queue = random.nextInt(QUEUES);
      events.on(queue).post(Long.BYTES, REF_F_RETRY);
      listeners[queue].raised++;
    }
    events.writeTo(list);
    int[] written = {-1};
    ring.prepare((res, _) -> written[0] = res)
        .write(device.fd(), list.address(), events.byteSize(), 0);
    while (written[0] == -1) {
      ring.submitAndWait(1);
      ring.dispatch();
    }
    assertEquals(events.byteSize(), written[0]);
  }

  /// What one queue's command hears.
  private static final class Listener {
    private final int queue;
    private final Subscription events;
    private long raised;
    private long heard;

    Listener(int queue, BufferRing buffers) {
      this.queue = queue;
      this.events = buffers.onEvent(this::onEvent).rearmAutomatically();
    }

    void arm(Ring ring, RingFile device, BufferRing buffers) {
      ring.prepare(events)
          .uringCmdMultishot(device.fd(), REF_ARM, buffers.group())
          .cmdByte(REF_ARM_QUEUE, queue)
          .cmdInt(REF_ARM_FLAGS, REF_A_CANCELABLE);
    }

    private void onEvent(MemorySegment buffer, long offset, int length) {
      assertEquals(Long.BYTES, length);
      assertEquals((long) queue << 56 | heard++, buffer.get(JAVA_LONG, offset));
    }

    long owed() {
      return raised - heard;
    }
  }
}
