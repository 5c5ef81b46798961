package dev.ringshot.ring;

import static dev.ringshot.abi.IoUring.IORING_CQE_F_BUF_MORE;
import static dev.ringshot.abi.IoUring.IORING_REGISTER_PBUF_STATUS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringshot.abi.Errno;
import dev.ringshot.abi.Kernel;
import dev.ringshot.model.FileOperations;
import dev.ringshot.model.ModelKernel;
import dev.ringshot.model.ModelOptions;
import dev.ringshot.model.Release;
import dev.ringshot.model.Scheduler;
import dev.ringshot.model.UringCmd;
import dev.ringshot.model.VirtualHangException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// The client at its edges, on the model.
final class ModelRingTest {
  private static final Duration SHORT = Duration.ofMillis(1);
  private static final int COMMAND = EventSource.SUBSCRIBE;

  private final EventSource source = new EventSource(2);
  private final ModelKernel kernel =
      new ModelKernel(Scheduler.virtual(7)).device("/dev/events", source);

  @AfterEach
  void close() {
    kernel.close();
  }

  @Test
  void whatAnEventHandlerThrowsLosesNoBuffer() {
    try (var ring = Ring.open(kernel, 8);
        var file = ring.openFile("/dev/events").multishot(COMMAND);
        var buffers = ring.provideBuffers(4, 64)) {
      int[] heard = {0};
      var events =
          buffers.onEvent((buffer, offset, length) -> {
            if (++heard[0] % 2 == 0) throw new ArithmeticException("of an event");
          });
      ring.prepare(events).uringCmdMultishot(file.fd(), COMMAND, buffers.group());
      ring.submit();
      source.queue(0).produce(4);
      assertThrows(ArithmeticException.class, () -> ring.run(SHORT));
      assertThrows(ArithmeticException.class, () -> ring.run(SHORT));
      assertEquals(4, heard[0]);
      assertEquals(4, buffers.available());
      assertTrue(events.isActive());
    }
  }

  @Test
  void automaticRearmGivesUpOnADriverThatHasNoBufferForIt() {
    var stubborn =
        new FileOperations() {
          private int asked;

          @Override
          public int uringCmd(UringCmd cmd) {
            asked++;
            return -Errno.ENOBUFS;
          }
        };
    kernel.device("/dev/stubborn", stubborn);
    try (var ring = Ring.open(kernel, 8);
        var file = ring.openFile("/dev/stubborn").multishot(COMMAND);
        var buffers = ring.provideBuffers(4, 64)) {
      List<End> ends = new ArrayList<>();
      var events =
          buffers.onEvent((buffer, offset, length) -> {}).onEnd(ends::add).rearmAutomatically();
      ring.prepare(events).uringCmdMultishot(file.fd(), COMMAND, buffers.group());
      assertEquals(Pause.IDLE, ring.run());
      assertEquals(List.of(new End.OutOfBuffers()), ends);
      assertEquals(Subscription.FRUITLESS_MAX, events.rearms());
      assertEquals(1 + Subscription.FRUITLESS_MAX, stubborn.asked);
    }
  }

  @Test
  void rearmWithoutABufferWaitsForOneInsteadOfSpinning() {
    try (var ring = Ring.open(kernel, 8);
        var file = ring.openFile("/dev/events").multishot(COMMAND);
        var buffers = ring.provideBuffers(1, 64)) {
      int[] kept = {-1};
      List<End> ends = new ArrayList<>();
      var events = buffers.onEvent((buffer, offset, length) -> kept[0] = buffers.keep());
      events.onEnd(end -> {
        ends.add(end);
        events.rearm();
      });
      ring.prepare(events).uringCmdMultishot(file.fd(), COMMAND, buffers.group());
      ring.submit();
      source.queue(0).produce(2);
      assertEquals(Pause.IDLE, ring.run());
      assertEquals(List.of(new End.OutOfBuffers()), ends);
      assertEquals(0, events.rearms());
      assertTrue(events.isActive());
      buffers.giveBack(kept[0]);
      assertEquals(Pause.TIME_UP, ring.run(SHORT));
      assertEquals(2, events.events());
      assertEquals(1, events.rearms());
    }
  }

