package dev.ringshot.abi;

import static dev.ringshot.abi.IoUring.*;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;

/// What a completion says.
final class CqeTest {
  private final MemorySegment memory = Arena.ofAuto().allocate(3 * Cqe.SIZE32, 8);
  private final Cqe cqe = new Cqe().at(memory, Cqe.SIZE32);

  @Test
  void readsWhatWasSet() {
    cqe.set(-2, -Errno.ENOBUFS, 7).extra(11, 12);

    assertEquals(-2, cqe.userData());
    assertEquals(-105, cqe.res());
    assertEquals(7, cqe.flags());
    assertEquals(11, cqe.extra(0));
    assertEquals(12, cqe.extra(1));
  }

  @Test
  void writesNothingOutsideItsBytes() {
    cqe.set(-1, -1, -1);

    assertEquals(0, memory.get(JAVA_LONG, Cqe.SIZE32 - Long.BYTES));
    assertEquals(0, cqe.extra(0));
  }

  @Test
  void shotOfAMultishotCommandNamesItsBufferAndMore() {
    cqe.set(1, 16, IORING_CQE_F_BUFFER | IORING_CQE_F_MORE | 0xfffe << IORING_CQE_BUFFER_SHIFT);

    assertTrue(cqe.more());
    assertTrue(cqe.hasBuffer());
    assertEquals(0xfffe, cqe.bufferId());
    assertFalse(cqe.bufferMore());
    assertFalse(cqe.big());
    assertFalse(cqe.skip());
    assertEquals("F_BUFFER|F_MORE bid=65534", Cqe.describe(cqe.flags()));
  }

  @Test
  void lastOneHasNoFlags() {
    cqe.set(1, -Errno.ECANCELED, 0);

    assertFalse(cqe.more());
    assertFalse(cqe.hasBuffer());
    assertEquals("0", Cqe.describe(cqe.flags()));
  }

  @Test
  void timestampsCarryTheirTypeAboveBitSixteen() {
    int scheduled = 0x20002;

    assertTrue(Cqe.more(scheduled));
    assertEquals(Socket.SCM_TSTAMP_SCHED, Cqe.timestampType(scheduled));
    assertFalse(Cqe.timestampFromHardware(scheduled));
    assertTrue(Cqe.timestampFromHardware(IORING_CQE_F_TSTAMP_HW));
    assertEquals("F_MORE|0x2<<16", Cqe.describe(scheduled));
  }

  @Test
  void describesEveryFlagByName() {
    int flags =
        IORING_CQE_F_BUFFER
            | IORING_CQE_F_SOCK_NONEMPTY
            | IORING_CQE_F_NOTIF
            | IORING_CQE_F_BUF_MORE
            | IORING_CQE_F_SKIP
            | IORING_CQE_F_32
            | 1 << 6;

    assertEquals(
        "F_BUFFER|F_SOCK_NONEMPTY|F_NOTIF|F_BUF_MORE|F_SKIP|F_32|0x40 bid=0", Cqe.describe(flags));
    assertTrue(Cqe.socketNonempty(flags) && Cqe.notification(flags));
    assertTrue(Cqe.bufferMore(flags) && Cqe.skip(flags) && Cqe.big(flags));
  }
}
