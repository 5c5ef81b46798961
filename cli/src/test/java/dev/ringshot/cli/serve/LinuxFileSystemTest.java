package dev.ringshot.cli.serve;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringshot.cli.KernelsUblk;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// File systems on disks of Linux's own driver: made, filled, checked, and looked at again when
/// another server has the disk.
@Tag("linux")
@Tag("load")
@EnabledOnOs(OS.LINUX)
@ExtendWith(KernelsUblk.class)
@Timeout(600)
final class LinuxFileSystemTest {
  @TempDir private Path folder;

  private void serve(String script, String... options) throws IOException {
    List<String> words = new ArrayList<>(List.of(folder.resolve("disk").toString()));
    words.addAll(List.of(options));
    var _ = ScriptRun.serve(folder, script, words);
  }

  @Test
  void ext4KeepsATree() throws IOException {
    keepsATree("ext4", "64M", "e2fsck -f -n", "batch", "copy");
  }

  @Tag("load")
  @ParameterizedTest
  @CsvSource({
    "ext4,64M,e2fsck -f -n,per-tag,user-copy",
    "ext4,64M,e2fsck -f -n,batch,zero-copy",
    "xfs,320M,xfs_repair -n,batch,copy",
    "xfs,320M,xfs_repair -n,per-tag,zero-copy"
  })
  void keepsATree(String type, String size, String check, String fetch, String data)
      throws IOException {
    Tool.need("mkfs." + type, check.split(" ", 2)[0]);
    serve(
        """
        mkfs.%s -q $device
        mkdir mnt
        mount -t %1$s $device mnt
        cp -R /usr/include/linux mnt/
        (cd mnt && find . -type f -exec sha256sum {} +) > sums
        umount mnt
        %s $device
        """
            .formatted(type, check),
        "--create",
        "--size",
        size,
        "--fetch",
        fetch,
        "--data",
        data);
    serve(
        """
        mount -t %s -o ro $device mnt
        (cd mnt && sha256sum --quiet -c ../sums)
        diff -r /usr/include/linux mnt/linux
        umount mnt
        %s $device
        """
            .formatted(type, check),
        "--read-only",
        "--fetch",
        fetch,
        "--data",
        data);
  }

  /// A disk whose file is on a disk, past the page cache: what the one's requests have in memory,
  /// the other's device reads and writes there.
  @ParameterizedTest
  @CsvSource({"batch,-z", "no-batch,-z", "batch,--user-copy"})
  void fileOnADiskIsServedPastTheCache(String fetch, String data) throws Exception {
    Tool.need("mkfs.ext4", "e2fsck", "fio");
    Path file = folder.resolve("outer");
    Path mount = Files.createDirectory(folder.resolve("mnt"));
    try (var sparse = new RandomAccessFile(file.toFile(), "rw")) {
      sparse.setLength(96 << 20);
    }
    String[] outerWords = {"add", "-t", "loop", "-f", file.toString(), "--" + fetch};
    try (var outer = DeviceServer.start(folder, outerWords)) {
      Tool.run("mkfs.ext4", "-q", outer.disk().toString());
      Tool.run("mount", outer.disk().toString(), mount.toString());
      try {
        Path image = mount.resolve("image");
        Tool.run("dd", "if=/dev/zero", "of=" + image, "bs=1M", "count=48", "status=none");
        Tool.run("sync", "-f", mount.toString());
        String[] words = {"add", "-t", "loop", "-f", image.toString(), "--direct", "--" + fetch};
        try (var inner = DeviceServer.start(folder, with(words, data))) {
          long before = outer.written();
          verify(inner, "4k");
          verify(inner, "64k");
          long written = outer.written() - before;
          assertTrue(written >= 2 * (32 << 20), written + " bytes came through");
          inner.terminate();
        }
      } finally {
        Tool.run("umount", mount.toString());
      }
      Tool.run("e2fsck", "-f", "-n", outer.disk().toString());
      outer.terminate();
    }
  }

  private static String[] with(String[] words, String more) {
    List<String> all = new ArrayList<>(List.of(words));
    all.add(more);
    return all.toArray(String[]::new);
  }

  private static void verify(DeviceServer server, String block) throws Exception {
    Tool.run(
        "fio",
        "--name=verify",
        "--filename=" + server.disk(),
        "--ioengine=libaio",
        "--direct=1",
        "--thread",
        "--rw=randwrite",
        "--bs=" + block,
        "--iodepth=16",
        "--size=32m",
        "--verify=crc32c",
        "--do_verify=1",
        "--verify_fatal=1");
  }
}
