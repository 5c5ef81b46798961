package dev.ringshot.conformance;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What is to be true of a kernel, sentence by sentence, each with an id that stays.
///
/// Read from `clauses.txt` beside this class: `# ` starts a section, an id starts a clause, deeper
/// lines continue it. `waits:` says what its cases wait for, `not covered:` that there will be
/// none, and why; a clause may have either beside cases that show part of it.
final class Clauses {
  private static final Pattern START = Pattern.compile("(\\d[\\w.]*-\\d+) (.*)");
  private static final Pattern GAP = Pattern.compile("(waits|not covered): .+");

  private final Map<String, Clause> byId = new LinkedHashMap<>();

  private Clauses() {}

  /// One sentence.
  ///
  /// @param gap why no case shows it, or not all of it; null if none of that is said
  record Clause(String id, String section, String text, @Nullable String gap) {}

  /// Those of `clauses.txt`.
  static Clauses read() {
    try (InputStream in = Clauses.class.getResourceAsStream("clauses.txt")) {
      if (in == null) throw new IllegalStateException("clauses.txt is not in the module");
      return parse(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Those of `text`.
  ///
  /// @throws IllegalArgumentException naming the line that is neither section nor clause nor more
  static Clauses parse(String text) {
    var clauses = new Clauses();
    String section = "";
    Clause open = null;
    for (String line : text.lines().toList()) {
      Matcher start = START.matcher(line);
      if (line.isBlank()) continue;
      if (line.startsWith("# ")) {
        section = line.substring(2).strip();
      } else if (start.matches()) {
        open = new Clause(start.group(1), section, start.group(2).strip(), null);
        if (clauses.byId.putIfAbsent(open.id, open) != null)
          throw new IllegalArgumentException("clause " + open.id + " is there twice");
      } else if (line.startsWith(" ") && open != null) {
        open = continued(open, line.strip());
        clauses.byId.put(open.id, open);
      } else {
        throw new IllegalArgumentException("not a line of clauses: " + line);
      }
    }
    return clauses;
  }

  private static Clause continued(Clause clause, String line) {
    String gap = clause.gap;
    if (GAP.matcher(line).matches() && gap == null)
      return new Clause(clause.id, clause.section, clause.text, line);
    if (gap != null) return new Clause(clause.id, clause.section, clause.text, gap + " " + line);
    return new Clause(clause.id, clause.section, clause.text + " " + line, null);
  }

  /// All of them, by id, in order.
  Map<String, Clause> byId() {
    return byId;
  }
}
