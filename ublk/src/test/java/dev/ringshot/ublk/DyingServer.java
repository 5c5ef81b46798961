package dev.ringshot.ublk;

import dev.ringshot.linux.LinuxKernel;
import dev.ringshot.ublk.target.MemTarget;
import java.io.IOException;

/// A server that stands still in a state of its life, to be killed in it: `ID STATE RECOVERY`, and
/// `recover` if it takes over. It says the state when it has come to it.
final class DyingServer {
  private DyingServer() {}

  static void main(String[] args) throws IOException {
    var wanted = UblkServer.State.valueOf(args[1]);
    boolean isTakingOver = args.length > 3;
    ServerOptions options =
        RealDisk.options()
            .withDeviceId(Integer.parseInt(args[0]))
            .withRecovery(Recovery.valueOf(args[2]));
    var kernel = new LinuxKernel();
    var target = new MemTarget(1 << 20);
    var server =
        isTakingOver
            ? UblkServer.recover(kernel, target, options, Troubles.SILENT)
            : new UblkServer(kernel, target, options);
    boolean isServing = false;
    while (server.state() != wanted) {
      if (!server.await()) break;
      if (server.state() == wanted) break; // its queues may still be to be made ready
      if (!isServing) {
        for (UblkQueue queue : server.queues())
          Thread.ofPlatform().start(() -> serve(server, queue));
        isServing = !server.queues().isEmpty();
      }
      if (server.state() == UblkServer.State.LIVE) server.stop();
    }
    IO.println(server.failure() == null ? server.state() : server.failure());
    int _ = System.in.read(); // nobody writes: it is killed here
  }

  private static void serve(UblkServer server, UblkQueue queue) {
    try (queue) {
      while (queue.await()) {}
    } finally {
      server.wake();
    }
  }
}
