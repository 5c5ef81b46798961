package dev.ringshot.conformance.fuzz;

import dev.ringshot.abi.IoUring;

/// What a number of programs came to.
final class Tally {
  /// Where there is no opcode of that number.
  private static final int OPCODES = IoUring.IORING_OP_LAST;

  long programs;
  long calls;
  long sqes;
  long cqes;
  long hangs;
  private final long[] successes = new long[OPCODES];

  /// A request of `opcode` has completed with `res`.
  void completed(int opcode, int res) {
    cqes++;
    if (res >= 0 && opcode < OPCODES) successes[opcode]++;
  }

  void add(Tally other) {
    programs += other.programs;
    calls += other.calls;
    sqes += other.sqes;
    cqes += other.cqes;
    hangs += other.hangs;
    for (int op = 0; op < OPCODES; op++) successes[op] += other.successes[op];
  }

  long successes(int opcode) {
    return successes[opcode];
  }

  @Override
  public String toString() {
    var text = new StringBuilder();
    text.append(programs).append(" programs, ").append(sqes).append(" sqes, ");
    text.append(calls).append(" calls, ").append(cqes).append(" cqes, ").append(hangs);
    text.append(" hangs; successes by opcode");
    for (int op = 0; op < OPCODES; op++)
      if (successes[op] > 0) text.append(' ').append(op).append(':').append(successes[op]);
    return text.toString();
  }
}
