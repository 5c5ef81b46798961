package dev.ringshot.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;

final class InFlightTest {
  private static final CqeHandler HANDLER = (res, flags) -> {};

  private final InFlight inFlight = new InFlight(2);

  @Test
  void staleUserDataFindsNothingThoughTheSlotIsUsedAgain() {
    long first = inFlight.take(HANDLER, true);
    inFlight.free(first);
    long second = inFlight.take((res, flags) -> {}, true);
    assertEquals((int) first, (int) second, "the slot is used again");
    assertNotEquals(first, second);
    assertNull(inFlight.find(first));
  }

  @Test
  void smallNumbersAreNoRequests() {
    for (int i = 0; i < 10; i++) inFlight.take(HANDLER, true);
    for (long userData = 0; userData < 100; userData++) assertNull(inFlight.find(userData));
    assertNull(inFlight.find(-1));
    assertNull(inFlight.find(Long.MIN_VALUE));
  }

  @Test
  void growsAndKeepsWhatItHolds() {
    List<Long> taken = new ArrayList<>();
    List<CqeHandler> handlers = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      CqeHandler handler = new Deaf();
      handlers.add(handler);
      taken.add(inFlight.take(handler, true));
    }
    assertEquals(100, new HashSet<>(taken).size());
    for (int i = 0; i < 100; i++) assertSame(handlers.get(i), inFlight.find(taken.get(i)));
    assertEquals(100, inFlight.awaited());
    taken.forEach(inFlight::free);
    assertEquals(0, inFlight.count());
  }

  @Test
  void nobodyWaitsForWhatWasLetGo() {
    long request = inFlight.take(HANDLER, true);
    CqeHandler late = new Deaf();
    inFlight.detach(request, late);
    assertEquals(0, inFlight.awaited());
    assertEquals(1, inFlight.count());
    assertSame(late, inFlight.find(request));
    inFlight.free(request);
    assertEquals(0, inFlight.awaited());
    assertEquals(0, inFlight.count());
  }

  private static final class Deaf implements CqeHandler {
    @Override
    public void onCqe(int res, int flags) {}
  }
}