  @Test
  void keptPieceOfAnIncrementalBufferKeepsAllOfIt() {
    try (var ring = Ring.open(kernel, 8);
        var file = ring.openFile("/dev/events").multishot(COMMAND);
        var buffers = ring.provideBuffers(new BufferOptions(1, 40, true, 0, false))) {
      List<Integer> kept = new ArrayList<>();
      var events =
          buffers
              .onEvent((buffer, offset, length) -> kept.add(buffers.keep()))
              .rearmAutomatically();
      ring.prepare(events).uringCmdMultishot(file.fd(), COMMAND, buffers.group());
      ring.submit();
      source.queue(0).produce(4); // 1, 6, 11 and 16 bytes; then 21, which do not fit
      assertEquals(Pause.TIME_UP, ring.run(SHORT));
      assertEquals(4, kept.size());
      assertEquals(1, buffers.available());
      source.queue(0).produce(2);
      assertEquals(Pause.IDLE, ring.run());
      assertEquals(5, kept.size());
      assertEquals(0, buffers.available());
      for (int i = 0; i < 4; i++) buffers.giveBack(kept.removeFirst());
      assertEquals(0, buffers.available());
      buffers.giveBack(kept.removeFirst());
      assertEquals(1, buffers.available());
      assertEquals(Pause.TIME_UP, ring.run(SHORT));
      assertEquals(1, kept.size());
    }
  }

  @Test
  void rearmSurvivesTheMistakeOfAnother() {
    try (var ring = Ring.open(kernel, 8);
        var file = ring.openFile("/dev/events").multishot(COMMAND);
        var buffers = ring.provideBuffers(4, 64)) {
      boolean[] hasErred = {false};
      var events =
          buffers.onEvent((buffer, offset, length) -> {
            if (!hasErred[0]) ring.prepare((res, flags) -> {}).nop().skipSuccess();
            hasErred[0] = true;
          });
      ring.prepare(events.rearmAutomatically())
          .uringCmdMultishot(file.fd(), COMMAND, buffers.group());
      ring.submit();
      source.queue(0).produce(10);
      assertThrows(IllegalStateException.class, () -> ring.run(SHORT));
      assertEquals(Pause.TIME_UP, ring.run(SHORT));
      assertEquals(10, events.events());
      assertEquals(2, events.rearms());
    }
  }

  @Test
  void cancelOfAWaitingRearmIsToldAsCancelled() {
    try (var ring = Ring.open(kernel, 8);
        var file = ring.openFile("/dev/events").multishot(COMMAND);
        var buffers = ring.provideBuffers(1, 64)) {
      List<End> ends = new ArrayList<>();
      var events =
          buffers
              .onEvent((buffer, offset, length) -> buffers.keep())
              .onEnd(ends::add)
              .rearmAutomatically();
      ring.prepare(events).uringCmdMultishot(file.fd(), COMMAND, buffers.group());
      ring.submit();
      source.queue(0).produce(2);
      assertEquals(Pause.IDLE, ring.run());
      ring.cancel(events);
      assertEquals(Pause.IDLE, ring.run());
      assertEquals(List.of(new End.Cancelled()), ends);
      assertFalse(events.isActive());
    }
  }

  @Test
  void kernelThatTellsNoHeadLosesNothing() {
    var older =
        new OtherKernel(kernel) {
          @Override
          public int register(int fd, int opcode, long arg, int argCount) {
            return opcode == IORING_REGISTER_PBUF_STATUS
                ? -Errno.EINVAL
                : super.register(fd, opcode, arg, argCount);
          }
        };
    try (var ring = Ring.open(older, 8);
        var file = ring.openFile("/dev/events").multishot(COMMAND);
        var buffers = ring.provideBuffers(4, 64)) {
      var events = buffers.onEvent((buffer, offset, length) -> {});
      ring.prepare(events).uringCmdMultishot(file.fd(), COMMAND, buffers.group());
      ring.submit();
      source.queue(0).produce(2);
      source.queue(0).end(0);
      assertEquals(Pause.IDLE, ring.run());
      assertEquals(4, buffers.available());
      assertEquals(0, buffers.recovered());
    }
  }

  @Test
  void forgottenBufMoreGivesNoBufferTwice() {
    try (var ring = Ring.open(new Forgetful(kernel), 8);
        var file = ring.openFile("/dev/events").multishot(COMMAND);
        var buffers = ring.provideBuffers(new BufferOptions(2, 64, true, 0, false))) {
      long[] heard = {0};
      var events =
          buffers
              .onEvent((buffer, offset, length) ->
                  EventCheck.check(0, heard[0]++, buffer, offset, length))
              .rearmAutomatically();
      ring.prepare(events).uringCmdMultishot(file.fd(), COMMAND, buffers.group());
      ring.submit();
      for (int i = 0; i < 100; i++) {
        source.queue(0).produce(3);
        assertEquals(Pause.TIME_UP, ring.run(SHORT));
      }
      assertEquals(300, heard[0]);
      assertEquals(2, buffers.available());
    }
  }

