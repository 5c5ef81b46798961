package dev.ringshot.conformance;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Which case shows which clause: the generator of `COVERAGE.md`.
public final class Coverage {
  private static final Pattern CLAUSE_ID = Pattern.compile("(\\d[\\w.]*-\\d+)(: .*)?");

  private final Map<String, Clauses.Clause> clauses;
  private final Map<String, List<String>> casesByClause = new LinkedHashMap<>();
  private final List<String> problems = new ArrayList<>();

  private Coverage(Clauses clauses, List<Topic.TestCase> cases) {
    this.clauses = clauses.byId();
    for (Topic.TestCase test : cases) {
      if (test.spec().isEmpty()) problems.add(test.name() + " has no @Spec");
      for (String spec : test.spec()) enter(test, spec);
    }
    this.clauses.values().forEach(this::mustBeAnswered);
  }

  /// Of all clauses and all cases.
  public static Coverage read() {
    return new Coverage(Clauses.read(), Suite.cases());
  }

  /// Of these alone, for tests.
  static Coverage of(Clauses clauses, List<Topic.TestCase> cases) {
    return new Coverage(clauses, cases);
  }

  private void enter(Topic.TestCase test, String spec) {
    Matcher id = CLAUSE_ID.matcher(spec);
    if (!id.matches()) {
      if (!spec.contains(": ")) problems.add(test.name() + ": neither clause nor page: " + spec);
      return; // a man page's sentence, which only the case itself shows
    }
    if (!clauses.containsKey(id.group(1)))
      problems.add(test.name() + " names the unknown clause " + id.group(1));
    casesByClause.computeIfAbsent(id.group(1), _ -> new ArrayList<>()).add(test.name());
  }

  private void mustBeAnswered(Clauses.Clause clause) {
    if (clause.gap() == null && !casesByClause.containsKey(clause.id()))
      problems.add(
          "clause " + clause.id() + " has neither a case nor \"waits:\" nor \"not covered:\"");
  }

  /// What is wrong with the table; empty if nothing.
  public List<String> problems() {
    return List.copyOf(problems);
  }

  /// The table, in Markdown.
  public String markdown() {
    var text = new StringBuilder();
    text.append("# Coverage\n\n");
    text.append("Generated from `clauses.txt` and the `@Spec` lines of the cases; do not edit.\n");
    long shown = clauses.keySet().stream().filter(casesByClause::containsKey).count();
    text.append("\n").append(clauses.size()).append(" clauses, ").append(shown);
    text.append(" with cases; ").append(without("waits")).append(" wait, ");
    text.append(without("not covered")).append(" are not covered.\n");
    String section = "";
    for (Clauses.Clause clause : clauses.values()) {
      if (!clause.section().equals(section)) {
        section = clause.section();
        text.append("\n## ")
            .append(section)
            .append("\n\n| clause | says | shown by |\n|---|---|---|\n");
      }
      text.append("| ").append(clause.id()).append(" | ").append(cell(clause.text()));
      text.append(" | ").append(cell(shownBy(clause))).append(" |\n");
    }
    return text.toString();
  }

  private long without(String reason) {
    return clauses.values().stream()
        .filter(clause -> clause.gap() != null && clause.gap().startsWith(reason))
        .filter(clause -> !casesByClause.containsKey(clause.id()))
        .count();
  }

  private String shownBy(Clauses.Clause clause) {
    List<String> parts = new ArrayList<>();
    for (String test : casesByClause.getOrDefault(clause.id(), List.of()))
      parts.add("`" + test + "`");
    if (clause.gap() != null) parts.add(clause.gap());
    return String.join(", ", parts);
  }

  private static String cell(String text) {
    return text.replace("|", "\\|");
  }
}
