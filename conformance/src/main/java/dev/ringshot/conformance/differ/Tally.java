package dev.ringshot.conformance.differ;

import dev.ringshot.abi.Errno;
import dev.ringshot.conformance.rig.Completion;
import dev.ringshot.conformance.rig.Names;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What programs were made of, and how it went: per opcode and `IOSQE_*`, how often an SQE of it
/// had a completion with a result, and how often only errors; per errno, how often it came.
public final class Tally {
  /// How often it went well, and how often not.
  public static final class Count {
    private long succeeded;
    private long failed;

    private Count() {}

    /// SQEs with a result of 0 or more.
    public long succeeded() {
      return succeeded;
    }

    /// SQEs with errors alone.
    public long failed() {
      return failed;
    }

    private void add(boolean success) {
      if (success) succeeded++;
      else failed++;
    }
  }

  private static final int FLAG_BITS = 8;

  private final Map<String, Count> opcodes = new TreeMap<>();
  private final Map<String, Count> flags = new TreeMap<>();
  private final Map<String, Long> errnos = new TreeMap<>();
  private final Map<Feature, Integer> features = new EnumMap<>(Feature.class);
  private final List<Long> preempted = new ArrayList<>();
  private final List<Long> late = new ArrayList<>();
  private int programs;
  private int multishotPrograms;
  private long sqes;
  private long succeeded;
  private long failed;

  /// Nothing yet.
  Tally() {}

  /// Counts one program and what it saw.
  void add(Program program, Trace trace) {
    programs++;
    for (Feature feature : program.features()) features.merge(feature, 1, Integer::sum);
    Map<Long, Boolean> results = new HashMap<>(); // whether one was no error
    boolean hasEvents = false;
    for (Moment moment : trace.moments()) {
      for (Completion each : moment.cqes()) {
        results.merge(each.userData(), each.res() >= 0, (one, other) -> one || other);
        hasEvents |= each.more();
        if (each.res() < 0) errnos.merge("-" + Errno.name(-each.res()), 1L, Long::sum);
      }
    }
    if (hasEvents) multishotPrograms++;
    for (Entry entry : program.entries()) add(entry, results.get(entry.userData()));
  }

  /// Counts a difference that preemption explains.
  void addPreempted(long seed) {
    preempted.add(seed);
  }

  /// Counts a difference in flags that may come late.
  void addLate(long seed) {
    late.add(seed);
  }

  /// The seeds of programs that differ where a thread was in the way:
  /// [Freedom#PREEMPTED_TASK_WORK], [Freedom#LAGGING_WORKER], [Freedom#PAUSING_WORKER].
  public List<Long> preempted() {
    return List.copyOf(preempted);
  }

  /// The seeds of programs that differ by [Freedom#LATE_TASKRUN_FLAG] alone.
  public List<Long> late() {
    return List.copyOf(late);
  }

  private void add(Entry entry, @Nullable Boolean success) {
    sqes++;
    if (success == null) return; // it waits, or succeeds in silence
    if (success) succeeded++;
    else failed++;
    String opcode = Names.value("IORING_OP_", entry.opcode()).replace("IORING_OP_", "");
    opcodes.computeIfAbsent(opcode, _ -> new Count()).add(success);
    for (int bit = 0; bit < FLAG_BITS; bit++) {
      if (!entry.has(1 << bit)) continue;
      String flag = Names.flags("IOSQE_", 1 << bit);
      flags.computeIfAbsent(flag, _ -> new Count()).add(success);
    }
  }

  /// Programs.
  public int programs() {
    return programs;
  }

  /// SQEs in them.
  public long sqes() {
    return sqes;
  }

  /// Of a hundred SQEs, how many had a result that is no error.
  public double successPercent() {
    return 100.0 * succeeded / Math.max(1, sqes);
  }

  /// Of a hundred programs, how many had a multishot request that brought something.
  public double multishotPercent() {
    return 100.0 * multishotPrograms / Math.max(1, programs);
  }

  /// Of a hundred programs, how many had `feature`.
  public double percent(Feature feature) {
    return 100.0 * features.getOrDefault(feature, 0) / Math.max(1, programs);
  }

  /// Everything, by names, for JSON: numbers, and maps of them.
  public Map<String, Object> summary() {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("programs", programs);
    all.put("sqes", sqes);
    all.put("succeeded", succeeded);
    all.put("failed", failed);
    all.put("multishot_programs", multishotPrograms);
    all.put("preempted", preempted.size());
    all.put("late", late.size());
    all.put("opcodes", counts(opcodes));
    all.put("flags", counts(flags));
    all.put("errnos", errnos);
    Map<String, Integer> byName = new TreeMap<>();
    features.forEach((feature, count) -> byName.put(feature.name(), count));
    all.put("features", byName);
    return all;
  }

  private static Map<String, Object> counts(Map<String, Count> of) {
    Map<String, Object> counts = new LinkedHashMap<>();
    of.forEach((name, count) -> {
      Map<String, Long> pair = new LinkedHashMap<>();
      pair.put("succeeded", count.succeeded);
      pair.put("failed", count.failed);
      counts.put(name, pair);
    });
    return counts;
  }

  /// The same in lines.
  public String text() {
    var text = new StringBuilder();
    text.append(
        "%d programs, %d SQEs, %.1f %% of them with a result; a multishot with events in %.1f %%%n"
            .formatted(programs, sqes, successPercent(), multishotPercent()));
    if (!preempted.isEmpty()) text.append("preempted: seeds " + preempted + "\n");
    if (!late.isEmpty()) text.append("flags that came late: seeds " + late + "\n");
    opcodes.forEach((name, count) -> text.append(line(name, count)));
    flags.forEach((name, count) -> text.append(line(name, count)));
    errnos.forEach((name, count) -> text.append(String.format("%-28s %10d%n", name, count)));
    for (Feature feature : Feature.values()) {
      if (features.containsKey(feature))
        text.append(String.format("%-28s %9.1f%%%n", feature, percent(feature)));
    }
    return text.toString();
  }

  private static String line(String name, Count count) {
    return String.format("%-28s %10d ok %10d failed%n", name, count.succeeded, count.failed);
  }
}
