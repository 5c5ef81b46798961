package dev.ringshot.conformance.fuzz;

import java.util.SplittableRandom;

/// Decisions out of bytes: the same bytes, the same decisions. When the bytes are used up every
/// decision is 0.
final class Dice {
  private static final long[] STRANGE = {
    0,
    1,
    -1,
    2,
    3,
    4,
    7,
    8,
    16,
    64,
    127,
    128,
    255,
    256,
    4095,
    4096,
    4097,
    32767,
    32768,
    65535,
    65536,
    65537,
    1L << 20,
    Integer.MAX_VALUE,
    Integer.MIN_VALUE,
    0xffff_ffffL,
    1L << 32,
    1L << 46,
    0x7fff_ffff_f000L,
    0x7fff_ffff_efffL,
    Long.MAX_VALUE,
    Long.MIN_VALUE,
    -2,
    -4096,
    -4095,
    1L << 62
  };

  private final byte[] bytes;
  private int at;

  Dice(byte[] bytes) {
    this.bytes = bytes;
  }

  /// The bytes that a seed stands for.
  static byte[] bytesOf(long seed, int length) {
    byte[] bytes = new byte[length];
    new SplittableRandom(seed).nextBytes(bytes);
    return bytes;
  }

  boolean isEmpty() {
    return at >= bytes.length;
  }

  /// 0 to 255.
  int octet() {
    return at < bytes.length ? bytes[at++] & 0xff : 0;
  }

  /// 0 to `bound` - 1, for bounds up to 65536.
  int below(int bound) {
    if (bound <= 1) return 0;
    if (bound <= 256) return (octet() * bound) >>> 8;
    return (((octet() << 8) | octet()) * bound) >>> 16;
  }

  /// Whether one of `count` cases has come up.
  boolean oneIn(int count) {
    return below(count) == count - 1;
  }

  int pick(int[] choices) {
    return choices[below(choices.length)];
  }

  long word() {
    long word = 0;
    for (int i = 0; i < Long.BYTES; i++) word = (word << 8) | octet();
    return word;
  }

  /// A number that programs seldom pass: an edge, or anything.
  long strange() {
    int choice = below(STRANGE.length + 4);
    return choice < STRANGE.length ? STRANGE[choice] : word();
  }
}
