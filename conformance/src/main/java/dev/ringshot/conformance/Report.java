package dev.ringshot.conformance;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The outcome of every case on one kernel.
///
/// @param kernel its name
/// @param release whose behaviour the cases expected
/// @param outcomes by case name, in the order they ran
public record Report(String kernel, String release, Map<String, Outcome> outcomes) {
  /// Cases in all.
  public int cases() {
    return outcomes.size();
  }

  /// Cases that passed.
  public int passed() {
    return count(Outcome.Passed.class);
  }

  /// Cases that failed.
  public int failed() {
    return count(Outcome.Failed.class);
  }

  /// Cases that were skipped.
  public int skipped() {
    return count(Outcome.Skipped.class);
  }

  /// 0, or 1 if a case failed or none passed.
  public int exitCode() {
    return failed() > 0 || passed() == 0 ? 1 : 0;
  }

  private int count(Class<? extends Outcome> kind) {
    return (int) outcomes.values().stream().filter(kind::isInstance).count();
  }

  /// A line per topic, then the failures, then each missing thing with the number of cases it cost.
  public String text() {
    var text = new StringBuilder("conformance of " + kernel + " to " + release + "\n\n");
    text.append(String.format("%-28s %6s %6s %7s%n", "topic", "passed", "failed", "skipped"));
    topics().forEach((topic, row) -> text.append(row.line(topic)));
    text.append(new Row(passed(), failed(), skipped()).line("all " + cases()));
    outcomes.forEach((name, outcome) -> {
      if (outcome instanceof Outcome.Failed f)
        text.append("\nFAILED  ").append(name).append("\n        ").append(message(f));
    });
    if (failed() > 0) text.append('\n');
    skips()
        .forEach((why, names) ->
            text.append("\nskipped ").append(names.size()).append(": needs ").append(why));
    return text.append('\n').toString();
  }

  /// The same as one JSON object on one line.
  public String json() {
    List<String> failures = new ArrayList<>();
    List<String> skips = new ArrayList<>();
    outcomes.forEach((name, outcome) -> {
      switch (outcome) {
        case Outcome.Passed _ -> {}
        case Outcome.Failed f -> failures.add(pair(name, "message", message(f)));
        case Outcome.Skipped s -> skips.add(pair(name, "reason", "needs " + s.missing()));
      }
    });
    return "{\"kernel\":"
        + quote(kernel)
        + ",\"release\":"
        + quote(release)
        + ",\"cases\":"
        + cases()
        + ",\"passed\":"
        + passed()
        + ",\"failed\":"
        + failed()
        + ",\"skipped\":"
        + skipped()
        + ",\"failures\":["
        + String.join(",", failures)
        + "]"
        + ",\"skips\":["
        + String.join(",", skips)
        + "]}";
  }

  private Map<String, Row> topics() {
    Map<String, Row> rows = new LinkedHashMap<>();
    outcomes.forEach((name, outcome) ->
        rows.merge(name.substring(0, name.indexOf('.')), Row.of(outcome), Row::plus));
    return rows;
  }

  private Map<String, List<String>> skips() {
    Map<String, List<String>> byReason = new LinkedHashMap<>();
    outcomes.forEach((name, outcome) -> {
      if (outcome instanceof Outcome.Skipped s)
        byReason.computeIfAbsent(s.missing(), _ -> new ArrayList<>()).add(name);
    });
    return byReason;
  }

  private static String message(Outcome.Failed failed) {
    Throwable cause = failed.cause();
    String message = cause.getMessage();
    if (cause instanceof AssertionError && message != null) return message;
    return message == null ? cause.toString() : cause.getClass().getSimpleName() + ": " + message;
  }

  private static String pair(String name, String key, String value) {
    return "{\"case\":" + quote(name) + ",\"" + key + "\":" + quote(value) + "}";
  }

  private static String quote(String text) {
    var quoted = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') quoted.append('\\').append(c);
      else if (c < ' ') quoted.append(String.format("\\u%04x", (int) c));
      else quoted.append(c);
    }
    return quoted.append('"').toString();
  }

  private record Row(int passed, int failed, int skipped) {
    static Row of(Outcome outcome) {
      return switch (outcome) {
        case Outcome.Passed _ -> new Row(1, 0, 0);
        case Outcome.Failed _ -> new Row(0, 1, 0);
        case Outcome.Skipped _ -> new Row(0, 0, 1);
      };
    }

    Row plus(Row other) {
      return new Row(passed + other.passed, failed + other.failed, skipped + other.skipped);
    }

    String line(String topic) {
      return String.format("%-28s %6d %6d %7d%n", topic, passed, failed, skipped);
    }
  }
}
