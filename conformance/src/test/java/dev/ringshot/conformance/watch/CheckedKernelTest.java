package dev.ringshot.conformance.watch;

import static dev.ringshot.conformance.rig.Completion.cqe;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringshot.abi.Fcntl;
import dev.ringshot.abi.IoUring;
import dev.ringshot.conformance.TestKernels;
import dev.ringshot.conformance.rig.Platform;
import dev.ringshot.conformance.rig.RawRing;
import dev.ringshot.conformance.rig.Rig;
import java.lang.foreign.MemorySegment;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/// A kernel that breaks an invariant is caught; every other test shows that a right one passes.
class CheckedKernelTest {
  private static final int SQ_HEAD = 0;
  private static final int CQ_TAIL = 12;
  private static final int SQ_FLAGS = 36;
  private static final int CQES = 64;

  private static String violation(Consumer<MemorySegment> meddling, Consumer<Rig> act) {
    try (Platform platform = TestKernels.any()) {
      var meddler = new Meddler(platform.kernel(), meddling);
      try (var rig = new Rig(platform, new CheckedKernel(meddler))) {
        return String.valueOf(assertThrows(Violation.class, () -> act.accept(rig)).getMessage());
      }
    }
  }

  private static void submitTwoNops(Rig t) {
    RawRing ring = t.ring(4);
    ring.sqe(1).nop();
    ring.sqe(2).nop();
    ring.submitAll();
  }

  private static void add(MemorySegment queues, int offset, int summand) {
    queues.set(JAVA_INT, offset, queues.get(JAVA_INT, offset) + summand);
  }

  @Test
  void catchesCqTailThatGoesBack() {
    Consumer<Rig> act =
        t -> {
          RawRing ring = t.ring(4);
          ring.sqe(1).nop();
          ring.submitAll();
          ring.expectVisible(cqe(1, 0));
        };
    String what = violation(queues -> add(queues, CQ_TAIL, -2), act);
    assertTrue(what.contains("CQ tail went back"), what);
  }

  @Test
  void catchesSqHeadThatDoesNotFitTheResult() {
    String what = violation(queues -> add(queues, SQ_HEAD, -1), CheckedKernelTest::submitTwoNops);
    assertTrue(what.contains("SQ head moved by 1"), what);
  }

  @Test
  void catchesUnknownSqFlag() {
    String what = violation(queues -> add(queues, SQ_FLAGS, 64), CheckedKernelTest::submitTwoNops);
    assertTrue(what.contains("SQ flags 0x40"), what);
  }

  @Test
  void catchesCqeAfterTheFinalOne() {
    Consumer<MemorySegment> again =
        queues -> {
          long third = CQES + 2 * 16;
          queues.set(JAVA_LONG, third, 2);
          queues.set(JAVA_LONG, third + 8, 0);
          add(queues, CQ_TAIL, 1);
        };
    String what = violation(again, CheckedKernelTest::submitTwoNops);
    assertTrue(what.contains("user_data 2: a CQE, but no request owes one"), what);
  }

  @Test
  void catchesUnknownCqeFlag() {
    String what =
        violation(
            queues -> queues.set(JAVA_INT, CQES + 12, 1 << 9), CheckedKernelTest::submitTwoNops);
    assertTrue(what.contains("CQE flags 0x200"), what);
  }

  @Test
  void catchesBufferThatWasNotGivenBack() {
    Consumer<MemorySegment> sameBuffer =
        queues -> queues.set(JAVA_INT, CQES + 16 + 12, queues.get(JAVA_INT, CQES + 12));
    String what =
        violation(
            sameBuffer,
            t -> {
              RawRing ring = t.ring(4);
              t.group(ring, 1, 4).provide(7, 2, 16);
              int zero = t.open("/dev/zero", Fcntl.O_RDONLY);
              ring.sqe(1).read(zero, 0, 16, 0).bufferSelect(1);
              ring.sqe(2).read(zero, 0, 16, 0).bufferSelect(1);
              ring.submitAll();
            });
    assertTrue(what.contains("buffer 7 delivered, but not given back"), what);
  }

  @Test
  void catchesResultThatIsNoErrno() {
    try (Platform platform = TestKernels.any()) {
      var meddler = new Meddler(platform.kernel(), _ -> {});
      try (var rig = new Rig(platform, new CheckedKernel(meddler))) {
        RawRing ring = rig.ring(4);
        meddler.resultOffset = -5000;
        assertThrows(Violation.class, () -> ring.enter(0, 0, IoUring.IORING_ENTER_GETEVENTS));
      }
    }
  }
}
