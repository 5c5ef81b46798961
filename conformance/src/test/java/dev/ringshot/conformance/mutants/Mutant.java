package dev.ringshot.conformance.mutants;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/// One deliberate mistake in the model.
///
/// In `mutants.txt` it is a headline, where it goes, and what changes, as a diff has it:
///
/// ```text
/// # recycle-skipped: a buffer that a post of 0 leaves is lost
/// in Selection, topic MultishotPost, kernel model:6.18
///   if (state == State.OFF_LIST) …      a line that stays, to say where
/// - if (state != State.COMMITTED) forget();
/// + forget();
/// ```
///
/// White space does not matter when the place is looked for, so that formatting the model breaks no
/// mutant.
///
/// @param name stays; the results speak of it
/// @param says what is wrong with the model then
/// @param source the simple name of the mutated class, behind the folder of its package if it is
///   not the model's own: `ublk/Tag`
/// @param topic the topic that is expected to notice; its cases run first
/// @param kernel the model that is mutated: `model:7.3` unless the place is another release's
/// @param before what the source has, exactly once
/// @param after what it has instead
record Mutant(
    String name,
    String says,
    String source,
    String topic,
    String kernel,
    String before,
    String after) {
  private static final String KERNEL = "model:7.3";

  /// Those of `text`.
  ///
  /// @throws IllegalArgumentException naming the mutant that is not one
  static List<Mutant> parse(String text) {
    return Stream.of(text.split("\n# ", -1))
        .skip(1) // what precedes the first
        .map(block -> parseOne(block.lines().toList()))
        .toList();
  }

  private static Mutant parseOne(List<String> lines) {
    String[] headline = lines.getFirst().split(": ", 2);
    if (headline.length < 2 || lines.size() < 2) throw notOne(lines.getFirst());
    Map<String, String> where = new TreeMap<>();
    for (String part : lines.get(1).split(", ", -1)) {
      String[] words = part.strip().split(" ", 2);
      where.put(words[0], words.length == 2 ? words[1] : "");
    }
    var before = new StringBuilder();
    var after = new StringBuilder();
    for (String line : lines.subList(2, lines.size())) {
      if (line.isBlank()) continue;
      String code = line.substring(1) + "\n";
      char mark = line.charAt(0);
      if (mark != '-' && mark != '+' && mark != ' ') throw notOne(lines.getFirst());
      if (mark != '+') before.append(code);
      if (mark != '-') after.append(code);
    }
    String source = where.get("in");
    String topic = where.get("topic");
    if (source == null || topic == null || before.isEmpty()) throw notOne(lines.getFirst());
    return new Mutant(
        headline[0],
        headline[1],
        source,
        topic,
        where.getOrDefault("kernel", KERNEL),
        before.toString(),
        after.toString());
  }

  private static IllegalArgumentException notOne(String headline) {
    return new IllegalArgumentException(
        "not a mutant: " + headline + " (name: says / in CLASS, topic TOPIC / - before / + after)");
  }

  /// The source with the mistake in it.
  ///
  /// @throws AssertionError if the place is not there, or not the only one
  String applyTo(String code) {
    int[] origins = new int[code.length()]; // of each character that is no white space
    String dense = dense(code, origins);
    String wanted = dense(before, new int[before.length()]);
    int at = dense.indexOf(wanted);
    if (at < 0 || dense.indexOf(wanted, at + 1) >= 0) {
      throw new AssertionError(
          (at < 0 ? "no such place" : "more than one such place")
              + " in "
              + source
              + ".java any more: update mutant "
              + name
              + " in mutants.txt\n"
              + before);
    }
    int start = origins[at];
    int end = origins[at + wanted.length() - 1] + 1;
    return code.substring(0, start) + after + code.substring(end);
  }

  private static String dense(String code, int[] origins) {
    var dense = new StringBuilder();
    for (int i = 0; i < code.length(); i++) {
      if (Character.isWhitespace(code.charAt(i))) continue;
      origins[dense.length()] = i;
      dense.append(code.charAt(i));
    }
    return dense.toString();
  }
}
