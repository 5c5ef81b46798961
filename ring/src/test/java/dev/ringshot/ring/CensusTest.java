package dev.ringshot.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

final class CensusTest {
  private final Census census = new Census();

  @Test
  void countsAtOnceWhereNobodyHoldsABuffer() {
    int armed = census.begin(false);
    int other = census.begin(false);
    census.end(false, armed);
    assertTrue(census.isWanted());
    census.open(7);
    assertTrue(census.isComplete());
    assertEquals(7, census.close());
    assertFalse(census.isWanted());
    census.end(false, other);
    assertTrue(census.isWanted());
  }

  @Test
  void waitsForThoseThatHeldOneWhenItBegan() {
    int reading = census.begin(true);
    census.end(false, census.begin(false));
    census.open(3);
    assertFalse(census.isComplete());
    int later = census.begin(true);
    census.end(true, later);
    assertFalse(census.isComplete(), "a later request says nothing about the count");
    census.end(true, reading);
    assertTrue(census.isComplete());
    assertEquals(3, census.close());
    assertTrue(census.isWanted(), "those ends may have lost something too");
    assertFalse(census.hasHolders());
  }
}
