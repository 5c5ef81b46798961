package dev.ringshot.nbd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ringshot.abi.Errno;
import dev.ringshot.model.block.BioOp;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/// The clients that people have, on a disk in memory whose requests end on other threads.
@EnabledOnOs(OS.LINUX)
@Timeout(300)
final class RealClientTest {
  private static final int SIZE = 64 << 20;

  @TempDir private Path folder;
  private final ExecutorService completions = Executors.newFixedThreadPool(2);
  private final MemoryDisk disk = new MemoryDisk(SIZE, completions);
  private Rig rig;
  private String uri = "";

  @BeforeEach
  void serve() throws IOException {
    rig = new Rig(disk);
    uri = rig.server.uri().toString();
  }

  /// Closes; no client was closed for an error.
  @AfterEach
  void close() throws IOException {
    rig.close();
    completions.close();
    assertEquals(List.of(), rig.log.all());
  }

  private String file(String name) {
    return folder.resolve(name).toString();
  }

  private String randomFile(int bytes) throws IOException {
    byte[] data = new byte[bytes];
    new SplittableRandom(bytes).nextBytes(data);
    return Files.write(folder.resolve("random"), data).toString();
  }

  @Test
  void nbdinfoShowsWhatTheExportCan() throws Exception {
    Tool.need("nbdinfo");
    assertEquals(SIZE + "\n", Tool.run("nbdinfo", "--size", uri));
    String text = Tool.run("nbdinfo", "--no-content", uri);
    for (String line :
        List.of(
            "protocol: newstyle-fixed without TLS, using structured packets",
            "base:allocation",
            "is_read_only: false",
            "can_cache: true",
            "can_df: true",
            "can_fast_zero: true",
            "can_flush: true",
            "can_fua: true",
            "can_multi_conn: true",
            "can_trim: true",
            "can_zero: true",
            "block_size_minimum: 512",
            "block_size_preferred: 4096",
            "block_size_maximum: 33554432")) assertTrue(text.contains(line), text);
    assertTrue(Tool.run("nbdinfo", "--no-content", "--list", uri).contains("export=\"\":"));
  }

  @Test
  void nbdinfoMapShowsHolesAfterDiscardsAndZeroes() throws Exception {
    Tool.need("nbdinfo", "qemu-io");
    Tool.run(
        "qemu-io",
        "-f",
        "raw",
        uri,
        "-c",
        "write -P 1 1M 64k",
        "-c",
        "discard 1032k 8k",
        "-c",
        "write -z 1048k 4k",
        "-c",
        "write -z -u 1056k 4k",
        "-c",
        "flush");
    List<String> map =
        Tool.run("nbdinfo", "--map", uri)
            .lines()
            .map(line -> line.strip().replaceAll(" +", " "))
            .toList();
    List<String> expected =
        List.of(
            "0 1048576 3 hole,zero",
            "1048576 8192 0 data",
            "1056768 8192 3 hole,zero",
            "1064960 8192 0 data",
            "1073152 4096 2 zero",
            "1077248 4096 0 data",
            "1081344 4096 3 hole,zero",
            "1085440 28672 0 data",
            "1114112 65994752 3 hole,zero");
    assertEquals(expected, map);
  }

