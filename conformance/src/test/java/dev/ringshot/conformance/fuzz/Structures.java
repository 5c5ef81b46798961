package dev.ringshot.conformance.fuzz;

import static dev.ringshot.conformance.device.Ref.*;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import dev.ringshot.abi.Iovec;
import dev.ringshot.abi.Kernel;
import dev.ringshot.abi.Msghdr;
import dev.ringshot.abi.Socket;
import dev.ringshot.abi.Timespec;
import dev.ringshot.conformance.device.RefEvent;
import java.lang.foreign.MemorySegment;

/// A hostile program's memory: structures that calls may point to, good ones at first, then
/// scribbled over; room for others; and buffers.
final class Structures {
  static final int BYTES = 1 << 16;
  private static final int SLOT = 512;
  private static final int SLOTS = 8; // of each kind
  private static final int KIND = SLOT * SLOTS;
  private static final int TIMES = 0;
  private static final int VECTORS = KIND;
  private static final int HEADERS = 2 * KIND;
  private static final int NAMES = 3 * KIND;
  private static final int PATHS = 4 * KIND;
  private static final int EVENTS = 5 * KIND;
  private static final int ROOM = 6 * KIND;
  private static final int BUFFERS = 8 * KIND;
  private static final int LOOPBACK = 0x0100007f;

  final MemorySegment memory;
  final long base;

  Structures(Kernel kernel, String[] paths) {
    memory = kernel.map(-1, 0, BYTES, Kernel.PROT_READ | Kernel.PROT_WRITE);
    base = memory.address();
    for (int slot = 0; slot < SLOTS; slot++) {
      int at = slot * SLOT;
      memory.set(JAVA_LONG, TIMES + at + Timespec.TV_NSEC, 1_000L * slot * slot);
      vector(VECTORS + at, 1 + slot % 4);
      name(NAMES + at, slot);
      header(HEADERS + at, slot);
      memory.setString(PATHS + at, paths[slot % paths.length]);
      events(EVENTS + at, slot);
    }
  }

  private void vector(int at, int count) {
    for (int i = 0; i < count; i++) {
      memory.set(JAVA_LONG, at + 16L * i + Iovec.IOV_BASE, base + BUFFERS + 256L * i);
      memory.set(JAVA_LONG, at + 16L * i + Iovec.IOV_LEN, 16L * (i + 1));
    }
  }

  private void name(int at, int slot) {
    boolean isUnix = slot < 4;
    memory.set(JAVA_SHORT, at, (short) (isUnix ? Socket.AF_UNIX : Socket.AF_INET));
    if (isUnix) {
      memory.setString(at + (long) Socket.SUN_PATH, "/tmp/fuzz" + slot);
      return;
    }
    memory.set(JAVA_SHORT, at + (long) Socket.SIN_PORT, (short) (0x1000 + slot));
    memory.set(JAVA_INT, at + (long) Socket.SIN_ADDR, LOOPBACK);
  }

  private void header(int at, int slot) {
    boolean named = slot % 4 == 3;
    if (named) memory.set(JAVA_LONG, at + Msghdr.MSG_NAME, base + NAMES + (long) slot * SLOT);
    if (named) memory.set(JAVA_INT, at + Msghdr.MSG_NAMELEN, 16);
    memory.set(JAVA_LONG, at + Msghdr.MSG_IOV, base + VECTORS + (long) slot * SLOT);
    memory.set(JAVA_LONG, at + Msghdr.MSG_IOVLEN, 1 + slot % 4);
  }

  private void events(int at, int slot) {
    for (int i = 0; i < SLOT / REF_EVENT_SIZE; i++) {
      boolean ends = i % 8 == 7;
      int flags = i % 4 == 3 ? REF_F_RETRY : 0;
      new RefEvent(ends ? REF_END : REF_POST, i & 1, slot, flags, 0, ends ? 0 : 8 + slot)
          .writeTo(memory, at + (long) i * REF_EVENT_SIZE);
    }
  }

  private long any(Dice dice, int kind) {
    return base + kind + (long) dice.below(SLOTS) * SLOT;
  }

  long time(Dice dice) {
    return any(dice, TIMES);
  }

  long vector(Dice dice) {
    return any(dice, VECTORS);
  }

  long header(Dice dice) {
    return any(dice, HEADERS);
  }

  long name(Dice dice) {
    return any(dice, NAMES);
  }

  long nameOf(int slot) {
    return base + NAMES + (long) slot * SLOT;
  }

  long path(Dice dice) {
    return any(dice, PATHS);
  }

  long events(Dice dice) {
    return any(dice, EVENTS);
  }

  /// Offset of 256 bytes for an argument of the moment.
  int room(Dice dice) {
    return roomOf(dice.below(32));
  }

  int roomOf(int index) {
    return ROOM + index * 256;
  }

  /// Somewhere in the buffers, with at least 4 KiB behind it.
  long buffer(Dice dice) {
    return base + BUFFERS + dice.below(96) * 256L;
  }

  /// Offset of the buffers from [#base].
  int buffersAt() {
    return BUFFERS;
  }

  /// Changes one number of some structure.
  void scribble(Dice dice) {
    int at = dice.below(BUFFERS / 8) * 8;
    if (dice.oneIn(2)) memory.set(JAVA_INT, at + 4L * dice.below(2), (int) dice.strange());
    else memory.set(JAVA_LONG, at, dice.oneIn(2) ? buffer(dice) : dice.strange());
  }
}
