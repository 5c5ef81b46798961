package dev.ringshot.cli.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/// A sparse image of 8 MiB on a file system of 2: what does not fit fails, and what was
/// acknowledged stays.
@EnabledOnOs(OS.LINUX)
@Timeout(120)
final class FullDiskTest {
  private static final int BLOCK = 64 << 10;
  private static final int BLOCKS = (8 << 20) / BLOCK;
  private static final Pattern WROTE = Pattern.compile("wrote 65536/65536 bytes at offset (\\d+)");

  /// A file system that only the server sees, so that none is left behind.
  private static final List<String> MOUNT = List.of("unshare", "--map-root-user", "--mount");

  @TempDir private Path folder;

  @BeforeEach
  void needAFileSystem() throws Exception {
    Tool.need("qemu-io", "unshare", "mount");
    Files.createDirectory(folder.resolve("full"));
    List<String> trial = mounting();
    trial.add("true");
    int status = Tool.start(trial.toArray(String[]::new)).waitFor();
    if (status != 0) Tool.miss("a machine on which users may mount a tmpfs of their own");
  }

  private List<String> mounting() {
    String script =
        "mount -t tmpfs -o size=2m none '" + folder.resolve("full") + "' && exec \"$@\"";
    List<String> words = new ArrayList<>(MOUNT);
    words.addAll(List.of("sh", "-c", script, "sh"));
    return words;
  }

  @Test
  void enospcReachesTheClientAndWhatWasAcknowledgedStays() throws Exception {
    Path disk = folder.resolve("full").resolve("disk");
    var options = List.of(disk.toString(), "--create", "--size", "8M");
    try (var server = ServerProcess.start(folder, mounting(), options)) {
      String full = Tool.run(qemuIo(server, fill()));
      List<Integer> written = written(full);
      assertTrue(written.size() > BLOCKS / 8 && written.size() <= BLOCKS / 4, written::toString);
      int failures = full.split("No space left on device", -1).length - 1;
      assertEquals(BLOCKS - written.size(), failures);

      int freed = written.getFirst();
      String after =
          Tool.run(
              qemuIo(
                  server,
                  List.of("flush", "discard " + freed * BLOCK + " 64k", write(BLOCKS - 1))));
      assertEquals(List.of(BLOCKS - 1), written(after), after);

      var acknowledged = new TreeSet<>(written);
      acknowledged.remove(freed);
      acknowledged.add(BLOCKS - 1);
      byte[] bytes = Files.readAllBytes(asTheServerSees(server, disk));
      for (int block : acknowledged)
        for (int i = 0; i < BLOCK; i++)
          assertEquals(value(block), bytes[block * BLOCK + i], "block " + block);
      server.terminate();
      assertEquals(0, server.process().waitFor(), server::errors);
    }
  }

  private static Path asTheServerSees(ServerProcess server, Path path) {
    return Path.of("/proc/" + server.process().pid() + "/root" + path);
  }

  private static String[] qemuIo(ServerProcess server, List<String> commands) {
    List<String> words = new ArrayList<>(List.of("qemu-io", "-f", "raw"));
    for (String command : commands) words.addAll(List.of("-c", command));
    words.add(server.uri());
    words.addFirst("sh");
    words.addAll(1, List.of("-c", "\"$@\"; true", "sh")); // its status is that of some command
    return words.toArray(String[]::new);
  }

  private static List<String> fill() {
    List<String> commands = new ArrayList<>();
    for (int block = 0; block < BLOCKS; block++) commands.add(write(block));
    return commands;
  }

  private static String write(int block) {
    return "write -P %d %d 64k".formatted(value(block), block * BLOCK);
  }

  private static byte value(int block) {
    return (byte) (1 + block % 120);
  }

  private static List<Integer> written(String output) {
    List<Integer> blocks = new ArrayList<>();
    for (Matcher wrote = WROTE.matcher(output); wrote.find(); )
      blocks.add(Integer.parseInt(wrote.group(1)) / BLOCK);
    return blocks;
  }
}
