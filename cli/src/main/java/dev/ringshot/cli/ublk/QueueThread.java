package dev.ringshot.cli.ublk;

import dev.ringshot.cli.serve.ServeFailed;
import dev.ringshot.ublk.DeviceInfo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// The threads of a server, in another process.
final class QueueThread {
  private QueueThread() {}

  /// Finds that of a queue, by the name that servers give it.
  ///
  /// @return its number
  /// @throws ServeFailed if there is none
  static int find(DeviceInfo info, int queue) {
    String name = "ublk queue " + queue;
    if (queue < 0 || queue >= info.queues())
      throw new ServeFailed(
          "ublk%d has %d queues, and none %d".formatted(info.id(), info.queues(), queue));
    if (info.pid() <= 0)
      throw new ServeFailed("ublk" + info.id() + " has no server: recover it first");
    try (var tasks = Files.list(Path.of("/proc", String.valueOf(info.pid()), "task"))) {
      for (Path task : tasks.toList()) {
        if (Files.readString(task.resolve("comm")).strip().equals(name))
          return Integer.parseInt(String.valueOf(task.getFileName()));
      }
    } catch (IOException e) {
      throw new ServeFailed("process " + info.pid() + ": " + e.getMessage(), e);
    }
    throw new ServeFailed(
        "process %d, the server of ublk%d, has no thread '%s': it is not ours; see taskset -p"
            .formatted(info.pid(), info.id(), name));
  }
}
