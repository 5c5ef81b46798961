package dev.ringshot.abi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.lang.reflect.Field;
import org.junit.jupiter.api.Test;

/// Errors by number, name and text.
final class ErrnoTest {
  @Test
  void everyNumberKnowsItsNameAndHasAText() throws IllegalAccessException {
    for (Field field : Errno.class.getFields()) {
      int errno = field.getInt(null);
      if (field.getName().equals("EWOULDBLOCK")) continue; // the second name of EAGAIN
      assertEquals(field.getName(), Errno.name(errno));
      assertNotEquals("unknown error", Errno.describe(errno), field.getName());
      assertFalse(Errno.describe(errno).endsWith("."), field.getName());
    }
  }

  @Test
  void resultOfTheKernelIsNamedWithoutItsSign() {
    assertEquals("EINVAL", Errno.name(-22));
    assertEquals("invalid argument", Errno.describe(-22));
  }

  @Test
  void numberWithoutANameIsShownAsItIs() {
    assertEquals("errno 4711", Errno.name(4711));
    assertEquals("errno 0", Errno.name(0));
    assertEquals("errno 41", Errno.name(41)); // a gap of the table
    assertEquals("unknown error", Errno.describe(Integer.MIN_VALUE));
  }

  @Test
  void exceptionSaysWhatWhyAndWhatToDo() {
    var e = new ErrnoException("io_uring_setup", Errno.EPERM, "see sysctl");

    assertEquals("io_uring_setup: EPERM: see sysctl", e.getMessage());
    assertEquals("io_uring_setup", e.call());
    assertEquals("EPERM", e.symbol());
    assertEquals(1, e.errno());
  }

  @Test
  void exceptionWithoutAdviceSaysWhatTheErrorMeans() {
    assertEquals(
        "mmap: ENOMEM: " + Errno.describe(12), new ErrnoException("mmap", 12).getMessage());
  }
}