  @Test
  void nbdcopyBothWaysOnTcpIsEqual() throws Exception {
    Tool.need("nbdcopy");
    String from = randomFile(SIZE);
    var any = new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0);
    try (var tcp = NbdServer.open(Rig.OPTIONS.withAddress(any), disk, disk, rig.log)) {
      Tool.run("nbdcopy", "--flush", from, tcp.uri().toString());
      Tool.run("nbdcopy", tcp.uri().toString(), file("to"));
    }
    assertEquals(-1, Files.mismatch(Path.of(from), folder.resolve("to")));
    assertTrue(disk.flushes.get() > 0);
  }

  @Test
  void qemuIoReadsItsPatterns() throws Exception {
    Tool.need("qemu-io");
    String text =
        Tool.run(
            "qemu-io",
            "-f",
            "raw",
            uri,
            "-c",
            "write -P 0xab 1M 3M",
            "-c",
            "write -f -P 2 512 512",
            "-c",
            "aio_write -P 3 8M 32M",
            "-c",
            "aio_flush",
            "-c",
            "read -P 0xab 1M 3M",
            "-c",
            "read -P 2 512 512",
            "-c",
            "read -P 3 8M 32M",
            "-c",
            "write -z 2M 1M",
            "-c",
            "read -P 0 2M 1M",
            "-c",
            "discard 8M 32M",
            "-c",
            "read -P 0xab 3M 1M");
    assertTrue(!text.contains("Pattern verification failed"), text);
    assertTrue(disk.fuaWrites.get() > 0);
  }

  @Test
  void qemuImgConvertsAndComparesAFileSystemAndAQcow2() throws Exception {
    Tool.need("qemu-img", "mkfs.ext4");
    Tool.run("truncate", "-s", String.valueOf(SIZE), file("ext4"));
    Tool.run("mkfs.ext4", "-q", file("ext4"));
    Tool.run("qemu-img", "convert", "-n", "-f", "raw", "-O", "raw", file("ext4"), uri);
    assertTrue(compare("raw", "ext4").contains("Images are identical"));

    Tool.run("qemu-img", "convert", "-f", "raw", "-O", "qcow2", randomFile(SIZE), file("qcow2"));
    Tool.run("qemu-img", "convert", "-n", "-f", "qcow2", "-O", "raw", file("qcow2"), uri);
    assertTrue(compare("qcow2", "qcow2").contains("Images are identical"));
  }

  private String compare(String format, String name) throws Exception {
    return Tool.run("qemu-img", "compare", "-f", format, "-F", "raw", file(name), uri);
  }

  @Test
  void fioVerifiesWhatFourConnectionsWriteAtDepth32() throws Exception {
    Tool.need("fio");
    Tool.run(
        "fio",
        "--name=verify",
        "--ioengine=nbd",
        "--uri=" + uri,
        "--rw=randrw",
        "--bs=4k",
        "--iodepth=32",
        "--numjobs=4",
        "--offset_increment=8m",
        "--size=8m",
        "--verify=crc32c",
        "--verify_fatal=1",
        "--verify_state_save=0",
        "--group_reporting");
  }

  @Test
  void enospcReachesTheClient() throws Exception {
    Tool.need("qemu-io");
    disk.setFates(
        bio -> bio.op() == BioOp.WRITE ? new MemoryDisk.Fate.Fails(Errno.ENOSPC) : MemoryDisk.GOOD);
    var result = Tool.tried("qemu-io", "-f", "raw", uri, "-c", "write 0 4k");
    assertNotEquals(0, result.status());
    assertTrue(result.output().contains("No space left on device"), result.output());
  }

  @Test
  void aFileSystemMadeThroughNbdfuseIsClean() throws Exception {
    Tool.need("nbdfuse", "fusermount3", "mkfs.ext4", "e2fsck");
    assumeTrue(Files.isWritable(Path.of("/dev/fuse")), "there is no /dev/fuse for us here");
    Path mount = Files.createDirectory(folder.resolve("mount"));
    Path ready = folder.resolve("ready");
    Process nbdfuse = Tool.start("nbdfuse", "-P", ready.toString(), mount.toString(), uri);
    try {
      while (!Files.exists(ready) && nbdfuse.isAlive()) Thread.onSpinWait();
      assumeTrue(nbdfuse.isAlive(), "nbdfuse may not mount here");
      Tool.run("mkfs.ext4", "-q", "-F", mount.resolve("nbd").toString());
      Tool.run("e2fsck", "-f", "-n", mount.resolve("nbd").toString());
    } finally {
      if (nbdfuse.isAlive()) Tool.run("fusermount3", "-u", mount.toString());
      nbdfuse.waitFor();
    }
    byte[] output = nbdfuse.getInputStream().readAllBytes();
    assertEquals(0, nbdfuse.exitValue(), new String(output, StandardCharsets.UTF_8));
  }
}
