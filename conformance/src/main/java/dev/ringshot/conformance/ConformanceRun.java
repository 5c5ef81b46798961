package dev.ringshot.conformance;

import dev.ringshot.abi.Kernel;
import dev.ringshot.conformance.rig.Need;
import dev.ringshot.conformance.rig.Platform;
import dev.ringshot.conformance.rig.Rig;
import dev.ringshot.conformance.rig.Skipped;
import dev.ringshot.conformance.watch.CheckedKernel;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// Runs the cases on a kernel: each on the kernel alone and again under [CheckedKernel]; a case
/// passes if it passes both times.
public final class ConformanceRun {
  /// No case waits nearly as long.
  private static final Duration PATIENCE = Duration.ofMinutes(1);

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

  /// In a thread of its own, whose end takes with it what the kernel keeps for each task:
  /// registered rings, workers.
  private static Outcome run(Topic.TestCase test, String kernelName, boolean checked) {
    var outcome = new AtomicReference<@Nullable Outcome>();
    Thread thread =
        Thread.ofPlatform()
            .name(test.name())
            .daemon()
            .start(() -> outcome.set(runHere(test, kernelName, checked)));
    try {
      if (!thread.join(PATIENCE)) return new Outcome.Failed(hang(thread));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Outcome.Failed(e);
    }
    Outcome end = outcome.get();
    return end != null ? end : new Outcome.Failed(new AssertionError("the case's thread died"));
  }

  private static AssertionError hang(Thread thread) {
    var hang = new AssertionError("no end after " + PATIENCE.toSeconds() + " s");
    hang.setStackTrace(thread.getStackTrace());
    return hang;
  }

  private static Outcome runHere(Topic.TestCase test, String kernelName, boolean checked) {
    boolean threads = test.needs().contains(Need.THREADS);
    try (Platform platform = Platforms.open(kernelName, threads)) {
      String ignorance = platform.ignorance();
      if (ignorance != null) return new Outcome.Skipped(ignorance);
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

  /// The kernels at hand, by name: the model in each release, and before it Linux, if this is one
  /// that was measured and lets this process make rings.
  public static List<String> kernels() {
    return Platforms.names();
  }
}
