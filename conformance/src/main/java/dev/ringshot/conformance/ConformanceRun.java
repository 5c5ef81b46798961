package dev.ringshot.conformance;

import dev.ringshot.abi.Kernel;
import dev.ringshot.conformance.rig.Need;
import dev.ringshot.conformance.rig.Platform;
import dev.ringshot.conformance.rig.Rig;
import dev.ringshot.conformance.rig.Skipped;
import dev.ringshot.conformance.watch.CheckedKernel;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Runs the cases on a kernel: each on the kernel alone and again under [CheckedKernel]; a case
/// passes if it passes both times.
public final class ConformanceRun {
  private ConformanceRun() {}

  /// Every case on the kernel of that name.
  ///
  /// @param kernel one of [Platforms#names], or `model`
  /// @throws IllegalArgumentException if there is no such kernel; the message names those there are
  public static Report run(String kernel) {
    Map<String, Outcome> outcomes = new LinkedHashMap<>();
    try (Platform platform = Platforms.open(kernel)) { // first: there may be no such kernel
      for (Topic.TestCase test : Suite.cases()) outcomes.put(test.name(), run(test, kernel));
      return new Report(platform.name(), platform.release().name(), outcomes);
    }
  }

  /// The report of a kernel that no case can run on.
  ///
  /// @param missing what it needs
  public static Report skipAll(String kernel, String missing) {
    Map<String, Outcome> outcomes = new LinkedHashMap<>();
    for (Topic.TestCase test : Suite.cases()) {
      outcomes.put(test.name(), new Outcome.Skipped(missing));
    }
    return new Report(kernel, "nothing", outcomes);
  }

  /// One case on the kernel of that name, alone and checked.
  public static Outcome run(Topic.TestCase test, String kernel) {
    Outcome alone = run(test, kernel, false);
    return alone instanceof Outcome.Passed ? run(test, kernel, true) : alone;
  }

  private static Outcome run(Topic.TestCase test, String kernelName, boolean checked) {
    boolean threads = test.needs().contains(Need.THREADS);
    try (Platform platform = Platforms.open(kernelName, threads)) {
      for (Need need : test.needs()) {
        String lacking = platform.lacks(need);
        if (lacking != null) return new Outcome.Skipped(lacking);
      }
      Kernel kernel = checked ? new CheckedKernel(platform.kernel()) : platform.kernel();
      try (var rig = new Rig(platform, kernel)) {
        test.run(rig);
        return new Outcome.Passed(rig.transcript());
      }
    } catch (Skipped e) {
      return new Outcome.Skipped(String.valueOf(e.getMessage()));
    } catch (Throwable e) {
      return new Outcome.Failed(e);
    }
  }

  /// The kernels at hand, by name.
  public static List<String> kernels() {
    return Platforms.names();
  }
}
