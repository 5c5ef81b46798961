package dev.ringshot.abi;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.Test;

/// The parameters of a ring.
final class RingParamsTest {
  private final MemorySegment memory = Arena.ofAuto().allocate(RingParams.SIZE + 16, 8);
  private final RingParams params = new RingParams().at(memory, 8);

  @Test
  void fieldsDoNotOverlap() {
    params.sqEntries(1).cqEntries(2).flags(3).sqThreadCpu(4).sqThreadIdle(5).features(6).wqFd(7);
    params.sqOffHead(8).sqOffTail(9).sqOffRingMask(10).sqOffRingEntries(11).sqOffFlags(12);
    params.sqOffDropped(13).sqOffArray(14).sqOffUserAddr(15);
    params.cqOffHead(16).cqOffTail(17).cqOffRingMask(18).cqOffRingEntries(19).cqOffOverflow(20);
    params.cqOffCqes(21).cqOffFlags(22).cqOffUserAddr(23);

    int[] words = memory.asSlice(8, RingParams.SIZE).toArray(ValueLayout.JAVA_INT);
    assertEquals(
        "1 2 3 4 5 6 7 0 0 0 8 9 10 11 12 13 14 0 15 0 16 17 18 19 20 21 22 0 23 0", join(words));
    assertEquals(15, params.sqOffUserAddr());
    assertEquals(22, params.cqOffFlags());
  }

  @Test
  void clearZeroesTheStructureAndNothingElse() {
    memory.fill((byte) -1);

    params.clear();

    assertEquals(-1, memory.get(ValueLayout.JAVA_LONG, 0));
    assertEquals(0, params.sqEntries());
    assertEquals(0, params.cqOffUserAddr());
    assertEquals(-1, memory.get(ValueLayout.JAVA_LONG, 8 + RingParams.SIZE));
  }

  @Test
  void timespecHoldsSecondsAndTheRest() {
    Timespec.set(memory, 8, 3_000_000_007L);

    assertEquals(3, memory.get(ValueLayout.JAVA_LONG, 8 + Timespec.TV_SEC));
    assertEquals(7, memory.get(ValueLayout.JAVA_LONG, 8 + Timespec.TV_NSEC));
  }

  private static String join(int[] words) {
    StringBuilder text = new StringBuilder();
    for (int word : words) text.append(text.isEmpty() ? "" : " ").append(word);
    return text.toString();
  }
}
