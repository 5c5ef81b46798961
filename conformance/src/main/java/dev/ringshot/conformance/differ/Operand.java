package dev.ringshot.conformance.differ;

import java.util.List;

/// A value in a program that means the same on every kernel, whatever numbers it has there.
public sealed interface Operand {
  /// A plain number.
  record Plain(long value) implements Operand {
    @Override
    public String toString() {
      return value > 1L << 32 || value < -(1L << 32)
          ? "0x" + Long.toHexString(value) + "L"
          : Long.toString(value);
    }
  }

  /// The descriptor of one end of a file that the program opened; [#CLOSED] once it is closed.
  record Fd(int file, int end) implements Operand {
    @Override
    public String toString() {
      return "fd" + file + (end == 0 ? "" : "far");
    }
  }

  /// A descriptor that the kernel made: the `index`th, in the order of their completions.
  record Made(int index) implements Operand {
    @Override
    public String toString() {
      return "made" + index;
    }
  }

  /// The descriptor of the ring itself.
  record Self() implements Operand {
    @Override
    public String toString() {
      return "ring.fd()";
    }
  }

  /// The descriptor of a second ring, which others may send messages to.
  record Peer() implements Operand {
    @Override
    public String toString() {
      return "peer.fd()";
    }
  }

  /// An address in the program's data.
  record Data(int offset) implements Operand {
    @Override
    public String toString() {
      return "data + " + offset;
    }
  }

  /// The address of a buffer ring's memory.
  record GroupRing(int group) implements Operand {
    @Override
    public String toString() {
      return "group" + group;
    }
  }

  /// The address of an argument that is put together when it is used.
  record Block(int size, List<Field> fields) implements Operand {
    @Override
    public String toString() {
      return "block(" + size + fields + ")";
    }
  }

  /// One word of a [Block], of 1, 2, 4 or 8 bytes.
  record Field(int at, int bytes, Operand value) {
    @Override
    public String toString() {
      return at + ":" + bytes + "=" + value;
    }
  }

  /// A number that no descriptor has.
  int CLOSED = 1 << 20;

  /// Zero.
  Operand ZERO = new Plain(0);

  /// A plain number.
  static Operand of(long value) {
    return new Plain(value);
  }
}
