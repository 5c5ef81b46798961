package dev.ringshot.ublk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringshot.model.ModelKernel;
import dev.ringshot.model.Scheduler;
import dev.ringshot.model.block.Bio;
import dev.ringshot.model.ublk.UblkDriver;
import dev.ringshot.ublk.target.MemTarget;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// A thread for each queue, and targets that complete on others: in real time.
final class ThreadsTest {
  private static final int REQUESTS = 200;

  private static final class Elsewhere implements AutoCloseable {
    final ExecutorService threads = Executors.newFixedThreadPool(2);
    final MemTarget disk = new MemTarget(1 << 20);
    final BlockTarget target =
        new Scripted((request, ring) -> threads.execute(() -> disk.submit(request, ring)));

    @Override
    public void close() {
      threads.shutdown();
    }
  }

  @ParameterizedTest
  @EnumSource
  void requestsThatEndOnOtherThreadsAllEnd(Mode mode) throws Exception {
    try (var kernel = new ModelKernel(Scheduler.real());
        var elsewhere = new Elsewhere()) {
      var driver = UblkDriver.addTo(kernel);
      var options =
          mode.of(ServerOptions.of(ProcessHandle.current().pid()))
              .withQueues(2, 8)
              .withMaxIoSize(4096);
      var live = new CountDownLatch(1);
      var ended = new CountDownLatch(1);
      var holder = new UblkServer[1];
      Thread control =
          Thread.ofPlatform()
              .start(() -> run(kernel, elsewhere.target, options, holder, live, ended));
      assertTrue(live.await(1, TimeUnit.MINUTES), "it does not start");
      use(driver);
      holder[0].stop();
      assertTrue(ended.await(1, TimeUnit.MINUTES), "it does not stop");
      control.join();
      assertNull(holder[0].failure());
      assertTrue(driver.disks().isEmpty());
    }
  }

  private static void use(UblkDriver driver) throws InterruptedException {
    var disk = Objects.requireNonNull(driver.disk(0));
    var done = new CountDownLatch(REQUESTS);
    var errors = new AtomicInteger();
    MemorySegment data = Arena.ofAuto().allocate(4096);
    for (int i = 0; i < REQUESTS; i++) {
      disk.submit(
          Bio.write(
              i * 4096L % (1 << 20),
              data,
              0,
              (bio, errno) -> {
                if (errno != 0) errors.incrementAndGet();
                done.countDown();
              }));
    }
    assertTrue(done.await(1, TimeUnit.MINUTES), () -> done.getCount() + " have not ended");
    assertEquals(0, errors.get());
  }

  private static void run(
      ModelKernel kernel,
      BlockTarget target,
      ServerOptions options,
      UblkServer[] holder,
      CountDownLatch live,
      CountDownLatch ended) {
    List<Thread> threads = new ArrayList<>();
    try (var server = new UblkServer(kernel, target, options)) {
      holder[0] = server;
      boolean goesOn = server.step();
      while (goesOn) {
        if (threads.isEmpty()) {
          for (UblkQueue queue : server.queues()) {
            threads.add(Thread.ofPlatform().start(() -> serve(server, queue)));
          }
        }
        if (server.state() == UblkServer.State.LIVE) live.countDown();
        goesOn = server.await();
      }
      ended.countDown();
    }
  }

  private static void serve(UblkServer server, UblkQueue queue) {
    try (queue) {
      while (queue.await()) {}
    } finally {
      server.wake();
    }
  }
}
