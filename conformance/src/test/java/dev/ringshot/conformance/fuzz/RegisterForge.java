package dev.ringshot.conformance.fuzz;

import static dev.ringshot.abi.IoUring.*;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import dev.ringshot.abi.BufferRingLayout;
import dev.ringshot.abi.Iovec;
import dev.ringshot.abi.Probe;
import dev.ringshot.abi.RsrcRegister;
import dev.ringshot.abi.SqeLayout;
import dev.ringshot.abi.SyncCancelReg;
import java.lang.foreign.MemorySegment;

/// Calls of io_uring_register(2): the argument in memory, and the numbers.
final class RegisterForge {
  private static final int OPCODES = 40;
  private static final int[] OFTEN = {
    IORING_REGISTER_PBUF_RING, IORING_REGISTER_PBUF_RING, IORING_UNREGISTER_PBUF_RING,
    IORING_REGISTER_PBUF_STATUS, IORING_REGISTER_FILES, IORING_UNREGISTER_FILES,
    IORING_REGISTER_FILES_UPDATE, IORING_REGISTER_BUFFERS, IORING_UNREGISTER_BUFFERS,
    IORING_REGISTER_BUFFERS2, IORING_REGISTER_FILES2, IORING_REGISTER_SYNC_CANCEL,
    IORING_REGISTER_EVENTFD, IORING_UNREGISTER_EVENTFD, IORING_REGISTER_RING_FDS,
    IORING_REGISTER_PERSONALITY, IORING_REGISTER_SEND_MSG_RING, IORING_REGISTER_PROBE,
    IORING_REGISTER_BUFFERS_UPDATE, IORING_REGISTER_ENABLE_RINGS
  };

  private final World world;
  private final Dice dice;
  private final MemorySegment memory;
  private int at;
  private int count;
  private long arg;

  RegisterForge(World world, Dice dice) {
    this.world = world;
    this.dice = dice;
    this.memory = world.structures.memory;
  }

  /// Makes one call.
  ///
  /// @return the result
  int call(FuzzedRing ring, Ledger announced) {
    return call(dice.oneIn(8) ? dice.below(OPCODES) : dice.pick(OFTEN), ring, announced);
  }

  /// Makes one that does not wait.
  int callNoWait(FuzzedRing ring) {
    int opcode = dice.oneIn(8) ? dice.below(OPCODES) : dice.pick(OFTEN);
    boolean waits = opcode == IORING_REGISTER_SYNC_CANCEL;
    return call(waits ? IORING_REGISTER_PROBE : opcode, ring, new Ledger());
  }

  private int call(int usual, FuzzedRing ring, Ledger announced) {
    int opcode = usual;
    at = world.structures.room(dice);
    memory.asSlice(at, 64).fill((byte) 0);
    arg = world.structures.base + at;
    count = 1;
    fill(opcode, ring);
    change();
    int fd = dice.oneIn(16) ? world.fd(dice, world.all) : ring.fd;
    if (dice.oneIn(32)) opcode = (int) dice.strange();
    boolean isMessage = (opcode & 0xff) == IORING_REGISTER_SEND_MSG_RING;
    if (isMessage) {
      fd = dice.oneIn(8) ? fd : -1;
      long from = arg - world.structures.base + SqeLayout.OFF;
      if (from >= 0 && from <= Structures.BYTES - Long.BYTES)
        announced.announce(memory.get(JAVA_LONG_UNALIGNED, from));
    }
    return world.kernel.register(fd, opcode, arg, count);
  }

  private void change() {
    int how = dice.octet();
    if (how < 24) memory.set(JAVA_INT, at + 4L * dice.below(16), (int) dice.strange());
    else if (how < 32) count = (int) dice.strange();
    else if (how < 36) arg = dice.strange();
    else if (how < 40) arg += dice.below(8);
  }

