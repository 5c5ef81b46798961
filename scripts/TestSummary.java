import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Element;

/// Sums up JUnit's reports: what was skipped and why, what failed, then one closing line. Every skip with its reason is in
/// target/skipped.txt.
///
/// Arguments: the exit status of what ran the tests, the project's root, and folders of reports. Those of Surefire are
/// `MODULE/target/surefire-reports`; any other is of a guest and has its name. Exit status: 0 if that status was 0,
/// something ran and nothing failed; else 1.
final class TestSummary {
  private static final int NAMES_MAX = 3;

  private final List<String> failures = new ArrayList<>();
  private final Map<String, List<String>> skips = new TreeMap<>(); // by reason
  private int passed;

  static void main(String[] args) throws Exception {
    var summary = new TestSummary();
    Path root = Path.of(args[1]);
    for (String folder : List.of(args).subList(2, args.length)) summary.readFolder(Path.of(folder));
    boolean built = args[0].equals("0");
    boolean ok = summary.print(built);
    summary.writeSkips(root.resolve("target/skipped.txt"));
    System.exit(ok ? 0 : 1);
  }

  private void readFolder(Path folder) throws Exception {
    String name = folder.getFileName().toString();
    boolean guest = !name.equals("surefire-reports");
    DocumentBuilder parser = DocumentBuilderFactory.newInstance().newDocumentBuilder();
    boolean any = false;
    for (Path report : reports(folder)) {
      var cases = parser.parse(report.toFile()).getElementsByTagName("testcase");
      for (int i = 0; i < cases.getLength(); i++) read((Element) cases.item(i), guest ? name + ": " : "");
      any |= cases.getLength() > 0;
    }
    if (guest && !any) failures.add(name + ": no report: it did not get as far as running a test");
  }

  private static List<Path> reports(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) return List.of();
    try (var files = Files.newDirectoryStream(folder, "TEST-*.xml")) {
      var reports = new ArrayList<Path>();
      files.forEach(reports::add);
      reports.sort(null);
      return reports;
    }
  }

  private void read(Element test, String prefix) {
    String name = prefix + test.getAttribute("classname").replaceFirst(".*\\.", "") + "." + displayName(test);
    for (String kind : List.of("failure", "error")) {
      if (test.getElementsByTagName(kind).item(0) instanceof Element problem) {
        failures.add(name + ": " + reason(problem));
        return;
      }
    }
    if (test.getElementsByTagName("skipped").item(0) instanceof Element skip) {
      skips.computeIfAbsent(reason(skip), reason -> new ArrayList<>()).add(name);
      return;
    }
    passed++;
  }

  /// JUnit's own console numbers dynamic tests; what they are called is in their output.
  private static String displayName(Element test) {
    var outputs = test.getElementsByTagName("system-out");
    for (int i = 0; i < outputs.getLength(); i++) {
      for (String line : outputs.item(i).getTextContent().lines().toList()) {
        if (line.startsWith("display-name: ")) return line.replaceFirst("^display-name: (.* > )?(?=.* > |[^>]*$)", "");
      }
    }
    return test.getAttribute("name");
  }

  private static String reason(Element outcome) {
    String message = outcome.getAttribute("message");
    if (message.isBlank()) message = outcome.getTextContent();
    return message
        .strip()
        .lines()
        .findFirst()
        .orElse("no reason given")
        .replaceFirst("^org\\.opentest4j\\.TestAbortedException: ", "")
        .replaceFirst("^Assumption failed: ", "");
  }

  private boolean print(boolean built) {
    if (!built) failures.add("not all of it ran: see target/test.log, or the lines above");
    skips.forEach(TestSummary::printSkips);
    failures.forEach(f -> IO.println("FAILED  " + f));
    boolean ok = failures.isEmpty() && passed > 0;
    if (passed == 0 && failures.isEmpty()) IO.println("No test ran: that is a failure.");
    IO.println("%d passed, %d failed, %d skipped".formatted(passed, failures.size(), skipped()));
    return ok;
  }

  private int skipped() {
    return skips.values().stream().mapToInt(List::size).sum();
  }

  private static void printSkips(String reason, List<String> names) {
    String more = names.size() > NAMES_MAX ? ", … all in target/skipped.txt" : "";
    String some = String.join(", ", names.subList(0, Math.min(NAMES_MAX, names.size())));
    IO.println("skipped %d: %s: %s%s".formatted(names.size(), reason, some, more));
  }

  private void writeSkips(Path file) throws IOException {
    var lines = new ArrayList<String>();
    skips.forEach((reason, names) -> names.forEach(name -> lines.add(name + ": " + reason)));
    Files.write(file, lines);
  }
}
