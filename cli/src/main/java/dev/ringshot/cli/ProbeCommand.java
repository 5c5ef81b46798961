package dev.ringshot.cli;

import static dev.ringshot.abi.Errno.EBADF;

import dev.ringshot.abi.Errno;
import dev.ringshot.abi.IoUring;
import dev.ringshot.abi.Kernel;
import dev.ringshot.linux.LinuxKernel;
import dev.ringshot.model.ModelKernel;
import dev.ringshot.model.Scheduler;
import dev.ringshot.ring.CqeHandler;
import dev.ringshot.ring.Ring;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `ringshot probe`: what the running kernel can do, and the model beside it.
@Command(
    name = "probe",
    mixinStandardHelpOptions = true,
    description =
        "Prints what io_uring here can do: kernel, features, opcodes, what is missing and what to do about it.",
    footer = {"", "Exit status: 0 io_uring can be used here, 1 it cannot, 2 wrong use."})
final class ProbeCommand implements Callable<Integer> {
  private static final ConstantNames OPCODES = ConstantNames.of("IORING_OP_");
  private static final ConstantNames FEATURES = ConstantNames.of("IORING_FEAT_");

  @Spec private CommandSpec spec;

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  /// Something that is not there.
  ///
  /// @param what its name
  /// @param advice what to do about it
  private record Missing(String what, String advice) {}

  @Override
  public Integer call() {
    var missing = new ArrayList<Missing>();
    KernelProbe linux = probeLinux(missing);
    KernelProbe model;
    try (var kernel = new ModelKernel(Scheduler.virtual(0))) {
      model = KernelProbe.of(kernel);
    }
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      printJson(out, linux, model, missing);
    } else {
      printText(out, linux, model, missing);
    }
    return linux != null && linux.setupErrno() == 0 ? 0 : 1;
  }

  private static @Nullable KernelProbe probeLinux(List<Missing> missing) {
    LinuxKernel kernel;
    try {
      kernel = new LinuxKernel();
    } catch (UnsupportedOperationException e) {
      missing.add(
          new Missing(
              "Linux", e.getMessage() + "; the model works here: ./ringshot events ticker"));
      return null;
    }
    KernelProbe probe = KernelProbe.of(kernel);
    if (probe.setupErrno() != 0) {
      missing.add(
          new Missing(
              "io_uring",
              LinuxKernel.setupFailure(probe.setupErrno()).getMessage()
                  + "; the model needs none"));
      return probe;
    }
    findMissing(kernel, probe, missing);
    return probe;
  }

  private static void findMissing(Kernel kernel, KernelProbe probe, List<Missing> missing) {
    if (!knowsMultishotCommands(kernel)) {
      missing.add(
          new Missing(
              "multishot commands",
              "need Linux 6.18; the model has them: ./ringshot events ticker"));
    }
    List<Integer> opcodes = probe.missingOpcodes();
    if (!opcodes.isEmpty()) {
      missing.add(
          new Missing(
              "opcodes",
              String.join(", ", names(opcodes))
                  + ": came after this kernel, or were not built into it"));
    }
  }

  /// Asks for a multishot command of no file at all. A kernel that knows them gets as far as
  /// looking for the file, `-EBADF`; one that does not refuses buffers for a command,
  /// `-EOPNOTSUPP`.
  static boolean knowsMultishotCommands(Kernel kernel) {
    var result = new int[1];
    CqeHandler keep = (res, flags) -> result[0] = res;
    try (var ring = Ring.open(kernel, 4)) {
      int fd = ring.file(-1).multishot(0).fd();
      ring.prepare(keep).uringCmdMultishot(fd, 0, 0);
      ring.run();
    }
    return result[0] == -EBADF;
  }

  private static List<String> names(List<Integer> opcodes) {
    return opcodes.stream().map(OPCODES::name).toList();
  }

  // ---- For people

  private static void printText(
      PrintWriter out, @Nullable KernelProbe linux, KernelProbe model, List<Missing> missing) {
    out.printf("kernel    %s %s, %s%n", os(), release(), System.getProperty("os.arch"));
    if (linux != null && linux.setupErrno() == 0) {
      print(out, linux);
    } else {
      out.println(
          "io_uring  cannot be used"
              + (linux == null ? "" : ": " + Errno.name(linux.setupErrno())));
    }
    out.println();
    out.println("model     of Linux 7.3, in this process");
    print(out, model);
    out.println();
    if (missing.isEmpty()) out.println("missing   nothing");
    missing.forEach(m -> out.println("missing   " + m.what + ": " + m.advice));
  }

  private static void print(PrintWriter out, KernelProbe probe) {
    out.println("features  " + String.join(" ", FEATURES.bits(probe.features())));
    out.printf(
        "opcodes   %d of %d: %s%n",
        probe.opcodes().size(), IoUring.IORING_OP_LAST, String.join(" ", names(probe.opcodes())));
  }

  // ---- For programs

  private static void printJson(
      PrintWriter out, @Nullable KernelProbe linux, KernelProbe model, List<Missing> missing) {
    Map<String, @Nullable Object> summary = new LinkedHashMap<>();
    summary.put("kernel", os() + " " + release());
    summary.put("arch", System.getProperty("os.arch"));
    summary.put("io_uring", linux != null && linux.setupErrno() == 0);
    summary.put("features", linux == null ? List.of() : FEATURES.bits(linux.features()));
    summary.put("opcodes", linux == null ? List.of() : names(linux.opcodes()));
    summary.put(
        "missing", missing.stream().map(m -> Map.of("what", m.what, "do", m.advice)).toList());
    summary.put(
        "model",
        Map.of("features", FEATURES.bits(model.features()), "opcodes", names(model.opcodes())));
    out.println(Json.of(summary));
  }

  private static String os() {
    return System.getProperty("os.name");
  }

  private static String release() {
    return System.getProperty("os.version");
  }
}
