package dev.ringshot.model;

import static dev.ringshot.abi.Errno.EIOCBQUEUED;
import static dev.ringshot.abi.Errno.ENODEV;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringshot.abi.Fcntl;
import dev.ringshot.model.TestRing.Completion;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// How commands end, and what comes after.
class CommandEndTest {
  private interface Code {
    int run(UringCmd cmd);
  }

  private record Device(Code code) implements FileOperations {
    @Override
    public int uringCmd(UringCmd cmd) {
      return code.run(cmd);
    }
  }

  private static Shot postEight(UringCmd cmd) {
    return cmd.postMultishotCqe(cmd.selectBuffer(), 8);
  }

  private static void fillUp(TestRing ring) {
    for (int i = 0; i < 4; i++) ring.sqe(i).nop();
    assertEquals(4, ring.submit(4));
  }

  @Test
  void aFinalResultHasNoFlagsAfterAPostThatFoundNoRoom() {
    var device =
        new Device(cmd -> {
          assertEquals(Shot.FINISHED, postEight(cmd));
          return 5;
        });
    try (var kernel = new ModelKernel(Scheduler.virtual(1)).device("/dev/one", device);
        var ring = new TestRing(kernel, 4, 4, 0)) {
      var _ = ring.provide(7, 4, 64, 0);
      fillUp(ring);
      ring.sqe(9).uringCmdMultishot(kernel.open("/dev/one", Fcntl.O_RDWR), 1, 7);
      assertEquals(1, ring.submit(1));
      assertEquals(4, ring.reap().size());
      assertEquals(0, ring.submit(0));
      assertEquals(List.of(new Completion(9, 5, 0)), ring.reap());
    }
  }

  @Test
  void postingAfterDoneDoesNotChangeHowTheCommandEnds() {
    var device =
        new Device(cmd -> {
          assertTrue(cmd.done(-ENODEV));
          assertEquals(Shot.FINISHED, postEight(cmd));
          return -EIOCBQUEUED;
        });
    try (var kernel = new ModelKernel(Scheduler.virtual(1)).device("/dev/one", device);
        var ring = new TestRing(kernel, 4, 0)) {
      var _ = ring.provide(7, 4, 64, 0);
      ring.sqe(9).uringCmdMultishot(kernel.open("/dev/one", Fcntl.O_RDWR), 1, 7);
      assertEquals(1, ring.submit(1));
      assertEquals(List.of(new Completion(9, -ENODEV, 0)), ring.reap());
    }
  }

  @Test
  void aTaskThatHandsOnToAnotherEndsItsCommandAfterTheRingHasGone() {
    var time = Scheduler.virtual(1);
    var kept = new ArrayList<UringCmd>();
    var released = new ArrayList<String>();
    FileOperations device =
        new FileOperations() {
          @Override
          public int uringCmd(UringCmd cmd) {
            kept.add(cmd);
            return -EIOCBQUEUED;
          }

          @Override
          public void release(OpenFile file) {
            released.add(file.path());
          }
        };
    try (var kernel = new ModelKernel(time).device("/dev/one", device)) {
      int fd = kernel.open("/dev/one", Fcntl.O_RDWR);
      try (var ring = new TestRing(kernel, 4, 0)) {
        ring.sqe(1).uringCmd(fd, 1);
        assertEquals(1, ring.submit(1));
      }
      assertEquals(0, kernel.close(fd));
      var cmd = kept.getFirst();

      cmd.inTask(() -> cmd.inTask(() -> assertTrue(cmd.done(0))));
      time.advance(Duration.ofSeconds(1));

      assertEquals(List.of("/dev/one"), released);
    }
  }
}
