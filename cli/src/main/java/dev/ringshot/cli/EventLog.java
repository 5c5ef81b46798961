package dev.ringshot.cli;

import dev.ringshot.abi.Cqe;
import dev.ringshot.abi.Errno;
import dev.ringshot.ring.End;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Prints the completions of one command, and how it ended: for people, or as a JSON object a line.
///
/// It counts what it prints, the last completion of a command (the one without `F_MORE`) included.
final class EventLog {
  private final PrintWriter out;
  private final boolean json;
  private long start;
  private int submissions;
  private int completions;
  private int events;

  EventLog(PrintWriter out, boolean json) {
    this.out = out;
    this.json = json;
  }

  /// What is about to happen; not in the JSON.
  void title(String title) {
    if (!json) out.println(title);
  }

  /// The command is armed: time counts from here.
  void armed() {
    start = System.nanoTime();
    submissions = 1;
  }

  /// How often it has been submitted by now.
  void submissions(long count) {
    submissions = Math.toIntExact(count);
  }

  /// Completions with `F_MORE` so far.
  int events() {
    return events;
  }

  /// One completion.
  ///
  /// @param what the event in a person's words; not in the JSON
  void completion(int res, int flags, String what) {
    long nanos = System.nanoTime() - start;
    completions++;
    if (Cqe.more(flags)) events++;
    if (json) {
      Map<String, @Nullable Object> line = new LinkedHashMap<>();
      line.put("time", nanos);
      line.put("res", res);
      line.put("flags", CompletionFlags.names(flags));
      line.put("bid", CompletionFlags.buffer(flags));
      out.println(Json.of(line));
      return;
    }
    Integer buffer = CompletionFlags.buffer(flags);
    out.printf(
        "%10.3f ms  res %-10s  %-9s  %-15s  %d submitted, %2d completed  %s%n",
        nanos / 1e6,
        res < 0 ? "-" + Errno.name(-res) : Integer.toString(res),
        buffer == null ? "no buffer" : "buffer " + buffer,
        flags == 0 ? "no flags" : String.join("|", CompletionFlags.names(flags)),
        submissions,
        completions,
        what);
  }

  /// The command is over.
  void end(End how) {
    String word = word(how);
    if (json) {
      Map<String, Object> line = new LinkedHashMap<>();
      line.put("end", word);
      line.put("submissions", submissions);
      line.put("completions", completions);
      out.println(Json.of(line));
      return;
    }
    out.printf("%s: %d submitted, %d completed%n", word, submissions, completions);
  }

  private static String word(End how) {
    return switch (how) {
      case End.Finished _ -> "finished";
      case End.Cancelled _ -> "cancelled";
      case End.OutOfBuffers _ -> "ENOBUFS";
      case End.Failed failed -> Errno.name(failed.errno());
      case End.Detached _ -> "detached";
    };
  }
}
