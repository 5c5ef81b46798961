package dev.ringshot.cli.serve;

import dev.ringshot.abi.ublk.Ublk;
import dev.ringshot.cli.Json;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What serving prints. `reason` is why the driver is the model's, or empty.
sealed interface Output extends AutoCloseable
    permits Output.ForPeople, Output.ForPrograms, DeviceOutput {
  /// It is there.
  void serving(String what, ServedDisk disk, Driver driver, Access access);

  /// It is over.
  void ended(ServedDisk disk);

  /// The disk has been closed, as far as there was one.
  @Override
  default void close() {}

  private static boolean isBatch(ServedDisk disk) {
    return disk.info().has(Ublk.UBLK_F_BATCH_IO);
  }

  /// Text; on a terminal with figures that change.
  final class ForPeople implements Output {
    private final PrintWriter out;
    private final String reason;
    private final boolean isLive;
    private final boolean isDaemon;
    private @Nullable Screen screen;

    /// @param isLive whether figures change on a terminal
    /// @param isDaemon whether no Ctrl-C ends it
    ForPeople(PrintWriter out, String reason, boolean isLive, boolean isDaemon) {
      this.out = out;
      this.reason = reason;
      this.isLive = isLive;
      this.isDaemon = isDaemon;
    }

    @Override
    public void serving(String what, ServedDisk disk, Driver driver, Access access) {
      out.printf(
          "%s, %s, as ublkb%d on %s ublk driver: %d x %d requests, %s%n",
          what,
          ByteSize.exactly(disk.size()),
          disk.info().id(),
          driver instanceof LinuxDriver ? "Linux's" : "the model's",
          disk.info().queues(),
          disk.info().depth(),
          isBatch(disk) ? "fetched in batches by multishot commands" : "fetched one by one");
      if (!reason.isEmpty()) out.println("not on Linux's: " + reason);
      out.println(access.place());
      String end = isDaemon ? "ringshot ublk del -n " + disk.info().id() : "Ctrl-C";
      out.println("try it: " + access.trial() + "; " + end + " ends it");
      out.flush();
      if (isLive) screen = new Screen(out, disk.queues());
    }

    @Override
    public void ended(ServedDisk disk) {
      if (screen != null) {
        screen.close();
        return;
      }
      Figures.table(disk.queues()).forEach(out::println);
      out.flush();
    }
  }

  /// A JSON object a line.
  final class ForPrograms implements Output {
    private final PrintWriter out;
    private final String reason;

    ForPrograms(PrintWriter out, String reason) {
      this.out = out;
      this.reason = reason;
    }

    @Override
    public void serving(String what, ServedDisk disk, Driver driver, Access access) {
      Map<String, @Nullable Object> line = new LinkedHashMap<>();
      line.put("kernel", driver.name());
      if (!reason.isEmpty()) line.put("reason", reason);
      if (access instanceof Export) line.put("uri", access.place());
      line.put("target", what);
      line.put("size", disk.size());
      line.put("device", access instanceof Export ? "ublkb" + disk.info().id() : access.place());
      line.put("queues", disk.info().queues());
      line.put("depth", disk.info().depth());
      line.put("fetch", isBatch(disk) ? "batch" : "per-tag");
      out.println(Json.of(line));
      out.flush();
    }

    @Override
    public void ended(ServedDisk disk) {
      out.println(Json.of(Map.of("queues", disk.queues().stream().map(Figures::json).toList())));
      out.flush();
    }
  }
}
