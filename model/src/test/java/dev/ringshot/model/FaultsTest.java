package dev.ringshot.model;

import static dev.ringshot.abi.Errno.EAGAIN;
import static dev.ringshot.abi.Errno.EALREADY;
import static dev.ringshot.abi.Errno.EBADR;
import static dev.ringshot.abi.Errno.EINTR;
import static dev.ringshot.abi.Errno.ENOENT;
import static dev.ringshot.abi.IoUring.IORING_REGISTER_BUFFERS2;
import static dev.ringshot.abi.IoUring.IORING_SETUP_DEFER_TASKRUN;
import static dev.ringshot.abi.IoUring.IORING_SETUP_SINGLE_ISSUER;
import static dev.ringshot.abi.IoUring.IORING_UNREGISTER_BUFFERS;
import static dev.ringshot.abi.IoUring.IOSQE_IO_DRAIN;
import static dev.ringshot.abi.Kernel.PROT_READ;
import static dev.ringshot.abi.Kernel.PROT_WRITE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringshot.abi.Fcntl;
import dev.ringshot.abi.Poll;
import dev.ringshot.abi.RsrcRegister;
import dev.ringshot.model.Faults.Point;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FaultsTest {
  private static ModelKernel kernelWith(Point point, double probability) {
    var faults = Faults.seeded(1).with(point, probability);
    return new ModelKernel(Scheduler.virtual(1), ModelOptions.DEFAULT.withFaults(faults));
  }

  @Test
  void anInterruptedWaitAnswersEintr() {
    try (var kernel = kernelWith(Point.WAIT_INTERRUPTED, 1);
        var ring = new TestRing(kernel, 8, 0)) {
      assertEquals(-EINTR, ring.await(1));
      assertEquals(1, kernel.options().faults().count(Point.WAIT_INTERRUPTED));
    }
  }

  @Test
  void aSubmissionWithoutMemoryAnswersEagainAndTakesNothing() {
    try (var kernel = kernelWith(Point.NO_REQUEST, 1);
        var ring = new TestRing(kernel, 8, 0)) {
      ring.sqe(1).nop();
      assertEquals(-EAGAIN, ring.submit(1));
      assertEquals(0, ring.rings.get(JAVA_INT, RingLayout.SQ_HEAD));
    }
  }

  @Test
  void aLostOverflowIsCountedAndToldOnce() {
    try (var kernel = kernelWith(Point.OVERFLOW_LOST, 1);
        var ring = new TestRing(kernel, 4, 4, 0)) {
      for (int i = 0; i < 4; i++) ring.sqe(i).nop();
      assertEquals(4, ring.submit(4));
      ring.sqe(9).nop();
      assertEquals(1, kernel.enter(ring.fd, 1, 0, 0, 0, 0));
      assertEquals(1, ring.rings.get(JAVA_INT, RingLayout.CQ_OVERFLOW));
      assertEquals(4, ring.reap().size());
      assertEquals(-EBADR, ring.await(1));
      assertThrows(VirtualHangException.class, () -> ring.await(1));
    }
  }

  @Test
  void aRequestSentToAWorkerCompletesLaterAllTheSame() {
    try (var kernel = kernelWith(Point.WORKER, 1);
        var ring =
            new TestRing(kernel, 8, IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN)) {
      ring.sqe(5).nop();
      assertEquals(1, ring.submit(1));
      assertTrue(ring.reap().isEmpty());
      assertEquals(0, ring.await(1));
      assertEquals(5, ring.reap().getFirst().userData());
    }
  }

  @Test
  void aShortTransferMovesAtLeastOneByte(@TempDir Path directory) throws Exception {
    var path = Files.write(directory.resolve("data"), new byte[4096]);
    try (var kernel = kernelWith(Point.SHORT_TRANSFER, 1);
        var ring = new TestRing(kernel, 8, 0)) {
      int file = kernel.open(path.toString(), Fcntl.O_RDONLY);
      var page = kernel.map(-1, 0, 4096, TestRing.READ_WRITE);
      for (int i = 0; i < 8; i++) ring.sqe(i).read(file, page.address(), 4096, 0);
      assertEquals(8, ring.submit(8));
      var lengths = ring.reap().stream().mapToInt(TestRing.Completion::res).toArray();
      for (int length : lengths) assertTrue(length >= 1 && length <= 4096, "" + length);
      assertTrue(java.util.Arrays.stream(lengths).distinct().count() > 1);
    }
  }

  @Test
  void aSwarmLeavesSomePointsOutAndRepeatsFromItsSeed() {
    assertEquals(Faults.swarm(7).toString(), Faults.swarm(7).toString());
    long different =
        java.util.stream.LongStream.range(0, 20)
            .mapToObj(Faults::swarm)
            .map(Faults::toString)
            .distinct()
            .count();
    assertEquals(20, different);
    assertThrows(IllegalArgumentException.class, () -> Faults.seeded(1).with(Point.CQ_FULL, 1.5));
  }

  @Test
  void chosenChancesStrikeAndNoOthers() {
    var faults = Faults.at(Point.CQ_FULL, 2L, 4L);
    boolean[] struck = new boolean[6];
    for (int i = 0; i < struck.length; i++) struck[i] = faults.strikes(Point.CQ_FULL);
    assertArrayEquals(new boolean[] {false, true, false, true, false, false}, struck);
    assertFalse(faults.strikes(Point.NO_BUFFER));
    assertEquals(2, faults.count(Point.CQ_FULL));
  }

  @Test
  void preemptedTaskWorkPostsWhatItHasAndLetsGoWhatComesNext() {
    for (boolean isCut : new boolean[] {false, true}) {
      var faults = isCut ? Faults.at(Point.PREEMPTION, 1L) : Faults.NONE;
      var options = ModelOptions.DEFAULT.withRelease(Release.LINUX_6_18).withFaults(faults);
      try (var kernel = new ModelKernel(Scheduler.virtual(1), options);
          var ring = new TestRing(kernel, 8, 0)) {
        ring.sqe(6).pollAdd(kernel.eventfd(0, 0), Poll.POLLIN);
        ring.sqe(1).nop().link();
        ring.sqe(2).nop().link();
        ring.sqe(3).nop();
        ring.sqe(4).nop().link();
        ring.sqe(5).asyncCancel(6, 0); // whose end is task work too
        assertEquals(6, ring.submit(6));
        var order = ring.reap().stream().map(TestRing.Completion::userData).toList();
        assertEquals(
            isCut ? List.of(1L, 4L, 2L, 5L, 3L, 6L) : List.of(1L, 4L, 2L, 5L, 6L, 3L), order);
        assertEquals(isCut ? 1 : 0, faults.count(Point.PREEMPTION));
      }
    }
  }

  @Test
  void laggingWorkerKeepsADrainingRingDraining() {
    for (boolean lags : new boolean[] {false, true}) {
      var faults = lags ? Faults.at(Point.WORKER_LAG, 1L) : Faults.NONE;
      var options = ModelOptions.DEFAULT.withRelease(Release.LINUX_6_18).withFaults(faults);
      try (var kernel = new ModelKernel(Scheduler.virtual(1), options);
          var ring = new TestRing(kernel, 8, 0)) {
        for (int i = 1; i <= 2; i++) {
          ring.sqe(i).nop().flags(i == 1 ? IOSQE_IO_DRAIN : 0);
          assertEquals(1, ring.submit(1));
          assertEquals(0, ring.await(1));
          assertEquals(
              List.of((long) i), ring.reap().stream().map(each -> each.userData()).toList());
        }
        ring.sqe(3).nop();
        assertEquals(1, kernel.enter(ring.fd, 1, 0, 0, 0, 0));
        assertEquals(lags ? 0 : 1, ring.reap().size(), "done at once unless a worker does it");
      }
    }
  }

  /// As one that has armed a poll, and is not through with that when it has fired.
  @Test
  void laggingWorkerHasARequestThatWaited() {
    for (boolean lags : new boolean[] {false, true}) {
      var faults = lags ? Faults.at(Point.WORKER_LAG, 1L, 2L) : Faults.NONE;
      try (var kernel =
              new ModelKernel(Scheduler.virtual(1), ModelOptions.DEFAULT.withFaults(faults));
          var ring = new TestRing(kernel, 8, 0)) {
        var memory = kernel.map(-1, 0, 4096, PROT_READ | PROT_WRITE);
        assertEquals(0, kernel.pipe(memory.address(), 0));
        ring.sqe(1).read(memory.get(JAVA_INT, 0), memory.address() + 64, 8, -1).async();
        ring.sqe(2).write(memory.get(JAVA_INT, 4), memory.address() + 64, 8, -1);
        assertEquals(2, ring.submit(2));
        assertEquals(0, ring.await(2));
        assertEquals(2, ring.reap().size());
        ring.sqe(3).asyncCancel(1, 0);
        assertEquals(1, ring.submit(1));
        assertEquals(lags ? -EALREADY : -ENOENT, ring.reap().getFirst().res());
      }
    }
  }

  /// Whoever waits for the tag of a buffer is waited for by the worker that holds the buffer.
  @Test
  void laggingWorkerLetsGoOfATaggedBufferForWhoWaits() {
    for (int flags : new int[] {0, IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN}) {
      var faults = Faults.at(Point.WORKER_LAG, 1L, 2L, 3L);
      try (var kernel =
              new ModelKernel(Scheduler.virtual(1), ModelOptions.DEFAULT.withFaults(faults));
          var ring = new TestRing(kernel, 8, flags)) {
        var memory = kernel.map(-1, 0, 4096, PROT_READ | PROT_WRITE);
        memory.set(JAVA_INT, RsrcRegister.NR, 1);
        memory.set(JAVA_LONG, RsrcRegister.DATA, memory.address() + 64);
        memory.set(JAVA_LONG, RsrcRegister.TAGS, memory.address() + 96);
        memory.set(JAVA_LONG, 64, memory.address() + 256);
        memory.set(JAVA_LONG, 72, 64);
        memory.set(JAVA_LONG, 96, 77);
        assertEquals(
            0,
            kernel.register(
                ring.fd, IORING_REGISTER_BUFFERS2, memory.address(), RsrcRegister.SIZE));
        assertEquals(0, kernel.pipe(memory.address() + 128, 0));
        ring.sqe(1).writeFixed(memory.get(JAVA_INT, 132), memory.address() + 256, 8, -1, 0).async();
        assertEquals(1, ring.submit(1));
        assertEquals(0, ring.await(1));
        assertEquals(8, ring.reap().getFirst().res());
        assertEquals(0, kernel.register(ring.fd, IORING_UNREGISTER_BUFFERS, 0, 0));
        assertEquals(0, ring.await(1));
        assertEquals(77, ring.reap().getFirst().userData());
      }
    }
  }

  /// A timeout that one completion ends sees that of the read, which the worker's write has woken,
  /// and is over before the write's.
  @Test
  void pausingWorkerCompletesBehindWhatItWoke() {
    for (boolean pauses : new boolean[] {false, true}) {
      var faults = pauses ? Faults.at(Point.WORKER_PAUSE, 1L) : Faults.NONE;
      try (var kernel =
              new ModelKernel(Scheduler.virtual(1), ModelOptions.DEFAULT.withFaults(faults));
          var ring = new TestRing(kernel, 8, 0)) {
        var memory = kernel.map(-1, 0, 4096, PROT_READ | PROT_WRITE);
        assertEquals(0, kernel.pipe(memory.address(), 0));
        memory.set(JAVA_LONG, 128, 3600);
        ring.sqe(1).timeout(memory.address() + 128, 1, 0);
        ring.sqe(2).read(memory.get(JAVA_INT, 0), memory.address() + 64, 8, -1);
        ring.sqe(3).write(memory.get(JAVA_INT, 4), memory.address() + 64, 8, -1).async();
        assertEquals(3, ring.submit(3));
        List<Long> order = new ArrayList<>();
        while (order.size() < 3) { // a timeout ends a wait
          assertEquals(0, ring.await(1));
          ring.reap().forEach(each -> order.add(each.userData()));
        }
        assertEquals(pauses ? List.of(2L, 1L, 3L) : List.of(2L, 3L, 1L), order);
      }
    }
  }

  @Test
  void ringWithAWorkerThatLagsForEverIsClosed() {
    try (var kernel = kernelWith(Point.WORKER_LAG, 1);
        var ring = new TestRing(kernel, 8, 0)) {
      ring.sqe(1).nop().async();
      assertEquals(1, ring.submit(1));
      assertEquals(0, ring.await(1));
    }
  }

  @Test
  void chosenChancesMustBeNamedAndAreForgottenByWith() {
    assertThrows(IllegalArgumentException.class, () -> Faults.at(Point.CQ_FULL));
    var faults = Faults.at(Point.CQ_FULL, 1L).with(Point.NO_BUFFER, 1);
    assertFalse(faults.strikes(Point.CQ_FULL));
    assertTrue(faults.strikes(Point.NO_BUFFER));
  }
}
