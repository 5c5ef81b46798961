package dev.ringshot.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ringshot.model.ModelKernel;
import dev.ringshot.model.ModelOptions;
import dev.ringshot.model.Release;
import dev.ringshot.model.Scheduler;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ProbeTest {
  @Test
  void jsonIsOneObjectOnStdout() {
    Run run = Run.of("probe", "--json");

    assertEquals(List.of(), run.err());
    JsonObject summary = run.json().getFirst();
    assertEquals(1, run.out().size());
    assertEquals(
        List.of("kernel", "arch", "io_uring", "features", "opcodes", "missing", "model"),
        summary.keys());
    assertEquals(run.status() == 0, summary.get("io_uring"));
  }

  @Test
  void runningKernelHasUringCommands() {
    Run run = Run.of("probe", "--json");
    assumeTrue(run.status() == 0, "io_uring on this machine");

    List<?> opcodes = run.json().getFirst().list("opcodes");
    assertTrue(opcodes.contains("NOP") && opcodes.contains("URING_CMD"), opcodes::toString);
  }

  @ParameterizedTest
  @EnumSource
  void multishotCommandsAreFoundFromTheirFirstReleaseOn(Release release) {
    var options = ModelOptions.DEFAULT.withRelease(release);
    try (var kernel = new ModelKernel(Scheduler.virtual(1), options)) {
      assertEquals(release != Release.LINUX_6_17, ProbeCommand.knowsMultishotCommands(kernel));
    }
  }

  @Test
  void peopleReadKernelFeaturesAndOpcodes() {
    Run run = Run.of("probe");

    assertTrue(run.out().getFirst().startsWith("kernel "));
    assertTrue(run.out().stream().anyMatch(line -> line.startsWith("opcodes ")));
    assertTrue(run.out().stream().anyMatch(line -> line.startsWith("missing ")));
  }
}