  private void fill(int opcode, FuzzedRing ring) {
    switch (opcode) {
      case IORING_REGISTER_PBUF_RING -> bufferRing();
      case IORING_UNREGISTER_PBUF_RING ->
          memory.set(
              JAVA_SHORT,
              at + (long) BufferRingLayout.REG_BGID,
              (short) dice.below(FuzzedRing.GROUPS));
      case IORING_REGISTER_PBUF_STATUS ->
          memory.set(
              JAVA_INT,
              at + (long) BufferRingLayout.STATUS_BUF_GROUP,
              dice.below(FuzzedRing.GROUPS));
      case IORING_REGISTER_FILES, IORING_REGISTER_FILES2 -> files(opcode);
      case IORING_REGISTER_BUFFERS, IORING_REGISTER_BUFFERS2, IORING_REGISTER_BUFFERS_UPDATE ->
          buffers(opcode);
      case IORING_REGISTER_FILES_UPDATE -> {
        memory.set(JAVA_INT, at, dice.below(8));
        memory.set(JAVA_LONG, at + 8L, arg + 16);
        memory.set(JAVA_INT, at + 16L, world.fd(dice, world.all));
      }
      case IORING_REGISTER_EVENTFD, IORING_REGISTER_EVENTFD_ASYNC ->
          memory.set(JAVA_INT, at, world.fd(dice, world.others));
      case IORING_REGISTER_RING_FDS, IORING_UNREGISTER_RING_FDS -> {
        memory.set(JAVA_INT, at, dice.oneIn(2) ? -1 : dice.below(17));
        if (opcode == IORING_REGISTER_RING_FDS) memory.set(JAVA_LONG, at + 8L, ring.fd);
      }
      case IORING_REGISTER_SYNC_CANCEL -> {
        memory.set(JAVA_LONG, at, ring.ledger().recent(dice));
        memory.set(JAVA_INT, at + (long) SyncCancelReg.FD, world.fd(dice, world.all));
        memory.set(JAVA_INT, at + (long) SyncCancelReg.FLAGS, dice.below(64));
        memory.set(JAVA_LONG, at + (long) SyncCancelReg.TIMEOUT + 8, dice.below(4) * 10_000L);
      }
      case IORING_REGISTER_SEND_MSG_RING -> message(ring);
      case IORING_REGISTER_PROBE -> {
        count = dice.below(20);
        memory.asSlice(at, Probe.SIZE + 160).fill((byte) 0);
      }
      case IORING_REGISTER_RESTRICTIONS -> {
        count = dice.below(4);
        for (int i = 0; i < count; i++) memory.set(JAVA_INT, at + 16L * i, dice.octet() << 8);
      }
      default -> {
        arg = 0;
        count = 0;
      }
    }
  }

  private void bufferRing() {
    int group = dice.below(FuzzedRing.GROUPS);
    memory.set(
        JAVA_LONG, at, world.structures.base + world.structures.buffersAt() + group % 3 * 4096L);
    memory.set(JAVA_INT, at + (long) BufferRingLayout.REG_RING_ENTRIES, 1 << dice.below(7));
    memory.set(JAVA_SHORT, at + (long) BufferRingLayout.REG_BGID, (short) group);
    memory.set(JAVA_SHORT, at + (long) BufferRingLayout.REG_FLAGS, (short) dice.below(4));
    if (dice.oneIn(8))
      memory.set(JAVA_INT, at + (long) BufferRingLayout.REG_MIN_LEFT, dice.octet());
  }

  private void files(int opcode) {
    boolean plain = opcode == IORING_REGISTER_FILES;
    long descriptors = plain ? 0 : 32;
    count = 1 + dice.below(8);
    for (int i = 0; i < count; i++)
      memory.set(JAVA_INT, at + descriptors + 4L * i, dice.oneIn(4) ? -1 : dice.pick(world.all));
    if (plain) return;
    resources(arg + descriptors, count);
  }

  private void resources(long data, int number) {
    boolean sparse = dice.oneIn(2);
    memory.set(JAVA_INT, at + (long) RsrcRegister.NR, number);
    memory.set(JAVA_INT, at + (long) RsrcRegister.FLAGS, sparse ? IORING_RSRC_REGISTER_SPARSE : 0);
    memory.set(JAVA_LONG, at + (long) RsrcRegister.DATA, sparse ? 0 : data);
    count = RsrcRegister.SIZE;
  }

  private void buffers(int opcode) {
    boolean plain = opcode == IORING_REGISTER_BUFFERS;
    long vectors = plain ? 0 : 32;
    int number = 1 + dice.below(4);
    for (int i = 0; i < number; i++) {
      long entry = at + vectors + 16L * i;
      boolean all = dice.oneIn(2);
      long base = world.structures.base + world.structures.buffersAt();
      memory.set(JAVA_LONG, entry + Iovec.IOV_BASE, all ? base : world.structures.buffer(dice));
      memory.set(JAVA_LONG, entry + Iovec.IOV_LEN, all ? 32768 : 1 + dice.below(4096));
    }
    count = number;
    if (plain) return;
    if (opcode == IORING_REGISTER_BUFFERS2) {
      resources(arg + vectors, number);
      return;
    }
    memory.set(JAVA_INT, at, dice.below(4));
    memory.set(JAVA_LONG, at + 8L, arg + vectors);
    memory.set(JAVA_INT, at + 24L, number);
    count = 32;
  }

  private void message(FuzzedRing ring) {
    memory.set(JAVA_BYTE, at, (byte) IORING_OP_MSG_RING);
    memory.set(JAVA_INT, at + (long) SqeLayout.FD, world.ringFd(dice));
    memory.set(JAVA_LONG, at + (long) SqeLayout.OFF, ring.ledger().recent(dice));
    memory.set(JAVA_INT, at + (long) SqeLayout.LEN, dice.below(100));
  }
}
