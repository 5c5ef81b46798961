package dev.ringshot.conformance.fuzz;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;

/// What a program knows of the user_data that it has given away.
final class Ledger {
  private static final byte NONE = -1;

  private byte[] opcodes = new byte[256]; // by serial number, which is the user_data
  private boolean[] ended = new boolean[256];
  private int next = 1;
  private final Set<Long> announced = new HashSet<>();

  /// The number of the next request.
  long next() {
    return next;
  }

  /// One of the last 16.
  long recent(Dice dice) {
    return Math.max(1, next - 1 - dice.below(16));
  }

  /// An SQE is written.
  void submitted(long[] words) {
    if (words[4] != next) { // a strange one
      announced.add(words[4]);
      return;
    }
    if (next == opcodes.length) {
      opcodes = Arrays.copyOf(opcodes, next * 2);
      ended = Arrays.copyOf(ended, next * 2);
    }
    opcodes[next++] = (byte) words[0];
  }

  /// Anything may come with that user_data.
  void announce(long userData) {
    announced.add(userData);
  }

  boolean isAnnounced(long userData) {
    return !announced.isEmpty() && announced.contains(userData);
  }

  /// The opcode of a request, 0 to 255, or -1 if nobody submitted it.
  int opcode(long userData) {
    return userData > 0 && userData < next ? opcodes[(int) userData] & 0xff : NONE;
  }

  /// A CQE came.
  ///
  /// @return false if the last one had come before
  boolean completed(long userData, boolean more) {
    boolean was = ended[(int) userData];
    if (!more) ended[(int) userData] = true;
    return !was;
  }
}
