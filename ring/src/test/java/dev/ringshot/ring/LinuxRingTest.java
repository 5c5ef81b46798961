package dev.ringshot.ring;

import static dev.ringshot.abi.Errno.ECANCELED;
import static dev.ringshot.abi.Errno.EEXIST;
import static dev.ringshot.abi.Errno.ETIME;
import static dev.ringshot.abi.IoUring.IORING_CQE_F_MORE;
import static dev.ringshot.abi.IoUring.IORING_TIMEOUT_MULTISHOT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringshot.abi.ErrnoException;
import dev.ringshot.abi.Timespec;
import dev.ringshot.linux.LinuxKernel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/// The client on the running kernel.
@Tag("linux")
@EnabledOnOs(OS.LINUX)
final class LinuxRingTest {
  private final LinuxKernel kernel = new LinuxKernel();

  @Test
  void handlersHearResultsInOrder() {
    try (var ring = Ring.open(kernel, 4)) {
      List<Integer> heard = new ArrayList<>();
      for (int i = 0; i < 20; i++) ring.prepare((res, flags) -> heard.add(res)).nop(i);
      assertEquals(Pause.IDLE, ring.run());
      assertEquals(20, heard.size());
      for (int i = 0; i < 20; i++) assertEquals(i, heard.get(i));
    }
  }

  @Test
  void multishotTimeoutCallsUntilTheLast() {
    try (var ring = Ring.open(kernel, 8)) {
      var time = ring.allocate(Timespec.SIZE);
      Timespec.set(time, 0, 1_000_000);
      List<String> heard = new ArrayList<>();
      ring.prepare((res, flags) -> heard.add(res + " " + flags))
          .timeout(time.address(), 3, IORING_TIMEOUT_MULTISHOT);
      assertEquals(Pause.IDLE, ring.run());
      String more = -ETIME + " " + IORING_CQE_F_MORE;
      assertEquals(List.of(more, more, -ETIME + " 0"), heard);
    }
  }

  @Test
  void runForAWhileEndsInTime() {
    try (var ring = Ring.open(kernel, 8)) {
      var time = ring.allocate(Timespec.SIZE);
      Timespec.set(time, 0, 3_600_000_000_000L);
      List<Integer> heard = new ArrayList<>();
      long request =
          ring.prepare((res, flags) -> heard.add(res)).timeout(time.address(), 0, 0).userData();
      assertEquals(Pause.TIME_UP, ring.run(Duration.ofMillis(5)));
      List<CancelOutcome> outcomes = new ArrayList<>();
      ring.cancel(request, outcomes::add);
      assertEquals(Pause.IDLE, ring.run(Duration.ofHours(1)));
      assertEquals(List.of(-ECANCELED), heard);
      assertEquals(List.of(CancelOutcome.CANCELLED), outcomes);
      ring.cancel(request, outcomes::add);
      assertEquals(Pause.IDLE, ring.run());
      assertEquals(CancelOutcome.ALREADY_ENDED, outcomes.getLast());
    }
  }

  @Test
  void wakeEndsARunFromAnotherThread() {
    try (var ring = Ring.open(kernel, 8)) {
      var time = ring.allocate(Timespec.SIZE);
      Timespec.set(time, 0, 3_600_000_000_000L);
      ring.prepare((res, flags) -> {}).timeout(time.address(), 0, 0);
      for (int i = 0; i < 100; i++) {
        var waker = CompletableFuture.runAsync(ring::wake);
        assertEquals(Pause.WOKEN, ring.run());
        waker.join();
      }
    }
  }

  @Test
  void anotherThreadIsToldEexist() {
    try (var ring = Ring.open(kernel, 8)) {
      ring.prepare((res, flags) -> {}).nop();
      var refused =
          assertThrows(
              ErrnoException.class,
              () -> {
                try {
                  CompletableFuture.runAsync(ring::submit).join();
                } catch (java.util.concurrent.CompletionException e) {
                  throw e.getCause();
                }
              });
      assertEquals(EEXIST, refused.errno());
      assertEquals(Pause.IDLE, ring.run());
    }
  }

  @Test
  void whatAHandlerThrowsLosesNoCompletion() {
    try (var ring = Ring.open(kernel, 8)) {
      List<Integer> heard = new ArrayList<>();
      ring.prepare((res, flags) -> heard.add(res)).nop(1);
      ring.prepare(
              (res, flags) -> {
                throw new ArithmeticException("thrown by a handler");
              })
          .nop(2);
      ring.prepare((res, flags) -> heard.add(res)).nop(3);
      assertThrows(ArithmeticException.class, ring::run);
      assertEquals(Pause.IDLE, ring.run());
      assertEquals(List.of(1, 3), heard);
      assertEquals(0, ring.inFlight());
    }
  }

  @Test
  void manyCompletionsThanFitAreAllHeard() {
    var options = RingOptions.DEFAULT.withEntries(64).withCompletionEntries(64);
    try (var ring = Ring.open(kernel, options)) {
      int[] heard = {0};
      for (int i = 0; i < 1000; i++) ring.prepare((res, flags) -> heard[0]++).nop();
      assertEquals(Pause.IDLE, ring.run());
      assertEquals(1000, heard[0]);
    }
  }

  @Test
  void closedRingIsNoRing() {
    var ring = Ring.open(kernel, 8);
    ring.close();
    ring.close();
    ring.wake();
    assertThrows(IllegalStateException.class, ring::run);
    assertFalse(ring.fd() < 0);
    assertTrue(ring.features() != 0);
  }

  @Test
  void dispatchAloneSeesWhatHasHappened() {
    try (var ring = Ring.open(kernel, 8)) {
      var time = ring.allocate(Timespec.SIZE);
      Timespec.set(time, 0, 1_000_000);
      int[] heard = {0};
      ring.prepare((res, flags) -> heard[0] = res).timeout(time.address(), 0, 0);
      ring.submit();
      for (int i = 0; i < 100_000_000 && heard[0] == 0; i++) ring.dispatch();
      assertEquals(-ETIME, heard[0]);
    }
  }

  @Test
  void closingLeavesNoDescriptorAndNoMappingBehind() throws IOException {
    openAndClose(20);
    int descriptors = count("/proc/self/fd");
    int mappings = count("/proc/self/maps");
    openAndClose(500);
    assertEquals(descriptors, count("/proc/self/fd"));
    assertTrue(count("/proc/self/maps") < mappings + 100);
  }

  private void openAndClose(int times) {
    for (int i = 0; i < times; i++) {
      try (var ring = Ring.open(kernel, 8);
          var file = ring.openFile("/dev/zero");
          var buffers = ring.provideBuffers(new BufferOptions(4, 64, false, 0, i % 2 == 0))) {
        var zeros = buffers.onEvent((buffer, offset, length) -> assertEquals(8, length));
        ring.prepare(zeros).read(file.fd(), 0, 8, 0).bufferSelect(buffers.group());
        ring.allocate(1);
        ring.wake();
        assertEquals(Pause.WOKEN, ring.run());
      }
    }
  }

  private static int count(String path) throws IOException {
    var file = Path.of(path);
    if (Files.isRegularFile(file)) return Files.readAllLines(file).size();
    try (var entries = Files.list(file)) {
      return (int) entries.count();
    }
  }
}
