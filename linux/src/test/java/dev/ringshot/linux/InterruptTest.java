package dev.ringshot.linux;

import static dev.ringshot.abi.Errno.EINTR;
import static dev.ringshot.abi.IoUring.IORING_ENTER_EXT_ARG;
import static dev.ringshot.abi.IoUring.IORING_ENTER_GETEVENTS;
import static dev.ringshot.abi.IoUring.IORING_OP_NOP;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.foreign.Arena;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.function.ToIntFunction;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/// A signal ends a wait, and the caller learns it.
@Tag("linux")
@EnabledOnOs(
    value = OS.LINUX,
    architectures = {"amd64", "aarch64"})
final class InterruptTest {
  @BeforeAll
  static void handleInterrupts() {
    Posix.handleInterrupts();
  }

  @Test
  void untimedWaitAnswersEintr() throws Exception {
    assertEquals(-EINTR, interrupted(new LinuxKernel(), ring -> wait(ring, 0)));
  }

  @Test
  void untimedWaitOfTheCapturingKernelAnswersEintr() throws Exception {
    assertEquals(-EINTR, interrupted(LinuxKernel.capturing(), ring -> wait(ring, 0)));
  }

  @Test
  void waitWithExtendedArgumentAnswersEintr() throws Exception {
    assertEquals(
        -EINTR,
        interrupted(
            new LinuxKernel(),
            ring -> {
              try (var arena = Arena.ofConfined()) {
                var argument = arena.allocate(24, 8);
                int flags = IORING_ENTER_GETEVENTS | IORING_ENTER_EXT_ARG;
                return ring.kernel.enter(ring.fd, 0, 1, flags, argument.address(), 24);
              }
            }));
  }

  @Test
  void interruptedWaitAfterASubmissionAnswersTheSubmission() throws Exception {
    assertEquals(
        1,
        interrupted(
            new LinuxKernel(),
            ring -> {
              ring.push(IORING_OP_NOP, -1, 0, 0, 0, 1);
              return wait(ring, 1);
            }));
  }

  /// Waits for one completion more than `toSubmit` entries give.
  private static int wait(RawRing ring, int toSubmit) {
    return ring.enter(toSubmit, toSubmit + 1, IORING_ENTER_GETEVENTS);
  }

  /// What `call` answers on a thread that gets signals until it has answered.
  private static int interrupted(LinuxKernel kernel, ToIntFunction<RawRing> call) throws Exception {
    var id = new CompletableFuture<Integer>();
    try (var threads = Executors.newSingleThreadExecutor()) {
      var answer =
          threads.submit(() -> {
            try (var ring = new RawRing(kernel)) {
              id.complete(Posix.currentThread());
              return call.applyAsInt(ring);
            } catch (Throwable t) {
              id.completeExceptionally(t);
              throw t;
            }
          });
      int thread = id.get();
      while (!answer.isDone() && Posix.interrupt(thread)) Thread.onSpinWait();
      return answer.get();
    }
  }
}
