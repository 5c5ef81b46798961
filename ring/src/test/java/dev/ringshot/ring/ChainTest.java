package dev.ringshot.ring;

import static dev.ringshot.abi.Errno.EBADF;
import static dev.ringshot.abi.Errno.ECANCELED;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringshot.abi.Poll;
import dev.ringshot.model.ModelKernel;
import dev.ringshot.model.Scheduler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Chains of requests, as the client lets them through.
final class ChainTest {
  private static final Duration SOON = Duration.ofMillis(1);
  private static final int COMMAND = EventSource.SUBSCRIBE;

  private final EventSource source = new EventSource(2);
  private final ModelKernel kernel =
      new ModelKernel(Scheduler.virtual(7)).device("/dev/events", source);
  private final List<String> heard = new ArrayList<>();

  @AfterEach
  void close() {
    kernel.close();
  }

  private CqeHandler named(String name) {
    return (res, flags) -> heard.add(name + " " + res);
  }

  @Test
  void memberThatFailsCancelsWhatFollows() {
    try (var ring = Ring.open(kernel, 8)) {
      ring.prepare(named("a")).nop().link();
      ring.prepare(named("b")).fsync(1000).link();
      ring.prepare(named("c")).nop();
      ring.prepare(named("d")).nop();
      assertEquals(Pause.IDLE, ring.run());
      assertEquals(List.of("a 0", "b " + -EBADF, "c " + -ECANCELED, "d 0").size(), heard.size());
      assertTrue(heard.contains("c " + -ECANCELED), heard.toString());
    }
  }

  @Test
  void chainIsNotSubmittedInItsMiddle() {
    try (var ring = Ring.open(kernel, 8)) {
      ring.prepare(named("a")).nop().link();
      assertThrows(IllegalStateException.class, ring::submit);
      assertThrows(IllegalStateException.class, ring::run);
      assertThrows(IllegalStateException.class, () -> ring.run(SOON));
      assertThrows(IllegalStateException.class, () -> ring.cancel(1));
      assertThrows(IllegalStateException.class, () -> ring.makeRoom(1));
      ring.prepare(named("b")).nop();
      ring.run();
      assertEquals(List.of("a 0", "b 0"), heard);
    }
  }

  @Test
  void chainThatDoesNotFitIsDropped() {
    try (var ring = Ring.open(kernel, 4)) {
      ring.prepare(named("x")).nop();
      for (int i = 0; i < 3; i++) ring.prepare(named("chain")).nop().link();
      assertThrows(IllegalStateException.class, () -> ring.prepare(named("chain")));
      assertEquals(1, ring.inFlight());
      ring.makeRoom(4);
      for (int i = 0; i < 3; i++) ring.prepare(named("whole")).nop().link();
      ring.prepare(named("whole")).nop();
      ring.run();
      assertEquals(List.of("x 0", "whole 0", "whole 0", "whole 0", "whole 0"), heard);
      assertThrows(IllegalArgumentException.class, () -> ring.makeRoom(5));
    }
  }

  @Test
  void refusedMemberTakesItsChainWithIt() {
    try (var ring = Ring.open(kernel, 8);
        var buffers = ring.provideBuffers(4, 64)) {
      var events = buffers.onEvent((buffer, offset, length) -> {});
      ring.prepare(events).recvMultishot(1000, 0, buffers.group()).link();
      ring.prepare(named("b")).nop().skipSuccess();
      assertThrows(IllegalStateException.class, ring::submit);
      assertFalse(events.isActive());
      assertEquals(Pause.IDLE, ring.run());
      assertEquals(List.of(), heard);
    }
  }

  @Test
  void drainIsRefused() {
    try (var ring = Ring.open(kernel, 8)) {
      ring.prepare(named("a")).nop().drain();
      assertThrows(IllegalStateException.class, ring::submit);
    }
  }

  @Test
  void limitCancelsWhatTakesTooLong() {
    try (var ring = Ring.open(kernel, 8)) {
      int eventfd = kernel.eventfd(0, 0);
      ring.prepare(named("late")).pollAdd(eventfd, Poll.POLLIN).link();
      ring.limit(SOON);
      ring.prepare(named("behind")).nop();
      ring.prepare(named("fast")).nop();
      ring.limit(Duration.ofSeconds(Long.MAX_VALUE));
      assertEquals(Pause.IDLE, ring.run());
      assertEquals(List.of("fast 0", "late " + -ECANCELED, "behind " + -ECANCELED), heard);
    }
  }

  @Test
  void limitNeedsARequest() {
    try (var ring = Ring.open(kernel, 8)) {
      assertThrows(IllegalStateException.class, () -> ring.limit(SOON));
      assertThrows(IllegalArgumentException.class, () -> ring.limit(SOON.negated()));
      ring.prepare(named("a")).linkTimeout(0, 0);
      assertThrows(IllegalStateException.class, ring::submit);
    }
  }

  @Test
  void rearmedRequestIsNotInTheChainAgain() {
    try (var ring = Ring.open(kernel, 8);
        var file = ring.openFile("/dev/events").multishot(COMMAND);
        var buffers = ring.provideBuffers(1, 64)) {
      var events = buffers.onEvent((buffer, offset, length) -> heard.add("event"));
      events.rearmAutomatically();
      ring.prepare(events).uringCmdMultishot(file.fd(), COMMAND, buffers.group()).hardlink();
      ring.prepare(named("behind")).nop();
      ring.submit();
      source.queue(0).produce(2);
      ring.run(SOON);
      assertTrue(events.rearms() > 0, "re-armed " + events.rearms());
      assertEquals(1, heard.stream().filter("behind 0"::equals).count(), heard.toString());
    }
  }
}
