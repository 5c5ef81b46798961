package dev.ringshot.conformance.differ;

import java.util.List;
import java.util.SplittableRandom;

/// What a seed decides.
final class Draw {
  private final SplittableRandom random;

  Draw(long seed) {
    random = new SplittableRandom(seed);
  }

  /// 0 … `bound` - 1.
  int below(int bound) {
    return random.nextInt(bound);
  }

  /// `least` … `most`.
  int between(int least, int most) {
    return least + random.nextInt(most - least + 1);
  }

  /// Yes, in that many of a hundred cases.
  boolean chance(int percent) {
    return random.nextInt(100) < percent;
  }

  /// One of them.
  <T> T of(List<T> choices) {
    return choices.get(random.nextInt(choices.size()));
  }

  /// One of them.
  int of(int... choices) {
    return choices[random.nextInt(choices.length)];
  }
}
