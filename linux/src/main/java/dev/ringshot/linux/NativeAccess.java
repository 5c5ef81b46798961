package dev.ringshot.linux;

import java.lang.foreign.MemorySegment;
import java.util.Set;

/// Says, before the first foreign call, why there can be none.
final class NativeAccess {
  private static final Set<String> ARCHITECTURES = Set.of("amd64", "aarch64");

  private NativeAccess() {}

  /// Throws unless this JVM runs on a Linux that this module knows and lets it call libc.
  @SuppressWarnings("restricted")
  static void require() {
    requirePlatform(System.getProperty("os.name", ""), System.getProperty("os.arch", ""));
    try {
      var _ = MemorySegment.NULL.reinterpret(0); // the cheapest restricted method
    } catch (IllegalCallerException e) {
      throw new IllegalCallerException(
          "this JVM does not let Ringshot call the operating system; start java with"
              + " --enable-native-access="
              + grantee(NativeAccess.class.getModule()),
          e);
    }
  }

  static void requirePlatform(String system, String architecture) {
    if (system.equals("Linux") && ARCHITECTURES.contains(architecture)) return;
    throw new UnsupportedOperationException(
        "io_uring needs Linux on amd64 or aarch64, this is "
            + system
            + " on "
            + architecture
            + "; dev.ringshot.model.ModelKernel runs here");
  }

  private static String grantee(Module module) {
    return module.isNamed() ? module.getName() : "ALL-UNNAMED";
  }
}
