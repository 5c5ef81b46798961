package dev.ringshot.linux;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringshot.abi.Kernel;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/// Where the kernel cannot be called, the first attempt says why.
final class NativeAccessTest {
  @Test
  void otherSystemsAndArchitecturesAreRefusedByName() {
    assertDoesNotThrow(() -> NativeAccess.requirePlatform("Linux", "amd64"));
    assertDoesNotThrow(() -> NativeAccess.requirePlatform("Linux", "aarch64"));
    assertRefused("Mac OS X", "aarch64");
    assertRefused("Linux", "riscv64");
  }

  private static void assertRefused(String system, String architecture) {
    var refusal =
        assertThrows(
            UnsupportedOperationException.class,
            () -> NativeAccess.requirePlatform(system, architecture));
    assertTrue(refusal.toString().contains(system + " on " + architecture));
  }

  @Test
  @EnabledOnOs(
      value = OS.LINUX,
      architectures = {"amd64", "aarch64"})
  void missingNativeAccessNamesTheOption(@TempDir Path directory) throws Exception {
    var program = directory.resolve("Program.java");
    Files.writeString(
        program,
        """
        void main() {
          try {
            new dev.ringshot.linux.LinuxKernel();
          } catch (IllegalCallerException e) {
            IO.println(e.getMessage());
          }
        }
        """);
    var modules = location(LinuxKernel.class) + ":" + location(Kernel.class);
    var java =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--illegal-native-access=deny",
                "--module-path",
                modules,
                "--add-modules",
                "dev.ringshot.linux",
                program.toString())
            .redirectErrorStream(true)
            .start();
    var output = new String(java.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, java.waitFor(), output);
    assertTrue(output.contains("--enable-native-access=dev.ringshot.linux"), output);
  }

  private static String location(Class<?> type) throws IOException {
    return Path.of(type.getProtectionDomain().getCodeSource().getLocation().getPath()).toString();
  }
}