  /// Forgets `IORING_CQE_F_BUF_MORE` of the last completion, as some kernels do at the end of a
  /// stream.
  private static final class Forgetful extends OtherKernel {
    private static final int CQ_TAIL_AT = 12;
    private static final int CQ_ENTRIES = 32;
    private static final int CQES_AT = 64;
    private java.lang.foreign.@org.jspecify.annotations.Nullable MemorySegment rings;

    Forgetful(Kernel kernel) {
      super(kernel);
    }

    @Override
    public java.lang.foreign.MemorySegment map(int fd, long offset, long length, int protection) {
      var mapped = super.map(fd, offset, length, protection);
      if (fd >= 0 && offset == 0) rings = mapped;
      return mapped;
    }

    @Override
    public int enter(int fd, int toSubmit, int min, int flags, long arg, long size) {
      int result = super.enter(fd, toSubmit, min, flags, arg, size);
      if (rings == null) return result;
      var layout = java.lang.foreign.ValueLayout.JAVA_INT;
      int last = rings.get(layout, CQ_TAIL_AT) - 1 & CQ_ENTRIES - 1;
      long at = CQES_AT + 16L * last + 12;
      rings.set(layout, at, rings.get(layout, at) & ~IORING_CQE_F_BUF_MORE);
      return result;
    }
  }

  @Test
  void numberOfAClosedGroupIsFreeOnlyWhenNobodyTakesFromIt() {
    try (var ring = Ring.open(kernel, 8);
        var file = ring.openFile("/dev/events").multishot(COMMAND)) {
      var first = ring.provideBuffers(2, 64);
      var events = first.onEvent((buffer, offset, length) -> {});
      ring.prepare(events).uringCmdMultishot(file.fd(), COMMAND, first.group());
      ring.submit();
      first.close();
      var second = ring.provideBuffers(2, 64);
      assertEquals(1, second.group());
      source.queue(0).end(0);
      assertEquals(Pause.IDLE, ring.run());
      assertEquals(0, ring.provideBuffers(2, 64).group());
    }
  }

  @Test
  void completionsOfNobodyAreToldOrThrown() {
    try (var ring = Ring.open(kernel, 8);
        var other = Ring.open(kernel, 8)) {
      other.prepare((res, flags) -> assertEquals(0, res)).msgRing(ring.fd(), 5, 4711, 0);
      assertEquals(Pause.IDLE, other.run());
      assertThrows(IllegalStateException.class, ring::dispatch);
      List<Long> strays = new ArrayList<>();
      ring.onStray((userData, res, flags) -> strays.add(userData + res));
      other.prepare((res, flags) -> {}).msgRing(ring.fd(), 5, 4711, 0);
      assertEquals(Pause.IDLE, other.run());
      assertEquals(1, ring.dispatch());
      assertEquals(List.of(4716L), strays);
    }
  }

  @Test
  void mistakesAreRefusedBeforeTheKernelSeesThem() {
    try (var ring = Ring.open(kernel, 8);
        var buffers = ring.provideBuffers(2, 64)) {
      CqeHandler deaf = (res, flags) -> {};
      ring.prepare(deaf).nop().skipSuccess();
      assertThrows(IllegalStateException.class, ring::submit);
      ring.prepare(deaf).nop().userData(1);
      assertThrows(IllegalStateException.class, ring::submit);
      ring.prepare(deaf).read(0, 0, 8, 0).bufferSelect(buffers.group());
      assertThrows(IllegalStateException.class, ring::submit);
      ring.prepare(buffers.onEvent((buffer, offset, length) -> {})).read(0, 0, 8, 0);
      assertThrows(IllegalStateException.class, ring::submit);
      ring.prepare(deaf).recv(0, 0, 0, 0).ioprio(dev.ringshot.abi.IoUring.IORING_RECV_MULTISHOT);
      assertThrows(IllegalStateException.class, ring::submit);
      ring.prepare(deaf).uringCmd(0, 1).bufferSelect(77);
      assertThrows(IllegalStateException.class, ring::submit);
      assertEquals(2, buffers.available());
      assertEquals(0, ring.inFlight());
      assertEquals(Pause.IDLE, ring.run());
    }
  }

  @Test
  void handlersCannotRunOrCloseTheirRing() {
    try (var ring = Ring.open(kernel, 8)) {
      for (Runnable wrong : List.<Runnable>of(ring::run, ring::dispatch, ring::close)) {
        ring.prepare((res, flags) -> wrong.run()).nop();
        assertThrows(IllegalStateException.class, ring::run);
      }
      assertThrows(IllegalArgumentException.class, () -> ring.run(Duration.ofNanos(-1)));
      assertEquals(Pause.IDLE, ring.run());
    }
  }

