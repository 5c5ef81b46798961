package dev.ringshot.cli.serve;

import dev.ringshot.abi.ublk.Ublk;
import dev.ringshot.cli.Json;
import java.io.PrintWriter;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What serving prints.
sealed interface Output {
  /// It is there.
  void serving(String what, ServedDisk disk, URI uri);

  /// It is over.
  void ended(ServedDisk disk);

  private static boolean isBatch(ServedDisk disk) {
    return disk.info().has(Ublk.UBLK_F_BATCH_IO);
  }

  /// Text; on a terminal with figures that change.
  final class ForPeople implements Output {
    private final PrintWriter out;
    private final boolean isLive;
    private @Nullable Screen screen;

    ForPeople(PrintWriter out, boolean isLive) {
      this.out = out;
      this.isLive = isLive;
    }

    @Override
    public void serving(String what, ServedDisk disk, URI uri) {
      out.printf(
          "%s, %s, as %s on the model's ublk driver: %d x %d requests, %s%n",
          what,
          ByteSize.exactly(disk.device().capacity()),
          disk.device().name(),
          disk.info().queues(),
          disk.info().depth(),
          isBatch(disk) ? "fetched in batches by multishot commands" : "fetched one by one");
      out.println(uri);
      out.println("try it: nbdinfo '" + uri + "'; Ctrl-C ends it");
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

    ForPrograms(PrintWriter out) {
      this.out = out;
    }

    @Override
    public void serving(String what, ServedDisk disk, URI uri) {
      Map<String, @Nullable Object> line = new LinkedHashMap<>();
      line.put("uri", uri.toString());
      line.put("target", what);
      line.put("size", disk.device().capacity());
      line.put("device", disk.device().name());
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
