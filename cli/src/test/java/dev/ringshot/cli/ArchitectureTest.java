package dev.ringshot.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringshot.conformance.Suite;
import dev.ringshot.conformance.Topic;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// The table *from the proposal to the code* in ARCHITECTURE.md names what is there.
final class ArchitectureTest {
  private static final Path ROOT = Path.of(System.getProperty("ringshot.root", ".."));
  private static final Pattern QUOTED =
      Pattern.compile("`([A-Z][A-Za-z]*)(?:\\.([A-Za-z_0-9]+))?`");

  private record Name(String type, String member) {
    @Override
    public String toString() {
      return member.isEmpty() ? type : type + "." + member;
    }
  }

  @Test
  void typesAndMembersExist() throws IOException {
    var missing = new ArrayList<Name>();
    for (Name name : names(2)) if (!isInSources(name)) missing.add(name);

    assertEquals(List.of(), missing);
  }

  @Test
  void casesExist() throws IOException {
    List<String> topics = Suite.topics().stream().map(Topic::name).toList();
    List<String> cases = Suite.cases().stream().map(Topic.TestCase::name).toList();
    var missing = new ArrayList<Name>();
    for (Name name : names(3)) {
      boolean isThere =
          name.member.isEmpty() ? topics.contains(name.type) : cases.contains(name.toString());
      if (!isThere && !(name.type.endsWith("Test") && isInSources(name))) missing.add(name);
    }

    assertEquals(List.of(), missing);
  }

  @Test
  void everyRowNamesCodeAndWhatShowsIt() throws IOException {
    List<String[]> rows = rows();

    assertTrue(rows.size() >= 15, () -> rows.size() + " rows");
    for (String[] row : rows) {
      assertEquals(4, row.length, () -> Arrays.toString(row));
      assertTrue(QUOTED.matcher(row[2]).find(), row[2]);
      assertTrue(row[3].strip().length() > 3, row[1]);
    }
  }

  private static List<String[]> rows() throws IOException {
    String text = Files.readString(ROOT.resolve("ARCHITECTURE.md"));
    String section = text.substring(text.indexOf("## From the proposal"));
    return section
        .substring(0, section.indexOf("\n## "))
        .lines()
        .filter(line -> line.startsWith("| "))
        .skip(1) // the header
        .map(line -> line.split("\\|"))
        .toList();
  }

  private static List<Name> names(int column) throws IOException {
    return rows().stream()
        .flatMap(row -> QUOTED.matcher(row[column]).results())
        .map(match -> new Name(match.group(1), match.group(2) == null ? "" : match.group(2)))
        .distinct()
        .toList();
  }

  /// Whether a source file of that name has the member as a word of its own.
  private static boolean isInSources(Name name) throws IOException {
    try (Stream<Path> files = Files.walk(ROOT)) {
      List<Path> sources = files.filter(file -> file.endsWith(name.type + ".java")).toList();
      if (name.member.isEmpty()) return !sources.isEmpty();
      var word = Pattern.compile("\\b" + name.member + "\\b");
      for (Path source : sources) if (word.matcher(Files.readString(source)).find()) return true;
      return false;
    }
  }
}