  @Test
  void detachedRequestIsNotWaitedFor() {
    try (var ring = Ring.open(kernel, 8)) {
      var time = ring.allocate(16);
      dev.ringshot.abi.Timespec.set(time, 0, 1_000_000_000);
      int[] heard = {0};
      long request =
          ring.prepare((res, flags) -> heard[0]++).timeout(time.address(), 0, 0).userData();
      assertTrue(ring.detach(request));
      assertFalse(ring.detach(request + 1));
      assertEquals(Pause.IDLE, ring.run());
      assertEquals(Pause.TIME_UP, runFully(ring, Duration.ofSeconds(2)));
      assertEquals(0, heard[0]);
    }
  }

  @Test
  void driverThatDoesNotKnowTheFlagIsAHangThatIsSeen() {
    var options = ModelOptions.DEFAULT.withRelease(Release.LINUX_6_18);
    try (var old = new ModelKernel(Scheduler.virtual(1), options);
        var ring = Ring.open(old, 8);
        var file = ring.openFile("/dev/null").multishot(COMMAND);
        var buffers = ring.provideBuffers(2, 64)) {
      var events = buffers.onEvent((buffer, offset, length) -> {});
      ring.prepare(events).uringCmdMultishot(file.fd(), COMMAND, buffers.group());
      assertThrows(VirtualHangException.class, ring::run);
      ring.cancel(events);
      assertEquals(Pause.IDLE, ring.run());
    }
  }

  @Test
  void subscriptionsArePreparedOnTheirOwnRing() {
    try (var ring = Ring.open(kernel, 8);
        var other = Ring.open(kernel, 8);
        var buffers = other.provideBuffers(2, 64)) {
      var events = buffers.onEvent((buffer, offset, length) -> {});
      assertThrows(IllegalArgumentException.class, () -> ring.prepare(events));
      other.prepare(events).read(0, 0, 8, 0).bufferSelect(buffers.group());
      assertThrows(IllegalStateException.class, () -> other.prepare(events));
    }
  }

  @Test
  void wakeEndsARunInRealTime() {
    try (var real = new ModelKernel(Scheduler.real());
        var ring = Ring.open(real, 8)) {
      var time = ring.allocate(16);
      dev.ringshot.abi.Timespec.set(time, 0, 3_600_000_000_000L);
      ring.prepare((res, flags) -> {}).timeout(time.address(), 0, 0);
      for (int i = 0; i < 100; i++) {
        var waker = CompletableFuture.runAsync(ring::wake);
        assertEquals(Pause.WOKEN, ring.run());
        waker.join();
      }
    }
  }

  @Test
  void pollIsRearmedWhenTheQueueWasFull() {
    var small = RingOptions.DEFAULT.withEntries(4).withCompletionEntries(4);
    try (var ring = Ring.open(kernel, small)) {
      int eventfd = kernel.eventfd(0, 0);
      var one = ring.allocate(8);
      one.set(java.lang.foreign.ValueLayout.JAVA_LONG, 0, 1);
      List<End> ends = new ArrayList<>();
      int[] heard = {0};
      var polls =
          ring.subscription()
              .onCompletion((res, flags) -> heard[0]++)
              .onEnd(ends::add)
              .rearmAutomatically();
      ring.prepare(polls).pollMultishot(eventfd, dev.ringshot.abi.Poll.POLLIN);
      ring.submit();
      for (int i = 0; i < 10; i++) {
        for (int j = 0; j < 4; j++) ring.prepare((res, flags) -> {}).nop();
        ring.submit();
        assertEquals(8, kernel.write(eventfd, one.address(), 8));
        ring.submitAndWait(1);
        assertEquals(Pause.TIME_UP, ring.run(SHORT));
      }
      assertTrue(polls.rearms() > 0, "the queue was full");
      assertTrue(heard[0] >= 10);
      assertEquals(heard[0], polls.events());
      assertEquals(List.of(), ends);
      ring.cancel(polls);
      assertEquals(Pause.IDLE, ring.run());
      assertEquals(List.of(new End.Cancelled()), ends);
    }
  }

  /// Lets the time pass though nothing else is in flight.
  private static Pause runFully(Ring ring, Duration time) {
    var until = ring.allocate(16);
    dev.ringshot.abi.Timespec.set(until, 0, time.toNanos());
    ring.prepare((res, flags) -> {}).timeout(until.address(), 0, 0);
    return ring.run(time);
  }
}
