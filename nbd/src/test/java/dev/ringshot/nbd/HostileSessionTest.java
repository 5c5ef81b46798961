package dev.ringshot.nbd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringshot.abi.Errno;
import dev.ringshot.model.block.Bio;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Hostile sessions hurt themselves alone: a good client beside them sees its own data, every
/// connection ends, and nothing of the server breaks.
@Timeout(600)
final class HostileSessionTest {
  private static final int SESSIONS = 300;
  private static final int SOAK_SESSIONS = 10_000;
  private static final int AT_A_TIME = 8;
  private static final int SIZE = 8 << 20;

  /// The good client's range; the device lets nobody else change it.
  private static final int GOOD_OFFSET = 6 << 20;

  private static final int GOOD_LENGTH = 8192;

  @Test
  void hostileSessionsHurtThemselvesAlone() throws Exception {
    run(1, SESSIONS);
  }

  @Tag("soak")
  @Test
  void hostileSessionsHurtThemselvesAloneForLong() throws Exception {
    long seed = Long.getLong("ringshot.seed", new SplittableRandom().nextLong() >>> 1);
    long start = System.nanoTime();
    String closed = run(seed, SOAK_SESSIONS);
    report(
        "%d sessions from seed %d on, %s, in %d ms"
            .formatted(SOAK_SESSIONS, seed, closed, (System.nanoTime() - start) / 1_000_000));
  }

  /// A device that is as bad as the clients, but to the good one.
  private static MemoryDisk.Fate fate(Bio bio) {
    if (bio.offset() == GOOD_OFFSET && bio.length() == GOOD_LENGTH) return MemoryDisk.GOOD;
    if (bio.offset() + bio.length() > GOOD_OFFSET) return new MemoryDisk.Fate.Fails(Errno.EPERM);
    return switch ((int) (bio.offset() >>> 9) % 16) {
      case 3 -> new MemoryDisk.Fate.Fails(Errno.ENOSPC);
      case 5 -> new MemoryDisk.Fate.Throws();
      case 7 -> new MemoryDisk.Fate.EndsTwice();
      case 9 -> new MemoryDisk.Fate.Fails(-7);
      case 11 -> new MemoryDisk.Fate.Stays();
      default -> MemoryDisk.GOOD;
    };
  }

  private static String run(long firstSeed, int sessions) throws Exception {
    try (ExecutorService completions = Executors.newFixedThreadPool(2);
        ExecutorService clients = Executors.newFixedThreadPool(AT_A_TIME)) {
      var disk = new MemoryDisk(SIZE, completions);
      disk.setFates(HostileSessionTest::fate);
      NbdOptions options = Rig.OPTIONS.withBounds(AT_A_TIME * 4, 64, 4 << 20);
      try (Rig rig = new Rig(options, disk);
          Client good = rig.go()) {
        List<Callable<Void>> tasks = new ArrayList<>();
        for (int i = 0; i < sessions; i++) {
          long seed = firstSeed + i;
          tasks.add(() -> session(rig, disk, seed));
        }
        for (int i = 0; i < sessions; i += 100) {
          var part = clients.invokeAll(tasks.subList(i, Math.min(i + 100, sessions)));
          beGood(good, i);
          for (var one : part) one.get();
        }
        while (rig.server.connectionCount() > 1) disk.endAll();
        return claims(rig);
      }
    }
  }

  private static Void session(Rig rig, MemoryDisk disk, long seed) throws IOException {
    try (Client client = rig.connect()) {
      new HostileSession(seed).run(client, disk::endAll);
    } finally {
      disk.endAll(); // so that places become free
    }
    return null;
  }

  private static void beGood(Client good, int round) throws IOException {
    byte[] data = new byte[GOOD_LENGTH];
    new SplittableRandom(round).nextBytes(data);
    good.write(0, round, GOOD_OFFSET, data);
    assertEquals(0, good.answer().errno());
    good.request(0, Nbd.NBD_CMD_READ, round, GOOD_OFFSET, data.length);
    Client.Answer answer = good.answer();
    assertEquals(round, answer.cookie());
    assertEquals(ByteBuffer.wrap(data), answer.data().position(8));
  }

  /// Claims that each line of the log is of a client or of the device that throws.
  private static String claims(Rig rig) {
    List<String> lines = rig.log.all();
    for (String line : lines)
      assertTrue(
          line.startsWith("WARNING connection from client")
              || line.startsWith("ERROR the device threw"),
          line);
    long closed = lines.stream().filter(line -> line.startsWith("WARNING")).count();
    assertTrue(closed > 0);
    return closed + " of them closed for what they sent";
  }

  private static void report(String line) throws IOException {
    System.out.println(line);
    Path directory = Path.of(System.getProperty("ringshot.results", "target"));
    Files.createDirectories(directory);
    Files.writeString(
        directory.resolve("nbd-hostile.txt"),
        line + "\n",
        StandardOpenOption.CREATE,
        StandardOpenOption.APPEND);
  }
}
