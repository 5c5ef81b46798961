package dev.ringshot.ublk;

import dev.ringshot.linux.LinuxKernel;
import dev.ringshot.ublk.target.TargetSpec;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// Serves a disk on the running Linux while a shell command runs, which finds it in `$DISK`, and
/// prints what the queues have done: `TARGET OPTION=VALUE… -- COMMAND`.
final class ServeOnLinux {
  private ServeOnLinux() {}

  static void main(String[] args) throws Exception {
    ServerOptions options =
        ServerOptions.of(ProcessHandle.current().pid()).withNanoTime(System::nanoTime);
    var kernel = new LinuxKernel();
    BlockTarget target =
        TargetSpec.parse(args[0]).open(kernel, ServeOnLinux.class.getClassLoader());
    int at = 1;
    boolean isRecovering = false;
    for (; !args[at].equals("--"); at++) {
      String[] words = args[at].split("=", 2);
      options =
          switch (words[0]) {
            case "depth" -> options.withQueues(options.queues(), Integer.parseInt(words[1]));
            case "queues" -> options.withQueues(Integer.parseInt(words[1]), options.depth());
            case "fetch" -> options.withFetch(FetchMode.valueOf(words[1]));
            case "data" -> options.withData(DataMode.valueOf(words[1]));
            case "recovery" -> options.withRecovery(Recovery.valueOf(words[1]));
            case "buffers" -> options.withFetchBuffers(1, Integer.parseInt(words[1]));
            case "scan" -> options.withPartitionScan(Boolean.parseBoolean(words[1]));
            case "id" -> options.withDeviceId(Integer.parseInt(words[1]));
            default -> throw new IllegalArgumentException(args[at]);
          };
      isRecovering |= words[0].equals("id");
    }
    String command = args[at + 1];
    var server =
        isRecovering
            ? UblkServer.recover(kernel, target, options, PRINT)
            : new UblkServer(kernel, target, options, PRINT);
    List<Thread> threads = new ArrayList<>();
    Thread work = null;
    UblkServer.State before = server.state();
    while (server.state() != UblkServer.State.ENDED) {
      boolean goesOn = server.step();
      if (server.state() != before) IO.println(server.state());
      before = server.state();
      if (threads.isEmpty()) {
        for (UblkQueue queue : server.queues()) {
          threads.add(Thread.ofPlatform().start(() -> serve(server, queue)));
        }
      }
      if (server.state() == UblkServer.State.LIVE && work == null) {
        String disk = server.info().blockPath();
        IO.println(server.info() + " " + Features.names(server.info().flags()));
        work = Thread.ofPlatform().start(() -> run(command, disk, server));
      }
      if (goesOn) server.await();
    }
    for (Thread thread : threads) thread.join();
    if (work != null) work.join();
    for (UblkQueue queue : server.queues()) IO.println(text(queue));
    if (server.failure() != null) throw server.failure();
    server.close();
    target.close();
  }

  private static final Troubles PRINT =
      new Troubles() {
        @Override
        public void targetThrew(BlockRequest request, Throwable thrown) {
          IO.println(request + " threw " + thrown);
        }

        @Override
        public void wrongResult(BlockRequest request, int result) {
          IO.println(request + " = " + result);
        }
      };

  private static void serve(UblkServer server, UblkQueue queue) {
    try (queue) {
      while (queue.await()) {}
    } finally {
      server.wake();
    }
  }

  private static void run(String command, String disk, UblkServer server) {
    try {
      var builder = new ProcessBuilder("sh", "-c", command).inheritIO();
      builder.environment().put("DISK", disk);
      IO.println("status " + builder.start().waitFor());
    } catch (IOException | InterruptedException e) {
      IO.println("cannot run it: " + e);
    }
    server.stop();
  }

  static String text(UblkQueue queue) {
    var done = queue.statistics();
    return "queue %d: %d requests, %d bytes read, %d written, %d errors; %d fetch commands, %d fetch completions, %d commits; %.2f tags/completion, %.2f requests/command; p50 %d ns, p99 %d ns; rejected %d refused %d abandoned %d"
        .formatted(
            queue.number(),
            done.requests(),
            done.bytes(BlockOp.READ),
            done.bytes(BlockOp.WRITE),
            done.errors(),
            done.fetchCommands(),
            done.fetchCompletions(),
            done.commitCommands(),
            done.tagsPerCompletion(),
            done.requestsPerCommand(),
            done.latency().percentileNanos(50),
            done.latency().percentileNanos(99),
            done.rejected(),
            done.refused(),
            done.abandoned());
  }
}
