package dev.ringshot.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;

class SchedulerTest {
  private static List<Integer> orderOfTenSimultaneousEvents(long seed) {
    var time = Scheduler.virtual(seed);
    var order = new ArrayList<Integer>();
    for (int i = 0; i < 10; i++) {
      int event = i;
      var _ = time.afterNanos(5, () -> order.add(event));
    }
    while (time.step()) {}
    return order;
  }

  @Test
  void simultaneousEventsComeInAnOrderThatTheSeedDecides() {
    assertEquals(orderOfTenSimultaneousEvents(1), orderOfTenSimultaneousEvents(1));
    assertNotEquals(orderOfTenSimultaneousEvents(1), orderOfTenSimultaneousEvents(2));
  }

  @Test
  void timePassesFromEventToEvent() {
    var time = Scheduler.virtual(1);
    var seen = new ArrayList<Long>();
    var _ = time.after(Duration.ofMillis(2), () -> seen.add(time.nanoTime()));
    var _ = time.after(Duration.ofMillis(1), () -> seen.add(time.nanoTime()));
    assertTrue(time.step());
    assertTrue(time.step());
    assertFalse(time.step());
    assertEquals(List.of(1_000_000L, 2_000_000L), seen);
  }

  @Test
  void aCancelledEventNeverRuns() {
    var time = Scheduler.virtual(1);
    var timer =
        time.afterNanos(
            5,
            () -> {
              throw new AssertionError();
            });
    assertTrue(timer.cancel());
    assertFalse(timer.cancel());
    assertFalse(time.step());
  }

  @Test
  void advanceRunsWhatFallsDueAndMovesTheClockToTheEnd() {
    var time = Scheduler.virtual(1);
    var seen = new ArrayList<Integer>();
    var _ = time.afterNanos(10, () -> seen.add(1));
    var _ = time.afterNanos(30, () -> seen.add(2));
    time.advance(Duration.ofNanos(20));
    assertEquals(List.of(1), seen);
    assertEquals(20, time.nanoTime());
  }

  @Test
  void virtualTimeBelongsToOneThread() throws Exception {
    var time = Scheduler.virtual(1);
    var other = new FutureTask<>(time::step);
    Thread.ofPlatform().start(other).join();
    var refusal = assertThrows(ExecutionException.class, other::get);
    assertTrue(refusal.getCause() instanceof IllegalStateException);
  }

  @Test
  void realTimeRunsEventsOnThreadsOfItsOwn() throws Exception {
    try (var time = Scheduler.real()) {
      var done = new CountDownLatch(2);
      var _ = time.afterNanos(1, done::countDown);
      var _ = time.execute(done::countDown);
      done.await();
      assertThrows(UnsupportedOperationException.class, time::step);
    }
  }
}
