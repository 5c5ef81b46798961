package dev.ringshot.cli.serve;

import dev.ringshot.ublk.BlockOp;
import dev.ringshot.ublk.QueueStatistics;
import dev.ringshot.ublk.UblkQueue;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What queues have done, a line each: for people, or for JSON.
final class Figures {
  private static final String HEAD =
      "%-6s %10s %9s %9s %7s %9s %9s %9s %8s %8s %8s"
          .formatted(
              "queue",
              "requests",
              "read",
              "written",
              "errors",
              "commands",
              "fetched",
              "cqes/sqe",
              "tags/cqe",
              "p50",
              "p99");

  private Figures() {}

  /// A table: requests, bytes, commands submitted against completions that brought tags, those for
  /// each command that fetches, tags for each of them, latencies.
  static List<String> table(List<UblkQueue> queues) {
    List<String> lines = new ArrayList<>();
    lines.add(HEAD);
    for (UblkQueue queue : queues) lines.add(line(queue.number(), queue.statistics()));
    return lines;
  }

  private static String line(int number, QueueStatistics done) {
    return String.format(
        Locale.ROOT,
        "%-6d %10d %9s %9s %7d %9d %9d %9.1f %8.1f %8s %8s",
        number,
        done.requests(),
        bytes(done.bytes(BlockOp.READ)),
        bytes(done.bytes(BlockOp.WRITE)),
        done.errors(),
        done.fetchCommands() + done.commitCommands(),
        done.fetchCompletions(),
        done.completionsPerFetch(),
        done.tagsPerCompletion(),
        time(done.latency().percentileNanos(50)),
        time(done.latency().percentileNanos(99)));
  }

  private static String bytes(long bytes) {
    int unit = 0;
    double value = bytes;
    while (value >= 1024 && unit < 4) {
      value /= 1024;
      unit++;
    }
    String text = String.format(Locale.ROOT, unit == 0 ? "%.0f" : "%.1f", value);
    return unit == 0 ? text : text + "KMGT".charAt(unit - 1);
  }

  private static String time(long nanos) {
    if (nanos < 1_000_000) return String.format(Locale.ROOT, "%.1fus", nanos / 1e3);
    return String.format(Locale.ROOT, nanos < 1_000_000_000 ? "%.1fms" : "%.1fs", inUnit(nanos));
  }

  private static double inUnit(long nanos) {
    return nanos < 1_000_000_000 ? nanos / 1e6 : nanos / 1e9;
  }

  /// The same for JSON, with more of it.
  static Map<String, @Nullable Object> json(UblkQueue queue) {
    QueueStatistics done = queue.statistics();
    Map<String, @Nullable Object> line = new LinkedHashMap<>();
    line.put("queue", queue.number());
    for (BlockOp op : BlockOp.values()) {
      String name = op.name().toLowerCase(Locale.ROOT);
      line.put(name + "_requests", done.requests(op));
      if (op != BlockOp.FLUSH) line.put(name + "_bytes", done.bytes(op));
    }
    line.put("errors", done.errors());
    line.put("fetch_commands", done.fetchCommands());
    line.put("commit_commands", done.commitCommands());
    line.put("fetch_completions", done.fetchCompletions());
    line.put("tags_fetched", done.tagsFetched());
    line.put("completions_per_fetch_command", done.completionsPerFetch());
    line.put("tags_per_completion", done.tagsPerCompletion());
    line.put("p50_nanos", done.latency().percentileNanos(50));
    line.put("p99_nanos", done.latency().percentileNanos(99));
    return line;
  }
}
