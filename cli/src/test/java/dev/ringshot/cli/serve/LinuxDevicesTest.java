package dev.ringshot.cli.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringshot.cli.KernelsUblk;
import dev.ringshot.cli.Run;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/// Devices of Linux's own driver that come and go, many times and many at once, also while they are
/// used. None is left.
@Tag("linux")
@Tag("load")
@EnabledOnOs(OS.LINUX)
@ExtendWith(KernelsUblk.class)
@Timeout(1800)
final class LinuxDevicesTest {
  private static final int TIMES = 100;
  private static final int DEVICES = 8;
  private static final int KILLS = Integer.getInteger("ringshot.kills", 3);

  private final long seed = Long.getLong("ringshot.seed", 1);

  @TempDir private Path folder;

  @BeforeEach
  void needFio() {
    Tool.need("fio");
  }

  private static void ok(String... words) {
    Run run = Run.of(words);
    assertEquals(0, run.status(), run.err()::toString);
  }

  private Process fio(String name, String device, String... more) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                "fio",
                "--name=" + name,
                "--filename=" + device,
                "--ioengine=libaio",
                "--direct=1",
                "--thread",
                "--rw=randwrite",
                "--bs=4k",
                "--iodepth=32"));
    command.addAll(List.of(more));
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(folder.resolve(name).toFile())
        .start();
  }

  private String said(String name) {
    try {
      return Files.readString(folder.resolve(name));
    } catch (IOException e) {
      return e.toString();
    }
  }

  @Test
  void aDeviceComesAndGoesAHundredTimes() {
    String use = "dd if=/dev/zero of=$device bs=64k count=1 oflag=direct status=none";
    for (int i = 0; i < TIMES; i++) {
      String fetch = i % 2 == 0 ? "batch" : "per-tag";
      ok("serve", "--mem", "1M", "--fetch", fetch, "--queues", "" + (1 + i % 3), "--run", use);
      assertTrue(Files.notExists(Path.of("/dev/ublkc0")));
    }
  }

  @Test
  void eightDevicesAreServedAtOnce() throws Exception {
    List<DeviceServer> servers = new ArrayList<>();
    for (int i = 0; i < DEVICES; i++) {
      Path own = Files.createDirectories(folder.resolve("server" + i));
      String fetch = i % 2 == 0 ? "--batch" : "--no-batch";
      servers.add(DeviceServer.start(own, "add", "-t", "mem", "-s", "4M", fetch));
    }
    String disks = servers.stream().map(s -> s.disk().toString()).collect(Collectors.joining(":"));
    assertEquals(DEVICES, Run.of("ublk", "list").out().size());
    List<Process> clients = new ArrayList<>();
    for (String disk : disks.split(":", -1)) {
      String name = "fio" + clients.size();
      clients.add(fio(name, disk, "--size=4m", "--verify=crc32c", "--verify_fatal=1"));
    }
    for (int i = 0; i < DEVICES; i++) {
      String name = "fio" + i;
      assertEquals(0, clients.get(i).waitFor(), () -> said(name));
    }
    ok("ublk", "del", "-a");
    for (DeviceServer server : servers) server.awaitEnd();
  }

  @Test
  void deviceIsDeletedUnderWrites() throws Exception {
    for (String fetch : List.of("--batch", "--no-batch")) {
      var server = DeviceServer.start(folder, "add", "-t", "mem", "-s", "16M", fetch);
      Process fio = fio("fio", server.disk().toString(), "--size=16m", "--loops=1000");
      while (server.written() < 1 << 20 && fio.isAlive()) TimeUnit.MILLISECONDS.sleep(1);
      assertTrue(fio.isAlive(), () -> said("fio"));
      ok("ublk", "del", "-n", String.valueOf(server.device()), "--async");
      server.awaitEnd();
      assertTrue(fio.waitFor(60, TimeUnit.SECONDS), "fio hangs");
      assertNotEquals(0, fio.exitValue());
      awaitNoDevices();
    }
  }

  @Test
  void deviceIsStoppedWhileItIsOpen() throws Exception {
    var server = DeviceServer.start(folder, "add", "-t", "mem", "-s", "1M");
    String id = String.valueOf(server.device());
    Process user =
        new ProcessBuilder("sh", "-c", "exec 3<>" + server.disk() + "; echo open; read line")
            .start();
    assertEquals("open", user.inputReader().readLine());
    assertEquals(1, Run.of("ublk", "stop", "-n", id, "--safe").status());
    ok("ublk", "stop", "-n", id);
    server.awaitEnd();
    assertTrue(Run.of("ublk", "list").out().getFirst().contains("DEAD"));
    ok("ublk", "del", "-n", id, "--async");
    user.outputWriter().close(); // and it ends
    user.waitFor();
    awaitNoDevices();
  }

  private static void awaitNoDevices() throws Exception {
    while (!KernelsUblk.devices().isEmpty()) TimeUnit.MILLISECONDS.sleep(1);
  }

  /// From the start of its process on, which in a second or two has a device, until after that.
  @Test
  void serverIsKilledAtAnyMoment() throws Exception {
    var random = new SplittableRandom(seed);
    for (int i = 0; i < 3 * KILLS; i++) {
      String fetch = i % 2 == 0 ? "--batch" : "--no-batch";
      String recovery = i % 3 == 0 ? "-r" : "--no-part-scan";
      Process server =
          DeviceServer.launch(folder, "add", "-t", "null", "-s", "1M", fetch, recovery);
      server.waitFor(random.nextInt(1500), TimeUnit.MILLISECONDS);
      server.destroyForcibly().waitFor();
      ok("ublk", "del", "-a");
      assertEquals(List.of(), KernelsUblk.devices(), "kill " + i);
    }
    Results.add(
        "linux-kill.txt",
        "%d servers killed at moments of seed %d, from their start on: no device is left"
            .formatted(3 * KILLS, seed));
  }
}
