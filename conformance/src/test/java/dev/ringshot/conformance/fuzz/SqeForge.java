package dev.ringshot.conformance.fuzz;

import static dev.ringshot.abi.IoUring.*;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// Makes SQEs: most of them valid ones of [SqeTemplates], of which many are then changed, some
/// nothing but random bytes.
final class SqeForge {
  private static final int WORDS = 16;

  /// The SQE in the making: its 64-bit words, the second half for those of 128 bytes.
  final long[] words = new long[WORDS];

  private final Dice dice;
  private final SqeTemplates templates;
  private int chain; // members that the chain shall still have

  SqeForge(World world, Dice dice) {
    this.dice = dice;
    this.templates = new SqeTemplates(world, dice, this);
  }

  /// Makes the next one.
  void make(long userData, long recent) {
    int how = dice.octet();
    if (how >= 250) {
      for (int i = 0; i < WORDS; i++) words[i] = dice.word();
      if (how >= 252) field(0, 1, dice.below(IORING_OP_LAST + 2));
    } else {
      for (int i = 0; i < WORDS; i++) words[i] = 0;
      templates.fill(recent);
      if (how < 64) change();
      link();
    }
    words[4] = userData;
  }

  private void change() {
    for (int changes = 1 + dice.below(3); changes > 0; changes--) {
      int size = 1 << dice.below(4);
      field(dice.below(64 / size) * size, size, dice.strange());
    }
  }

  private void link() {
    int flags = 0;
    if (chain > 0) {
      chain--;
      flags = chain == 0 ? 0 : dice.oneIn(4) ? IOSQE_IO_HARDLINK : IOSQE_IO_LINK;
    } else if (dice.oneIn(16)) {
      chain = 1 + dice.below(6);
      flags = IOSQE_IO_LINK;
    }
    int more = dice.octet();
    if (more >= 240) flags |= IOSQE_ASYNC;
    else if (more >= 232) flags |= IOSQE_CQE_SKIP_SUCCESS;
    else if (more >= 224) flags |= IOSQE_IO_DRAIN;
    else if (more >= 208) flags |= IOSQE_FIXED_FILE;
    words[0] |= (long) flags << 8;
    if ((flags & IOSQE_FIXED_FILE) != 0) field(4, 4, dice.below(8));
  }

  int opcode() {
    return (int) words[0] & 0xff;
  }

  /// Sets the field of `size` bytes, 1, 2, 4 or 8, at `offset`.
  void field(int offset, int size, long value) {
    int shift = offset % 8 * 8;
    long mask = (size == 8 ? -1L : (1L << (size * 8)) - 1) << shift;
    words[offset / 8] = (words[offset / 8] & ~mask) | ((value << shift) & mask);
  }

  void writeTo(MemorySegment sqes, long at, int bytes) {
    MemorySegment.copy(words, 0, sqes, ValueLayout.JAVA_LONG, at, bytes / 8);
  }
}
