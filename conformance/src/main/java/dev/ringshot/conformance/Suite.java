package dev.ringshot.conformance;

import dev.ringshot.conformance.cases.OverflowCases;
import dev.ringshot.conformance.cases.SqeCheckCases;
import dev.ringshot.conformance.cases.UringCmdIssueCases;
import dev.ringshot.conformance.cases.UringCmdPrepCases;
import java.util.List;

/// Every topic, in the order of the result table.
public final class Suite {
  private static final List<Topic> TOPICS =
      List.of(
          Topic.of(UringCmdPrepCases.class),
          Topic.of(UringCmdIssueCases.class),
          Topic.of(SqeCheckCases.class),
          Topic.of(OverflowCases.class));

  private Suite() {}

  /// The topics.
  public static List<Topic> topics() {
    return TOPICS;
  }

  /// The cases of all topics.
  public static List<Topic.TestCase> cases() {
    return TOPICS.stream().flatMap(topic -> topic.cases().stream()).toList();
  }
}
