package dev.ringshot.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The coverage table is complete and fresh. To write it anew:
///
/// ```
/// mvn -q -pl conformance -am verify -Dcoverage=write
/// ```
class CoverageTest {
  private static final Path TABLE = Path.of("COVERAGE.md");

  @Test
  void everyClauseHasACaseOrAReason() {
    assertEquals(List.of(), Coverage.read().problems());
  }

  @Test
  void committedTableIsFresh() throws IOException {
    String table = Coverage.read().markdown();
    if ("write".equals(System.getProperty("coverage"))) Files.writeString(TABLE, table);
    assertEquals(table, Files.readString(TABLE), "stale: run with -Dcoverage=write, and commit");
  }

  @Test
  void clauseWithoutCaseOrReasonIsAProblem() {
    var coverage = Coverage.of(Clauses.parse("# x\n1-1 said\n1-2 said\n  waits: why\n"), List.of());
    assertEquals(1, coverage.problems().size());
    assertTrue(coverage.problems().getFirst().contains("clause 1-1"));
  }

  @Test
  void unknownClauseIsAProblem() {
    Topic topic = Topic.of(NamesNobody.class);
    var coverage = Coverage.of(Clauses.parse("# x\n1-1 said\n  waits: why\n"), topic.cases());
    assertEquals(List.of("NamesNobody.claim names the unknown clause 9-9"), coverage.problems());
  }

  /// A topic whose one case shows a clause that is not there.
  static final class NamesNobody {
    @Case
    @Spec("9-9: nowhere")
    void claim() {}
  }
}
