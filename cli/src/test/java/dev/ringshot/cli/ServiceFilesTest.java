package dev.ringshot.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.ringshot.cli.serve.Tool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/// The units in `systemd/` and the rules in `udev/`, looked at by the programs that read them.
@EnabledOnOs(OS.LINUX)
final class ServiceFilesTest {
  private static final Path ROOT = Path.of(System.getProperty("ringshot.root", ".."));

  @TempDir private Path folder;

  @Test
  void systemdHasNothingToSayOfTheUnits() throws Exception {
    if (!isThere("systemd-analyze")) abort("needs systemd-analyze");
    for (String unit : List.of("ringshot-ublk@%s.service", "ringshot-ublk-owner@%s.service")) {
      String text = Files.readString(ROOT.resolve("systemd").resolve(unit.formatted("")));
      Path copy = folder.resolve(unit.formatted("x"));
      String launcher = ROOT.resolve("ringshot").toRealPath().toString();
      Files.writeString(copy, text.replace("/usr/bin/ringshot", launcher));
      assertEquals("", Tool.run("systemd-analyze", "verify", "--man=no", copy.toString()));
    }
  }

  @Test
  void udevReadsTheRules() throws Exception {
    if (!isThere("udevadm")) abort("needs udevadm");
    if (new ProcessBuilder("udevadm", "verify", "--help").start().waitFor() != 0)
      abort("needs udevadm verify, of systemd 254");
    Tool.run("udevadm", "verify", ROOT.resolve("udev/90-ringshot-ublk.rules").toString());
  }

  @Test
  void commandsOfTheUnitsAreCommands() throws IOException {
    Path arguments = Files.writeString(folder.resolve("disk.args"), "-n 0 -t loop # a comment\n-r");
    Run add = Run.of("ublk", "add", "--foreground", "--recover", "@" + arguments);
    assertEquals(2, add.status());
    assertTrue(add.err().getFirst().contains("-t loop takes -f FILE"), add.err()::toString);
    assertEquals(2, Run.of("ublk", "chown", "sda").status());
  }

  private static boolean isThere(String program) {
    return List.of("/usr/bin", "/bin").stream()
        .anyMatch(path -> Files.isExecutable(Path.of(path, program)));
  }
}
